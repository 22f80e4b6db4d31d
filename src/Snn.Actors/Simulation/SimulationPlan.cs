using System.Collections.Immutable;
using Snn.Actors.Networks;
using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;
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

    private readonly long[] _resetSteps;

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

        foreach (var learning in network.Projections.Select(p => p.Learning).OfType<SynapseLearning>())
        {
            foreach (var population in learning.Dopamine)
            {
                minDelay = Math.Min(minDelay, learning.DopamineDelaySteps);
                MaxDelaySteps[population.Index] = Math.Max(MaxDelaySteps[population.Index], learning.DopamineDelaySteps);
            }
        }

        ShortestDelaySteps = minDelay;
        var learnsTogether = network.IsLayered && network.Projections.Any(p => p.Learning is not null);
        TurnsPerSlice = learnsTogether ? 2 : 1;
        // Batch items hear nothing of each other; their shards meet only to learn.
        var longest = learnsTogether ? 1 : network.IsLayered ? MostSliceSteps : Math.Min(minDelay, MostSliceSteps);
        SliceSteps = (int)Math.Max(1, Math.Min(longest, network.DurationSteps));
        FirstStep = firstStep;
        FirstSlice = firstStep / SliceSteps;
        Slices = (network.DurationSteps + SliceSteps - 1) / SliceSteps;
        _resetSteps = [.. network.Resets?.Steps ?? []];
        AdvanceOrder = [.. network.IsLayered ? InOrder(network) : Enumerable.Range(0, network.Populations.Count)];
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
    /// What the clock lets shards do between two meetings is a turn: a slice, or, where shards change weights that all of them use, a slice of one step
    /// and then the learning of that step.
    /// </summary>
    public int TurnsPerSlice { get; }

    /// <summary>The turn that the run begins with.</summary>
    public long FirstTurn => FirstSlice * TurnsPerSlice;

    /// <summary>Turns of the whole run.</summary>
    public long Turns => Slices * TurnsPerSlice;

    /// <summary>
    /// The order in which populations advance within a step: each after those that it hears without delay, else as declared. [place]
    /// </summary>
    public ImmutableArray<int> AdvanceOrder { get; }

    /// <summary>Whether the items of a layered network begin anew at the beginning of a step.</summary>
    public bool BeginsAnew(long step)
    {
        // With the number as its own comparer: the default one would be allocated at the first call in the process, in the midst of a run.
        var resets = Network.Resets;
        return resets is not null && step > 0
            && (resets.EverySteps > 0 ? step % resets.EverySteps == 0 : MemoryExtensions.BinarySearch<long, long>(_resetSteps, step) >= 0);
    }

    /// <summary>The latest step not after a given one at whose beginning the items began anew; 0: the beginning of the run.</summary>
    public long LatestReset(long step)
    {
        if (Network.Resets is not { } resets)
        {
            return 0;
        }

        return resets.EverySteps > 0 ? step / resets.EverySteps * resets.EverySteps : _resetSteps.LastOrDefault(s => s <= step);
    }

    /// <summary>First step of a slice that is run.</summary>
    public long FirstStepOf(long slice) => Math.Max(slice * SliceSteps, FirstStep);

    /// <summary>Step behind the last of a slice.</summary>
    public long LastStepOf(long slice) => Math.Min((slice + 1) * SliceSteps, Network.DurationSteps);

    /// <summary>The next step at the beginning of a turn.</summary>
    public long StepAt(long turn) => Math.Min(turn / TurnsPerSlice * SliceSteps, Network.DurationSteps);

    /// <summary>Which neurons are a shard's: the same wherever it is asked, and on whichever rank.</summary>
    /// <param name="layout">Which shards are whose.</param>
    public Partition Cut(RankLayout layout)
    {
        if (Network.IsLayered)
        {
            return Partition.OfItems(Network.Populations, Network.Items, layout.Shards);
        }

        var synapses = ExpectedSynapses();
        var work = WorkPerNeuron(synapses);
        return Partition.Placed(Network.Populations, work, layout, Placement.Of(Network, work, synapses, layout));
    }

    /// <summary>Expected synapses of each projection. [projection]</summary>
    public double[] ExpectedSynapses() => [.. Network.Projections.Select(p => ConnectionRules.Of(p, Network.Seed).ExpectedCount(0, p.Target.Size))];

    /// <summary>
    /// Expected work of a neuron of each population in a step, in neuron updates: its own, and the synaptic events that reach it if every
    /// source fires at 5 Hz, at a fifth of an update each. [population]
    /// </summary>
    /// <param name="synapses">Expected synapses. [projection]</param>
    public double[] WorkPerNeuron(IReadOnlyList<double> synapses)
    {
        var work = new double[Network.Populations.Count];
        System.Array.Fill(work, 1);
        foreach (var projection in Network.Projections)
        {
            work[projection.Target.Index] += synapses[projection.Index] / projection.Target.Size * 5e-3 * Network.DtMs / 5;
        }

        return work;
    }

    private static (int Min, int Max) DelaysOf(Projection projection, double dtMs)
    {
        if (projection.DelayMs is Distribution.Array list)
        {
            var steps = list.Values.Select(d => d == 0 ? 0 : DelayDistribution.StepsOf(d, dtMs)).DefaultIfEmpty(1).ToArray();
            return (steps.Min(), steps.Max());
        }

        if (projection.DelayMs is Distribution.Constant { Value: 0 })
        {
            return (0, 0);
        }

        var delays = new DelayDistribution(projection.DelayMs.ToValues(), dtMs);
        return (delays.MinSteps, delays.MaxSteps);
    }

    /// <summary>Populations in topological order of the projections without delay, which have no cycle: the reader sees to that.</summary>
    private List<int> InOrder(Network network)
    {
        var waitsFor = new int[network.Populations.Count];
        var immediate = network.Projections.Where(p => Delays[p.Index].Min == 0).Select(p => (From: p.Source.Index, To: p.Target.Index)).Distinct().ToLookup(p => p.From, p => p.To);
        foreach (var to in immediate.SelectMany(g => g))
        {
            waitsFor[to]++;
        }

        var order = new List<int>();
        var ready = new SortedSet<int>(Enumerable.Range(0, waitsFor.Length).Where(p => waitsFor[p] == 0));
        while (ready.Count > 0)
        {
            var next = ready.Min;
            ready.Remove(next);
            order.Add(next);
            ready.UnionWith(immediate[next].Where(to => --waitsFor[to] == 0));
        }

        Invariant.That(order.Count == waitsFor.Length, "connections without delay form no cycle");
        return order;
    }
}
