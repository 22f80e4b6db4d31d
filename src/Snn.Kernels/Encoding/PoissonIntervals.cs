using Snn.Kernels.Random;

namespace Snn.Kernels.Encoding;

/// <summary>
/// Poisson code by intervals: an element of r Hz spikes after intervals that are Poisson numbers of steps of mean 1000 / (r dt), as PySNN's
/// poisson_encoding does. The first spike, an interval of t steps after the beginning, is in step t - 1; an interval of 0 steps counts as 1.
/// </summary>
/// <remarks>This is not a Poisson process: its intervals are far more regular (a coefficient of variation of 1 / sqrt(mean interval)).</remarks>
public static class PoissonIntervals
{
    /// <summary>Steps of a duration: those that fit, whole.</summary>
    /// <param name="durationMs">Duration, ms.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <exception cref="ArgumentException">The time step is not above 0, or the duration has no number of steps.</exception>
    public static int Steps(double durationMs, double dtMs)
    {
        var steps = durationMs / dtMs;
        return dtMs > 0 && steps is >= 0 and <= int.MaxValue
            ? (int)steps
            : throw new ArgumentException($"PoissonIntervals.Steps: {durationMs:R} ms in steps of {dtMs:R} ms; give a duration of 0 or more and a step above 0.");
    }

    /// <summary>Mean interval, steps; 0 for a rate of 0, which never spikes.</summary>
    /// <param name="rateHz">Rate, Hz, at least 0.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <exception cref="ArgumentException">The rate is negative or NaN, or the time step is not above 0.</exception>
    public static double MeanInterval(double rateHz, double dtMs)
    {
        if (!(rateHz >= 0 && dtMs > 0))
        {
            throw new ArgumentException($"PoissonIntervals.MeanInterval: {rateHz:R} Hz in steps of {dtMs:R} ms; give a rate of 0 or more and a step above 0.");
        }

        return rateHz == 0 ? 0 : 1000 / (rateHz * dtMs);
    }

    /// <summary>An interval of an element, steps, at least 1.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="element">Element.</param>
    /// <param name="presentation">Which presentation of values it belongs to.</param>
    /// <param name="index">Which interval of the presentation.</param>
    /// <param name="meanInterval">From <see cref="MeanInterval"/>, above 0.</param>
    public static long Draw(StreamKey key, int element, long presentation, int index, double meanInterval)
    {
        // A mean beyond the largest one gives no spike in any run; nor does the largest.
        var mean = Math.Min(meanInterval, PoissonNumbers.MaxMean);
        return Math.Max(1, PoissonNumbers.Draw(key, (uint)element, (uint)presentation, (uint)index, mean));
    }

    /// <summary>Encodes rates.</summary>
    /// <param name="ratesHz">[element] Hz, at least 0</param>
    /// <param name="steps">Steps.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <param name="key">Stream.</param>
    /// <param name="spikes">[element, step]</param>
    /// <exception cref="ArgumentException">A rate is negative or NaN, the time step is not above 0, or the spans do not fit together.</exception>
    public static void Encode(ReadOnlySpan<double> ratesHz, int steps, double dtMs, StreamKey key, Span<bool> spikes)
    {
        RequireRoom(ratesHz.Length, steps, spikes);
        spikes.Clear();
        for (var i = 0; i < ratesHz.Length; i++)
        {
            var mean = MeanInterval(ratesHz[i], dtMs);
            var time = 0L;
            for (var k = 0; mean > 0; k++)
            {
                time += Draw(key, i, 0, k, mean);
                if (time > steps)
                {
                    break;
                }

                spikes[(i * steps) + (int)time - 1] = true;
            }
        }
    }

    /// <summary>The spikes of given intervals.</summary>
    /// <param name="ratesHz">[element] Hz; one of 0 never spikes</param>
    /// <param name="intervals">[interval, element] steps, at least 0</param>
    /// <param name="steps">Steps.</param>
    /// <param name="spikes">[element, step]</param>
    /// <exception cref="ArgumentException">An interval is negative or the spans do not fit together.</exception>
    public static void Replay(ReadOnlySpan<double> ratesHz, ReadOnlySpan<long> intervals, int steps, Span<bool> spikes)
    {
        RequireRoom(ratesHz.Length, steps, spikes);
        if (intervals.Length % Math.Max(1, ratesHz.Length) != 0)
        {
            throw new ArgumentException($"PoissonIntervals.Replay: {intervals.Length} intervals of {ratesHz.Length} elements; give as many for each.");
        }

        spikes.Clear();
        for (var i = 0; i < ratesHz.Length; i++)
        {
            var time = 0L;
            for (var at = i; at < intervals.Length && ratesHz[i] != 0; at += ratesHz.Length)
            {
                time += intervals[at] >= 0
                    ? Math.Max(1, intervals[at])
                    : throw new ArgumentException($"PoissonIntervals.Replay: an interval of {intervals[at]} steps; give 0 or more.");
                if (time > steps)
                {
                    break;
                }

                spikes[(i * steps) + (int)time - 1] = true;
            }
        }
    }

    private static void RequireRoom(int elements, int steps, Span<bool> spikes)
    {
        if (steps < 0 || spikes.Length != (long)elements * steps)
        {
            throw new ArgumentException($"PoissonIntervals: room for {spikes.Length} spikes of {elements} elements in {steps} steps; give one place an element and step.");
        }
    }
}
