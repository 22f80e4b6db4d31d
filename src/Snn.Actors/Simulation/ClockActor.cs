using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

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
internal sealed class ClockActor(SliceSchedule schedule, RankPart? ranks, IReadOnlyList<ActorRef<ShardMessage>> shards) : Actor<TurnDone>
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

    private bool Decides(long turn)
    {
        var flags = schedule.Propose(turn, waits: true);
        ranks?.Begin(turn, flags);
        return (ranks is null || ranks.Complete(turn, out flags)) && schedule.Starts(turn, flags);
    }

    private void Release(long turn)
    {
        if (!Decides(turn))
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
