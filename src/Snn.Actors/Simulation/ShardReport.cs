using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>What a shard has to say of a run in the end, wherever it was.</summary>
/// <param name="Counters">What it counted.</param>
/// <param name="Synapses">Its synapses.</param>
/// <param name="SynapseBytes">Bytes of their tables.</param>
/// <param name="Statistics">Spikes and intervals of its neurons. [population]</param>
/// <param name="Hashes">Its part of the spike hash. [population]</param>
internal sealed record ShardReport(
    ShardCounters Counters, long Synapses, long SynapseBytes, IReadOnlyList<SpikeTrainStatistics> Statistics, IReadOnlyList<ulong> Hashes)
{
    /// <summary>Of a shard of this rank.</summary>
    public static ShardReport Of(Shard shard) => new(
        shard.Counters, shard.Synapses, shard.SynapseBytes, [.. shard.Populations.Select(p => p.Statistics)], [.. shard.Populations.Select(p => p.Hash)]);

    /// <summary>Receives the report of a shard of another rank.</summary>
    public static ShardReport Receive(RankReader from, Network network, Partition partition, int shard)
    {
        var counters = new ShardCounters();
        counters.Set(from.ReadArray<long>());
        var (synapses, bytes) = (from.Read<long>(), from.Read<long>());
        var hashes = from.ReadArray<ulong>();
        var statistics = network.Populations.Select(p =>
        {
            var spikes = from.Read<long>();
            var (first, count) = (partition.First(p.Index, shard), partition.Count(p.Index, shard));
            var trains = new SpikeTrainArrays(count);
            trains.Receive(from, 0, count);
            var read = new SpikeTrainStatistics(first, count);
            read.Restore(trains, spikes, firstOfArrays: first);
            return read;
        });
        return new ShardReport(counters, synapses, bytes, [.. statistics], hashes);
    }

    /// <summary>Sends it to another rank.</summary>
    public void Send(RankWriter to)
    {
        to.WriteArray<long>(Counters.ToArray());
        to.Write(Synapses);
        to.Write(SynapseBytes);
        to.WriteArray<ulong>([.. Hashes]);
        foreach (var statistics in Statistics)
        {
            to.Write(statistics.Spikes);
            var trains = new SpikeTrainArrays(statistics.Count);
            statistics.CopyTo(trains, firstOfArrays: statistics.First);
            trains.Send(to, 0, statistics.Count);
        }
    }
}
