using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Random;

/// <summary>
/// The numbers of <see cref="PoissonKernel"/>, thirty-two a vector, for processors with AVX-512. A register that the rounds leave holds the half
/// words of two groups of sixteen neurons that lie 32 apart.
/// </summary>
internal static unsafe class PoissonKernel512
{
    /// <summary>Neurons of one pass of the loop.</summary>
    internal const int Neurons = 128;

    /// <summary>input += weight * number, for the first of the neurons firstNeuron .. firstNeuron + count - 1.</summary>
    /// <returns>How many: the multiple of <see cref="Neurons"/> up to <paramref name="count"/>.</returns>
    [SkipLocalsInit]
    internal static int AddTo<T>(
        PoissonSampler sampler, StreamKey key, long step, int firstNeuron, int count, T* input, T* weights, T weight)
        where T : unmanaged, INumberBase<T>
    {
        var (alias, parts) = (sampler.Alias!, sampler.Parts);
        var workspace = stackalloc Vector256<ulong>[PoissonSampler.MaxParts * StepRounds.Workspace];
        var rounds = stackalloc StepRounds[PoissonSampler.MaxParts];
        PoissonWords.Prepare(workspace, rounds, parts, key, step);

        var (low, high, other) = (FourTimes(alias.LowBytes), FourTimes(alias.HighBytes), FourTimes(alias.Alias));
        var one = Vector512.Create(weight);
        var i = 0;
        for (; i <= count - Neurons; i += Neurons)
        {
            var (sumA, sumB, sumC, sumD) = (Vector512<ushort>.Zero, Vector512<ushort>.Zero, Vector512<ushort>.Zero, Vector512<ushort>.Zero);
            for (var part = 0; part < parts; part++)
            {
                rounds[part].SixtyFour((uint)(firstNeuron + i) / 8, out var bitsA, out var bitsB, out var bitsC, out var bitsD);
                var a = ThirtyTwo(bitsA.AsUInt16(), low, high, other, out var openA);
                var b = ThirtyTwo(bitsB.AsUInt16(), low, high, other, out var openB);
                var c = ThirtyTwo(bitsC.AsUInt16(), low, high, other, out var openC);
                var d = ThirtyTwo(bitsD.AsUInt16(), low, high, other, out var openD);
                if ((openA | openB | openC | openD) != 0)
                {
                    a = Decide(alias, key, step, (uint)(firstNeuron + i), part, a, bitsA.AsUInt16(), openA);
                    b = Decide(alias, key, step, (uint)(firstNeuron + i + 16), part, b, bitsB.AsUInt16(), openB);
                    c = Decide(alias, key, step, (uint)(firstNeuron + i + 64), part, c, bitsC.AsUInt16(), openC);
                    d = Decide(alias, key, step, (uint)(firstNeuron + i + 80), part, d, bitsD.AsUInt16(), openD);
                }

                (sumA, sumB, sumC, sumD) = (sumA + a, sumB + b, sumC + c, sumD + d);
            }

            Add(sumA, input, weights, i, one);
            Add(sumB, input, weights, i + 16, one);
            Add(sumC, input, weights, i + 64, one);
            Add(sumD, input, weights, i + 80, one);
        }

        return i;
    }

    private static Vector512<byte> FourTimes(byte[] twice)
    {
        var half = Vector256.Create(twice);
        return Vector512.Create(half, half);
    }

    // As PoissonKernel.Sixteen; what is not decided is a bit a lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> ThirtyTwo(
        Vector512<ushort> bits, Vector512<byte> low, Vector512<byte> high, Vector512<byte> other, out ulong open)
    {
        var column = bits & Vector512.Create((ushort)15);
        var inLow = (column | Vector512.Create((ushort)0x8000)).AsByte();
        var inHigh = ((column << 8) | Vector512.Create((ushort)0x0080)).AsByte();
        var threshold = (Avx512BW.Shuffle(low, inLow) | Avx512BW.Shuffle(high, inHigh)).AsInt16();
        var useAlias = Avx512BW.CompareGreaterThan(bits.AsInt16(), threshold).AsUInt16();
        var outcome = Avx512BW.BlendVariable(column, Avx512BW.Shuffle(other, inLow).AsUInt16(), useAlias);
        open = Avx512BW.CompareEqual(bits.AsInt16(), threshold).ExtractMostSignificantBits()
            | Avx512BW.CompareEqual(outcome, Vector512.Create((ushort)PoissonAlias.Tail)).ExtractMostSignificantBits();
        return outcome;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<ushort> Decide(
        PoissonAlias alias, StreamKey key, long step, uint firstNeuron, int part, Vector512<ushort> outcome, Vector512<ushort> bits, ulong open)
    {
        for (; open != 0; open &= open - 1)
        {
            var lane = BitOperations.TrailingZeroCount(open);

            // The upper sixteen lanes are the neurons from 32 on.
            var neuron = firstNeuron + (uint)(lane + (lane & 16));
            outcome = outcome.WithElement(lane, (ushort)alias.Draw(bits.GetElement(lane), key, step, neuron, part));
        }

        return outcome;
    }

    // As in PoissonKernel: a product rounded to T, then a sum rounded to T.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(Vector512<ushort> numbers, T* input, T* weights, int i, Vector512<T> weight)
        where T : unmanaged, INumberBase<T>
    {
        var (first, second) = Vector512.Widen(numbers);
        if (typeof(T) == typeof(float))
        {
            Add((float*)input, (float*)weights, i, weight.As<T, float>(), Vector512.ConvertToSingle(first.AsInt32()));
            Add((float*)input, (float*)weights, i + 32, weight.As<T, float>(), Vector512.ConvertToSingle(second.AsInt32()));
            return;
        }

        AddDoubles((double*)input, (double*)weights, i, weight.As<T, double>(), first);
        AddDoubles((double*)input, (double*)weights, i + 32, weight.As<T, double>(), second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDoubles(double* input, double* weights, int i, Vector512<double> weight, Vector512<uint> numbers)
    {
        Add(input, weights, i, weight, Avx512F.ConvertToVector512Double(numbers.GetLower()));
        Add(input, weights, i + 8, weight, Avx512F.ConvertToVector512Double(numbers.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T* input, T* weights, int i, Vector512<T> weight, Vector512<T> number)
        where T : unmanaged =>
        (Vector512.Load(input + i) + (number * (weights == null ? weight : Vector512.Load(weights + i)))).Store(input + i);
}
