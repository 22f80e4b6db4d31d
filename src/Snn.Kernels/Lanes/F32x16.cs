using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Snn.Kernels.Lanes;

/// <summary>Sixteen floats in one 512-bit register (AVX-512). Elsewhere a <see cref="Pair{L}"/> stands for it.</summary>
public readonly unsafe struct F32x16(Vector512<float> lanes) : ILanes<F32x16>
{
    private readonly Vector512<float> _v = lanes;

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    /// <inheritdoc/>
    public static F32x16 Zero => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Broadcast(double value) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.Create((float)value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Load(void* array, nint index) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.Load((float*)array + index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(F32x16 value, void* array, nint index) => Vector512.Store(value._v, (float*)array + index);

    /// <inheritdoc/>
    public static double Lane(F32x16 value, int lane) => value._v.GetElement(lane);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator +(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(a._v + b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator -(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(a._v - b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator *(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(a._v * b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator /(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator <(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.LessThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator >(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.GreaterThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator <=(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.LessThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator >=(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.GreaterThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator &(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(a._v & b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator |(F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(a._v | b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator -(F32x16 a) => Unsafe.BitCast<Vector512<float>, F32x16>(-a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 operator ~(F32x16 a) => Unsafe.BitCast<Vector512<float>, F32x16>(~a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 FusedMultiplyAdd(F32x16 a, F32x16 b, F32x16 c) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Sqrt(F32x16 a) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.Sqrt(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Abs(F32x16 a) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.Abs(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Min(F32x16 a, F32x16 b) => Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Max(F32x16 a, F32x16 b) => Select(a > b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Select(F32x16 mask, F32x16 a, F32x16 b) => Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.ConditionalSelect(mask._v, a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F32x16 mask) => (uint)Vector512.ExtractMostSignificantBits(mask._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 PowerOfTwo(F32x16 n)
    {
        // Adding 1.5 * 2^23 puts the whole number, in two's complement, into the low bits of the significand.
        var magic = Vector512.Create(1.5f * (1 << 23));
        var whole = (n._v + magic).AsInt32() - magic.AsInt32();
        return Unsafe.BitCast<Vector512<float>, F32x16>(((whole + Vector512.Create(127)) << 23).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Exponent(F32x16 x)
    {
        // The biased exponent, or-ed into the significand of 2^23, reads as 2^23 + exponent: no conversion needed.
        var two = Vector512.Create((float)(1 << 23));
        var biased = ((x._v.AsInt32() >>> 23) | two.AsInt32()).AsSingle();
        return Unsafe.BitCast<Vector512<float>, F32x16>(biased - two - Vector512.Create(127f));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Mantissa(F32x16 x) =>
        Unsafe.BitCast<Vector512<float>, F32x16>(((x._v.AsInt32() & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F800000)).AsSingle());
}
