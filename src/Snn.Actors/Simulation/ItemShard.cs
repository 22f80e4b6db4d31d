using System.Diagnostics;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>
/// Some batch items of a layered network, with all their neurons. Inside a step, population by population, each after those that it hears without
/// delay: feed (connections and inputs), advance.
/// </summary>
internal sealed class ItemShard(ShardBuilder builder, int index, int shards) : Shard(builder, index, shards)
{
    private PopulationActor[] _inOrder = [];
    private FeedActor[][] _feeds = [];
    private InputActor[][] _inputs = [];

    /// <inheritdoc/>
    public override long Synapses => Index == 0 ? _feeds.SelectMany(f => f).Sum(f => f.Synapses) : 0;

    /// <inheritdoc/>
    public override long SynapseBytes => Index == 0 ? _feeds.SelectMany(f => f).Sum(f => f.SynapseBytes) : 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var feed in _feeds.SelectMany(f => f))
        {
            feed.Dispose();
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void BuildConnections()
    {
        _inOrder = [.. Plan.AdvanceOrder.Select(p => Parts.Populations[p])];
        _inputs = [.. Plan.AdvanceOrder.Select(p => Parts.Inputs[p])];
        _feeds = [.. Plan.AdvanceOrder.Select(p => Builder.BuildFeeds(Parts, p))];
    }

    /// <inheritdoc/>
    protected override void CaptureConnections(SnapshotBuffer buffer)
    {
        foreach (var feed in _feeds.SelectMany(f => f))
        {
            feed.Capture(buffer);
        }
    }

    /// <inheritdoc/>
    protected override void Restore(Snapshot snapshot)
    {
        foreach (var feed in _feeds.SelectMany(f => f))
        {
            feed.Restore(snapshot);
        }
    }

    /// <inheritdoc/>
    protected override void Run(long turn)
    {
        var slice = turn;
        var (first, last) = (Plan.FirstStepOf(slice), Plan.LastStepOf(slice));
        BeginSlice(slice, first);
        for (var step = first; step < last; step++)
        {
            RunStep(step);
            Sample(step);
        }

        var mark = Stopwatch.GetTimestamp();
        HandOver(first, last);
        Counters.RecordTicks += Stopwatch.GetTimestamp() - mark;
    }

    private void RunStep(long step)
    {
        var (events, delivering, advancing) = (0L, 0L, 0L);
        var mark = Stopwatch.GetTimestamp();
        for (var p = 0; p < _inOrder.Length; p++)
        {
            foreach (var feed in _feeds[p])
            {
                events += feed.Deliver(step);
            }

            var delivered = Stopwatch.GetTimestamp();
            foreach (var input in _inputs[p])
            {
                input.Add(step);
            }

            _inOrder[p].Advance(step);
            var advanced = Stopwatch.GetTimestamp();
            delivering += delivered - mark;
            advancing += advanced - delivered;
            mark = advanced;
        }

        Counters.SynapticEvents += events;
        Counters.DeliverTicks += delivering;
        Counters.AdvanceTicks += advancing;
    }
}
