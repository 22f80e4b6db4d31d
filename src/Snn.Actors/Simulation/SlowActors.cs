using Snn.Actors.Recording;
using Snn.Actors.Runtime;

namespace Snn.Actors.Simulation;

/// <summary>
/// Takes what the workers have recorded to the files, on the pool. It looks now and then, so that no worker need wake it: rarely, because every
/// look takes a worker's core away and the others then wait for that one; but again and again while there is something to take.
/// </summary>
internal sealed class RecorderActor(Recorder recorder) : Actor<Tick>
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(25);

    /// <inheritdoc/>
    protected internal override void Receive(Tick message)
    {
        while (recorder.Drain())
        {
            // By then a worker that records much has filled a part of its ring, and one that records little has not filled a chunk.
            Thread.Sleep(millisecondsTimeout: 1);
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
