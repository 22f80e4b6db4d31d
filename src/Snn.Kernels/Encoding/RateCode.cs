using System.Runtime.CompilerServices;
using Snn.Kernels.Random;

namespace Snn.Kernels.Encoding;

/// <summary>
/// Rate code: in every step an element spikes with probability p = clamp(gain x + offset, 0, 1), independently of all others (Bernoulli), as
/// snnTorch's spikegen.rate does.
/// </summary>
/// <remarks>Element e of step t spikes if its word of <see cref="UniformColumns"/> is below 2^32 p: probabilities are exact to 2^-32, 0 and 1 are certain.</remarks>
public static class RateCode
{
    private const double WordCount = 4294967296.0;

    /// <summary>The probability of a spike in a step.</summary>
    /// <param name="value">The value that is encoded.</param>
    /// <param name="gain">Probability a unit of the value.</param>
    /// <param name="offset">Added to it.</param>
    public static double Probability(double value, double gain = 1, double offset = 0) => Math.Clamp((value * gain) + offset, 0, 1);

    /// <summary>The random words below this one give a spike: 2^32 p, rounded up.</summary>
    /// <param name="probability">In [0, 1].</param>
    public static ulong Bound(double probability) => (ulong)Math.Ceiling(probability * WordCount);

    /// <summary>Which of some elements spike.</summary>
    /// <param name="words">Random words of a range of neurons.</param>
    /// <param name="places">[element] where each element's word is.</param>
    /// <param name="bounds">[element] from <see cref="Bound"/>.</param>
    /// <param name="spiking">Receives the elements that spike, ascending; room for all.</param>
    /// <returns>How many spike.</returns>
    public static int Pick(ReadOnlySpan<uint> words, ReadOnlySpan<int> places, ReadOnlySpan<ulong> bounds, Span<int> spiking)
    {
        var count = 0;
        for (var i = 0; i < bounds.Length; i++)
        {
            // Written in any case and counted only for a spike: half of the branches would be mispredicted.
            spiking[count] = i;
            count += words[places[i]] < bounds[i] ? 1 : 0;
        }

        return count;
    }

    /// <summary>Encodes values that do not change in time.</summary>
    /// <param name="values">[element]</param>
    /// <param name="steps">Steps, at least 1.</param>
    /// <param name="key">Stream.</param>
    /// <param name="spikes">[step, element]</param>
    /// <param name="gain">Probability of a spike in a step, a unit of the value.</param>
    /// <param name="offset">Added to the probability.</param>
    /// <param name="firstSpikeStep">No spike before this step: 0 to steps - 1.</param>
    /// <exception cref="ArgumentException">A value is NaN, a number is out of its range or the spans do not fit together.</exception>
    public static void Encode(
        ReadOnlySpan<double> values, int steps, StreamKey key, Span<bool> spikes, double gain = 1, double offset = 0, int firstSpikeStep = 0)
    {
        if (steps < 1 || firstSpikeStep < 0 || firstSpikeStep > steps - 1)
        {
            throw new ArgumentException(
                $"RateCode.Encode: {steps} steps with the first spike in step {firstSpikeStep}; give at least one step, and a first spike from 0 to steps - 1.");
        }

        RequireRoom((long)steps * values.Length, spikes.Length);
        for (var step = 0; step < steps; step++)
        {
            var row = spikes.Slice(step * values.Length, values.Length);
            row.Clear();
            for (var i = 0; i < values.Length && step >= firstSpikeStep; i++)
            {
                row[i] = Spikes(key, step, i, Probability(values[i], gain, offset));
            }
        }
    }

    /// <summary>Encodes values that change in time: each is the probability of its own step.</summary>
    /// <param name="values">[step, element]; below 0 and above 1 they count as 0 and 1.</param>
    /// <param name="elements">Elements of a step.</param>
    /// <param name="key">Stream.</param>
    /// <param name="spikes">[silent steps, then one a step of the values; element]</param>
    /// <param name="silentSteps">Steps without a spike put before the first.</param>
    /// <exception cref="ArgumentException">A value is NaN, a number is out of its range or the spans do not fit together.</exception>
    public static void EncodeVarying(ReadOnlySpan<double> values, int elements, StreamKey key, Span<bool> spikes, int silentSteps = 0)
    {
        if (elements < 1 || values.Length % elements != 0 || silentSteps < 0)
        {
            throw new ArgumentException(
                $"RateCode.EncodeVarying: {values.Length} values of {elements} elements a step after {silentSteps} silent steps; give whole steps, and 0 silent steps or more.");
        }

        RequireRoom(((long)silentSteps * elements) + values.Length, spikes.Length);
        spikes[..(silentSteps * elements)].Clear();
        for (var i = 0; i < values.Length; i++)
        {
            spikes[(silentSteps * elements) + i] = Spikes(key, i / elements, i % elements, Probability(values[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Spikes(StreamKey key, int step, int element, double probability) =>
        double.IsNaN(probability)
            ? throw new ArgumentException($"RateCode: the value of element {element} is NaN; give numbers.")
            : UniformColumns.Word(key, step, element) < Bound(probability);

    private static void RequireRoom(long needed, int given)
    {
        if (needed != given)
        {
            throw new ArgumentException($"RateCode: room for {given} spikes, not {needed}; give one place a step and element.");
        }
    }
}
