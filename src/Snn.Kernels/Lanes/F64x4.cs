using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Lanes;

/// <summary>Four doubles in one 256-bit register (AVX2).</summary>
public readonly unsafe struct F64x4(Vector256<double> lanes) : ILanes<F64x4>
{
    private readonly Vector256<double> _v = lanes;

    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    /// <inheritdoc/>
    public static F64x4 Zero => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256<double>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Broadcast(double value) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.Create((double)value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Load(void* array, nint index) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.Load((double*)array + index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(F64x4 value, void* array, nint index) => Vector256.Store(value._v, (double*)array + index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out F64x4 a, out F64x4 b, out F64x4 c, out F64x4 d)
    {
        var record = (double*)records;
        var r0 = Vector256.Load(record + (4 * (nint)places[0]));
        var r1 = Vector256.Load(record + (4 * (nint)places[1]));
        var r2 = Vector256.Load(record + (4 * (nint)places[2]));
        var r3 = Vector256.Load(record + (4 * (nint)places[3]));

        // Rows to columns: pairs within each half of the register, then halves.
        var (ac01, bd01) = (UnpackLow(r0, r1), UnpackHigh(r0, r1));
        var (ac23, bd23) = (UnpackLow(r2, r3), UnpackHigh(r2, r3));
        a = new F64x4(Vector256.Create(ac01.GetLower(), ac23.GetLower()));
        b = new F64x4(Vector256.Create(bd01.GetLower(), bd23.GetLower()));
        c = new F64x4(Vector256.Create(ac01.GetUpper(), ac23.GetUpper()));
        d = new F64x4(Vector256.Create(bd01.GetUpper(), bd23.GetUpper()));
    }

    /// <inheritdoc/>
    public static double Lane(F64x4 value, int lane) => value._v.GetElement(lane);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator +(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(a._v + b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator -(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(a._v - b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator *(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(a._v * b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator /(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator <(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.LessThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator >(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.GreaterThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator <=(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.LessThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator >=(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.GreaterThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator &(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(a._v & b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator |(F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(a._v | b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator -(F64x4 a) => Unsafe.BitCast<Vector256<double>, F64x4>(-a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 operator ~(F64x4 a) => Unsafe.BitCast<Vector256<double>, F64x4>(~a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 FusedMultiplyAdd(F64x4 a, F64x4 b, F64x4 c) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Sqrt(F64x4 a) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.Sqrt(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Abs(F64x4 a) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.Abs(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Min(F64x4 a, F64x4 b) =>
        Avx.IsSupported ? Unsafe.BitCast<Vector256<double>, F64x4>(Avx.Min(a._v, b._v)) : Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Max(F64x4 a, F64x4 b) =>
        Avx.IsSupported ? Unsafe.BitCast<Vector256<double>, F64x4>(Avx.Max(a._v, b._v)) : Select(a > b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Select(F64x4 mask, F64x4 a, F64x4 b) => Unsafe.BitCast<Vector256<double>, F64x4>(Vector256.ConditionalSelect(mask._v, a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F64x4 mask) => (uint)Vector256.ExtractMostSignificantBits(mask._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 PowerOfTwo(F64x4 n)
    {
        // Adding 1.5 * 2^52 puts the whole number, in two's complement, into the low bits of the significand.
        var magic = Vector256.Create(1.5 * (1L << 52));
        var whole = (n._v + magic).AsInt64() - magic.AsInt64();
        return Unsafe.BitCast<Vector256<double>, F64x4>(((whole + Vector256.Create(1023L)) << 52).AsDouble());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Round(F64x4 x, out F64x4 power)
    {
        // Adding 1.5 * 2^52 rounds, and puts the whole number into the low bits of the significand.
        var magic = Vector256.Create(1.5 * (1L << 52));
        var sum = x._v + magic;
        power = Unsafe.BitCast<Vector256<double>, F64x4>((sum.AsInt64() << 52).AsDouble());
        return Unsafe.BitCast<Vector256<double>, F64x4>(sum - magic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Scale(F64x4 a, F64x4 power) =>
        Unsafe.BitCast<Vector256<double>, F64x4>((a._v.AsInt64() + power._v.AsInt64()).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Exponent(F64x4 x)
    {
        // The biased exponent, or-ed into the significand of 2^52, reads as 2^52 + exponent: no conversion needed.
        var two = Vector256.Create((double)(1L << 52));
        var biased = ((x._v.AsInt64() >>> 52) | two.AsInt64()).AsDouble();
        return Unsafe.BitCast<Vector256<double>, F64x4>(biased - two - Vector256.Create(1023d));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Mantissa(F64x4 x) =>
        Unsafe.BitCast<Vector256<double>, F64x4>(((x._v.AsInt64() & Vector256.Create(0x000FFFFFFFFFFFFFL)) | Vector256.Create(0x3FF0000000000000L)).AsDouble());

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
