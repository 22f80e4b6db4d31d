using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Lanes;

/// <summary>Eight doubles in one 512-bit register (AVX-512). Elsewhere a <see cref="Pair{L}"/> stands for it.</summary>
public readonly unsafe struct F64x8(Vector512<double> lanes) : ILanes<F64x8>
{
    private readonly Vector512<double> _v = lanes;

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    /// <inheritdoc/>
    public static F64x8 Zero => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512<double>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Broadcast(double value) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.Create((double)value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Load(void* array, nint index) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.Load((double*)array + index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(F64x8 value, void* array, nint index) => Vector512.Store(value._v, (double*)array + index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadRecords(void* records, ushort* places, out F64x8 a, out F64x8 b, out F64x8 c, out F64x8 d)
    {
        F64x4.LoadRecords(records, places, out var a0, out var b0, out var c0, out var d0);
        F64x4.LoadRecords(records, places + 4, out var a1, out var b1, out var c1, out var d1);
        a = Join(a0, a1);
        b = Join(b0, b1);
        c = Join(c0, c1);
        d = Join(d0, d1);
    }

    /// <inheritdoc/>
    public static double Lane(F64x8 value, int lane) => value._v.GetElement(lane);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator +(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(a._v + b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator -(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(a._v - b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator *(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(a._v * b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator /(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator <(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.LessThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator >(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.GreaterThan(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator <=(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.LessThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator >=(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.GreaterThanOrEqual(a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator &(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(a._v & b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator |(F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(a._v | b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator -(F64x8 a) => Unsafe.BitCast<Vector512<double>, F64x8>(-a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 operator ~(F64x8 a) => Unsafe.BitCast<Vector512<double>, F64x8>(~a._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 FusedMultiplyAdd(F64x8 a, F64x8 b, F64x8 c) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Sqrt(F64x8 a) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.Sqrt(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Abs(F64x8 a) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.Abs(a._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Min(F64x8 a, F64x8 b) =>
        Avx512F.IsSupported ? Unsafe.BitCast<Vector512<double>, F64x8>(Avx512F.Min(a._v, b._v)) : Select(a < b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Max(F64x8 a, F64x8 b) =>
        Avx512F.IsSupported ? Unsafe.BitCast<Vector512<double>, F64x8>(Avx512F.Max(a._v, b._v)) : Select(a > b, a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Select(F64x8 mask, F64x8 a, F64x8 b) => Unsafe.BitCast<Vector512<double>, F64x8>(Vector512.ConditionalSelect(mask._v, a._v, b._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MoveMask(F64x8 mask) => (uint)Vector512.ExtractMostSignificantBits(mask._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 PowerOfTwo(F64x8 n)
    {
        // Adding 1.5 * 2^52 puts the whole number, in two's complement, into the low bits of the significand.
        var magic = Vector512.Create(1.5 * (1L << 52));
        var whole = (n._v + magic).AsInt64() - magic.AsInt64();
        return Unsafe.BitCast<Vector512<double>, F64x8>(((whole + Vector512.Create(1023L)) << 52).AsDouble());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Round(F64x8 x, out F64x8 power)
    {
        // Adding 1.5 * 2^52 rounds, and puts the whole number into the low bits of the significand.
        var magic = Vector512.Create(1.5 * (1L << 52));
        var sum = x._v + magic;
        power = Unsafe.BitCast<Vector512<double>, F64x8>((sum.AsInt64() << 52).AsDouble());
        return Unsafe.BitCast<Vector512<double>, F64x8>(sum - magic);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Scale(F64x8 a, F64x8 power) =>
        Unsafe.BitCast<Vector512<double>, F64x8>((a._v.AsInt64() + power._v.AsInt64()).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Exponent(F64x8 x)
    {
        // The biased exponent, or-ed into the significand of 2^52, reads as 2^52 + exponent: no conversion needed.
        var two = Vector512.Create((double)(1L << 52));
        var biased = ((x._v.AsInt64() >>> 52) | two.AsInt64()).AsDouble();
        return Unsafe.BitCast<Vector512<double>, F64x8>(biased - two - Vector512.Create(1023d));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static F64x8 Mantissa(F64x8 x) =>
        Unsafe.BitCast<Vector512<double>, F64x8>(((x._v.AsInt64() & Vector512.Create(0x000FFFFFFFFFFFFFL)) | Vector512.Create(0x3FF0000000000000L)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static F64x8 Join(F64x4 low, F64x4 high) => Unsafe.BitCast<Vector512<double>, F64x8>(
        Vector512.Create(Unsafe.BitCast<F64x4, Vector256<double>>(low), Unsafe.BitCast<F64x4, Vector256<double>>(high)));
}
