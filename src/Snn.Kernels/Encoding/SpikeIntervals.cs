namespace Snn.Kernels.Encoding;

/// <summary>The intervals of a spike train.</summary>
public static class SpikeIntervals
{
    /// <summary>Steps from each spike to the next.</summary>
    /// <param name="spikes">[step]</param>
    /// <returns>One fewer than there are spikes; empty below two.</returns>
    public static int[] Of(ReadOnlySpan<bool> spikes)
    {
        var intervals = new List<int>();
        var last = -1;
        for (var step = 0; step < spikes.Length; step++)
        {
            if (spikes[step])
            {
                if (last >= 0)
                {
                    intervals.Add(step - last);
                }

                last = step;
            }
        }

        return [.. intervals];
    }
}
