using Snn.Actors.Simulation;

namespace Snn.Actors.Recording;

/// <summary>What came too late in a run with the free clock.</summary>
/// <param name="Events">Synaptic events that were delivered after they were due.</param>
/// <param name="NeverDelivered">Synaptic events that were due before the end, of spikes that came when their targets had ended.</param>
/// <param name="Histogram">The late events, by how late they were.</param>
public sealed record LateSummary(long Events, long NeverDelivered, IReadOnlyList<LateBin> Histogram)
{
    /// <summary>Of a run; null where another clock was used.</summary>
    /// <param name="result">What came out.</param>
    /// <param name="dtMs">Time step, ms.</param>
    public static LateSummary? Of(SimulationResult result, double dtMs)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.LateEvents is not { } late)
        {
            return null;
        }

        var times = new StepTimes(dtMs);
        var bins = late.Counts.Select((events, k) => new LateBin(times.At(1L << k), times.At((2L << k) - 1), events)).ToList();
        return new LateSummary(late.Total, result.NeverDelivered, bins[..(bins.FindLastIndex(b => b.Events > 0) + 1)]);
    }
}

/// <summary>Events that were about as late.</summary>
/// <param name="FromMs">By this much at least, ms.</param>
/// <param name="ToMs">By this much at most, ms.</param>
/// <param name="Events">How many.</param>
public sealed record LateBin(double FromMs, double ToMs, long Events);
