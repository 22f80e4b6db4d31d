using System.Runtime.CompilerServices;

namespace Snn.Kernels.Lanes;

/// <summary>One float: the scalar reference that every other width must equal bit for bit.</summary>
public readonly unsafe struct F32x1(float value) : ILanes<F32x1>
{
    private readonly float _v = value;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    /// <inheritdoc/>
    public static F32x1 Zero => default;

    /// <summary>The number.</summary>
    public float Value => _v;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Broadcast(double value) => new((float)value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Load(void* array, nint index) => new(((float*)array)[index]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(F32x1 value, void* array, nint index) => ((float*)array)[index] = value._v;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out F32x1 a, out F32x1 b, out F32x1 c, out F32x1 d)
    {
        var record = (float*)records + (4 * (nint)places[0]);
        a = new F32x1(record[0]);
        b = new F32x1(record[1]);
        c = new F32x1(record[2]);
        d = new F32x1(record[3]);
    }

    /// <inheritdoc/>
    public static double Lane(F32x1 value, int lane) => value._v;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator +(F32x1 a, F32x1 b) => new(a._v + b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator -(F32x1 a, F32x1 b) => new(a._v - b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator *(F32x1 a, F32x1 b) => new(a._v * b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator /(F32x1 a, F32x1 b) => new(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator <(F32x1 a, F32x1 b) => Mask(a._v < b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator >(F32x1 a, F32x1 b) => Mask(a._v > b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator <=(F32x1 a, F32x1 b) => Mask(a._v <= b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator >=(F32x1 a, F32x1 b) => Mask(a._v >= b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator &(F32x1 a, F32x1 b) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a._v) & BitConverter.SingleToInt32Bits(b._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator |(F32x1 a, F32x1 b) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a._v) | BitConverter.SingleToInt32Bits(b._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator -(F32x1 a) => new(-a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 operator ~(F32x1 a) => new(BitConverter.Int32BitsToSingle(~BitConverter.SingleToInt32Bits(a._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 FusedMultiplyAdd(F32x1 a, F32x1 b, F32x1 c) => new(MathF.FusedMultiplyAdd(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Sqrt(F32x1 a) => new(MathF.Sqrt(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Abs(F32x1 a) => new(MathF.Abs(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Min(F32x1 a, F32x1 b) => a._v < b._v ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Max(F32x1 a, F32x1 b) => a._v > b._v ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Select(F32x1 mask, F32x1 a, F32x1 b)
    {
        var m = BitConverter.SingleToInt32Bits(mask._v);
        return new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(a._v) & m) | (BitConverter.SingleToInt32Bits(b._v) & ~m)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F32x1 mask) => (uint)(BitConverter.SingleToInt32Bits(mask._v) >>> 31);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 PowerOfTwo(F32x1 n) => new(BitConverter.Int32BitsToSingle(((int)n._v + 127) << 23));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Round(F32x1 x, out F32x1 power)
    {
        // Adding 1.5 * 2^23 rounds, and puts the whole number into the low bits of the significand.
        const float Magic = 1.5f * (1 << 23);
        var sum = x._v + Magic;
        power = new F32x1(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(sum) << 23));
        return new F32x1(sum - Magic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Scale(F32x1 a, F32x1 power) =>
        new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a._v) + BitConverter.SingleToInt32Bits(power._v)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Exponent(F32x1 x) => new((BitConverter.SingleToInt32Bits(x._v) >>> 23) - 127);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Split(F32x1 x, out F32x1 n)
    {
        // The exponent changes where the significand, as a whole number, passes that of sqrt(1/2).
        var whole = (BitConverter.SingleToInt32Bits(x._v) - 0x3F3504F4) >> 23;
        n = new F32x1(whole);
        return new F32x1(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x._v) - (whole << 23)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x1 Mantissa(F32x1 x) => new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(x._v) & 0x007FFFFF) | 0x3F800000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F32x1 Mask(bool condition) => new(BitConverter.Int32BitsToSingle(condition ? -1 : 0));
}
