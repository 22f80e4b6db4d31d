using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>The part of a run that is this rank's, towards the others: spikes at every boundary, shares of snapshots, and in the end what came out.</summary>
internal sealed class RankPart : IDisposable
{
    private readonly RankLink _link;
    private readonly SimulationPlan _plan;
    private readonly Partition _partition;
    private readonly SpikeExchange _exchange;
    private readonly Func<IReadOnlyList<Shard>> _shards;
    private readonly SnapshotParts _snapshots;
    private readonly Func<int, long> _spikes;
    private readonly Action _connected;

    /// <param name="link">To the other ranks.</param>
    /// <param name="layout">Which shards are this rank's.</param>
    /// <param name="plan">Steps of a slice.</param>
    /// <param name="partition">Which neurons are a shard's.</param>
    /// <param name="snapshots">What shards have beside their populations.</param>
    /// <param name="exchange">Hands spikes over.</param>
    /// <param name="shards">This rank's.</param>
    /// <param name="connected">Told when all ranks have built their shards and heard of each other.</param>
    public RankPart(
        RankLink link,
        RankLayout layout,
        SimulationPlan plan,
        Partition partition,
        SnapshotParts snapshots,
        SpikeExchange exchange,
        Func<IReadOnlyList<Shard>> shards,
        Action connected)
    {
        _link = link;
        Layout = layout;
        _plan = plan;
        _partition = partition;
        _snapshots = snapshots;
        _exchange = exchange;
        _shards = shards;
        _connected = connected;
        _spikes = population => shards().Sum(s => s.Populations.Count == 0 ? 0 : s.Populations[population].Statistics.Spikes);
    }

    /// <summary>Which shards are this rank's.</summary>
    public RankLayout Layout { get; }

    /// <summary>Bytes of spikes sent to others.</summary>
    public long BytesSent => _exchange.BytesSent;

    private IEnumerable<Projection> Plastic => _plan.Network.Projections.Where(p => p.Learning is SynapseLearning);

    /// <summary>Spikes of a population on the other ranks, as they were lately.</summary>
    public long SpikesElsewhere(int population) => _exchange.SpikesElsewhere(population);

    /// <summary>
    /// Once, by one party, when all shards of this rank are built or were asked to stop: ranks tell each other which spikes they need, and how many synapses they have.
    /// </summary>
    public void Connect()
    {
        // Who was stopped while it built has nothing to tell; nobody begins then.
        var shards = _shards();
        _exchange.Connect([.. _plan.Network.Populations.Select(p => Needed(p, shards))]);
        ShareSynapseCounts();
        _connected();
    }

    /// <summary>What any rank has to say. All ranks call it, before the first turn.</summary>
    public TurnFlags Agree(TurnFlags own) => _link.Share([(byte)own]).Aggregate(TurnFlags.None, (all, one) => all | (TurnFlags)one[0]);

    /// <inheritdoc cref="SpikeExchange.Begin"/>
    public void Begin(long turn, TurnFlags flags)
    {
        if (turn == _plan.FirstTurn)
        {
            Connect();
        }

        _exchange.Begin(turn, flags, _spikes);
    }

    /// <inheritdoc cref="SpikeExchange.Send"/>
    public void Send(long turn, TurnFlags flags) => _exchange.Send(turn, flags, _spikes);

    /// <inheritdoc cref="SpikeExchange.Receives"/>
    public bool Receives(int peer, long turn, out TurnFlags flags) => _exchange.Receives(peer, turn, out flags);

    /// <inheritdoc cref="SpikeExchange.Drain"/>
    public void Drain() => _exchange.Drain();

    /// <inheritdoc cref="SpikeExchange.Complete"/>
    public bool Complete(long turn, out TurnFlags flags) => _exchange.Complete(turn, out flags);

