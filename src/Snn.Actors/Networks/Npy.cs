using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Snn.Actors.Networks;

/// <summary>An array from a .npy file.</summary>
/// <param name="Shape">Length of every dimension.</param>
/// <param name="Values">Elements in C order, rounded to single precision.</param>
public sealed record NpyArray(IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The elements as they are, if one of them is no single-precision number; else null: <see cref="Values"/> are exact.</summary>
    public double[]? Exact { get; init; }

    /// <summary>Number of elements.</summary>
    public int Length => Values.Length;

    /// <summary>An element.</summary>
    public double this[int index] => Exact is { } exact ? exact[index] : Values[index];

    /// <summary>Whether all elements pass a test.</summary>
    public bool All(Predicate<double> test) => Exact is { } exact ? Array.TrueForAll(exact, test) : Array.TrueForAll(Values, v => test(v));

    /// <summary>The elements in double precision.</summary>
    public double[] ToDoubles() => Exact ?? Array.ConvertAll(Values, v => (double)v);
}

/// <summary>
/// Reads .npy files (NumPy's format, versions 1 to 3): real numbers, integers and booleans in C order, little or big endian.
/// </summary>
public static partial class Npy
{
    private const int ChunkElements = 64 * 1024;
    private const int LongestHeader = 1 << 20;

    /// <summary>Reads an array.</summary>
    /// <param name="stream">The file; its length must be known.</param>
    /// <exception cref="InvalidDataException">It is not a .npy file, or one of a kind that is not supported; the message says what to do.</exception>
    public static NpyArray Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (type, shape) = ReadDescription(stream);
        var count = shape.Aggregate(1L, (product, length) => product > int.MaxValue ? product : product * length);
        var size = ElementSize(type);
        if (count > Array.MaxLength || stream.Length - stream.Position != count * size)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"its header promises {count} elements of {size} bytes, but {stream.Length - stream.Position} bytes follow; save it again"));
        }

        var values = new float[count];
        var exact = size > 2 ? new double[count] : null;
        ReadValues(stream, type, size, values, exact);
        return new NpyArray(shape, values) { Exact = exact is not null && NeedsDoubles(values, exact) ? exact : null };
    }

    /// <summary>Reads as far as the first element: numpy's type code and the shape of an array in C order.</summary>
    /// <exception cref="InvalidDataException">It is not a .npy file of such an array.</exception>
    internal static (string TypeCode, IReadOnlyList<int> Shape) ReadDescription(Stream stream)
    {
        var header = ReadHeader(stream);
        if (Match(OrderPattern(), header, "'fortran_order'") == "True")
        {
            throw new InvalidDataException("it is in Fortran order; save it with numpy.ascontiguousarray(a)");
        }

        return (Match(TypePattern(), header, "'descr'"), Shape(Match(ShapePattern(), header, "'shape'")));
    }

    private static string ReadHeader(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10 || start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8) || start[6] is < 1 or > 3)
        {
            throw new InvalidDataException("it is not a .npy file; save it with numpy.save");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (start[6] > 1)
        {
            if (stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
            {
                throw new InvalidDataException("it ends in its header; save it again with numpy.save");
            }

            length = BinaryPrimitives.ReadInt32LittleEndian(start[8..]);
        }

        if (length is < 0 or > LongestHeader)
        {
            throw new InvalidDataException("its header is damaged; save it again with numpy.save");
        }

        var bytes = new byte[length];
        if (stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length)
        {
            throw new InvalidDataException("it ends in its header; save it again with numpy.save");
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static string Match(Regex pattern, string header, string what)
    {
        var match = pattern.Match(header);
        return match.Success ? match.Groups[1].Value : throw new InvalidDataException($"its header has no {what} that is supported; save a plain array of numbers");
    }

    private static List<int> Shape(string text)
    {
        var shape = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            shape.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                ? length
                : throw new InvalidDataException($"its shape ({text}) is too large"));
        }

        return shape;
    }

    /// <summary>Bytes of an element of a type code.</summary>
    /// <exception cref="InvalidDataException">The type is not supported.</exception>
    internal static int ElementSize(string type) => type[1..] switch
    {
        "f8" or "i8" or "u8" => 8,
        "f4" or "i4" or "u4" => 4,
        "i2" or "u2" => 2,
        "i1" or "u1" or "b1" => 1,
        _ => throw new InvalidDataException($"its element type '{type}' is not supported; convert it with a.astype(numpy.float32)"),
    };

    private static bool NeedsDoubles(float[] values, double[] exact)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != exact[i] && !double.IsNaN(exact[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads elements.</summary>
    /// <param name="stream">At the first of them.</param>
    /// <param name="type">Their type code.</param>
    /// <param name="size">Bytes of each.</param>
    /// <param name="values">Receives them, rounded to single precision.</param>
    /// <param name="exact">Receives them as they are, if given; as many.</param>
    /// <exception cref="InvalidDataException">The file ends too early.</exception>
    internal static void ReadValues(Stream stream, string type, int size, float[] values, double[]? exact)
    {
        var count = values.Length;
        var buffer = new byte[Math.Min(count, ChunkElements) * size];
        for (var done = 0; done < count;)
        {
            var chunk = Math.Min(count - done, ChunkElements);
            var bytes = buffer.AsSpan(0, chunk * size);
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw new InvalidDataException("it ends before its last element; save it again");
            }

            for (var i = 0; i < chunk; i++)
            {
                var value = Element(bytes.Slice(i * size, size), type[1..], isBig: type[0] == '>');
                values[done + i] = (float)value;
                if (exact is not null)
                {
                    exact[done + i] = value;
                }
            }

            done += chunk;
        }
    }

    private static double Element(ReadOnlySpan<byte> b, string kind, bool isBig) => kind switch
    {
        "f4" => isBig ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b),
        "f8" => isBig ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b),
        "i2" => isBig ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b),
        "i4" => isBig ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b),
        "i8" => isBig ? BinaryPrimitives.ReadInt64BigEndian(b) : BinaryPrimitives.ReadInt64LittleEndian(b),
        "u2" => isBig ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b),
        "u4" => isBig ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b),
        "u8" => isBig ? BinaryPrimitives.ReadUInt64BigEndian(b) : BinaryPrimitives.ReadUInt64LittleEndian(b),
        "i1" => (sbyte)b[0],
        _ => b[0],
    };

    [GeneratedRegex(@"'descr'\s*:\s*'([<>|=][a-zA-Z]\d+)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([\d,\s]*)\)")]
    private static partial Regex ShapePattern();
}
