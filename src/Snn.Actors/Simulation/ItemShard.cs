using System.Diagnostics;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>
/// Some batch items of a layered network, with all their neurons. Inside a step, population by population, each after those that it hears without
/// delay: feed (connections and inputs), advance. Where weights are learned, a slice is one step and has a second turn, in which every shard changes its
/// share of the weights by what all items did in the step.
/// </summary>
/// <remarks>
/// What must come before what, for a step t (F feed, A advance, L learn):
/// <list type="bullet">
/// <item>A(p, t) before F(q, t) for every connection p to q without delay, in the same shard;</item>
/// <item>A(p, t) of all shards before L(t) of any: a rule sees all items;</item>
/// <item>L(t) of all shards before F(q, t + 1) of any: weights belong to all.</item>
/// </list>
/// The clock's turns see to the last two.
/// </remarks>
internal sealed class ItemShard(ShardBuilder builder, int index, int shards) : Shard(builder, index, shards)
{
    private PopulationActor[] _inOrder = [];
    private FeedActor[][] _feeds = [];
    private FeedActor[] _allFeeds = [];
    private InputActor[][] _inputs = [];
    private LayerLearningActor[] _rules = [];

    /// <inheritdoc/>
    public override long Synapses => Index == 0 ? _allFeeds.Sum(f => f.Synapses) : 0;

    /// <inheritdoc/>
    public override long SynapseBytes => Index == 0 ? _allFeeds.Sum(f => f.SynapseBytes) : 0;

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var feed in _allFeeds)
        {
            feed.Dispose();
        }

        System.Array.ForEach(_rules, r => r.Dispose());

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void BuildConnections()
    {
        _inOrder = [.. Plan.AdvanceOrder.Select(p => Parts.Populations[p])];
        _inputs = [.. Plan.AdvanceOrder.Select(p => Parts.Inputs[p])];
        _feeds = [.. Plan.AdvanceOrder.Select(p => Builder.BuildFeeds(Parts, p))];
        _allFeeds = [.. _feeds.SelectMany(f => f)];
        _rules = Builder.BuildRules(Parts, _allFeeds, Index);
        foreach (var population in Plan.Network.Resets is null ? [] : _inOrder)
        {
            population.KeepForReset();
        }
    }

    /// <inheritdoc/>
    protected override void CaptureConnections(SnapshotBuffer buffer)
    {
        foreach (var feed in _allFeeds)
        {
            feed.Capture(buffer);
        }

        foreach (var rule in _rules)
        {
            rule.Capture(buffer);
        }
    }

    /// <inheritdoc/>
    protected override void Restore(Snapshot snapshot)
    {
        foreach (var feed in _allFeeds)
        {
            feed.Restore(snapshot, Plan.LatestReset(Plan.FirstStep));
        }

        foreach (var rule in Index == 0 ? _rules : [])
        {
            rule.Restore(snapshot);
        }
    }

    /// <inheritdoc/>
    protected override void Run(long turn)
    {
        var slice = turn / Plan.TurnsPerSlice;
        if (turn % Plan.TurnsPerSlice == 0)
        {
            RunSlice(slice, Plan.FirstStepOf(slice), Plan.LastStepOf(slice));
        }
        else
        {
            Learn(Plan.FirstStepOf(slice));
        }
    }

    private void RunSlice(long slice, long first, long last)
    {
        BeginSlice(slice, first);
        for (var step = first; step < last; step++)
        {
            if (Plan.BeginsAnew(step))
            {
                Reset(step);
            }

            RunStep(step);
            Observe(step);
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

    private void Observe(long step)
    {
        if (_rules.Length == 0)
        {
            return;
        }

        var mark = Stopwatch.GetTimestamp();
        foreach (var rule in _rules)
        {
            rule.Observe(step);
        }

        Counters.LearnTicks += Stopwatch.GetTimestamp() - mark;
    }

    private void Learn(long step)
    {
        var mark = Stopwatch.GetTimestamp();
        foreach (var rule in _rules)
        {
            rule.Learn(step);
        }

        Counters.LearnTicks += Stopwatch.GetTimestamp() - mark;
    }

    private void Reset(long step)
    {
        foreach (var population in _inOrder)
        {
            population.Reset();
        }

        foreach (var feed in _allFeeds)
        {
            feed.Reset(step);
        }

        foreach (var rule in _rules)
        {
            rule.Reset();
        }
    }
}
