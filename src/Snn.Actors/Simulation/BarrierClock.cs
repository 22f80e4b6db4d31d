using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Simulation;

/// <summary>Nobody starts turn t + 1 before everybody has finished t: the last worker to arrive at a turn opens the gate for all.</summary>
/// <param name="schedule">Which turns there are.</param>
/// <param name="ranks">The other ranks of the run, or null.</param>
/// <param name="workers">Workers of this rank.</param>
/// <param name="supervisor">Whose failure ends every wait.</param>
internal sealed class BarrierClock(SliceSchedule schedule, RankPart? ranks, int workers, Supervisor supervisor) : WorkerClock
{
    /// <summary>Opened to turn times two, plus one if the run ends before that turn.</summary>
    private readonly Gate _gate = new();

    private TurnFlags _flags;
    private int _arrived;

    /// <inheritdoc/>
    public override void Prepare() => _gate.Prepare();

    /// <inheritdoc/>
    public override bool Arrive(Shard shard, long turn)
    {
        if (Interlocked.Increment(ref _arrived) < workers)
        {
            return false;
        }

        _arrived = 0;
        _flags = schedule.Propose(turn, waits: true);
        if (ranks is null)
        {
            Release(turn);
            return false;
        }

        ranks.Begin(turn, _flags);
        return true;
    }

    /// <inheritdoc/>
    public override void Release(long turn)
    {
        if (ranks is null || ranks.Complete(turn, out _flags))
        {
            _gate.Open((turn * 2) + (schedule.Starts(turn, _flags) ? 0 : 1));
        }
    }

    /// <inheritdoc/>
    public override bool Await(Shard shard, long turn, ref int spins)
    {
        var go = turn * 2;
        _gate.Await(go, supervisor, ref spins);
        if (_gate.Opened != go || supervisor.HasFailed)
        {
            return false;
        }

        shard.AcceptAll(turn - 1);
        return true;
    }

    /// <inheritdoc/>
    public override bool HasEnded(long turn) => _gate.Opened == (turn * 2) + 1 && !supervisor.HasFailed;
}
