namespace Snn.Actors.Runtime;

/// <summary>
/// Something with a state of its own that is changed by messages only, one at a time. Which thread handles them, and when, is the
/// dispatcher's business.
/// </summary>
/// <typeparam name="TMessage">The one type of message that it understands.</typeparam>
public abstract class Actor<TMessage>
{
    /// <summary>Handles one message. An exception is a failure of the actor: it handles no more, and its supervisor is told.</summary>
    protected internal abstract void Receive(TMessage message);

    /// <summary>Called once, after the last message.</summary>
    protected internal virtual void Stopped()
    {
    }
}

/// <summary>The address of an actor: all that others have of it.</summary>
/// <typeparam name="TMessage">The type of message that it understands.</typeparam>
public abstract class ActorRef<TMessage>
{
    private protected ActorRef(string path) => Path = path;

    /// <summary>Name that failures and logs show: "simulation/shard-0/E".</summary>
    public string Path { get; }

    /// <summary>
    /// Puts a message into the actor's mailbox; returns at once. Messages of one sender are handled in the order sent. False once the
    /// actor has stopped or failed: the message is not handled.
    /// </summary>
    public abstract bool Tell(TMessage message);

    /// <summary>No message is taken from here on; those in the mailbox are still handled.</summary>
    public abstract void Stop();

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>An actor that threw.</summary>
/// <param name="Path">Which.</param>
/// <param name="Cause">What it threw.</param>
public sealed record ActorFailure(string Path, Exception Cause);
