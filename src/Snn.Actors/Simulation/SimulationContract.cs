using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>How to simulate: nothing here changes a spike, but for the free clock.</summary>
public sealed record SimulationOptions
{
    /// <summary>Workers; 0: one a core.</summary>
    public int Threads { get; init; }

    /// <summary>Lanes of a vector: 1, 8 or 16; 0: what the machine is best at.</summary>
    public int Lanes { get; init; }

    /// <summary>
    /// Null: one thread a worker. Else all actors run on one thread in an order drawn from this seed: slow; the tool that shows that no legal
    /// order of messages changes a spike.
    /// </summary>
    public ulong? DispatcherSeed { get; init; }

    /// <summary>With <see cref="DispatcherSeed"/>: the turn at which an actor is made to fail, or -1.</summary>
    public long FailAtTurn { get; init; } = -1;

    /// <summary>When a shard may start a slice.</summary>
    public ClockPolicy Clock { get; init; }

    /// <summary>When snapshots are taken and where they go; null: none are.</summary>
    public SnapshotPolicy? Snapshots { get; init; }

    /// <summary>The state to go on from; null: the run begins.</summary>
    public Snapshot? Resume { get; init; }

    /// <summary>
    /// Whether the recording goes on from that of <see cref="Resume"/>, which is then cut back to the snapshot; else it begins there, in a directory of its own.
    /// </summary>
    public bool ContinuesRecording { get; init; } = true;

    /// <summary>Rewards that the program computes, by name: for inputs of the model "reward" that do not say where they come from.</summary>
    public IReadOnlyDictionary<string, RewardFunction> Rewards { get; init; } = new Dictionary<string, RewardFunction>();

    /// <summary>Takes all spikes in memory, if given: those of this rank.</summary>
    public SpikeLog? Log { get; init; }

    /// <summary>
    /// To the other processes of the run, or null: there are none. All of them run the same network with the same options, but for the threads; what came out is
    /// whole at rank 0, which alone writes files beside the parts of recordings.
    /// </summary>
    public IRankTransport? Transport { get; init; }
}

/// <summary>Builds and runs a network. The engine implements it; the command line and tests speak to it only.</summary>
public interface ISimulator
{
    /// <summary>
    /// Checks the conditions between parameters of neurons that draw them, which no reader of the declaration can check. <see cref="Run"/> does
    /// so too; who asks before can refuse a network before there is anything of a run.
    /// </summary>
    /// <param name="network">A valid network.</param>
    /// <param name="options">How it is to be run: a reward that the program has to give may be missing.</param>
    /// <returns>The problems of the first such neuron of every population, and missing rewards; empty if nothing is wrong.</returns>
    IReadOnlyList<NetworkProblem> Check(Network network, SimulationOptions options);

    /// <summary>Simulates a network to its end, or until it is cancelled, and writes its spikes, state and weights.</summary>
    /// <param name="network">A valid network.</param>
    /// <param name="options">How.</param>
    /// <param name="run">Where recordings go, merged; summary.json and network.json are the caller's. Null: nothing is written.</param>
    /// <param name="progress">Where the simulation says how far it is, if anybody wants to know.</param>
    /// <param name="cancellation">
    /// Stops at the next slice boundary; the result then is <see cref="SimulationResult.Interrupted"/>. Before the first step there is no result: building
    /// is given up where it is.
    /// </param>
    /// <exception cref="NetworkException">Drawn parameters of a neuron do not go together.</exception>
    /// <exception cref="SimulationException">The run failed.</exception>
    /// <exception cref="RecordingException">The recording cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step: nothing was recorded.</exception>
    SimulationResult Run(
        Network network, SimulationOptions options, RunDirectory? run, SimulationProgress? progress, CancellationToken cancellation);
}

/// <summary>The run failed: an actor did, or memory ran out.</summary>
/// <param name="message">What failed, where, what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a simulation is doing.</summary>
public enum SimulationStage
{
    /// <summary>Populations and connections are made.</summary>
    Building,

    /// <summary>Steps are taken.</summary>
    Simulating,

    /// <summary>Recordings are merged, weights written.</summary>
    Writing,
}

/// <summary>
/// Counters that the simulation publishes and a timer of the pool reads: one thread writes them, at a slice boundary; nobody asks a worker
/// for anything.
/// </summary>
public sealed class SimulationProgress
{
    private readonly long[] _spikes;
    private long _step;
    private int _stage;

    /// <summary>For a network.</summary>
    /// <param name="populations">Number of populations.</param>
    public SimulationProgress(int populations) => _spikes = new long[populations];

    /// <summary>What the simulation is doing.</summary>
    public SimulationStage Stage
    {
        get => (SimulationStage)Volatile.Read(ref _stage);
        set => Volatile.Write(ref _stage, (int)value);
    }

