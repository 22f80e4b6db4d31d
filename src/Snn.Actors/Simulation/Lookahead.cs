using Snn.Actors.Networks;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>
/// How many turns ago a spike must have been emitted to be of use now: the delays of a shard's own incoming connections, in slices. A shard may start a turn once it has
/// heard of the turns before by that many, from each shard that it hears of at all.
/// </summary>
internal sealed class Lookahead
{
    /// <summary>A shard that is not heard of.</summary>
    public const int Never = int.MaxValue;

    /// <summary>Turns that the asynchronous clock lets a shard run ahead of any other, which bounds what is kept of spikes.</summary>
    public const int MostAhead = 16;

    private readonly SimulationPlan _plan;
    private readonly RankLayout _layout;
    private readonly Partition _partition;

    /// <param name="plan">Delays and slices.</param>
    /// <param name="layout">Which shards are whose.</param>
    /// <param name="partition">Which neurons are a shard's.</param>
    /// <param name="waits">Whether a shard waits for the spikes that it needs at all.</param>
    public Lookahead(SimulationPlan plan, RankLayout layout, Partition partition, bool waits = true)
    {
        Waits = waits;
        _plan = plan;
        _layout = layout;
        _partition = partition;
    }

    /// <summary>Whether a shard waits for the spikes that it needs; else it files what has come.</summary>
    public bool Waits { get; }

    /// <summary>Turns after which a shard files the spikes of a population whose synapses it holds in one table set; <see cref="Never"/>: it has none of them.</summary>
    /// <remarks>
    /// What is due in the first step of a turn and has not the network's shortest delay is delivered while others finish the turn before: it must have been filed by then.
    /// </remarks>
    public int OfStatic(Population source, int shard)
    {
        var shortest = _plan.Network.Projections
            .Where(p => p.Source == source && p.Learning is null && _partition.Count(p.Target.Index, shard) > 0)
            .Select(p => _plan.Delays[p.Index].Min)
            .DefaultIfEmpty(Never)
            .Min();
        return shortest == Never ? Never : shortest == _plan.ShortestDelaySteps ? 1 : Math.Max(1, (shortest - 1) / _plan.SliceSteps);
    }

    /// <summary>The same for a projection that learns: nothing of it is delivered ahead. Spikes that release dopamine are told of at once, and the sources' with them.</summary>
    public int OfPlastic(Projection projection, int shard) =>
        _partition.Count(projection.Target.Index, shard) == 0 ? Never
        : ((SynapseLearning)projection.Learning!).Dopamine.Count > 0 ? 1
        : Math.Max(1, _plan.Delays[projection.Index].Min / _plan.SliceSteps);

    /// <summary>Turns after which a shard needs to have heard of each shard of the run. [shard]</summary>
    public int[] Of(int shard)
    {
        var network = _plan.Network;
        var turns = new int[_layout.Shards];
        // Batch items meet only to learn.
        System.Array.Fill(turns, network.IsLayered && _plan.TurnsPerSlice > 1 ? 1 : Never);
        if (network.IsLayered || !Waits)
        {
            return turns;
        }

        foreach (var population in network.Populations)
        {
            Hear(population, OfStatic(population, shard));
        }

        foreach (var projection in network.Projections.Where(p => p.Learning is SynapseLearning))
        {
            Hear(projection.Source, OfPlastic(projection, shard));
            foreach (var population in ((SynapseLearning)projection.Learning!).Dopamine)
            {
                Hear(population, OfPlastic(projection, shard));
            }
        }

        return turns;

        void Hear(Population population, int after)
        {
            for (var source = 0; source < turns.Length; source++)
            {
                turns[source] = _partition.Count(population.Index, source) == 0 ? turns[source] : Math.Min(turns[source], after);
            }
        }
    }
}
