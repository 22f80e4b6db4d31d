using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Snn.Actors.Recording;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>Runs of the whole command on several ranks, and what they leave.</summary>
internal static class RankRuns
{
    /// <summary>A small example: spikes and states.</summary>
    public static string Small { get; } = Path.Combine(House.TidyTests.Root(), "examples", "brunel-small.json");

    /// <summary>Everything that learns, and records all that there is to record.</summary>
    public static string Plastic { get; } = Path.Combine(House.TidyTests.Root(), "tests", "data", "networks", "plastic.json");

    /// <summary>What 'snn run' is told to simulate a network.</summary>
    public static string[] Network(string file) => file == Plastic
        ? [file, "--set", """record.spikes=["E","I","D"]""", "--set", """record.state=[{"of":"E","variables":["V_m"],"neurons":[0,80,159],"every":1}]"""]
        : [file];

    /// <summary>Runs snn to its end in this environment, and makes sure that it ends well.</summary>
    public static async Task<RunSummary> Run(Dictionary<string, string?> environment, string output, params string[] args)
    {
        using var process = MpiProgram.StartSnn(environment, [.. args, "--progress", "none"]);
        return await End(process, output);
    }

    /// <summary>Waits for the end of a run, and makes sure that it ends well.</summary>
    public static async Task<RunSummary> End(Process process, string output)
    {
        var (status, _, error) = await Processes.Wait(process);
        Assert.True(status == ExitStatus.Done, $"status {status}: {error}");
        return RunSummary.Read(Path.Combine(output, "summary.json"));
    }

    /// <summary>Makes sure that a run has spikes, and left what another one did.</summary>
    public static void AssertSame(string whole, string run)
    {
        var files = FilesOf(whole);
        Assert.NotEmpty(files);
        Assert.Equal(files, FilesOf(run));
        var (expected, actual) = (RunSummary.Read(Path.Combine(whole, "summary.json")), RunSummary.Read(Path.Combine(run, "summary.json")));
        Assert.Equal((expected.SpikeHash, expected.SimulatedMs), (actual.SpikeHash, actual.SimulatedMs));
        Assert.True(expected.Populations["E"].Spikes > 0);
    }

    /// <summary>Every file of spikes, states and weights, and its checksum.</summary>
    public static string[] FilesOf(string run) =>
    [
        .. new[] { "spikes", "state", "weights" }
            .Select(f => Path.Combine(run, f))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles)
            .Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(run, f)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"),
    ];

    /// <summary>Whether a run records spikes: all its ranks simulate.</summary>
    public static bool IsUnderWay(string run)
    {
        var parts = new DirectoryInfo(Path.Combine(run, "parts"));
        return parts.Exists && parts.EnumerateFiles().Any(f => f.Length > 0);
    }

    /// <summary>The process of a rank of a run, by what its launcher told it; null: it is not there.</summary>
    public static int? ProcessOf(string run, int rank)
    {
        string[] names = [$"OMPI_COMM_WORLD_RANK={rank}", $"PMI_RANK={rank}"];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Contains(run)
                    && File.ReadAllText(Path.Combine(folder, "environ")).Split('\0').Any(names.Contains))
                {
                    return id;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is not ours.
            }
        }

        return null;
    }

    /// <summary>Copies a run, so that it can go on in two ways.</summary>
    public static void Copy(string run, string to)
    {
        foreach (var file in Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
