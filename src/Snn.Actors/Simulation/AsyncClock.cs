using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>
/// A shard starts a turn as soon as the spikes have come that it can need there, by the delays of its own incoming connections (<see cref="Lookahead"/>): conservative
/// lookahead, point to point, without a barrier. Nobody runs more than <see cref="Lookahead.MostAhead"/> turns ahead of another, which bounds what is kept.
/// </summary>
/// <remarks>
/// Whether a turn is run, and whether a snapshot is taken before it, is decided that many turns earlier by the worker of shard 0, before anybody can be there; other ranks hear
/// of it with rank 0's spikes. A snapshot needs no barrier: every shard copies its state when it comes to that turn.
/// </remarks>
internal sealed class AsyncClock : WorkerClock
{
    private const int Ahead = Lookahead.MostAhead;

    /// <summary>
    /// Turns that are remembered. When rank 0 arrives at t and decides on t + Ahead, another rank may just have finished t - Ahead - 1, and that with what it had heard of a
    /// third by then: of the turns up to Ahead before that. It still asks for the decision on the one behind.
    /// </summary>
    private const int Remembered = 4 * Ahead;

    private readonly SimulationPlan _plan;
    private readonly SliceSchedule _schedule;
    private readonly RankPart? _ranks;
    private readonly RankLayout _layout;
    private readonly Supervisor _supervisor;

    /// <summary>Opened once more with every turn that any shard of this rank finishes, or that comes from another rank.</summary>
    private readonly Gate _gate = new();

    /// <summary>Turns that a shard, or the rank of a shard, has finished and handed over. [shard]</summary>
    private readonly PaddedLong[] _done;

    /// <summary>What was decided of a turn: twice its number, plus one if the run ends before it. [turn modulo length]</summary>
    private readonly long[] _decisions = new long[Remembered];

    /// <summary>What rank 0 says of a turn. [turn modulo length]</summary>
    private readonly TurnFlags[] _said = new TurnFlags[Remembered];

    /// <summary>Shards of this rank that have finished a turn. [turn modulo length]</summary>
    private readonly int[] _finished = new int[Remembered];
    private readonly Lock _sending = new();
    private readonly Lock _receiving = new();
    private readonly int[] _others;
    private int _arrived;
    private long _decidedTo;
    private long _sentTo;
    private TurnFlags _heard;
    private volatile bool _isConnected;

    /// <param name="plan">First and last turn.</param>
    /// <param name="schedule">Which turns there are.</param>
    /// <param name="ranks">The other ranks of the run, or null.</param>
    /// <param name="layout">Which shards are whose.</param>
    /// <param name="supervisor">Whose failure ends every wait.</param>
    public AsyncClock(SimulationPlan plan, SliceSchedule schedule, RankPart? ranks, RankLayout layout, Supervisor supervisor)
    {
        _plan = plan;
        _schedule = schedule;
        _ranks = ranks;
        _layout = layout;
        _supervisor = supervisor;
        _others = [.. Enumerable.Range(0, layout.Ranks).Where(r => r != layout.Rank)];
        _done = new PaddedLong[layout.Shards];
        for (var shard = 0; shard < _done.Length; shard++)
        {
            // Others have begun as soon as they have said so.
            _done[shard].Value = plan.FirstTurn;
        }

        System.Array.Fill(_decisions, -1);
        _decidedTo = plan.FirstTurn - 1;
        _sentTo = plan.FirstTurn;
    }

    private bool Decides => _layout.Rank == 0;

    /// <inheritdoc/>
    public override void Prepare() => _gate.Prepare();

    /// <inheritdoc/>
    public override bool Arrive(Shard shard, long turn)
    {
        if (turn == _plan.FirstTurn)
        {
            if (Interlocked.Increment(ref _arrived) == _layout.Count)
            {
                Begin();
            }

            return false;
        }

        if (shard.Index == 0)
        {
            DecideTo(turn + Ahead);
        }

        if (_ranks is not null)
        {
            Finished(turn);
        }

        Volatile.Write(ref _done[shard.Index].Value, turn);
        _gate.Raise();
        return false;
    }

    /// <inheritdoc/>
    public override void Release(long turn)
    {
    }

    /// <inheritdoc/>
    public override bool Await(Shard shard, long turn, ref int spins)
    {
        for (var looks = 0; ; looks++)
        {
            var seen = _gate.Opened;
            if (_supervisor.HasFailed)
            {
                return false;
            }

            if (_isConnected && DecisionOf(turn) is >= 0 and var decision && MayStart(shard, turn))
            {
                if ((decision & 1) != 0)
                {
                    End(turn);
                    return false;
                }

                Accept(shard, turn);
                return true;
            }

            if (_ranks is null || !_isConnected)
            {
                _gate.Await(seen + 1, _supervisor, ref spins);
            }
            else if (!Receive())
            {
                RankLink.Pause(looks);
            }
        }
    }

    /// <inheritdoc/>
    public override bool HasEnded(long turn) => DecisionOf(turn) is >= 0 and var decision && (decision & 1) != 0 && !_supervisor.HasFailed;

    private static int Place(long turn, System.Array ring) => (int)(turn % ring.Length);

