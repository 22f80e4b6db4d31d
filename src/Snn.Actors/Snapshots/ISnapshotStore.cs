namespace Snn.Actors.Snapshots;

/// <summary>A run as a store knows it.</summary>
/// <param name="Id">Its identity: unique in the store.</param>
/// <param name="Name">Name of its network.</param>
/// <param name="Network">Its network, as text of a network file, defaults filled in.</param>
/// <param name="Parent">"ID at STEP" of the snapshot that it branched off from, or null.</param>
/// <param name="Created">When: UTC, ISO 8601.</param>
public sealed record StoredRun(string Id, string Name, string Network, string? Parent, string Created);

/// <summary>A complete snapshot in a store.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Created">When it was written: UTC, ISO 8601.</param>
/// <param name="Parts">Number of arrays.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record StoredSnapshot(long Step, string Created, int Parts, long Bytes);

/// <summary>
/// Keeps runs and their snapshots. A snapshot is visible once all its parts are written, and from then on as a whole; what a crash left of one that was
/// not finished is nowhere to be seen. Not for several threads at once.
/// </summary>
/// <remarks>Every method throws <see cref="SnapshotException"/> where the store does not answer, with where it is and what to do.</remarks>
public interface ISnapshotStore : IDisposable
{
    /// <summary>Where it is, without passwords.</summary>
    string Address { get; }

    /// <summary>All runs, the oldest first.</summary>
    IReadOnlyList<StoredRun> Runs();

    /// <summary>Adds a run, or replaces what is known of it.</summary>
    void Save(StoredRun run);

    /// <summary>The complete snapshots of a run, by step.</summary>
    /// <param name="run">Its identity.</param>
    IReadOnlyList<StoredSnapshot> List(string run);

    /// <summary>Writes a snapshot: wholly, or not at all. One of the same step is replaced.</summary>
    /// <param name="run">Identity of a run that was saved.</param>
    /// <param name="snapshot">The snapshot. Its arrays are valid during the call only.</param>
    void Write(string run, Snapshot snapshot);

    /// <summary>Reads a snapshot and checks every part of it.</summary>
    /// <param name="run">Identity of the run.</param>
    /// <param name="step">One that <see cref="List"/> names.</param>
    /// <exception cref="SnapshotException">A part is damaged or missing; says which.</exception>
    Snapshot Read(string run, long step);

    /// <summary>What is damaged in a snapshot; empty if nothing is.</summary>
    /// <param name="run">Identity of the run.</param>
    /// <param name="step">One that <see cref="List"/> names.</param>
    IReadOnlyList<string> Verify(string run, long step);

    /// <summary>Removes all but the last <paramref name="count"/> snapshots of a run that are sound.</summary>
    /// <param name="run">Identity of the run.</param>
    /// <param name="count">At least 1.</param>
    void Keep(string run, int count);

    /// <summary>Removes a run and its snapshots.</summary>
    /// <param name="run">Identity of the run.</param>
    void Delete(string run);
}
