using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>
/// Which turns are run, and at the beginning of which the state is kept: the rule stands here once, and all clocks go by it. A turn is a slice, or a part of one
/// (<see cref="SimulationPlan.TurnsPerSlice"/>). Turns are decided one after another, by one party on every rank, and all ranks come to the same.
/// </summary>
/// <param name="plan">First and last turn.</param>
/// <param name="snapshots">Decides where snapshots are taken, or null.</param>
/// <param name="rewards">Computed when a turn of learning begins.</param>
/// <param name="stop">Asks for an end at the next slice boundary.</param>
internal sealed class SliceSchedule(SimulationPlan plan, SnapshotTaker? snapshots, RewardBoard rewards, CancellationToken stop)
{
    private Kept? _latest;
    private Kept? _before;

    /// <summary>The turn that the run begins with.</summary>
    public long FirstTurn => plan.FirstTurn;

    /// <summary>Whether a rank was asked to stop, and the run has ended for it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What this rank would say of a turn: whether it was asked to stop, and, on rank 0, whether a snapshot should be taken.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="waits">Whether all workers of this rank wait for the answer, so that it may in turn wait for a snapshot to be written.</param>
    public TurnFlags Propose(long turn, bool waits)
    {
        if (turn % plan.TurnsPerSlice != 0)
        {
            return TurnFlags.None;
        }

        return (stop.IsCancellationRequested ? TurnFlags.Stop : TurnFlags.None)
            | (turn > FirstTurn && snapshots?.IsWanted(plan.StepAt(turn), waits) == true ? TurnFlags.Snapshot : TurnFlags.None);
    }

    /// <summary>Whether a turn is run; and whether its beginning is kept.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="flags">What the ranks say.</param>
    public bool Starts(long turn, TurnFlags flags)
    {
        if (turn % plan.TurnsPerSlice != 0)
        {
            // A slice that was begun is finished.
            rewards.Compute(plan.FirstStepOf(turn / plan.TurnsPerSlice));
            return true;
        }

        var isStopped = flags.HasFlag(TurnFlags.Stop);
        IsStopped |= isStopped;
        var starts = turn < plan.Turns && !isStopped;
        if (turn > FirstTurn && snapshots is not null)
        {
            var buffer = snapshots.At(plan.StepAt(turn), !starts, isStopped && turn < plan.Turns, flags.HasFlag(TurnFlags.Snapshot));
            if (buffer is not null)
            {
                // The one before may still be copied into: shards need not be at the same turn.
                Volatile.Write(ref _before, _latest);
                Volatile.Write(ref _latest, new Kept(turn, buffer));
            }
        }

        return starts;
    }

    /// <summary>What a shard copies its state into before it goes on to a turn, or null. Once it is decided that the turn starts, or that the run ends before it.</summary>
    public SnapshotBuffer? BufferAt(long turn) =>
        Volatile.Read(ref _latest) is { } latest && latest.Turn == turn ? latest.Buffer
        : Volatile.Read(ref _before) is { } before && before.Turn == turn ? before.Buffer
        : null;

    private sealed record Kept(long Turn, SnapshotBuffer Buffer);
}
