using Snn.Actors.Networks;

namespace Snn.Actors.Simulation;

/// <summary>
/// Cuts every population into contiguous ranges, one a shard: of whole batch items, or, where there are none, of neurons at multiples of
/// <see cref="Alignment"/>, so that vectors and blocks of random numbers never straddle two shards. What a cut leaves uneven in one population the
/// next populations make up for.
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
        var bounds = new int[populations.Count][];
        // Work that the shards left of each cut have been given beyond their share by the cuts so far. [cut]
        var excess = new double[shards + 1];
        foreach (var (population, work) in populations.Zip(workPerNeuron).OrderByDescending(p => p.First.Size * p.Second))
        {
            var cuts = population.Model.IsIndivisible ? Whole(population.Size, excess) : Cut(population.Size, work, excess);
            for (var k = 1; k < shards; k++)
            {
                excess[k] += (cuts[k] - ((double)population.Size * k / shards)) * work;
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

    /// <summary>Cuts that make up for the excess so far.</summary>
    private static int[] Cut(int size, double work, double[] excess)
    {
        var shards = excess.Length - 1;
        var cuts = new int[shards + 1];
        cuts[shards] = size;
        for (var k = 1; k < shards; k++)
        {
            var ideal = ((double)size * k / shards) - (excess[k] / work);
            var cut = (int)Math.Clamp(Math.Round(ideal / Alignment) * Alignment, cuts[k - 1], size);
            // Only the end of a population may be a cut that is not a multiple.
            cuts[k] = cut == size ? cut : Math.Max(cuts[k - 1], cut / Alignment * Alignment);
        }

        return cuts;
    }

    /// <summary>Neurons that compete stay together, on the shard that has been given least beyond its share so far.</summary>
    private static int[] Whole(int size, double[] excess)
    {
        var shard = Enumerable.Range(0, excess.Length - 1).MinBy(s => excess[s + 1] - excess[s]);
        return [.. excess.Select((_, k) => k <= shard ? 0 : size)];
    }
}
