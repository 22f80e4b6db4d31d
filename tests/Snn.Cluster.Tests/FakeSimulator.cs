using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;

namespace Snn.Cluster.Tests;

/// <summary>Stands in for the engine: every tenth step every neuron spikes. A test may let it fail or be cancelled on the way.</summary>
internal sealed class FakeSimulator : ISimulator
{
    /// <summary>Called before every step.</summary>
    public Action<long> BeforeStep { get; init; } = _ => { };

    public SimulationOptions? Options { get; private set; }

    public Network? Network { get; private set; }

    public IReadOnlyList<NetworkProblem> Check(Network network, SimulationOptions options) => new Simulator().Check(network, options);

    public SimulationResult Run(
        Network network, SimulationOptions options, RunDirectory? run, SimulationProgress? progress, CancellationToken cancellation)
    {
        (Options, Network) = (options, network);
        progress!.Stage = SimulationStage.Simulating;
        var recorder = new Recorder(run!.Parts, shards: 1);
        var buffers = network.Populations.Select(p => recorder.AddSpikes(0, p.Index, 0, p.Size)).ToArray();
        var step = 0L;
        for (; step < network.DurationSteps && !cancellation.IsCancellationRequested; step++)
        {
            BeforeStep(step);
            progress.Step = step;
            for (var p = 0; step % 10 == 0 && p < buffers.Length; p++)
            {
                buffers[p].Append(step, [.. Enumerable.Range(0, network.Populations[p].Size)]);
            }
        }

        recorder.HandOver(0);
        recorder.Flush();
        RecordingMerge.Write(network, run);
        return Result(network, step);
    }

    private static SimulationResult Result(Network network, long steps) => new()
    {
        Interrupted = steps < network.DurationSteps,
        Steps = steps,
        Threads = 2,
        Workers = 2,
        Lanes = 8,
        Synapses = 1_234_567,
        SynapseBytes = 5_000_000,
        SynapticEvents = 1000,
        NeuronUpdates = 1000,
        Seconds = new SimulationSeconds { Build = 0.1, Simulate = 0.2, Deliver = 0.1, Advance = 0.1 },
        Populations = [.. network.Populations.Select(p => new PopulationResult(p.Name, p.Size, (steps + 9) / 10 * p.Size, 0, Silent: 1))],
        SpikeHash = 0x1234,
    };
}
