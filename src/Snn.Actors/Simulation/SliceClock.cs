using Snn.Actors.Runtime;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>
/// The barrier policy of the clock: nobody starts slice s + 1 before everybody has finished s. The rule, and when a run ends, stand here
/// once; workers (<see cref="BarrierClock"/>) and the seeded test dispatcher (<see cref="ClockActor"/>) both go by it.
/// </summary>
/// <param name="plan">First and last slice.</param>
/// <param name="snapshots">Decides where snapshots are taken, or null.</param>
/// <param name="stop">Asks for an end at the next slice boundary.</param>
internal sealed class SliceSchedule(SimulationPlan plan, SnapshotTaker? snapshots, CancellationToken stop)
{
    private SnapshotBuffer? _buffer;
    private long _captured = -1;

    /// <summary>The slice that the run begins with.</summary>
    public long FirstSlice => plan.FirstSlice;

    /// <summary>Decided by one party, once everybody has finished the slices before: whether this slice is run, and whether its beginning is kept.</summary>
    public bool Starts(long slice)
    {
        var isStopped = stop.IsCancellationRequested;
        var starts = slice < plan.Slices && !isStopped;
        if (slice > FirstSlice && snapshots is not null)
        {
            var step = Math.Min(slice * plan.SliceSteps, plan.Network.DurationSteps);
            _buffer = snapshots.At(step, !starts, isStopped && slice < plan.Slices);
            _captured = slice;
        }

        return starts;
    }

    /// <summary>What a shard copies its state into before it goes on to a slice, or null. After <see cref="Starts"/>, until the next.</summary>
    public SnapshotBuffer? BufferAt(long slice) => _captured == slice ? _buffer : null;
}

/// <summary>The clock as workers see it: the last one to arrive at a slice opens the gate for all.</summary>
internal sealed class BarrierClock(SliceSchedule schedule, int workers, Supervisor supervisor)
{
    /// <summary>Opened to slice times two, plus one if the run ends before that slice.</summary>
    private readonly Gate _gate = new();

    private int _arrived;

    /// <summary>Called by every worker before its first slice.</summary>
    public void Prepare() => _gate.Prepare();

    /// <summary>Called once by every worker that has finished all slices before <paramref name="slice"/>.</summary>
    public void Arrive(long slice)
    {
        if (Interlocked.Increment(ref _arrived) == workers)
        {
            _arrived = 0;
            _gate.Open((slice * 2) + (schedule.Starts(slice) ? 0 : 1));
        }
    }

    /// <summary>Whether the run ended in good order before a slice that all had arrived at.</summary>
    public bool HasEnded(long slice) => _gate.Opened == (slice * 2) + 1 && !supervisor.HasFailed;

    /// <summary>
    /// Returns when all workers have arrived at <paramref name="slice"/>. False if the run ends here, because it is done, was asked to stop, or
    /// somebody failed.
    /// </summary>
    /// <param name="slice">The slice that the worker wants to start.</param>
    /// <param name="spins">What the worker learns of waiting.</param>
    public bool Await(long slice, ref int spins)
    {
        var go = slice * 2;
        _gate.Await(go, supervisor, ref spins);
        return _gate.Opened == go && !supervisor.HasFailed;
    }
}

/// <summary>What a shard hears.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Slice">Of which slice.</param>
/// <param name="Shard">From which shard; for spikes.</param>
internal readonly record struct ShardMessage(ShardMessageKind Kind, long Slice, int Shard = -1);

/// <summary>The kinds of <see cref="ShardMessage"/>.</summary>
internal enum ShardMessageKind
{
    /// <summary>The clock lets the shard run a slice.</summary>
    Start,

    /// <summary>A shard has handed over its spikes of a slice.</summary>
    Spikes,
}

/// <summary>A shard has finished a slice.</summary>
internal readonly record struct SliceDone(int Shard, long Slice);

/// <summary>The clock as an actor: releases a slice when all shards have reported the one before.</summary>
internal sealed class ClockActor(SliceSchedule schedule, IReadOnlyList<ActorRef<ShardMessage>> shards) : Actor<SliceDone>
{
    private int _done;

    /// <summary>The slice that the run ended before, once it has.</summary>
    public long EndedBefore { get; private set; } = -1;

    /// <summary>Releases the first slice.</summary>
    public void Begin() => Release(schedule.FirstSlice);

    /// <inheritdoc/>
    protected internal override void Receive(SliceDone message)
    {
        if (++_done == shards.Count)
        {
            _done = 0;
            Release(message.Slice + 1);
        }
    }

    private void Release(long slice)
    {
        if (!schedule.Starts(slice))
        {
            EndedBefore = slice;
            return;
        }

        foreach (var shard in shards)
        {
            shard.Tell(new ShardMessage(ShardMessageKind.Start, slice));
        }
    }
}

/// <summary>A shard as an actor: runs a slice once the clock has released it and all spikes of the slice before have come.</summary>
internal sealed class ShardActor(Shard shard, SliceSchedule schedule, Action<SnapshotBuffer> captured) : Actor<ShardMessage>
{
    private readonly List<ActorRef<ShardMessage>> _peers = [];
    private ActorRef<SliceDone>? _clock;
    private long _released = -1;
    private long _next = schedule.FirstSlice;

    /// <summary>Tells the actor who the others are, itself included.</summary>
    public void Connect(IEnumerable<ActorRef<ShardMessage>> shards, ActorRef<SliceDone> clock)
    {
        _peers.AddRange(shards);
        _clock = clock;
    }

    /// <inheritdoc/>
    protected internal override void Receive(ShardMessage message)
    {
        if (message.Kind == ShardMessageKind.Start)
        {
            _released = message.Slice;
        }
        else
        {
            shard.Accept(message.Shard, message.Slice);
        }

        if (_released < _next || !shard.HasAccepted(_next - 1))
        {
            return;
        }

        var slice = _next++;
        shard.Capture(schedule.BufferAt(slice), captured);
        shard.RunSlice(slice);
        foreach (var peer in _peers)
        {
            peer.Tell(new ShardMessage(ShardMessageKind.Spikes, slice, shard.Index));
        }

        _clock!.Tell(new SliceDone(shard.Index, slice));
    }
}

/// <summary>A shard as a worker's job: builds itself, then runs slice after slice.</summary>
internal sealed class ShardJob(Shard shard, BarrierClock clock, SliceSchedule schedule, Action built, Action<SnapshotBuffer> captured) : WorkerJob
{
    private int _spins;

    /// <inheritdoc/>
    public override string Path => $"shard {shard.Index}";

    /// <inheritdoc/>
    public override void Run()
    {
        shard.Build();
        clock.Prepare();
        built();
        var slice = schedule.FirstSlice;
        for (; Await(slice); slice++)
        {
            shard.AcceptAll(slice - 1);
            shard.Capture(schedule.BufferAt(slice), captured);
            shard.RunSlice(slice);
        }

        if (clock.HasEnded(slice))
        {
            shard.Capture(schedule.BufferAt(slice), captured);
        }

        shard.Finish();
    }

    private bool Await(long slice)
    {
        clock.Arrive(slice);
        shard.DeliverAhead(slice);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var goesOn = clock.Await(slice, ref _spins);
        // The wait for the first slice is for the others to build.
        shard.Counters.WaitTicks += slice == schedule.FirstSlice ? 0 : System.Diagnostics.Stopwatch.GetTimestamp() - start;
        return goesOn;
    }
}
