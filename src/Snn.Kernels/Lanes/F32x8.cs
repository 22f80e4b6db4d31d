using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Lanes;

/// <summary>Eight floats in one 256-bit register (AVX2).</summary>
public readonly unsafe struct F32x8(Vector256<float> lanes) : ILanes<F32x8>
{
    private readonly Vector256<float> _v = lanes;

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    /// <inheritdoc/>
    public static F32x8 Zero => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Broadcast(double value) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.Create((float)value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Load(void* array, nint index) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.Load((float*)array + index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(F32x8 value, void* array, nint index) => Vector256.Store(value._v, (float*)array + index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out F32x8 a, out F32x8 b, out F32x8 c, out F32x8 d)
    {
        var record = (float*)records;
        var r04 = Records(record, places[0], places[4]);
        var r15 = Records(record, places[1], places[5]);
        var r26 = Records(record, places[2], places[6]);
        var r37 = Records(record, places[3], places[7]);

        // Rows to columns, in each half of the register.
        var (ab01, cd01) = (UnpackLow(r04, r15), UnpackHigh(r04, r15));
        var (ab23, cd23) = (UnpackLow(r26, r37), UnpackHigh(r26, r37));
        a = new F32x8(UnpackLow(ab01.AsDouble(), ab23.AsDouble()).AsSingle());
        b = new F32x8(UnpackHigh(ab01.AsDouble(), ab23.AsDouble()).AsSingle());
        c = new F32x8(UnpackLow(cd01.AsDouble(), cd23.AsDouble()).AsSingle());
        d = new F32x8(UnpackHigh(cd01.AsDouble(), cd23.AsDouble()).AsSingle());
    }

    /// <inheritdoc/>
    public static double Lane(F32x8 value, int lane) => value._v.GetElement(lane);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator +(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(a._v + b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator -(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(a._v - b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator *(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(a._v * b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator /(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator <(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.LessThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator >(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.GreaterThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator <=(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.LessThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator >=(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.GreaterThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator &(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(a._v & b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator |(F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(a._v | b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator -(F32x8 a) => Unsafe.BitCast<Vector256<float>, F32x8>(-a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 operator ~(F32x8 a) => Unsafe.BitCast<Vector256<float>, F32x8>(~a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 FusedMultiplyAdd(F32x8 a, F32x8 b, F32x8 c) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Sqrt(F32x8 a) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.Sqrt(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Abs(F32x8 a) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.Abs(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Min(F32x8 a, F32x8 b) =>
        Avx.IsSupported ? Unsafe.BitCast<Vector256<float>, F32x8>(Avx.Min(a._v, b._v)) : Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Max(F32x8 a, F32x8 b) =>
        Avx.IsSupported ? Unsafe.BitCast<Vector256<float>, F32x8>(Avx.Max(a._v, b._v)) : Select(a > b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Select(F32x8 mask, F32x8 a, F32x8 b) => Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.ConditionalSelect(mask._v, a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F32x8 mask) => (uint)Vector256.ExtractMostSignificantBits(mask._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 PowerOfTwo(F32x8 n)
    {
        // Adding 1.5 * 2^23 puts the whole number, in two's complement, into the low bits of the significand.
        var magic = Vector256.Create(1.5f * (1 << 23));
        var whole = (n._v + magic).AsInt32() - magic.AsInt32();
        return Unsafe.BitCast<Vector256<float>, F32x8>(((whole + Vector256.Create(127)) << 23).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Round(F32x8 x, out F32x8 power)
    {
        // Adding 1.5 * 2^23 rounds, and puts the whole number into the low bits of the significand.
        var magic = Vector256.Create(1.5f * (1 << 23));
        var sum = x._v + magic;
        power = Unsafe.BitCast<Vector256<float>, F32x8>((sum.AsInt32() << 23).AsSingle());
        return Unsafe.BitCast<Vector256<float>, F32x8>(sum - magic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Scale(F32x8 a, F32x8 power) =>
        Unsafe.BitCast<Vector256<float>, F32x8>((a._v.AsInt32() + power._v.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Exponent(F32x8 x)
    {
        // The biased exponent, or-ed into the significand of 2^23, reads as 2^23 + exponent: no conversion needed.
        var two = Vector256.Create((float)(1 << 23));
        var biased = ((x._v.AsInt32() >>> 23) | two.AsInt32()).AsSingle();
        return Unsafe.BitCast<Vector256<float>, F32x8>(biased - two - Vector256.Create(127f));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Split(F32x8 x, out F32x8 n)
    {
        // The exponent changes where the significand, as a whole number, passes that of sqrt(1/2).
        var whole = (x._v.AsInt32() - Vector256.Create(0x3F3504F4)) >> 23;
        n = Unsafe.BitCast<Vector256<float>, F32x8>(Vector256.ConvertToSingle(whole));
        return Unsafe.BitCast<Vector256<float>, F32x8>((x._v.AsInt32() - (whole << 23)).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Mantissa(F32x8 x) =>
        Unsafe.BitCast<Vector256<float>, F32x8>(((x._v.AsInt32() & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Records(float* records, nint low, nint high) =>
        Vector256.Create(Vector128.Load(records + (4 * low)), Vector128.Load(records + (4 * high)));

    /// <summary>a0 b0 a1 b1 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> UnpackLow(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackLow(a, b)
        : Vector256.Create(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]);

    /// <summary>a2 b2 a3 b3 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> UnpackHigh(Vector256<float> a, Vector256<float> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a, b)
        : Vector256.Create(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7]);

    /// <summary>a0 b0 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> UnpackLow(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.UnpackLow(a, b)
        : Vector256.Create(a[0], b[0], a[2], b[2]);

    /// <summary>a1 b1 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> UnpackHigh(Vector256<double> a, Vector256<double> b) => Avx.IsSupported
        ? Avx.UnpackHigh(a, b)
        : Vector256.Create(a[1], b[1], a[3], b[3]);
}
