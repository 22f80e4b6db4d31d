using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>Eight truncated normal numbers in float. A lane is one word.</summary>
internal static class SingleNormal
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Eight(in ValueShape shape, Vector256<uint> words)
    {
        Fold(words, out var x, out var near, out var isLow);
        var mass = Vector256.Create((float)shape.Mass);
        x = Vector256.FusedMultiplyAdd(mass, x, Vector256.Create((float)shape.Offset));

        // near is the smaller of u and 1 - u; the truncated p and 1 - p each come from the one that has its digits.
        var far = Vector256.Create(1f) - near;
        var lower = Vector256.FusedMultiplyAdd(mass, Vector256.ConditionalSelect(isLow, near, far), Vector256.Create((float)shape.Below));
        var upper = Vector256.FusedMultiplyAdd(mass, Vector256.ConditionalSelect(isLow, far, near), Vector256.Create((float)shape.Above));
        var q = Vector256.ConditionalSelect(Vector256.LessThan(lower, upper), lower, upper);
        var z = Standard(x, q);
        var value = Vector256.FusedMultiplyAdd(Vector256.Create((float)shape.Scale), z, Vector256.Create((float)shape.Shift));
        var (min, max) = (Vector256.Create(Above(shape.Min)), Vector256.Create(Below(shape.Max)));
        value = Vector256.ConditionalSelect(Vector256.GreaterThan(value, min), value, min);
        return Vector256.ConditionalSelect(Vector256.LessThan(value, max), value, max);
    }

    /// <summary>Standard normal numbers of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Standard(Vector256<uint> words)
    {
        Fold(words, out var x, out var near, out _);
        return Standard(x, near);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Standard(Vector256<float> x, Vector256<float> q)
    {
        var z = NormalQuantile.Of(new F32x8(x), new F32x8(q));
        return Unsafe.As<F32x8, Vector256<float>>(ref z);
    }

    // With u = (word + 1/2) / 2^32: x = 2 u - 1 and near = min(u, 1 - u), each from the whole number that is small where it is small.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(
        Vector256<uint> words, out Vector256<float> x, out Vector256<float> near, out Vector256<float> isLow)
    {
        var signed = (words ^ Vector256.Create(0x80000000u)).AsInt32();
        var sign = signed >> 31;
        var fromMiddle = signed ^ sign;
        var fromEnd = fromMiddle ^ Vector256.Create(int.MaxValue);
        var half = Vector256.Create(0.5f);
        x = (Vector256.ConvertToSingle(fromMiddle) + half) * Vector256.Create(1f / (1L << 31));
        x |= (sign.AsUInt32() & Vector256.Create(0x80000000u)).AsSingle();
        near = (Vector256.ConvertToSingle(fromEnd) + half) * Vector256.Create(1f / (1L << 32));
        isLow = sign.AsSingle();
    }

    private static float Below(double bound) => (float)bound > bound ? MathF.BitDecrement((float)bound) : (float)bound;

    private static float Above(double bound) => (float)bound < bound ? MathF.BitIncrement((float)bound) : (float)bound;
}
