using System.Runtime.Intrinsics;

namespace Snn.Kernels.Random;

/// <summary>
/// Which random bits a neuron's Poisson number uses. Small means: 16 bits a part; neuron n has half (n mod 2) of the 32-bit lane (n mod 16) / 2 of the
/// first (n mod 32 &lt; 16) or second register that the counters 4 (n / 32) .. + 3 leave (see <see cref="StepRounds"/>). Larger means: the
/// neuron's word of <see cref="UniformColumns"/>. What these leave open: a block of its own.
/// </summary>
internal static unsafe class PoissonWords
{
    internal const uint WordPurpose = 0x504F4930;
    private const uint FirstHalfPurpose = 0x504F4940;
    private const uint FirstMorePurpose = 0x504F4950;

    /// <summary>Counter word of the half words of a part (<see cref="PoissonSampler.Parts"/>).</summary>
    internal static uint HalfPurpose(int part) => FirstHalfPurpose + (uint)part;

    /// <summary>128 more bits for one neuron, step and part.</summary>
    internal static (uint W0, uint W1, uint W2, uint W3) More(StreamKey key, long step, uint neuron, int part) =>
        Philox4x32.Block(key, neuron, (uint)step, (uint)(step >> 32), FirstMorePurpose + (uint)part);

    /// <summary>The rounds of the half words of each part.</summary>
    /// <param name="workspace"><see cref="StepRounds.Workspace"/> vectors for each.</param>
    /// <param name="rounds">Receives them. [part]</param>
    /// <param name="parts">How many.</param>
    /// <param name="key">Stream.</param>
    /// <param name="step">Step.</param>
    internal static void Prepare(Vector256<ulong>* workspace, StepRounds* rounds, int parts, StreamKey key, long step)
    {
        for (var part = 0; part < parts; part++)
        {
            rounds[part] = new StepRounds(workspace + (part * StepRounds.Workspace), key, step, HalfPurpose(part));
        }
    }

    /// <summary>The half words of 32 neurons.</summary>
    internal static void Halves(in StepRounds rounds, int firstNeuron, ushort* halves)
    {
        rounds.Sixteen((uint)firstNeuron / 8, out var low, out var high);
        low.AsUInt16().Store(halves);
        high.AsUInt16().Store(halves + 16);
    }

    /// <summary>The words of 32 neurons.</summary>
    internal static void Words(in StepRounds rounds, int firstNeuron, uint* words)
    {
        for (var i = 0; i < 32; i += 16)
        {
            rounds.Sixteen((uint)(firstNeuron + i) / 4, out var low, out var high);
            low.Store(words + i);
            high.Store(words + i + 8);
        }
    }
}
