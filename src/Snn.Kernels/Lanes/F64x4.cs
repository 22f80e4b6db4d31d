using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    public static F64x4 Min(F64x4 a, F64x4 b) => Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x4 Max(F64x4 a, F64x4 b) => Select(a > b, a, b);

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
}
