namespace Snn.Actors.Simulation;

/// <summary>Something from outside that feeds the input columns of one population on one shard.</summary>
internal abstract class InputActor : IDisposable
{
    /// <summary>Adds what arrives in a step. Called once a step, after the connections have delivered.</summary>
    public abstract void Add(long step);

    /// <summary>Frees what the actor owns.</summary>
    public virtual void Dispose()
    {
    }
}
