using Snn.Actors.Networks;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>
/// Which ranks share each population of a sparse network. It follows from the network and the layout alone, so all ranks come to the same. Populations with hints go where those say.
/// Without any, ranks are halved again and again, and whole populations dealt to the halves (<see cref="Bisection"/>) as long as that keeps clearly more synapses together than
/// cutting all of them evenly, and no rank gets much more than its share of the work; ranks that are not parted any more share their populations evenly.
/// </summary>
internal static class Placement
{
    /// <summary>No rank's expected work is beyond its share by more than this part of it, unless hints ask for it.</summary>
    public const double Tolerance = 0.1;

    /// <summary>
    /// Whole populations are dealt out only if less than this part of the synapses between halves remains that an even cut would have there: an even cut balances what is not foreseen, such as rates
    /// that differ between populations. The layers of one cortical microcircuit could be parted at 0.48, areas that have a third of their synapses from other areas at 0.35.
    /// </summary>
    public const double MostOfEvenCut = 0.4;

    /// <summary>The ranks that share each population; null: any. [population]</summary>
    /// <param name="network">A sparse network.</param>
    /// <param name="workPerNeuron">Expected work of one neuron a step. [population]</param>
    /// <param name="synapses">Expected synapses. [projection]</param>
    /// <param name="layout">Which shards are whose.</param>
    public static RankRange?[] Of(Network network, IReadOnlyList<double> workPerNeuron, IReadOnlyList<double> synapses, RankLayout layout)
    {
        var places = new RankRange?[network.Populations.Count];
        if (layout.Ranks == 1)
        {
            return places;
        }

        double[] work = [.. network.Populations.Select(p => p.Size * workPerNeuron[p.Index])];
        if (network.Populations.Any(p => p.Place is not null))
        {
            Deal(network, work, layout, places);
        }
        else
        {
            var graph = PopulationGraph.Of(work, network.Projections.Select(p => (p.Source.Index, p.Target.Index, synapses[p.Index])));
            Halve(graph, [.. Enumerable.Range(0, work.Length)], new RankRange(0, layout.Ranks), work.Sum() / layout.Shards, layout, places);
        }

        return places;
    }

    /// <summary>Deals the groups of the hints to the ranks: the one with most work first, each to the rank that has least work a shard with it.</summary>
    private static void Deal(Network network, double[] work, RankLayout layout, RankRange?[] places)
    {
        var load = new double[layout.Ranks];
        var groups = network.Populations.Where(p => p.Place is not null).GroupBy(p => p.Place!.Value).Select(g => (Place: g.Key, Populations: g.ToArray(), Work: g.Sum(p => work[p.Index])));
        foreach (var group in groups.OrderByDescending(g => g.Work).ThenBy(g => g.Place))
        {
            var rank = Enumerable.Range(0, layout.Ranks).MinBy(r => (load[r] + group.Work) / (layout.FirstShards[r + 1] - layout.FirstShards[r]));
            load[rank] += group.Work;
            foreach (var population in group.Populations)
            {
                places[population.Index] = new RankRange(rank, rank + 1);
            }
        }
    }

    /// <summary>Parts populations between the two halves of some ranks, if that pays, and goes on with each half.</summary>
    /// <param name="graph">The populations and the synapses between them.</param>
    /// <param name="populations">Index of each of them in the network.</param>
    /// <param name="ranks">The ranks.</param>
    /// <param name="share">A shard's share of the work of the whole network.</param>
    /// <param name="layout">Which shards are whose.</param>
    /// <param name="places">Where the result goes.</param>
    private static void Halve(PopulationGraph graph, int[] populations, RankRange ranks, double share, RankLayout layout, RankRange?[] places)
    {
        var middle = ranks.First + (ranks.Count / 2);
        var (left, right) = (ranks with { End = middle }, ranks with { First = middle });
        if (ranks.Count == 1 || Part(graph, Shards(left), Shards(right), share) is not { } isRight)
        {
            foreach (var population in populations)
            {
                // All ranks: anywhere.
                places[population] = ranks.Count == layout.Ranks ? null : ranks;
            }

            return;
        }

        foreach (var (half, side) in new[] { (left, false), (right, true) })
        {
            int[] members = [.. Enumerable.Range(0, isRight.Length).Where(v => isRight[v] == side)];
            Halve(graph.Part(members), [.. members.Select(v => populations[v])], half, share, layout, places);
        }

        int Shards(RankRange of) => layout.FirstShards[of.End] - layout.FirstShards[of.First];
    }

    /// <summary>Whether each population goes to the right half; null where an even cut is as good.</summary>
    private static bool[]? Part(PopulationGraph graph, int shardsLeft, int shardsRight, double share)
    {
        var toLeft = (double)shardsLeft / (shardsLeft + shardsRight);
        // An even cut parts a synapse if source and target come to lie on different sides.
        var most = MostOfEvenCut * 2 * toLeft * (1 - toLeft) * graph.Synapses;
        var bisection = Bisection.Of(graph, graph.Work.Sum() * toLeft, shardsLeft * share * (1 + Tolerance), shardsRight * share * (1 + Tolerance));
        return bisection is { } found && found.Cut < most ? found.IsRight : null;
    }
}
