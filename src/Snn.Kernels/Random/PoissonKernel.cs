using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// Poisson numbers of one mean up to 20 for many neurons, sixteen a vector: the alias table lies in four byte shuffles. A lane is 16 bits and one
/// neuron; its scalar equivalent is <see cref="PoissonAlias.Draw"/>.
/// </summary>
internal static unsafe class PoissonKernel
{
    /// <summary>input += weight * number, for the neurons firstNeuron .. firstNeuron + count - 1 (multiples of 32).</summary>
    /// <remarks>One weight a neuron in <paramref name="weights"/>, or null for <paramref name="weight"/>.</remarks>
    internal static void AddTo<T>(
        PoissonSampler sampler, StreamKey key, long step, int firstNeuron, int count, T* input, T* weights, T weight)
        where T : unmanaged, INumberBase<T>
    {
        var done = LanePolicy.PrefersAvx512 ? PoissonKernel512.AddTo(sampler, key, step, firstNeuron, count, input, weights, weight) : 0;
        if (done < count)
        {
            AddNarrow(sampler, key, step, firstNeuron + done, count - done, input + done, weights == null ? null : weights + done, weight);
        }
    }

    /// <summary>Those that registers of 512 bits were not used for.</summary>
    internal static void AddNarrow<T>(
        PoissonSampler sampler, StreamKey key, long step, int firstNeuron, int count, T* input, T* weights, T weight)
        where T : unmanaged, INumberBase<T>
    {
        if (sampler.Parts == 1)
        {
            AddOnePart(sampler.Alias!, key, step, firstNeuron, count, input, weights, weight);
        }
        else
        {
            AddParts(sampler, key, step, firstNeuron, count, input, weights, weight);
        }
    }

    private static void AddOnePart<T>(
        PoissonAlias alias, StreamKey key, long step, int firstNeuron, int count, T* input, T* weights, T weight)
        where T : unmanaged, INumberBase<T>
    {
        var workspace = stackalloc Vector256<ulong>[StepRounds.Workspace];
        var rounds = new StepRounds(workspace, key, step, PoissonWords.HalfPurpose(0));
        var (low, high, other) = (Vector256.Create(alias.LowBytes), Vector256.Create(alias.HighBytes), Vector256.Create(alias.Alias));
        var one = Vector256.Create(weight);
        var i = 0;
        for (; i <= count - 64; i += 64)
        {
            rounds.ThirtyTwo((uint)(firstNeuron + i) / 8, out var bitsA, out var bitsB, out var bitsC, out var bitsD);
            var a = Sixteen(bitsA.AsUInt16(), low, high, other, out var openA);
            var b = Sixteen(bitsB.AsUInt16(), low, high, other, out var openB);
            var c = Sixteen(bitsC.AsUInt16(), low, high, other, out var openC);
            var d = Sixteen(bitsD.AsUInt16(), low, high, other, out var openD);
            if ((openA | openB | openC | openD) != Vector256<ushort>.Zero)
            {
                a = Decide(alias, key, step, (uint)(firstNeuron + i), 0, a, bitsA.AsUInt16(), openA);
                b = Decide(alias, key, step, (uint)(firstNeuron + i + 16), 0, b, bitsB.AsUInt16(), openB);
                c = Decide(alias, key, step, (uint)(firstNeuron + i + 32), 0, c, bitsC.AsUInt16(), openC);
                d = Decide(alias, key, step, (uint)(firstNeuron + i + 48), 0, d, bitsD.AsUInt16(), openD);
            }

            AddSixteen(a, input + i, weights == null ? null : weights + i, one);
            AddSixteen(b, input + i + 16, weights == null ? null : weights + i + 16, one);
            AddSixteen(c, input + i + 32, weights == null ? null : weights + i + 32, one);
            AddSixteen(d, input + i + 48, weights == null ? null : weights + i + 48, one);
        }

        if (i < count)
        {
            rounds.Sixteen((uint)(firstNeuron + i) / 8, out var bitsA, out var bitsB);
            var a = Sixteen(bitsA.AsUInt16(), low, high, other, out var openA);
            var b = Sixteen(bitsB.AsUInt16(), low, high, other, out var openB);
            a = Decide(alias, key, step, (uint)(firstNeuron + i), 0, a, bitsA.AsUInt16(), openA);
            b = Decide(alias, key, step, (uint)(firstNeuron + i + 16), 0, b, bitsB.AsUInt16(), openB);
            AddSixteen(a, input + i, weights == null ? null : weights + i, one);
            AddSixteen(b, input + i + 16, weights == null ? null : weights + i + 16, one);
        }
    }

