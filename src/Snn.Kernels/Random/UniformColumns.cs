using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Snn.Kernels.Random;

/// <summary>
/// One random word a neuron and step, by Philox4x32-7: a function of (key, purpose, neuron, step), the same for every vector width
/// and every cut of the neurons into ranges.
/// </summary>
/// <remarks>
/// Neuron n has word w of the block with counter (c, low half of the step, high half of the step, purpose), where
/// c = 4 (n / 16) + (n mod 8) / 2 and w = 2 ((n mod 16) / 8) + 1 - n mod 2. That is the order in which four blocks leave two
/// 256-bit registers: no shuffles.
/// </remarks>
public static unsafe class UniformColumns
{
    /// <summary>Ranges of neurons start at, and are filled up to, multiples of this.</summary>
    public const int Granularity = 32;

    /// <summary>Rounds of Philox on the step path.</summary>
    internal const int Rounds = 7;

    /// <summary>Random words of a range of neurons.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="step">Step.</param>
    /// <param name="firstNeuron">First neuron, a multiple of <see cref="Granularity"/>.</param>
    /// <param name="count">Number of neurons, a multiple of <see cref="Granularity"/>.</param>
    /// <param name="words">words[i] is the word of neuron firstNeuron + i.</param>
    /// <param name="purpose">Tells apart the columns that one key is used for.</param>
    public static void Fill(StreamKey key, long step, int firstNeuron, int count, uint* words, uint purpose = 0)
    {
        CheckRange(firstNeuron, count);
        var workspace = stackalloc Vector256<ulong>[StepRounds.Workspace];
        var rounds = new StepRounds(workspace, key, step, purpose);
        for (var i = 0; i < count; i += 32)
        {
            rounds.ThirtyTwo((uint)(firstNeuron + i) / 4, out var first, out var second, out var third, out var fourth);
            first.Store(words + i);
            second.Store(words + i + 8);
            third.Store(words + i + 16);
            fourth.Store(words + i + 24);
        }
    }

    /// <summary>Uniform numbers in [0, 1) of a range of neurons: 24 bits of each word as a float, or all 32 as a double.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="step">Step.</param>
    /// <param name="firstNeuron">First neuron, a multiple of <see cref="Granularity"/>.</param>
    /// <param name="count">Number of neurons, a multiple of <see cref="Granularity"/>.</param>
    /// <param name="column">Column of float or double; element i is that of neuron firstNeuron + i.</param>
    /// <param name="isDouble">Whether the column is of double.</param>
    /// <param name="purpose">Tells apart the columns that one key is used for.</param>
    public static void FillUniform(
        StreamKey key, long step, int firstNeuron, int count, void* column, bool isDouble, uint purpose = 0)
    {
        CheckRange(firstNeuron, count);
        var workspace = stackalloc Vector256<ulong>[StepRounds.Workspace];
        var rounds = new StepRounds(workspace, key, step, purpose);
        for (var i = 0; i < count; i += 32)
        {
            rounds.ThirtyTwo((uint)(firstNeuron + i) / 4, out var first, out var second, out var third, out var fourth);
            if (isDouble)
            {
                StoreDouble(first, (double*)column + i);
                StoreDouble(second, (double*)column + i + 8);
                StoreDouble(third, (double*)column + i + 16);
                StoreDouble(fourth, (double*)column + i + 24);
            }
            else
            {
                StoreSingle(first, (float*)column + i);
                StoreSingle(second, (float*)column + i + 8);
                StoreSingle(third, (float*)column + i + 16);
                StoreSingle(fourth, (float*)column + i + 24);
            }
        }
    }

    /// <summary>The word of one neuron, as <see cref="Fill"/> gives it.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="step">Step.</param>
    /// <param name="neuron">Neuron.</param>
    /// <param name="purpose">Tells apart the columns that one key is used for.</param>
    public static uint Word(StreamKey key, long step, int neuron, uint purpose = 0)
    {
        var n = (uint)neuron;
        var block = Philox4x32.Block(Rounds, key, (4 * (n / 16)) + (n % 8 / 2), (uint)step, (uint)(step >> 32), purpose);
        return ((2 * (n % 16 / 8)) + 1 - (n % 2)) switch { 0 => block.W0, 1 => block.W1, 2 => block.W2, _ => block.W3 };
    }

    internal static void CheckRange(int firstNeuron, int count)
    {
        if (firstNeuron < 0 || count < 0 || firstNeuron % Granularity != 0 || count % Granularity != 0)
        {
            throw new ArgumentException(
                $"A range of {count} neurons from {firstNeuron}: both must be multiples of {Granularity}; pad the columns.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSingle(Vector256<uint> words, float* column) =>
        (Vector256.ConvertToSingle((words >>> 8).AsInt32()) * Vector256.Create(1f / (1 << 24))).Store(column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreDouble(Vector256<uint> words, double* column)
    {
        var (low, high) = Vector256.Widen(words);
        (Words.ToDouble(low) * Vector256.Create(1.0 / (1L << 32))).Store(column);
        (Words.ToDouble(high) * Vector256.Create(1.0 / (1L << 32))).Store(column + 4);
    }
}
