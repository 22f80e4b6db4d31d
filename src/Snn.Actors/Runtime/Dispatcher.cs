namespace Snn.Actors.Runtime;

/// <summary>Gives actors a mailbox and a thread to handle their messages on.</summary>
public abstract class Dispatcher
{
    private protected Dispatcher(Supervisor supervisor) => Supervisor = supervisor;

    /// <summary>Told of every actor that throws.</summary>
    protected Supervisor Supervisor { get; }

    /// <summary>Starts an actor and returns its address.</summary>
    public abstract ActorRef<TMessage> Start<TMessage>(string path, Actor<TMessage> actor);
}
