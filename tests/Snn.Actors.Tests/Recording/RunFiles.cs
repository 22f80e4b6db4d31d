using System.Security.Cryptography;
using Snn.Actors.Recording;

namespace Snn.Actors.Tests.Recording;

/// <summary>What a run has left for its user.</summary>
internal static class RunFiles
{
    private static readonly string[] _folders = ["spikes", "state", "weights"];

    /// <summary>Every file of results, with a hash of its bytes.</summary>
    public static (string File, string Sha256)[] Of(RunDirectory run) =>
    [
        .. _folders
            .Select(folder => Path.Combine(run.Root, folder))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles)
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(run.Root, path), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))),
    ];
}
