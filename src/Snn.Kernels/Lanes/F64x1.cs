using System.Runtime.CompilerServices;

namespace Snn.Kernels.Lanes;

/// <summary>One double: the scalar reference that every other width must equal bit for bit.</summary>
public readonly unsafe struct F64x1(double value) : ILanes<F64x1>
{
    private readonly double _v = value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    /// <inheritdoc/>
    public static F64x1 Zero => default;

    /// <summary>The number.</summary>
    public double Value => _v;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Broadcast(double value) => new((double)value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Load(void* array, nint index) => new(((double*)array)[index]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(F64x1 value, void* array, nint index) => ((double*)array)[index] = value._v;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out F64x1 a, out F64x1 b, out F64x1 c, out F64x1 d)
    {
        var record = (double*)records + (4 * (nint)places[0]);
        a = new F64x1(record[0]);
        b = new F64x1(record[1]);
        c = new F64x1(record[2]);
        d = new F64x1(record[3]);
    }

    /// <inheritdoc/>
    public static double Lane(F64x1 value, int lane) => value._v;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator +(F64x1 a, F64x1 b) => new(a._v + b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator -(F64x1 a, F64x1 b) => new(a._v - b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator *(F64x1 a, F64x1 b) => new(a._v * b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator /(F64x1 a, F64x1 b) => new(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator <(F64x1 a, F64x1 b) => Mask(a._v < b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator >(F64x1 a, F64x1 b) => Mask(a._v > b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator <=(F64x1 a, F64x1 b) => Mask(a._v <= b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator >=(F64x1 a, F64x1 b) => Mask(a._v >= b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator &(F64x1 a, F64x1 b) => new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a._v) & BitConverter.DoubleToInt64Bits(b._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator |(F64x1 a, F64x1 b) => new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a._v) | BitConverter.DoubleToInt64Bits(b._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator -(F64x1 a) => new(-a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 operator ~(F64x1 a) => new(BitConverter.Int64BitsToDouble(~BitConverter.DoubleToInt64Bits(a._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 FusedMultiplyAdd(F64x1 a, F64x1 b, F64x1 c) => new(Math.FusedMultiplyAdd(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Sqrt(F64x1 a) => new(Math.Sqrt(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Abs(F64x1 a) => new(Math.Abs(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Min(F64x1 a, F64x1 b) => a._v < b._v ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Max(F64x1 a, F64x1 b) => a._v > b._v ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Select(F64x1 mask, F64x1 a, F64x1 b)
    {
        var m = BitConverter.DoubleToInt64Bits(mask._v);
        return new(BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(a._v) & m) | (BitConverter.DoubleToInt64Bits(b._v) & ~m)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F64x1 mask) => (uint)(BitConverter.DoubleToInt64Bits(mask._v) >>> 63);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 PowerOfTwo(F64x1 n) => new(BitConverter.Int64BitsToDouble(((long)n._v + 1023) << 52));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Round(F64x1 x, out F64x1 power)
    {
        // Adding 1.5 * 2^52 rounds, and puts the whole number into the low bits of the significand.
        const double Magic = 1.5 * (1L << 52);
        var sum = x._v + Magic;
        power = new F64x1(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(sum) << 52));
        return new F64x1(sum - Magic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Scale(F64x1 a, F64x1 power) =>
        new(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a._v) + BitConverter.DoubleToInt64Bits(power._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Exponent(F64x1 x) => new((BitConverter.DoubleToInt64Bits(x._v) >>> 52) - 1023);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x1 Mantissa(F64x1 x) => new(BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(x._v) & 0x000FFFFFFFFFFFFFL) | 0x3FF0000000000000L));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F64x1 Mask(bool condition) => new(BitConverter.Int64BitsToDouble(condition ? -1 : 0));
}
