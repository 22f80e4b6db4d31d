using System.Globalization;
using Snn.Actors.Networks;

namespace Snn.Actors.Data;

/// <summary>
/// A file of samples, one a row of its first dimension: a .npy array or an IDX file, plain or compressed with gzip. Which of them it is shows in its first bytes.
/// </summary>
public sealed class SampleFile : IDisposable
{
    private readonly Stream _stream;
    private int _next;

    private SampleFile(Stream stream, string typeCode, IReadOnlyList<int> shape)
    {
        _stream = stream;
        TypeCode = typeCode;
        ElementBytes = Npy.ElementSize(typeCode);
        Shape = shape;
    }

    /// <summary>Length of every dimension; the first one counts the samples.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Samples.</summary>
    public int Count => Shape[0];

    /// <summary>Numbers of a sample.</summary>
    public long Columns => Shape.Skip(1).Aggregate(1L, (product, length) => product > int.MaxValue ? product : product * length);

    /// <summary>Whether its elements are unsigned bytes, as those of images are: 0 to 255.</summary>
    public bool AreBytes => TypeCode == "|u1";

    /// <summary>numpy's code of the element type.</summary>
    internal string TypeCode { get; }

    /// <summary>Bytes of an element.</summary>
    internal int ElementBytes { get; }

    /// <summary>Opens a file and reads what it says of itself.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is of another kind; the message says what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SampleFile Open(string path)
    {
        var isIdx = BeginsAsIdx(path);
        var stream = IdxFile.Open(path);
        try
        {
            var (typeCode, shape) = isIdx ? IdxFile.ReadDescription(stream) : Npy.ReadDescription(stream);
            if (shape.Count == 0)
            {
                throw new InvalidDataException("it holds a single number; give an array with one row a sample");
            }

            var file = new SampleFile(stream, typeCode, shape);
            file.CheckLength();
            return file;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Some of the samples, rounded to single precision. A file is read forwards: none of them before those that were read last.</summary>
    /// <param name="first">First of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>[sample, number]</returns>
    /// <exception cref="InvalidDataException">The file ends too early.</exception>
    public float[] Read(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, _next);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Count);
        var columns = Columns;
        if (columns * count > Array.MaxLength)
        {
            throw new InvalidDataException($"{count} samples of {columns} numbers are more than fit into one array; read fewer samples");
        }

        Skip(columns * (first - _next) * ElementBytes);
        _next = first + count;
        var values = new float[(int)columns * count];
        Npy.ReadValues(_stream, TypeCode, ElementBytes, values, exact: null);
        return values;
    }

    /// <summary>The bytes of the elements, as far as they have not been read.</summary>
    internal Stream Elements => _stream;

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>Whether a file is an IDX file, else a .npy file.</summary>
    private static bool BeginsAsIdx(string path)
    {
        using var stream = IdxFile.Open(path);
        Span<byte> first = stackalloc byte[4];
        first = first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        return IdxFile.Is(first) || (first is [0x93, ..]
            ? false
            : throw new InvalidDataException("it is neither a .npy file nor an IDX file; save it with numpy.save, or give a file as MNIST's come"));
    }

    /// <summary>Whether as much follows as the header promises; of a compressed file that shows only where it ends.</summary>
    private void CheckLength()
    {
        var promised = Shape.Aggregate(1.0, (product, length) => product * length);
        if (_stream is FileStream && _stream.Length - _stream.Position != promised * ElementBytes)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"its header promises {promised} elements of {ElementBytes} bytes, but {_stream.Length - _stream.Position} bytes follow; save it again"));
        }
    }

    private void Skip(long bytes)
    {
        var buffer = new byte[1 << 16];
        while (bytes > 0)
        {
            var read = _stream.Read(buffer, 0, (int)Math.Min(bytes, buffer.Length));
            bytes -= read > 0 ? read : throw new InvalidDataException("it ends before its last element; save it again");
        }
    }
}