    /// <summary>By the last worker that has built its shard.</summary>
    private void Begin()
    {
        var flags = _schedule.Propose(_plan.FirstTurn, waits: false);
        if (_ranks is not null)
        {
            _ranks.Connect();
            flags = _ranks.Agree(flags);
        }

        // Nobody has said anything of the first turns, but for a stop while ranks built.
        Decide(_plan.FirstTurn, flags);
        for (var turn = _plan.FirstTurn + 1; turn < _plan.FirstTurn + Ahead; turn++)
        {
            Decide(turn, TurnFlags.None);
        }

        if (Decides)
        {
            DecideTo(_plan.FirstTurn + Ahead);
        }

        _ranks?.Send(_plan.FirstTurn, Saying(_plan.FirstTurn));
        for (var r = 0; r < _layout.Ranks && _ranks is not null; r++)
        {
            if (r != _layout.Rank)
            {
                SetDone(r, _plan.FirstTurn - 1);
            }
        }

        _isConnected = true;
        _gate.Raise();
    }

    private void DecideTo(long turn)
    {
        while (Decides && _decidedTo < turn && !HasEndedBefore(_decidedTo))
        {
            var flags = _schedule.Propose(_decidedTo + 1, waits: false) | (_heard & TurnFlags.Stop);
            _said[Place(_decidedTo + 1, _said)] = flags;
            Decide(_decidedTo + 1, flags);
        }
    }

    /// <summary>Decides the next turn, if there is one.</summary>
    private void Decide(long turn, TurnFlags flags)
    {
        if (_decidedTo >= _plan.FirstTurn && HasEndedBefore(_decidedTo))
        {
            return;
        }

        Invariant.That(turn == _decidedTo + 1, "turns are decided one after another");
        var starts = _schedule.Starts(turn, flags);
        _decidedTo = turn;
        Volatile.Write(ref _decisions[Place(turn, _decisions)], (turn * 2) + (starts ? 0 : 1));
    }

    /// <summary>The decision of a turn, or -1.</summary>
    private long DecisionOf(long turn) => Volatile.Read(ref _decisions[Place(turn, _decisions)]) is var decision && decision >> 1 == turn ? decision : -1;

    private bool HasEndedBefore(long turn) => DecisionOf(turn) is >= 0 and var decision && (decision & 1) != 0;

    private TurnFlags Saying(long turn)
    {
        if (!Decides)
        {
            return _schedule.Propose(turn, waits: false) & TurnFlags.Stop;
        }

        // Behind the end nothing is said, and nobody asks.
        return DecisionOf(turn + Ahead) < 0 ? TurnFlags.None : _said[Place(turn + Ahead, _said)];
    }

    private bool MayStart(Shard shard, long turn)
    {
        var hears = shard.Hears;
        for (var other = 0; other < _done.Length; other++)
        {
            var after = Math.Min(hears[other], Ahead);
            if (other != shard.Index && Volatile.Read(ref _done[other].Value) < turn - after + (hears[other] <= Ahead ? 1 : 0))
            {
                return false;
            }
        }

        return true;
    }

    private void Accept(Shard shard, long turn)
    {
        for (var other = 0; other < _done.Length; other++)
        {
            // Of what was before the first turn all ranks know.
            shard.AcceptUpTo(other, other == shard.Index ? turn - 1 : Math.Max(Volatile.Read(ref _done[other].Value), _plan.FirstTurn) - 1);
        }
    }

    /// <summary>A shard of this rank has finished the turn before; the last to do so sends it, after all before it.</summary>
    private void Finished(long turn)
    {
        if (Interlocked.Increment(ref _finished[Place(turn, _finished)]) < _layout.Count)
        {
            return;
        }

        lock (_sending)
        {
            while (Volatile.Read(ref _finished[Place(_sentTo + 1, _finished)]) == _layout.Count)
            {
                _sentTo++;
                _finished[Place(_sentTo, _finished)] = 0;
                _ranks!.Send(_sentTo, Saying(_sentTo));
            }
        }
    }

    /// <summary>Takes what has come from other ranks. False if nothing has, or somebody else is looking.</summary>
    private bool Receive()
    {
        if (!_receiving.TryEnter())
        {
            return false;
        }

        try
        {
            var any = false;
            for (var peer = 0; peer < _others.Length; peer++)
            {
                any |= Receive(peer);
            }

            if (any)
            {
                _gate.Raise();
            }

            return any;
        }
        finally
        {
            _receiving.Exit();
        }
    }

    private bool Receive(int peer)
    {
        var rank = _others[peer];
        var turn = _done[_layout.FirstShards[rank]].Value + 1;
        // The rank sends the slice before a turn only if it went on to it.
        if (turn > _plan.FirstTurn && !(DecisionOf(turn - 1) is >= 0 and var before && (before & 1) == 0))
        {
            return false;
        }

        if (!_ranks!.Receives(peer, turn, out var flags))
        {
            return false;
        }

        if (rank == 0)
        {
            Decide(turn + Ahead, flags);
        }

        _heard |= flags;
        SetDone(rank, turn);
        return true;
    }

    private void SetDone(int rank, long turn)
    {
        for (var shard = _layout.FirstShards[rank]; shard < _layout.FirstShards[rank + 1]; shard++)
        {
            Volatile.Write(ref _done[shard].Value, turn);
        }
    }

    /// <summary>
    /// Before it ends a worker sees to it that this rank has received all that the others send it, so that nothing is left under way.
    /// </summary>
    private void End(long turn)
    {
        if (_ranks is null)
        {
            return;
        }

        for (var looks = 0; !_supervisor.HasFailed; looks++)
        {
            if (System.Array.TrueForAll(_done, d => Volatile.Read(ref d.Value) >= turn))
            {
                lock (_sending)
                {
                    _ranks.Drain();
                }

                return;
            }

            if (!Receive())
            {
                RankLink.Pause(looks);
            }
        }
    }
}
