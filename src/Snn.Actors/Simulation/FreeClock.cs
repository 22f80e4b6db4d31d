using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>
/// Nobody waits for spikes: a shard starts a turn as soon as it has finished the one before, and takes what has come by then. Only who is so far ahead that the room for
/// its spikes would be used again waits for the others (<see cref="MostAhead"/>).
/// </summary>
/// <remarks>A run that is stopped ends at one step on all shards: all meet once, and those behind go on to where the first is.</remarks>
/// <param name="plan">First and last turn.</param>
/// <param name="schedule">Whether the run is asked to stop.</param>
/// <param name="shards">Shards, all of this process.</param>
/// <param name="supervisor">Whose failure ends every wait.</param>
internal sealed class FreeClock(SimulationPlan plan, SliceSchedule schedule, int shards, Supervisor supervisor) : WorkerClock
{
    /// <summary>Turns that a shard may be ahead of another.</summary>
    public const int MostAhead = 1024;

    /// <summary>
    /// Slices for which spikes are kept, beside the longest delay. Who is that far ahead has still to take what another emits now; and when that one has overtaken it and is
    /// as far ahead in turn, it may not have come to it yet.
    /// </summary>
    public const int SlicesKept = 2 * MostAhead;

    /// <summary>Opened once more whenever a shard has finished a turn, or has come to where all meet.</summary>
    private readonly Gate _gate = new();
    private readonly Lock _meeting = new();

    /// <summary>The turn that a shard wants to start. [shard]</summary>
    private readonly PaddedLong[] _next = new PaddedLong[shards];
    private readonly bool[] _hasMet = new bool[shards];
    private int _arrived;
    private int _met;
    private long _end = plan.Turns;
    private volatile bool _stops;

    /// <inheritdoc/>
    public override void Prepare() => _gate.Prepare();

    /// <inheritdoc/>
    public override bool Arrive(Shard shard, long turn)
    {
        Volatile.Write(ref _next[shard.Index].Value, turn);
        if (turn == plan.FirstTurn)
        {
            Interlocked.Increment(ref _arrived);
        }

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
        while (!supervisor.HasFailed)
        {
            var seen = _gate.Opened;
            if (turn >= Volatile.Read(ref _end))
            {
                // Who ends here meets the others too: they may be asked to stop yet.
                Meet(shard);
                return false;
            }

            // Asked before the stop: who has not built its shard, because it was stopped, arrives after that.
            var haveAllBuilt = Volatile.Read(ref _arrived) == shards;
            if (!_stops && schedule.Propose(turn, waits: false).HasFlag(TurnFlags.Stop))
            {
                _stops = true;
            }

            if (haveAllBuilt && (!_stops || Meet(shard)) && turn < Volatile.Read(ref _end) && Slowest() >= turn - MostAhead)
            {
                Accept(shard);
                return true;
            }

            _gate.Await(seen + 1, supervisor, ref spins);
        }

        return false;
    }

    /// <inheritdoc/>
    public override bool HasEnded(long turn) => turn == Volatile.Read(ref _end) && !supervisor.HasFailed;

    /// <summary>Whether all shards have met: then it is known where the run ends. Each has told its turn, and starts none until then.</summary>
    private bool Meet(Shard shard)
    {
        lock (_meeting)
        {
            if (!_hasMet[shard.Index])
            {
                _hasMet[shard.Index] = true;
                if (++_met == shards && _stops)
                {
                    Volatile.Write(ref _end, _next.Max(n => n.Value));
                    schedule.Starts(_end, _end < plan.Turns ? TurnFlags.Stop : TurnFlags.None);
                }

                // Who waits for the slowest is to come here too.
                _gate.Raise();
            }

            return _met == shards;
        }
    }

    private long Slowest()
    {
        var slowest = long.MaxValue;
        for (var shard = 0; shard < _next.Length; shard++)
        {
            slowest = Math.Min(slowest, Volatile.Read(ref _next[shard].Value));
        }

        return slowest;
    }

    private void Accept(Shard shard)
    {
        for (var other = 0; other < _next.Length; other++)
        {
            shard.AcceptUpTo(other, Volatile.Read(ref _next[other].Value) - 1);
        }
    }
}