    private static void AddParts<T>(
        PoissonSampler sampler, StreamKey key, long step, int firstNeuron, int count, T* input, T* weights, T weight)
        where T : unmanaged, INumberBase<T>
    {
        var (alias, parts) = (sampler.Alias!, sampler.Parts);
        var workspace = stackalloc Vector256<ulong>[PoissonSampler.MaxParts * StepRounds.Workspace];
        var rounds = stackalloc StepRounds[PoissonSampler.MaxParts];
        PoissonWords.Prepare(workspace, rounds, parts, key, step);

        var (low, high, other) = (Vector256.Create(alias.LowBytes), Vector256.Create(alias.HighBytes), Vector256.Create(alias.Alias));
        var one = Vector256.Create(weight);
        for (var i = 0; i < count; i += 32)
        {
            var (sumA, sumB) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
            for (var part = 0; part < parts; part++)
            {
                rounds[part].Sixteen((uint)(firstNeuron + i) / 8, out var bitsA, out var bitsB);
                var a = Sixteen(bitsA.AsUInt16(), low, high, other, out var openA);
                var b = Sixteen(bitsB.AsUInt16(), low, high, other, out var openB);
                if ((openA | openB) != Vector256<ushort>.Zero)
                {
                    a = Decide(alias, key, step, (uint)(firstNeuron + i), part, a, bitsA.AsUInt16(), openA);
                    b = Decide(alias, key, step, (uint)(firstNeuron + i + 16), part, b, bitsB.AsUInt16(), openB);
                }

                (sumA, sumB) = (sumA + a, sumB + b);
            }

            AddSixteen(sumA, input + i, weights == null ? null : weights + i, one);
            AddSixteen(sumB, input + i + 16, weights == null ? null : weights + i + 16, one);
        }
    }

    // Column in the low four bits, fraction above; the fraction is read with its top bit flipped, so that the signed comparison
    // that AVX2 has orders it. The column's own bits are in the threshold too: equal then means that the fractions are equal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Sixteen(
        Vector256<ushort> bits, Vector256<byte> low, Vector256<byte> high, Vector256<byte> other, out Vector256<ushort> open)
    {
        var column = bits & Vector256.Create((ushort)15);

        // A shuffle index with its top bit set gives zero: the low bytes look up one table, the high bytes the other.
        var inLow = column | Vector256.Create((ushort)0x8000);
        var inHigh = (column << 8) | Vector256.Create((ushort)0x0080);
        var threshold = (Shuffle(low, inLow) | Shuffle(high, inHigh)).AsInt16();
        var useAlias = Vector256.GreaterThan(bits.AsInt16(), threshold).AsUInt16();
        var outcome = Blend(useAlias, Shuffle(other, inLow).AsUInt16(), column);
        open = Vector256.Equals(bits.AsInt16(), threshold).AsUInt16() | Vector256.Equals(outcome, Vector256.Create((ushort)PoissonAlias.Tail));
        return outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Shuffle(Vector256<byte> table, Vector256<ushort> index) =>
        Avx2.IsSupported ? Avx2.Shuffle(table, index.AsByte()) : Vector256.Shuffle(table, index.AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Blend(Vector256<ushort> mask, Vector256<ushort> a, Vector256<ushort> b) =>
        Avx2.IsSupported ? Avx2.BlendVariable(b, a, mask) : Vector256.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<ushort> Decide(
        PoissonAlias alias, StreamKey key, long step, uint firstNeuron, int part,
        Vector256<ushort> outcome, Vector256<ushort> bits, Vector256<ushort> open)
    {
        for (var left = Vector256.ExtractMostSignificantBits(open); left != 0; left &= left - 1)
        {
            var lane = BitOperations.TrailingZeroCount(left);
            var number = alias.Draw(bits.GetElement(lane), key, step, firstNeuron + (uint)lane, part);
            outcome = outcome.WithElement(lane, (ushort)number);
        }

        return outcome;
    }

    // A product rounded to T, then a sum rounded to T, whether the weight is one number or a column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSixteen<T>(Vector256<ushort> numbers, T* input, T* weights, Vector256<T> weight)
        where T : unmanaged, INumberBase<T>
    {
        var (low, high) = Vector256.Widen(numbers);
        if (typeof(T) == typeof(float))
        {
            Add((float*)input, (float*)weights, weight.As<T, float>(), Vector256.ConvertToSingle(low.AsInt32()));
            Add((float*)input + 8, weights == null ? null : (float*)weights + 8, weight.As<T, float>(), Vector256.ConvertToSingle(high.AsInt32()));
            return;
        }

        AddEight(low, (double*)input, (double*)weights, weight.As<T, double>());
        AddEight(high, (double*)input + 8, weights == null ? null : (double*)weights + 8, weight.As<T, double>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddEight(Vector256<uint> numbers, double* input, double* weights, Vector256<double> weight)
    {
        var (low, high) = Vector256.Widen(numbers);
        Add(input, weights, weight, Random.Words.ToDouble(low));
        Add(input + 4, weights == null ? null : weights + 4, weight, Random.Words.ToDouble(high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T* input, T* weights, Vector256<T> weight, Vector256<T> number)
        where T : unmanaged =>
        (Vector256.Load(input) + (number * (weights == null ? weight : Vector256.Load(weights)))).Store(input);
}
