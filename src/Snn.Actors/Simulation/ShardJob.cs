using System.Diagnostics;
using Snn.Actors.Runtime;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>A shard as a worker's job: builds itself, then runs turn after turn.</summary>
internal sealed class ShardJob(Shard shard, WorkerClock clock, SliceSchedule schedule, Action built, Action<SnapshotBuffer> captured) : WorkerJob
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
        var releases = clock.Arrive(shard, turn);
        shard.RunAhead(turn);
        var start = Stopwatch.GetTimestamp();
        if (releases)
        {
            clock.Release(turn);
        }

        var goesOn = clock.Await(shard, turn, ref _spins);
        // The wait for the first turn is for the others to build.
        shard.Counters.WaitTicks += turn == schedule.FirstTurn ? 0 : Stopwatch.GetTimestamp() - start;
        return goesOn;
    }
}
