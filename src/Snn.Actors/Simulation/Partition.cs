using Snn.Actors.Networks;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>
/// Cuts every population into contiguous ranges, one a shard: of whole batch items, or, where there are none, of neurons at multiples of
/// <see cref="Alignment"/>, so that vectors and blocks of random numbers never straddle two shards. What a cut leaves uneven in one population the
/// next populations make up for. A population that is placed on some of the ranks has neurons on their shards only; the ranges on the others are empty.
/// </summary>
public sealed class Partition
{
    /// <summary>Ranges begin at multiples of this many neurons.</summary>
    public const int Alignment = 64;

    private readonly int[][] _bounds;

    private Partition(int shards, int[][] bounds)
    {
        Shards = shards;
        _bounds = bounds;
    }

    /// <summary>Number of shards.</summary>
    public int Shards { get; }

    /// <summary>Cuts the populations so that every shard has as nearly as possible the same expected work.</summary>
    /// <param name="populations">The populations.</param>
    /// <param name="workPerNeuron">Expected work of one neuron a step, in any unit. [population]</param>
    /// <param name="shards">Number of shards, at least 1.</param>
    public static Partition Even(IReadOnlyList<Population> populations, IReadOnlyList<double> workPerNeuron, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        return Placed(populations, workPerNeuron, RankLayout.Single(shards), new RankRange?[populations.Count]);
    }

    /// <summary>
    /// Cuts every population over the shards of the ranks that it is placed on, all of which get the same of it. Those that may be anywhere are cut over all, so that the work of
    /// the ranks becomes as nearly as possible the same.
    /// </summary>
    /// <param name="populations">The populations.</param>
    /// <param name="workPerNeuron">Expected work of one neuron a step, in any unit. [population]</param>
    /// <param name="layout">Which shards are whose.</param>
    /// <param name="places">The ranks that share a population; null: any. [population]</param>
    internal static Partition Placed(IReadOnlyList<Population> populations, IReadOnlyList<double> workPerNeuron, RankLayout layout, IReadOnlyList<RankRange?> places)
    {
        var shards = layout.Shards;
        var bounds = new int[populations.Count][];
        double[] same = [.. Enumerable.Range(0, shards + 1).Select(k => (double)k)];
        var room = places.All(p => p is null) ? same : RoomLeft(populations, workPerNeuron, layout, places);
        // Work that the shards left of each cut have been given beyond their share by the cuts so far. [cut]
        var excess = new double[shards + 1];
        foreach (var (population, work) in populations.Zip(workPerNeuron).OrderByDescending(p => p.First.Size * p.Second))
        {
            var span = places[population.Index] is { } ranks
                ? new ShardSpan(layout.FirstShards[ranks.First], layout.FirstShards[ranks.End], same)
                : new ShardSpan(0, shards, room);
            var cuts = population.Model.IsIndivisible ? Whole(population.Size, span, excess) : Cut(population.Size, work, span, excess);
            for (var k = span.First + 1; k < span.End; k++)
            {
                excess[k] += (cuts[k] - span.Left(population.Size, k)) * work;
            }

            bounds[population.Index] = cuts;
        }

        return new Partition(shards, bounds);
    }

    /// <summary>
    /// Shares the batch items of a layered network out as evenly as possible; a shard owns all neurons of its items. Neurons are counted through all
    /// items: item times size, plus neuron.
    /// </summary>
    /// <param name="populations">The populations.</param>
    /// <param name="items">Batch items.</param>
    /// <param name="shards">Number of shards, at least 1.</param>
    public static Partition OfItems(IReadOnlyList<Population> populations, int items, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        var cuts = Enumerable.Range(0, shards + 1).Select(k => (int)((long)items * k / shards)).ToArray();
        var bounds = new int[populations.Count][];
        foreach (var population in populations)
        {
            bounds[population.Index] = [.. cuts.Select(c => c * population.Size)];
        }

        return new Partition(shards, bounds);
    }

    /// <summary>First neuron of a population that a shard owns; its size for the shard behind the last.</summary>
    public int First(int population, int shard) => _bounds[population][shard];

    /// <summary>Neurons of a population that a shard owns.</summary>
    public int Count(int population, int shard) => _bounds[population][shard + 1] - _bounds[population][shard];

    /// <summary>
    /// The work that each shard can take beside what is placed, if all ranks are filled to one level; a rank that is above it already takes nothing. Summed up from the left.
    /// [cut]
    /// </summary>
    private static double[] RoomLeft(IReadOnlyList<Population> populations, IReadOnlyList<double> workPerNeuron, RankLayout layout, IReadOnlyList<RankRange?> places)
    {
        // What is placed already. [shard]
        var placed = new double[layout.Shards];
        var free = 0.0;
        foreach (var (population, work) in populations.Zip(workPerNeuron))
        {
            var all = population.Size * work;
            if (places[population.Index] is not { } ranks)
            {
                free += all;
                continue;
            }

            var (first, end) = (layout.FirstShards[ranks.First], layout.FirstShards[ranks.End]);
            for (var s = first; s < end; s++)
            {
                placed[s] += all / (end - first);
            }
        }

        // The least loaded shards are filled first, until the next is above the level that they have come to.
        var (level, filled) = (0.0, free);
        foreach (var (load, count) in placed.Order().Select((load, i) => (load, i + 1)))
        {
            if (count > 1 && load >= level)
            {
                break;
            }

            filled += load;
            level = filled / count;
        }

        var room = new double[layout.Shards + 1];
        for (var s = 0; s < layout.Shards; s++)
        {
            room[s + 1] = room[s] + Math.Max(0, level - placed[s]);
        }

        return room;
    }

    /// <summary>Cuts that make up for the excess so far.</summary>
    private static int[] Cut(int size, double work, ShardSpan span, double[] excess)
    {
        var cuts = new int[excess.Length];
        System.Array.Fill(cuts, size, span.End, cuts.Length - span.End);
        for (var k = span.First + 1; k < span.End; k++)
        {
            // What the shards before the first, or behind the last, have too much of cannot be made up for here.
            var outside = excess[span.First] + ((excess[span.End] - excess[span.First]) * span.Left(1, k));
            var ideal = span.Left(size, k) - ((excess[k] - outside) / work);
            var cut = (int)Math.Clamp(Math.Round(ideal / Alignment) * Alignment, cuts[k - 1], size);
            // Only the end of a population may be a cut that is not a multiple.
            cuts[k] = cut == size ? cut : Math.Max(cuts[k - 1], cut / Alignment * Alignment);
        }

        return cuts;
    }

    /// <summary>Neurons that compete stay together, on the shard that has been given least beyond its share so far.</summary>
    private static int[] Whole(int size, ShardSpan span, double[] excess)
    {
        var shard = Enumerable.Range(span.First, span.End - span.First).Where(s => span.Shares[s + 1] > span.Shares[s]).MinBy(s => excess[s + 1] - excess[s]);
        return [.. excess.Select((_, k) => k <= shard ? 0 : size)];
    }

    /// <summary>The shards that share a population, and how they do.</summary>
    /// <param name="First">The first.</param>
    /// <param name="End">One behind the last.</param>
    /// <param name="Shares">What the shards left of each cut take, in any unit. [cut]</param>
    private readonly record struct ShardSpan(int First, int End, double[] Shares)
    {
        /// <summary>How many of a population's neurons should lie left of a cut.</summary>
        public double Left(int size, int cut) => (double)size * (Shares[cut] - Shares[First]) / (Shares[End] - Shares[First]);
    }
}
