using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>
/// A connection of a layered network into one population on one shard: adds what arrives in a step to the input columns of all batch items of the shard,
/// just before the population is advanced.
/// </summary>
internal abstract class FeedActor : IDisposable
{
    /// <summary>Synapses of the connection, whose weights all shards share.</summary>
    public abstract long Synapses { get; }

    /// <summary>Bytes of their weights.</summary>
    public abstract long SynapseBytes { get; }

    /// <summary>Adds what arrives in a step. Returns the number of synaptic events.</summary>
    public abstract long Deliver(long step);

    /// <summary>The shard's items begin anew: what is on its way is lost.</summary>
    /// <param name="step">The step that is about to begin.</param>
    public abstract void Reset(long step);

    /// <summary>Copies what is on its way, and is not in the source's outbox, to a snapshot.</summary>
    public abstract void Capture(SnapshotBuffer buffer);

    /// <summary>Takes up what is on its way from a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="latestReset">Spikes that were emitted before this step are lost.</param>
    public abstract void Restore(Snapshot snapshot, long latestReset);

    /// <summary>Frees what the actor owns.</summary>
    public abstract void Dispose();
}
