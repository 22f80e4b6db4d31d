using System.Globalization;
using System.Runtime.InteropServices;
using Snn.Actors.Networks;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>Which shards are whose: those of a rank follow one another.</summary>
/// <param name="Rank">This rank.</param>
/// <param name="FirstShards">First shard of each rank, and one behind the last. [rank + 1]</param>
internal sealed record RankLayout(int Rank, int[] FirstShards)
{
    /// <summary>Ranks.</summary>
    public int Ranks => FirstShards.Length - 1;

    /// <summary>Shards of all ranks.</summary>
    public int Shards => FirstShards[^1];

    /// <summary>First shard of this rank.</summary>
    public int First => FirstShards[Rank];

    /// <summary>Shards of this rank.</summary>
    public int Count => FirstShards[Rank + 1] - FirstShards[Rank];

    /// <summary>First neuron of a population that a rank owns.</summary>
    public int FirstNeuron(Partition partition, int population, int rank) => partition.First(population, FirstShards[rank]);

    /// <summary>Neurons of a population that a rank owns.</summary>
    public int Neurons(Partition partition, int population, int rank) =>
        partition.First(population, FirstShards[rank + 1]) - FirstNeuron(partition, population, rank);

    /// <summary>All shards in one process.</summary>
    public static RankLayout Single(int shards) => new(0, [0, shards]);

    /// <summary>Asks the others how many workers they have, and makes sure that all are about to do the same. All ranks call it.</summary>
    /// <param name="link">To the others.</param>
    /// <param name="network">What is simulated here.</param>
    /// <param name="firstStep">The step to begin with.</param>
    /// <param name="threads">Workers of this rank.</param>
    /// <exception cref="SimulationException">A rank has another network.</exception>
    public static RankLayout Agree(RankLink link, Network network, long firstStep, int threads)
    {
        // Of all that it declares: hints of place change no spike, but have to be the same for all.
        ulong[] own = [(ulong)threads, network.Hash(), (ulong)network.DurationSteps, (ulong)firstStep];
        var all = link.Share(MemoryMarshal.AsBytes<ulong>(own).ToArray()).Select(b => MemoryMarshal.Cast<byte, ulong>(b).ToArray()).ToArray();
        var other = System.Array.FindIndex(all, o => !o.AsSpan(1).SequenceEqual(all[0].AsSpan(1)));
        if (other > 0)
        {
            throw new SimulationException(string.Create(
                CultureInfo.InvariantCulture,
                $"rank {other} has another network, duration or first step than rank 0: start all ranks with the same arguments and the same version of snn"));
        }

        var firsts = new int[link.Ranks + 1];
        for (var r = 0; r < link.Ranks; r++)
        {
            firsts[r + 1] = firsts[r] + (int)all[r][0];
        }

        return new RankLayout(link.Rank, firsts);
    }
}
