using Snn.Kernels.Random;

namespace Snn.Kernels.Encoding;

/// <summary>What is done to values before they are encoded, in place, as PySNN's transforms do.</summary>
public static class Transforms
{
    /// <summary>Whole numbers, cut towards zero.</summary>
    /// <param name="values">Any numbers.</param>
    public static void Discretize(Span<double> values)
    {
        foreach (ref var value in values)
        {
            value = Math.Truncate(value);
        }
    }

    /// <summary>Values times a factor, for example from 0 and 1 to rates in Hz.</summary>
    /// <param name="values">Any numbers.</param>
    /// <param name="factor">The factor.</param>
    public static void Intensity(Span<double> values, double factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }

    /// <summary>Numbers from uniform(0, low) for zeros and from uniform(high, 1) for ones, each with a draw of its own; others stay.</summary>
    /// <param name="values">Any numbers.</param>
    /// <param name="low">Upper bound of what stands for 0, at least 0.</param>
    /// <param name="high">Lower bound of what stands for 1, at most 1.</param>
    /// <param name="key">Stream.</param>
    /// <param name="sample">Which sample it is: samples have draws of their own.</param>
    /// <exception cref="ArgumentException">A bound is out of its range.</exception>
    public static void BooleanNoise(Span<double> values, double low, double high, StreamKey key, int sample = 0)
    {
        if (!(low >= 0 && high <= 1 && double.IsFinite(low) && double.IsFinite(high)))
        {
            throw new ArgumentException($"Transforms.BooleanNoise: zeros up to {low:R}, ones from {high:R}; give a low bound of 0 or more and a high bound of 1 or less.");
        }

        var (zeros, ones) = (ValueDistribution.Uniform(0, low), ValueDistribution.Uniform(high, 1));
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is 0 or 1)
            {
                var word = Philox4x32.Block(key, (uint)i, (uint)sample, 0, 0).W0;
                values[i] = (values[i] == 0 ? zeros : ones).Quantile(word);
            }
        }
    }

    /// <summary>Each value within its own bounds: max(min(value, most), least).</summary>
    /// <param name="values">[element]</param>
    /// <param name="least">[element]; where it lies above the other bound, it is what comes out</param>
    /// <param name="most">[element]</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Clamp(Span<double> values, ReadOnlySpan<double> least, ReadOnlySpan<double> most)
    {
        if (least.Length != values.Length || most.Length != values.Length)
        {
            throw new ArgumentException($"Transforms.Clamp: {values.Length} values with {least.Length} and {most.Length} bounds; give as many of each.");
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Math.Max(Math.Min(values[i], most[i]), least[i]);
        }
    }
}
