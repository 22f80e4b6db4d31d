using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>
/// The barrier policy of the clock: nobody starts turn t + 1 before everybody has finished t. A turn is a slice, or a part of one
/// (<see cref="SimulationPlan.TurnsPerSlice"/>). The rule, and when a run ends, stand here once; workers (<see cref="BarrierClock"/>) and the seeded test
/// dispatcher (<see cref="ClockActor"/>) both go by it.
/// </summary>
/// <param name="plan">First and last turn.</param>
/// <param name="snapshots">Decides where snapshots are taken, or null.</param>
/// <param name="rewards">Computed when a turn of learning begins.</param>
/// <param name="ranks">The other ranks of the run, or null.</param>
/// <param name="stop">Asks for an end at the next slice boundary.</param>
internal sealed class SliceSchedule(SimulationPlan plan, SnapshotTaker? snapshots, RewardBoard rewards, RankPart? ranks, CancellationToken stop)
{
    private SnapshotBuffer? _buffer;
    private TurnFlags _flags;
    private long _captured = -1;

    /// <summary>The turn that the run begins with.</summary>
    public long FirstTurn => plan.FirstTurn;

    /// <summary>Whether this rank or another was asked to stop, and the run has ended for it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether other ranks have a say, so that between <see cref="Arrive"/> and <see cref="Decides"/> there is time for something else.</summary>
    public bool Waits => ranks is not null;

    /// <summary>By one party, once everybody on this rank has finished the turns before: what this rank has to say goes to the others.</summary>
    public void Arrive(long turn)
    {
        _flags = TurnFlags.None;
        if (turn % plan.TurnsPerSlice == 0)
        {
            _flags = (stop.IsCancellationRequested ? TurnFlags.Stop : TurnFlags.None)
                | (turn > FirstTurn && snapshots?.IsWanted(plan.StepAt(turn)) == true ? TurnFlags.Snapshot : TurnFlags.None);
        }

        ranks?.Begin(turn, _flags);
    }

    /// <summary>By the same party: whether this turn is run, and whether its beginning is kept. All ranks come to the same.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="starts">Whether it is run.</param>
    /// <returns>False if nothing can be decided any more, because an actor failed.</returns>
    public bool Decides(long turn, out bool starts)
    {
        starts = false;
        if (ranks is not null && !ranks.Complete(turn, out _flags))
        {
            return false;
        }

        if (turn % plan.TurnsPerSlice != 0)
        {
            // A slice that was begun is finished.
            rewards.Compute(plan.FirstStepOf(turn / plan.TurnsPerSlice));
            starts = true;
            return true;
        }

        var isStopped = _flags.HasFlag(TurnFlags.Stop);
        IsStopped |= isStopped;
        starts = turn < plan.Turns && !isStopped;
        if (turn > FirstTurn && snapshots is not null)
        {
            _buffer = snapshots.At(plan.StepAt(turn), !starts, isStopped && turn < plan.Turns, _flags.HasFlag(TurnFlags.Snapshot));
            _captured = turn;
        }

        return true;
    }

    /// <summary>What a shard copies its state into before it goes on to a turn, or null. After <see cref="Decides"/>, until the next.</summary>
    public SnapshotBuffer? BufferAt(long turn) => _captured == turn ? _buffer : null;
}

/// <summary>The clock as workers see it: the last one to arrive at a turn opens the gate for all.</summary>
internal sealed class BarrierClock(SliceSchedule schedule, int workers, Supervisor supervisor)
{
    /// <summary>Opened to turn times two, plus one if the run ends before that turn.</summary>
    private readonly Gate _gate = new();

    private int _arrived;

    /// <summary>Called by every worker before its first turn.</summary>
    public void Prepare() => _gate.Prepare();

    /// <summary>
    /// Called once by every worker that has finished all turns before <paramref name="turn"/>. True for the one that then calls <see cref="Release"/>, soon: where there
    /// are other ranks, the last.
    /// </summary>
    public bool Arrive(long turn)
    {
        if (Interlocked.Increment(ref _arrived) < workers)
        {
            return false;
        }

        _arrived = 0;
        schedule.Arrive(turn);
        if (schedule.Waits)
        {
            return true;
        }

        Release(turn);
        return false;
    }

    /// <summary>Opens the turn, or ends the run before it, once the other ranks have arrived too.</summary>
    public void Release(long turn)
    {
        if (schedule.Decides(turn, out var starts))
        {
            _gate.Open((turn * 2) + (starts ? 0 : 1));
        }
    }

    /// <summary>Whether the run ended in good order before a turn that all had arrived at.</summary>
    public bool HasEnded(long turn) => _gate.Opened == (turn * 2) + 1 && !supervisor.HasFailed;

