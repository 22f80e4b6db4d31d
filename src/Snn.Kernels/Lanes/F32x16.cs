using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out F32x16 a, out F32x16 b, out F32x16 c, out F32x16 d)
    {
        F32x8.LoadRecords(records, places, out var a0, out var b0, out var c0, out var d0);
        F32x8.LoadRecords(records, places + 8, out var a1, out var b1, out var c1, out var d1);
        a = Join(a0, a1);
        b = Join(b0, b1);
        c = Join(c0, c1);
        d = Join(d0, d1);
    }

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
    public static F32x16 Min(F32x16 a, F32x16 b) =>
        Avx512F.IsSupported ? Unsafe.BitCast<Vector512<float>, F32x16>(Avx512F.Min(a._v, b._v)) : Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Max(F32x16 a, F32x16 b) =>
        Avx512F.IsSupported ? Unsafe.BitCast<Vector512<float>, F32x16>(Avx512F.Max(a._v, b._v)) : Select(a > b, a, b);

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
    public static F32x16 Round(F32x16 x, out F32x16 power)
    {
        // Adding 1.5 * 2^23 rounds, and puts the whole number into the low bits of the significand.
        var magic = Vector512.Create(1.5f * (1 << 23));
        var sum = x._v + magic;
        power = Unsafe.BitCast<Vector512<float>, F32x16>((sum.AsInt32() << 23).AsSingle());
        return Unsafe.BitCast<Vector512<float>, F32x16>(sum - magic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Scale(F32x16 a, F32x16 power) =>
        Unsafe.BitCast<Vector512<float>, F32x16>((a._v.AsInt32() + power._v.AsInt32()).AsSingle());

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
    public static F32x16 Split(F32x16 x, out F32x16 n)
    {
        // The exponent changes where the significand, as a whole number, passes that of sqrt(1/2).
        var whole = (x._v.AsInt32() - Vector512.Create(0x3F3504F4)) >> 23;
        n = Unsafe.BitCast<Vector512<float>, F32x16>(Vector512.ConvertToSingle(whole));
        return Unsafe.BitCast<Vector512<float>, F32x16>((x._v.AsInt32() - (whole << 23)).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F32x16 Mantissa(F32x16 x) =>
        Unsafe.BitCast<Vector512<float>, F32x16>(((x._v.AsInt32() & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F32x16 Join(F32x8 low, F32x8 high) => Unsafe.BitCast<Vector512<float>, F32x16>(
        Vector512.Create(Unsafe.BitCast<F32x8, Vector256<float>>(low), Unsafe.BitCast<F32x8, Vector256<float>>(high)));
}
