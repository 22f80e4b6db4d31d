namespace Snn.Actors.Snapshots;

/// <summary>When snapshots are taken, and where they go.</summary>
public sealed class SnapshotPolicy
{
    private int _requested;

    /// <summary>Writes a snapshot; called on the pool, one at a time. What it throws is retried. Its arrays are valid during the call only.</summary>
    public required Action<Snapshot> Write { get; init; }

    /// <summary>Biological time from one to the next, ms; null: by <see cref="Every"/> of wall clock.</summary>
    public double? EveryMs { get; init; }

    /// <summary>Wall clock from one to the next.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether one is taken where the run ends, by its own end or by being stopped.</summary>
    public bool AtEnd { get; init; } = true;

    /// <summary>Whether one is taken at the end of a run that no snapshot was taken of before: else only if it was stopped.</summary>
    public bool AtEndOfShortRuns { get; init; }

    /// <summary>For how long a failing store is tried again once the simulation is over.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Shortest and longest wait before a failed write is tried again; it doubles from time to time.</summary>
    public (TimeSpan First, TimeSpan Longest) Backoff { get; init; } = (TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    /// <summary>Tells the wall clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of a write that failed and is tried again, or given up.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>
    /// Whether a snapshot that is due is left out while the last one is still being written, so that the simulation goes on; else it waits. For tests.
    /// </summary>
    internal bool SkipsWhileBusy { get; init; } = true;

    /// <summary>Asks for a snapshot at the next slice boundary.</summary>
    public void Request() => Volatile.Write(ref _requested, 1);

    /// <summary>Whether one was asked for since the last call.</summary>
    internal bool TakeRequest() => Volatile.Read(ref _requested) != 0 && Interlocked.Exchange(ref _requested, 0) != 0;
}
