using System.Buffers.Binary;
using System.IO.Compression;

namespace Snn.Actors.Data;

/// <summary>
/// IDX files, the format of MNIST and Fashion-MNIST: two zero bytes, a type, the number of dimensions, the length of each (32 bits), the elements; all
/// big-endian. Compressed with gzip or plain.
/// </summary>
public static class IdxFile
{
    private static readonly Dictionary<byte, string> TypeCodes = new()
    {
        [0x08] = "|u1",
        [0x09] = "|i1",
        [0x0B] = ">i2",
        [0x0C] = ">i4",
        [0x0D] = ">f4",
        [0x0E] = ">f8",
    };

    /// <summary>Whether a file begins as an IDX file does. No other file that Snn reads is sure not to: a file of events may begin so too.</summary>
    /// <param name="start">Its first bytes.</param>
    public static bool Is(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && start[0] == 0 && start[1] == 0 && TypeCodes.ContainsKey(start[2]) && start[3] is >= 1 and <= 32;

    /// <summary>Writes the beginning of a file, up to its first element.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="typeCode">numpy's code of the element type, in big-endian order.</param>
    /// <param name="shape">Length of every dimension.</param>
    /// <exception cref="ArgumentException">The format has no such type, or no place for the shape.</exception>
    public static void WriteHeader(Stream stream, string typeCode, IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(shape);
        var type = TypeCodes.FirstOrDefault(t => t.Value == typeCode).Key;
        if (type == 0 || shape.Count is < 1 or > 32)
        {
            throw new ArgumentException(
                $"IdxFile: elements of the type '{typeCode}' in {shape.Count} dimensions; the format takes 8-bit integers, 16- and 32-bit signed ones and floating-point numbers in 1 to 32 dimensions.");
        }

        var header = new byte[4 + (4 * shape.Count)];
        (header[2], header[3]) = (type, (byte)shape.Count);
        for (var i = 0; i < shape.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), shape[i]);
        }

        stream.Write(header);
    }

    /// <summary>Reads as far as the first element.</summary>
    /// <returns>numpy's code of the element type, and the shape.</returns>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    internal static (string TypeCode, IReadOnlyList<int> Shape) ReadDescription(Stream stream)
    {
        Span<byte> start = stackalloc byte[4];
        if (stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) < 4 || !Is(start))
        {
            throw new InvalidDataException("it is no IDX file; give one as MNIST's come, such as train-images-idx3-ubyte.gz");
        }

        var (type, lengths) = (TypeCodes[start[2]], new byte[4 * start[3]]);
        if (stream.ReadAtLeast(lengths, lengths.Length, throwOnEndOfStream: false) < lengths.Length)
        {
            throw new InvalidDataException("it ends in its header; copy it again");
        }

        var shape = new int[lengths.Length / 4];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(lengths.AsSpan(4 * i));
            if (shape[i] < 0)
            {
                throw new InvalidDataException($"its header gives a dimension the length {(uint)shape[i]}, which is too large; copy it again");
            }
        }

        return (type, shape);
    }

    /// <summary>Opens a file for reading, uncompressed.</summary>
    internal static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            Span<byte> start = stackalloc byte[2];
            var isCompressed = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start[0] == 0x1F && start[1] == 0x8B;
            file.Position = 0;
            return isCompressed ? new BufferedStream(new GZipStream(file, CompressionMode.Decompress), 1 << 16) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
