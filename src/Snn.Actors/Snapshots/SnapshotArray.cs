using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Recording;

namespace Snn.Actors.Snapshots;

/// <summary>A named array of a snapshot: numbers in C order, little-endian, as numpy has them.</summary>
/// <param name="Name">What it is: state/E/V_m.</param>
/// <param name="TypeCode">numpy's code of an element: &lt;f4.</param>
/// <param name="Shape">Extents.</param>
/// <param name="Data">The elements.</param>
public sealed record SnapshotArray(string Name, string TypeCode, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data)
{
    private const int LongestDescription = 1 << 17;

    /// <summary>An array of numbers, which are copied.</summary>
    /// <typeparam name="T">Element type: one that <see cref="NpyFormat.TypeCode{T}"/> knows.</typeparam>
    /// <param name="name">What it is.</param>
    /// <param name="values">[element]</param>
    public static SnapshotArray Of<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged =>
        new(name, NpyFormat.TypeCode<T>(), [values.Length], MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Reads the bytes of a .npy file.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="npy">The whole file.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static SnapshotArray FromNpy(string name, ReadOnlyMemory<byte> npy)
    {
        // Its description is never longer than this.
        using var stream = new MemoryStream(npy[..Math.Min(npy.Length, LongestDescription)].ToArray(), writable: false);
        var (typeCode, shape) = Npy.ReadDescription(stream);
        return new SnapshotArray(name, typeCode, [.. shape.Select(n => (long)n)], npy[(int)stream.Position..]);
    }

    /// <summary>The bytes of a .npy file, in pieces.</summary>
    /// <param name="chunkBytes">Bytes of each but the last, which has the rest. The same array comes again and again.</param>
    public IEnumerable<byte[]> NpyChunks(int chunkBytes)
    {
        var header = NpyFormat.Header(TypeCode, [.. Shape]);
        var all = header.Length + (long)Data.Length;
        var chunk = Array.Empty<byte>();
        for (var from = 0L; from < all; from += chunk.Length)
        {
            var length = (int)Math.Min(chunkBytes, all - from);
            chunk = chunk.Length == length ? chunk : GC.AllocateUninitializedArray<byte>(length);
            var ofHeader = header.AsSpan((int)Math.Min(from, header.Length));
            ofHeader = ofHeader[..Math.Min(ofHeader.Length, length)];
            ofHeader.CopyTo(chunk);
            Data.Span.Slice((int)Math.Max(0, from - header.Length), length - ofHeader.Length).CopyTo(chunk.AsSpan(ofHeader.Length));
            yield return chunk;
        }
    }

    /// <summary>The elements.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <exception cref="SnapshotException">They are of another type.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged =>
        NpyFormat.TypeCode<T>() == TypeCode
            ? MemoryMarshal.Cast<byte, T>(Data.Span)
            : throw new SnapshotException($"the snapshot's array {Name} has elements {TypeCode}, not {NpyFormat.TypeCode<T>()}: it is of another network");
}