    /// <summary>Steps done.</summary>
    public long Step
    {
        get => Volatile.Read(ref _step);
        set => Volatile.Write(ref _step, value);
    }

    /// <summary>Number of populations.</summary>
    public int Populations => _spikes.Length;

    /// <summary>Spikes of a population so far.</summary>
    /// <param name="population">Index of the population.</param>
    public long Spikes(int population) => Volatile.Read(ref _spikes[population]);

    /// <summary>Publishes the spikes of a population so far.</summary>
    /// <param name="population">Index of the population.</param>
    /// <param name="spikes">Spikes since the start.</param>
    public void SetSpikes(int population, long spikes) => Volatile.Write(ref _spikes[population], spikes);
}

/// <summary>Where the time went, s. Phases of a step are means over workers, so that they add up to <see cref="Simulate"/>.</summary>
public sealed record SimulationSeconds
{
    /// <summary>Making populations and connections.</summary>
    public double Build { get; init; }

    /// <summary>All steps, wall clock.</summary>
    public double Simulate { get; init; }

    /// <summary>Adding weights to inputs.</summary>
    public double Deliver { get; init; }

    /// <summary>Advancing neurons.</summary>
    public double Advance { get; init; }

    /// <summary>Changing weights.</summary>
    public double Learn { get; init; }

    /// <summary>Taking over the spikes of a slice: filing them under the steps in which they are due.</summary>
    public double Exchange { get; init; }

    /// <summary>Waiting for other workers.</summary>
    public double Wait { get; init; }

    /// <summary>Recording: in the workers while simulating, and writing the files at the end.</summary>
    public double Record { get; init; }

    /// <summary>Taking snapshots.</summary>
    public double Snapshot { get; init; }
}

/// <summary>What came out of a population.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Neurons">Its size.</param>
/// <param name="Spikes">Its spikes, recorded or not.</param>
/// <param name="CvIsi">Mean coefficient of variation of the inter-spike intervals, over neurons with at least two; null if there is none.</param>
/// <param name="Silent">Neurons that never spiked, in no batch item.</param>
public sealed record PopulationResult(string Name, int Neurons, long Spikes, double? CvIsi, int Silent);

/// <summary>What a simulation returns: everything that a summary says of it.</summary>
public sealed record SimulationResult
{
    /// <summary>Whether it was cancelled before its end.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Steps done, those before a resume included.</summary>
    public required long Steps { get; init; }

    /// <summary>First step of this process: above 0 where it resumed a run. Events, updates and seconds count from here.</summary>
    public long FirstStep { get; init; }

    /// <summary>Snapshots that were written.</summary>
    public int Snapshots { get; init; }

    /// <summary>Why the last snapshot could not be written, or null.</summary>
    public string? SnapshotProblem { get; init; }

    /// <summary>Workers of this process.</summary>
    public required int Threads { get; init; }

    /// <summary>Processes.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Workers of all processes.</summary>
    public required int Workers { get; init; }

    /// <summary>The clock that was used.</summary>
    public ClockPolicy Clock { get; init; }

    /// <summary>With the free clock, the synaptic events that were delivered late, among <see cref="SynapticEvents"/>; else null.</summary>
    public LateEvents? LateEvents { get; init; }

    /// <summary>With the free clock, the synaptic events that were due before the end, of spikes that came when their targets had ended.</summary>
    public long NeverDelivered { get; init; }

    /// <summary>Bytes of spikes that this process sent to others.</summary>
    public long BytesSent { get; init; }

    /// <summary>Lanes of a vector, of 32-bit numbers.</summary>
    public required int Lanes { get; init; }

    /// <summary>Synapses.</summary>
    public required long Synapses { get; init; }

    /// <summary>Memory of all synapse tables, bytes.</summary>
    public required long SynapseBytes { get; init; }

    /// <summary>Weights added to an input.</summary>
    public required long SynapticEvents { get; init; }

    /// <summary>Neurons times steps.</summary>
    public required long NeuronUpdates { get; init; }

    /// <summary>Most bytes of managed memory that a worker allocated on the step path, after its first slice: 0 unless Snn is wrong.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Where the time went.</summary>
    public required SimulationSeconds Seconds { get; init; }

    /// <summary>How often a worker waited for the recorder.</summary>
    public long RecorderWaits { get; init; }

    /// <summary>Populations, in the order of the network.</summary>
    public required IReadOnlyList<PopulationResult> Populations { get; init; }

    /// <summary>From <see cref="Recording.SpikeHash"/>: of all spikes, recorded or not.</summary>
    public required ulong SpikeHash { get; init; }
}
