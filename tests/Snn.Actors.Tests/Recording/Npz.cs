using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Snn.Actors.Tests.Recording;

/// <summary>An array read from a .npy file by the book: NEP 1, and nothing that the writer shares.</summary>
internal sealed partial record Npy(string TypeCode, long[] Shape, byte[] Data, int Version, int DataOffset)
{
    public static Npy Parse(byte[] file)
    {
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], file[..6]);
        var version = file[6];
        Assert.Equal(0, file[7]);
        var (start, length) = version == 1
            ? (10, BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)))
            : (12, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)));
        var header = Encoding.ASCII.GetString(file, start, length);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        var match = Header().Match(header);
        Assert.True(match.Success, header);
        var shape = match.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(x => long.Parse(x, CultureInfo.InvariantCulture)).ToArray();
        return new Npy(match.Groups[1].Value, shape, file[(start + length)..], version, start + length);
    }

    public T[] As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data).ToArray();

    [GeneratedRegex(@"^\{'descr': '([<|][fiu][148])', 'fortran_order': False, 'shape': \((|\d+,|\d+(?:, \d+)+)\), \} *\n$")]
    private static partial Regex Header();
}

/// <summary>The arrays of a .npz file by name.</summary>
internal static class Npz
{
    public static Dictionary<string, Npy> Read(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, Npy>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Assert.EndsWith(".npy", entry.Name, StringComparison.Ordinal);
            arrays.Add(entry.Name[..^4], Npy.Parse(copy.ToArray()));
        }

        return arrays;
    }
}
