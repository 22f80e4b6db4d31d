using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Snn.Actors.Networks.Reading;
using Snn.Actors.Networks.Source;
using Snn.Actors.Networks.Writing;

namespace Snn.Actors.Networks;

/// <summary>Network files: JSON with comments and trailing commas (docs/network-format.md). No mistake of a user throws.</summary>
public static class NetworkFile
{
    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file; files that it names are relative to its folder.</param>
    /// <param name="overrides">What the command line changes.</param>
    public static NetworkReading Read(string path, NetworkOverrides? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Bytes(path) is { } bytes
                ? Read(bytes, overrides, Path.GetDirectoryName(Path.GetFullPath(path)))
                : Failed($"the file has more than the {Say.Number(SourceParser.MaxBytes >> 20)} MiB allowed; put long lists of values into a .npy file (input model \"array\")");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed("there is no such file; `snn new brunel` writes a network to start from");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Failed("this cannot be read; check that it is a file and that you may read it");
        }
    }

    /// <summary>Reads and checks the bytes of a file.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="overrides">What the command line changes.</param>
    /// <param name="directory">Folder of the files that it names; null: the current one.</param>
    public static NetworkReading Read(byte[] bytes, NetworkOverrides? overrides = null, string? directory = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var problems = new Problems();
        var root = SourceParser.Parse(new SourceText(bytes, null), problems);
        if (root is not null && overrides is not null)
        {
            root = OverrideReader.Apply(root, overrides, problems);
        }

        return Read(root, problems, directory);
    }

    /// <summary>Writes a network as it was understood, defaults filled in. Reading it gives an equal network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">Receives it.</param>
    public static void Write(Network network, string path) => File.WriteAllText(path, ToText(network));

    /// <summary>A network as it was understood, as the text of a network file.</summary>
    /// <param name="network">The network.</param>
    public static string ToText(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return SourceWriter.Pretty(NetworkWriter.Tree(network, ofFiles: FileOf, namesFiles: true));
    }

    /// <summary>A hash of everything that a network declares; the same on every machine, and for two files that say the same.</summary>
    internal static ulong Hash(Network network)
    {
        var tree = NetworkWriter.Tree(network, ofFiles: ContentOf, namesFiles: false);
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(SourceWriter.Compact(tree))));
    }

    /// <summary>Reads and checks a tree, whatever it was made from.</summary>
    internal static NetworkReading Read(SourceValue? root, Problems problems, string? directory)
    {
        var network = root is null ? null : new NetworkReader(problems, directory).Read(root);
        return new NetworkReading(problems.Count == 0 ? network : null, problems.Sorted()) { Root = root };
    }

    /// <summary>The bytes of a file; null where there are too many. A pipe or a device does not say beforehand how many it has.</summary>
    private static byte[]? Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var bytes = new MemoryStream();
        var block = new byte[1 << 16];
        for (int read; (read = file.Read(block)) > 0;)
        {
            bytes.Write(block, 0, read);
            if (bytes.Length > SourceParser.MaxBytes)
            {
                return null;
            }
        }

        return bytes.ToArray();
    }

    private static NetworkReading Failed(string message) =>
        new(null, [new NetworkProblem(SourcePath.Root, 0, 0, message)]);

    private static string FileOf(NetworkInput input) => input switch
    {
        ArrayInput array => array.File,
        EncodedInput encoded => encoded.File,
        EventsInput events => events.File,
        _ => throw new ArgumentException($"input '{input.Name}' has no file", nameof(input)),
    };

    /// <summary>What a file holds stands for it: moving the file does not change the network.</summary>
    private static string ContentOf(NetworkInput input) => input switch
    {
        ArrayInput array => ContentOf(array),
        EncodedInput encoded => HashOf(MemoryMarshal.AsBytes(encoded.Values.Span)),
        EventsInput events => HashOf(MemoryMarshal.AsBytes<int>(events.Steps.Concat(events.Spikes).ToArray())),
        _ => throw new ArgumentException($"input '{input.Name}' has no file", nameof(input)),
    };

    /// <summary>Of numbers as they lie in memory, little-endian as on every machine that Snn runs on.</summary>
    private static string HashOf(ReadOnlySpan<byte> numbers) => Convert.ToHexString(SHA256.HashData(numbers));

    private static string ContentOf(ArrayInput input) => ContentOf(input.Values);

    /// <summary>What stands for an array, so that moving its file changes nothing.</summary>
    internal static string ContentOf(NpyArray array)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in array.Values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            hash.AppendData(bytes[..4]);
        }

        foreach (var value in array.Exact ?? [])
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            hash.AppendData(bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
