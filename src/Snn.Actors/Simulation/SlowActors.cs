using Snn.Actors.Recording;
using Snn.Actors.Runtime;

namespace Snn.Actors.Simulation;

/// <summary>Takes what the workers have recorded to the files, on the pool; looks every few milliseconds, so that no worker need wake it.</summary>
internal sealed class RecorderActor(Recorder recorder) : Actor<Tick>
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(2);

    /// <inheritdoc/>
    protected internal override void Receive(Tick message)
    {
        while (recorder.Drain())
        {
            // At once again, while there is something.
        }
    }
}

/// <summary>Reads what the workers publish and passes it on to who watches.</summary>
internal sealed class ProgressActor(Simulation simulation, SimulationProgress progress) : Actor<Tick>
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected internal override void Receive(Tick message) => simulation.Publish(progress);

    /// <inheritdoc/>
    protected internal override void Stopped() => simulation.Publish(progress);
}
