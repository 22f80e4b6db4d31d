using Snn.Actors.Networks;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>
/// What follows from a network alone, before it is cut into shards: delays in steps, the length of a slice, who needs which spikes for how
/// long.
/// </summary>
internal sealed class SimulationPlan
{
    /// <summary>Longest slice, where delays would allow a longer one: keeps progress, Ctrl-C and the spike rings responsive.</summary>
    private const int MostSliceSteps = 64;

    /// <param name="network">The network.</param>
    /// <param name="firstStep">First step to simulate: that of a snapshot, or 0.</param>
    public SimulationPlan(Network network, long firstStep = 0)
    {
        Network = network;
        Delays = [.. network.Projections.Select(p => DelaysOf(p, network.DtMs))];
        MaxDelaySteps = new int[network.Populations.Count];
        var minDelay = int.MaxValue;
        foreach (var projection in network.Projections)
        {
            var (min, max) = Delays[projection.Index];
            minDelay = Math.Min(minDelay, min);
            MaxDelaySteps[projection.Source.Index] = Math.Max(MaxDelaySteps[projection.Source.Index], max);
        }

        ShortestDelaySteps = minDelay;
        SliceSteps = (int)Math.Max(1, Math.Min(Math.Min(minDelay, MostSliceSteps), network.DurationSteps));
        FirstStep = firstStep;
        FirstSlice = firstStep / SliceSteps;
        Slices = (network.DurationSteps + SliceSteps - 1) / SliceSteps;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Least and greatest delay that a projection can have, steps. [projection]</summary>
    public IReadOnlyList<(int Min, int Max)> Delays { get; }

    /// <summary>Longest delay out of a population, steps; 0 if nothing leaves it. [population]</summary>
    public int[] MaxDelaySteps { get; }

    /// <summary>The shortest delay of the network, steps; no delay is that long if it has no projections.</summary>
    public int ShortestDelaySteps { get; }

    /// <summary>Steps of a slice: the shortest delay, or less.</summary>
    public int SliceSteps { get; }

    /// <summary>First step that is simulated; not the first of a slice where the run before ended within one.</summary>
    public long FirstStep { get; }

    /// <summary>The slice that <see cref="FirstStep"/> lies in.</summary>
    public long FirstSlice { get; }

    /// <summary>Slices of the whole run, those before the first included.</summary>
    public long Slices { get; }

    /// <summary>
    /// Expected work of a neuron of each population in a step, in neuron updates: its own, and the synaptic events that reach it if every
    /// source fires at 5 Hz, at a fifth of an update each. [population]
    /// </summary>
    public double[] WorkPerNeuron()
    {
        var work = new double[Network.Populations.Count];
        System.Array.Fill(work, 1);
        foreach (var projection in Network.Projections)
        {
            var synapses = ConnectionRules.Of(projection, Network.Seed).ExpectedCount(0, projection.Target.Size);
            work[projection.Target.Index] += synapses / projection.Target.Size * 5e-3 * Network.DtMs / 5;
        }

        return work;
    }

    private static (int Min, int Max) DelaysOf(Projection projection, double dtMs)
    {
        if (projection.DelayMs is Distribution.Array list)
        {
            var steps = list.Values.Select(d => DelayDistribution.StepsOf(d, dtMs)).DefaultIfEmpty(1).ToArray();
            return (steps.Min(), steps.Max());
        }

        var delays = new DelayDistribution(projection.DelayMs.ToValues(), dtMs);
        return (delays.MinSteps, delays.MaxSteps);
    }
}
