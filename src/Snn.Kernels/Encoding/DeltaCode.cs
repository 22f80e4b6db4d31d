namespace Snn.Kernels.Encoding;

/// <summary>
/// Delta code: a spike where a value has grown by a threshold or more since the step before and, where wanted, a negative spike where it has fallen
/// by as much, as snnTorch's spikegen.delta does.
/// </summary>
public static class DeltaCode
{
    /// <summary>The spike of a step: [x - previous >= threshold] - [x - previous &lt;= -threshold], the second term only with off spikes.</summary>
    /// <param name="previous">The value in the step before.</param>
    /// <param name="value">The value in this step.</param>
    /// <param name="threshold">The least change that counts.</param>
    /// <param name="hasOffSpikes">Whether a fall gives a negative spike.</param>
    public static sbyte Spike(double previous, double value, double threshold, bool hasOffSpikes)
    {
        var change = value - previous;
        var on = change >= threshold ? 1 : 0;
        return (sbyte)(hasOffSpikes && change <= -threshold ? on - 1 : on);
    }

    /// <summary>Encodes values that change in time.</summary>
    /// <param name="values">[step, element]</param>
    /// <param name="elements">Elements of a step.</param>
    /// <param name="spikes">[step, element] 1, 0 or -1</param>
    /// <param name="threshold">The least change that counts.</param>
    /// <param name="isPadded">Whether the first step is compared with itself, which gives no spike, instead of with 0.</param>
    /// <param name="hasOffSpikes">Whether a fall gives a negative spike.</param>
    /// <exception cref="ArgumentException">The threshold is NaN or the spans do not fit together.</exception>
    public static void Encode(
        ReadOnlySpan<double> values, int elements, Span<sbyte> spikes, double threshold = 0.1, bool isPadded = false, bool hasOffSpikes = false)
    {
        if (double.IsNaN(threshold) || elements < 1 || values.Length % elements != 0 || spikes.Length != values.Length)
        {
            throw new ArgumentException(
                $"DeltaCode.Encode: {values.Length} values of {elements} elements a step, room for {spikes.Length} spikes, threshold {threshold:R}; " +
                "give whole steps, one place a value, and a number for the threshold.");
        }

        for (var i = 0; i < values.Length; i++)
        {
            var previous = i >= elements ? values[i - elements] : isPadded ? values[i] : 0;
            spikes[i] = Spike(previous, values[i], threshold, hasOffSpikes);
        }
    }
}
