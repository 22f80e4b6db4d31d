namespace Snn.Actors.Simulation;

/// <summary>The policies of the clock.</summary>
public enum ClockPolicy
{
    /// <summary>Nobody starts a slice before everybody has finished the one before.</summary>
    Barrier,

    /// <summary>A shard starts a slice as soon as the spikes that it needs have come: the spikes of the barrier.</summary>
    Async,

    /// <summary>Nobody waits: a spike that comes too late is delivered at once, and counted. The one clock with which spikes depend on the machine.</summary>
    Free,
}

/// <summary>The clock as workers see it: lets each of them into its turns.</summary>
internal abstract class WorkerClock
{
    /// <summary>Called by every worker before its first turn.</summary>
    public abstract void Prepare();

    /// <summary>
    /// Called once by every worker that has finished all turns before <paramref name="turn"/>. True: the worker is to call <see cref="Release"/> soon; until then it may
    /// do what needs nothing of others.
    /// </summary>
    /// <param name="shard">The worker's shard.</param>
    /// <param name="turn">The turn that it wants to start.</param>
    public abstract bool Arrive(Shard shard, long turn);

    /// <summary>See <see cref="Arrive"/>.</summary>
    public abstract void Release(long turn);

    /// <summary>Returns when the shard may start <paramref name="turn"/>. False if the run ends here, because it is done, was asked to stop, or somebody failed.</summary>
    /// <param name="shard">The worker's shard; told which turns of others it may rely on.</param>
    /// <param name="turn">The turn that it wants to start.</param>
    /// <param name="spins">What the worker learns of waiting.</param>
    public abstract bool Await(Shard shard, long turn, ref int spins);

    /// <summary>Whether the run ended in good order before a turn that the worker had arrived at.</summary>
    public abstract bool HasEnded(long turn);
}
