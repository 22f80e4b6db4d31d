namespace Snn.Actors.Runtime;

/// <summary>
/// Watches the actors of a run. The first failure is kept, with the actor's path, and cancels the run: the others see
/// <see cref="HasFailed"/> at their next turn and stop in order, so that a run ends with a message and never hangs.
/// </summary>
public sealed class Supervisor
{
    private ActorFailure? _failure;

    /// <summary>The first failure, or null.</summary>
    public ActorFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether any actor has failed.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Told by a dispatcher when an actor threw. Later failures are consequences of the first and are dropped.</summary>
    public void Report(string path, Exception cause) =>
        Interlocked.CompareExchange(ref _failure, new ActorFailure(path, cause), null);

    /// <summary>Throws <see cref="SimulationFailedException"/> if an actor has failed.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
        {
            throw new SimulationFailedException(failure);
        }
    }
}

/// <summary>A run that ended because one of its actors failed.</summary>
public sealed class SimulationFailedException : Exception
{
    /// <summary>An exception that tells which actor failed and why.</summary>
    public SimulationFailedException(ActorFailure failure)
        : base($"{failure.Path} failed: {failure.Cause.Message}", failure.Cause) => Failure = failure;

    /// <summary>The actor and its exception.</summary>
    public ActorFailure Failure { get; }
}