    /// <summary>Sends this rank's share of a snapshot to rank 0.</summary>
    /// <param name="buffer">What its shards have copied.</param>
    /// <param name="recording">How far its recording had come.</param>
    public void Send(SnapshotBuffer buffer, RecordingPosition recording)
    {
        var to = new RankWriter(_link, 0, RankTag.Snapshot);
        buffer.SendShare(to);
        to.Write(recording.Parts.Count);
        foreach (var (part, bytes) in recording.Parts)
        {
            to.Write(part);
            to.Write(bytes);
        }

        to.Flush();
    }

    /// <summary>Collects the shares of all other ranks. By rank 0.</summary>
    /// <param name="buffer">What its own shards have copied; takes the others'.</param>
    /// <param name="own">How far its own recording had come.</param>
    /// <returns>How far all recordings had come.</returns>
    public RecordingPosition Collect(SnapshotBuffer buffer, RecordingPosition own)
    {
        var parts = new Dictionary<string, long>(own.Parts, StringComparer.Ordinal);
        foreach (var rank in _link.Others)
        {
            var from = new RankReader(_link, rank, RankTag.Snapshot);
            buffer.ReceiveShare(from, rank);
            for (var left = from.Read<int>(); left > 0; left--)
            {
                parts[from.ReadText()] = from.Read<long>();
            }
        }

        return new RecordingPosition(parts);
    }

    /// <summary>Gives rank 0 the reports of all shards, in their order; other ranks, and one that is alone, get their own back.</summary>
    public IReadOnlyList<ShardReport> Gather(IReadOnlyList<ShardReport> own)
    {
        if (_link.AreOthersMadeUp)
        {
            return own;
        }

        if (Layout.Rank > 0)
        {
            var to = new RankWriter(_link, 0, RankTag.Control);
            foreach (var report in own)
            {
                report.Send(to);
            }

            to.Flush();
            return own;
        }

        var all = own.ToList();
        foreach (var rank in _link.Others)
        {
            var from = new RankReader(_link, rank, RankTag.Control);
            for (var shard = Layout.FirstShards[rank]; shard < Layout.FirstShards[rank + 1]; shard++)
            {
                all.Add(ShardReport.Receive(from, _plan.Network, _partition, shard));
            }
        }

        return all;
    }

    /// <summary>Lets a visitor of rank 0 see the synapses of a projection on the other ranks, in the order of their targets. All ranks call it, for the same projections.</summary>
    /// <param name="visitor">Rank 0's.</param>
    /// <param name="visitOwn">Shows a visitor the synapses of this rank.</param>
    public void Visit(Kernels.Plasticity.IPlasticVisitor visitor, Action<Kernels.Plasticity.IPlasticVisitor> visitOwn)
    {
        if (Layout.Rank > 0)
        {
            var to = new RankWriter(_link, 0, RankTag.Control);
            visitOwn(new SynapseSender(to));
            to.Write(0);
            to.Flush();
            return;
        }

        visitOwn(visitor);
        foreach (var rank in _link.Others)
        {
            SynapseSender.Receive(new RankReader(_link, rank, RankTag.Control), visitor);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _exchange.Dispose();

    /// <summary>Neurons of a population that have targets on this rank, or whose spikes it needs for another reason.</summary>
    private static ulong[] Needed(Population population, IReadOnlyList<Shard> shards)
    {
        var bits = new ulong[(population.Size + 63) / 64];
        foreach (var shard in shards.OfType<NeuronShard>())
        {
            shard.MarkSources(population, bits);
        }

        return bits;
    }

    private void ShareSynapseCounts()
    {
        foreach (var projection in Plastic)
        {
            var counts = _snapshots.SynapsesOf(projection, Layout.Shards);
            var own = MemoryMarshal.AsBytes<long>(counts.AsSpan(Layout.First, Layout.Count)).ToArray();
            var all = _link.Share(own);
            foreach (var rank in _link.Others)
            {
                MemoryMarshal.Cast<byte, long>(all[rank]).CopyTo(counts.AsSpan(Layout.FirstShards[rank]));
            }
        }
    }
}
