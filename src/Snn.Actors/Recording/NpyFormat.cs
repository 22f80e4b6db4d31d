using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Snn.Actors.Recording;

/// <summary>
/// The header of an array in numpy's .npy format: a magic number, a version, a length and a Python dictionary in ASCII, padded so that the
/// data begin at a multiple of 64 bytes. Version 1.0 where the dictionary fits its 16-bit length, else 2.0.
/// </summary>
public static class NpyFormat
{
    private const int Alignment = 64;

    /// <summary>The type code of an element: little-endian, as on every machine that Snn runs on.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <exception cref="NotSupportedException">The type has no code here.</exception>
    public static string TypeCode<T>()
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Arrays are written as they lie in memory: little-endian machines only.");
        }

        return default(T) switch
        {
            double => "<f8",
            float => "<f4",
            long => "<i8",
            int => "<i4",
            ulong => "<u8",
            byte => "|u1",
            _ => throw new NotSupportedException($"No .npy type code for {typeof(T)}."),
        };
    }

    /// <summary>The header of an array in C order.</summary>
    /// <param name="typeCode">From <see cref="TypeCode{T}"/>.</param>
    /// <param name="shape">Extents; empty for a single number.</param>
    public static byte[] Header(string typeCode, ReadOnlySpan<long> shape)
    {
        var dictionary = $"{{'descr': '{typeCode}', 'fortran_order': False, 'shape': {Tuple(shape)}, }}";
        var header = Compose(dictionary, version: 1);
        return header.Length - 10 <= ushort.MaxValue ? header : Compose(dictionary, version: 2);
    }

    private static byte[] Compose(string dictionary, byte version)
    {
        var prefix = version == 1 ? 10 : 12;
        var unpadded = prefix + dictionary.Length + 1;
        var header = new byte[(unpadded + Alignment - 1) / Alignment * Alignment];
        header.AsSpan(prefix).Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = version;
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), unchecked((ushort)(header.Length - prefix)));
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), header.Length - prefix);
        }

        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(prefix));
        header[^1] = (byte)'\n';
        return header;
    }

    /// <summary>A Python tuple: (), (3,), (2, 3).</summary>
    private static string Tuple(ReadOnlySpan<long> shape)
    {
        var text = new StringBuilder("(");
        for (var i = 0; i < shape.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(shape[i]);
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? " " : "")}{shape[i]}{(i == 0 || i < shape.Length - 1 ? "," : "")}");
        }

        return text.Append(')').ToString();
    }
}
