using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>Which inverse distribution function a <see cref="ValueDistribution"/> evaluates.</summary>
internal enum ValueKind
{
    /// <summary>Scale, whatever the word.</summary>
    Constant,

    /// <summary>Shift + Scale u.</summary>
    Uniform,

    /// <summary>Shift + Scale z(u).</summary>
    Normal,

    /// <summary>exp(Shift + Scale z(u)).</summary>
    Lognormal,

    /// <summary>Shift - Scale log(1 - u).</summary>
    Exponential,
}

/// <summary>
/// The constants of a distribution. Of the normal before truncation, Below lies under min, Above over max and Mass between;
/// Offset = Below - Above. A truncated p has p = Below + Mass u and 1 - p = Above + Mass (1 - u), so both tails keep their digits.
/// </summary>
internal readonly struct ValueShape
{
    internal ValueKind Kind { get; init; }

    internal double Shift { get; init; }

    internal double Scale { get; init; }

    internal double Min { get; init; }

    internal double Max { get; init; }

    internal double Below { get; init; }

    internal double Above { get; init; }

    internal double Mass { get; init; }

    internal double Offset { get; init; }
}

/// <summary>The inverse distribution functions over lanes.</summary>
internal static unsafe class ValueKernels
{
    // Below this mass the smallest tail probability of the float text would leave the range of its polynomials.
    private const double LeastSingleMass = 1.0 / 8;

    internal static double One(in ValueShape shape, uint word)
    {
        if (shape.Kind == ValueKind.Constant)
        {
            return shape.Scale;
        }

        return Apply(shape, new F64x1(Words.ToUnit(word))).Value;
    }

    internal static void Fill(in ValueShape shape, ReadOnlySpan<uint> words, Span<double> values)
    {
        if (shape.Kind == ValueKind.Constant)
        {
            values.Fill(shape.Scale);
            return;
        }

        var i = 0;
        fixed (double* to = values)
        {
            for (; i <= words.Length - 8; i += 8)
            {
                var (low, high) = Units(words, i);
                F64x4.Store(Apply(shape, low), to, i);
                F64x4.Store(Apply(shape, high), to, i + 4);
            }
        }

        for (; i < words.Length; i++)
        {
            values[i] = One(shape, words[i]);
        }
    }

    internal static void Fill(in ValueShape shape, ReadOnlySpan<uint> words, Span<float> values)
    {
        if (shape.Kind == ValueKind.Constant)
        {
            values.Fill((float)shape.Scale);
        }
        else if (shape.Kind == ValueKind.Normal && shape.Mass >= LeastSingleMass)
        {
            FillNormal(shape, words, values);
        }
        else
        {
            FillRounded(shape, words, values);
        }
    }

    private static void FillRounded(in ValueShape shape, ReadOnlySpan<uint> words, Span<float> values)
    {
        // Rounding to float must not step over a bound.
        var max = Vector256.Create(FloatBelow(shape.Max));
        var min = Vector256.Create(FloatAbove(shape.Min));
        var i = 0;
        for (; i <= words.Length - 8; i += 8)
        {
            var (low, high) = Units(words, i);
            var rounded = Vector256.Narrow(Lanes(Apply(shape, low)), Lanes(Apply(shape, high)));
            Vector256.Max(Vector256.Min(rounded, max), min).CopyTo(values[i..]);
        }

        for (; i < words.Length; i++)
        {
            values[i] = Math.Max(Math.Min((float)One(shape, words[i]), max.ToScalar()), min.ToScalar());
        }
    }

    private static void FillNormal(in ValueShape shape, ReadOnlySpan<uint> words, Span<float> values)
    {
        var i = 0;
        for (; i <= words.Length - 8; i += 8)
        {
            SingleNormal.Eight(shape, Vector256.Create(words.Slice(i, 8))).CopyTo(values[i..]);
        }

        if (i < words.Length)
        {
            // The rest through the same lanes, so that a value does not depend on where it stands.
            Span<uint> padded = stackalloc uint[8];
            Span<float> result = stackalloc float[8];
            padded.Clear();
            words[i..].CopyTo(padded);
            SingleNormal.Eight(shape, Vector256.Create<uint>(padded)).CopyTo(result);
            result[..(words.Length - i)].CopyTo(values[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Apply<L>(in ValueShape shape, L u)
        where L : unmanaged, ILanes<L> => shape.Kind switch
        {
            ValueKind.Uniform => Uniform(shape, u),
            ValueKind.Normal => Normal(shape, u),
            ValueKind.Lognormal => Lognormal(shape, u),
            _ => Exponential(shape, u),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Uniform<L>(in ValueShape shape, L u)
        where L : unmanaged, ILanes<L> =>
        Clamp(shape, L.FusedMultiplyAdd(L.Broadcast(shape.Scale), u, L.Broadcast(shape.Shift)));

    private static L Normal<L>(in ValueShape shape, L u)
        where L : unmanaged, ILanes<L> =>
        Clamp(shape, L.FusedMultiplyAdd(L.Broadcast(shape.Scale), Standard(shape, u), L.Broadcast(shape.Shift)));

    private static L Lognormal<L>(in ValueShape shape, L u)
        where L : unmanaged, ILanes<L> =>
        Clamp(shape, LaneMath.Exp(L.FusedMultiplyAdd(L.Broadcast(shape.Scale), Standard(shape, u), L.Broadcast(shape.Shift))));

    // 1 - u is exact: u has 33 significant bits.
    private static L Exponential<L>(in ValueShape shape, L u)
        where L : unmanaged, ILanes<L> =>
        L.FusedMultiplyAdd(L.Broadcast(-shape.Scale), LaneMath.Log(L.Broadcast(1) - u), L.Broadcast(shape.Shift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Standard<L>(in ValueShape shape, L u)
        where L : unmanaged, ILanes<L>
    {
        var mass = L.Broadcast(shape.Mass);
        var one = L.Broadcast(1);
        var x = L.FusedMultiplyAdd(mass, L.FusedMultiplyAdd(L.Broadcast(2), u, -one), L.Broadcast(shape.Offset));
        var lower = L.FusedMultiplyAdd(mass, u, L.Broadcast(shape.Below));
        var upper = L.FusedMultiplyAdd(mass, one - u, L.Broadcast(shape.Above));
        return NormalQuantile.Of(x, L.Min(lower, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Clamp<L>(in ValueShape shape, L value)
        where L : unmanaged, ILanes<L> =>
        L.Min(L.Max(value, L.Broadcast(shape.Min)), L.Broadcast(shape.Max));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (F64x4 Low, F64x4 High) Units(ReadOnlySpan<uint> words, int i)
    {
        var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(words), (nuint)i));
        var (half, scale) = (Vector256.Create(0.5), Vector256.Create(1.0 / (1L << 32)));
        return (new F64x4((Words.ToDouble(low) + half) * scale), new F64x4((Words.ToDouble(high) + half) * scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Lanes(F64x4 value) => Unsafe.As<F64x4, Vector256<double>>(ref value);

    private static float FloatBelow(double bound) => (float)bound > bound ? MathF.BitDecrement((float)bound) : (float)bound;

    private static float FloatAbove(double bound) => (float)bound < bound ? MathF.BitIncrement((float)bound) : (float)bound;
}