    /// <summary>
    /// Returns when all workers have arrived at <paramref name="turn"/>. False if the run ends here, because it is done, was asked to stop, or
    /// somebody failed.
    /// </summary>
    /// <param name="turn">The turn that the worker wants to start.</param>
    /// <param name="spins">What the worker learns of waiting.</param>
    public bool Await(long turn, ref int spins)
    {
        var go = turn * 2;
        _gate.Await(go, supervisor, ref spins);
        return _gate.Opened == go && !supervisor.HasFailed;
    }
}

/// <summary>What a shard hears.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Turn">Of which turn.</param>
/// <param name="Shard">From which shard; for spikes.</param>
internal readonly record struct ShardMessage(ShardMessageKind Kind, long Turn, int Shard = -1);

/// <summary>The kinds of <see cref="ShardMessage"/>.</summary>
internal enum ShardMessageKind
{
    /// <summary>The clock lets the shard run a turn.</summary>
    Start,

    /// <summary>A shard has handed over its spikes of a turn.</summary>
    Spikes,
}

/// <summary>A shard has finished a turn.</summary>
internal readonly record struct TurnDone(int Shard, long Turn);

/// <summary>The clock as an actor: releases a turn when all shards have reported the one before.</summary>
internal sealed class ClockActor(SliceSchedule schedule, IReadOnlyList<ActorRef<ShardMessage>> shards) : Actor<TurnDone>
{
    private int _done;

    /// <summary>The turn that the run ended before, once it has.</summary>
    public long EndedBefore { get; private set; } = -1;

    /// <summary>Releases the first turn.</summary>
    public void Begin() => Release(schedule.FirstTurn);

    /// <inheritdoc/>
    protected internal override void Receive(TurnDone message)
    {
        if (++_done == shards.Count)
        {
            _done = 0;
            Release(message.Turn + 1);
        }
    }

    private void Release(long turn)
    {
        schedule.Arrive(turn);
        if (!schedule.Decides(turn, out var starts) || !starts)
        {
            EndedBefore = turn;
            return;
        }

        foreach (var shard in shards)
        {
            shard.Tell(new ShardMessage(ShardMessageKind.Start, turn));
        }
    }
}

/// <summary>A shard as an actor: runs a turn once the clock has released it and all spikes of the turn before have come.</summary>
internal sealed class ShardActor(Shard shard, SliceSchedule schedule, Action<SnapshotBuffer> captured) : Actor<ShardMessage>
{
    private readonly List<ActorRef<ShardMessage>> _peers = [];
    private ActorRef<TurnDone>? _clock;
    private long _released = -1;
    private long _next = schedule.FirstTurn;

    /// <summary>Tells the actor who the others are, itself included.</summary>
    public void Connect(IEnumerable<ActorRef<ShardMessage>> shards, ActorRef<TurnDone> clock)
    {
        _peers.AddRange(shards);
        _clock = clock;
    }

    /// <inheritdoc/>
    protected internal override void Receive(ShardMessage message)
    {
        if (message.Kind == ShardMessageKind.Start)
        {
            _released = message.Turn;
        }
        else
        {
            shard.Accept(message.Shard, message.Turn);
        }

        if (_released < _next || !shard.HasAccepted(_next - 1))
        {
            return;
        }

        var turn = _next++;
        shard.Capture(schedule.BufferAt(turn), captured);
        shard.RunTurn(turn);
        foreach (var peer in _peers)
        {
            peer.Tell(new ShardMessage(ShardMessageKind.Spikes, turn, shard.Index));
        }

        _clock!.Tell(new TurnDone(shard.Index, turn));
    }
}

/// <summary>A shard as a worker's job: builds itself, then runs turn after turn.</summary>
internal sealed class ShardJob(Shard shard, BarrierClock clock, SliceSchedule schedule, Action built, Action<SnapshotBuffer> captured) : WorkerJob
{
    private int _spins;

    /// <inheritdoc/>
    public override string Path => $"shard {shard.Index}";

    /// <inheritdoc/>
    public override void Run()
    {
        if (Build())
        {
            built();
        }

        clock.Prepare();
        var turn = schedule.FirstTurn;
        for (; Await(turn); turn++)
        {
            shard.AcceptAll(turn - 1);
            shard.Capture(schedule.BufferAt(turn), captured);
            shard.RunTurn(turn);
        }

        if (clock.HasEnded(turn))
        {
            shard.Capture(schedule.BufferAt(turn), captured);
        }

        shard.Finish();
    }

    /// <summary>False where the run was asked to stop meanwhile: the clock, which is asked after that, then lets nobody begin the first turn.</summary>
    private bool Build()
    {
        try
        {
            shard.Build();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private bool Await(long turn)
    {
        var releases = clock.Arrive(turn);
        shard.RunAhead(turn);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        if (releases)
        {
            clock.Release(turn);
        }

        var goesOn = clock.Await(turn, ref _spins);
        // The wait for the first turn is for the others to build.
        shard.Counters.WaitTicks += turn == schedule.FirstTurn ? 0 : System.Diagnostics.Stopwatch.GetTimestamp() - start;
        return goesOn;
    }
}
