using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    public static F32x8 Min(F32x8 a, F32x8 b) => Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Max(F32x8 a, F32x8 b) => Select(a > b, a, b);

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
    public static F32x8 Exponent(F32x8 x)
    {
        // The biased exponent, or-ed into the significand of 2^23, reads as 2^23 + exponent: no conversion needed.
        var two = Vector256.Create((float)(1 << 23));
        var biased = ((x._v.AsInt32() >>> 23) | two.AsInt32()).AsSingle();
        return Unsafe.BitCast<Vector256<float>, F32x8>(biased - two - Vector256.Create(127f));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x8 Mantissa(F32x8 x) =>
        Unsafe.BitCast<Vector256<float>, F32x8>(((x._v.AsInt32() & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).AsSingle());
}
