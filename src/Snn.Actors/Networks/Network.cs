using Snn.Kernels.Plasticity;
using Snn.Kernels.Plasticity.Layers.Rules;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Networks;

/// <summary>Element type of state variables and inputs.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Single,

    /// <summary>64-bit floating point.</summary>
    Double,
}

/// <summary>How a static weight is stored.</summary>
public enum WeightPrecision
{
    /// <summary>As the state: 32 or 64 bits.</summary>
    Full,

    /// <summary>16 bits: a whole number of 32 767ths of the greatest absolute weight of its table.</summary>
    Half,
}

/// <summary>
/// A network as declared and found valid, defaults filled in. Immutable; made by the NetworkBuilder or read from a file by
/// the NetworkFile, which are the only ways and validate in full.
/// </summary>
public sealed record Network
{
    /// <summary>Name of the network.</summary>
    public required string Name { get; init; }

    /// <summary>Time step, ms.</summary>
    public required double DtMs { get; init; }

    /// <summary>How long to simulate, steps.</summary>
    public required long DurationSteps { get; init; }

    /// <summary>Seed of every random number.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Element type of state and input.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>How static weights are stored.</summary>
    public WeightPrecision WeightPrecision { get; init; } = WeightPrecision.Full;

    /// <summary>
    /// Batch items of a layered network: independent copies of its state that share weights. Null: not a layered network, in which neurons, not items,
    /// are shared out among workers.
    /// </summary>
    public int? Batch { get; init; }

    /// <summary>Copies of every neuron: the batch items, or 1.</summary>
    public int Items => Batch ?? 1;

    /// <summary>Whether populations advance one after another within a step, as connections without delay ask for, and workers share out the batch.</summary>
    public bool IsLayered => Batch is not null;

    /// <summary>Populations in the order of declaration.</summary>
    public required IReadOnlyList<Population> Populations { get; init; }

    /// <summary>Inputs in the order of declaration, one entry a target population.</summary>
    public required IReadOnlyList<NetworkInput> Inputs { get; init; }

    /// <summary>Rewards in the order of declaration.</summary>
    public IReadOnlyList<Reward> Rewards { get; init; } = [];

    /// <summary>
    /// Layered networks: steps before which every batch item begins anew: state, spikes in flight and traces; weights stay. Ascending. Null: never.
    /// </summary>
    public Resets? Resets { get; init; }

    /// <summary>Projections in the order of declaration, one entry a pair of source and target population.</summary>
    public required IReadOnlyList<Projection> Projections { get; init; }

    /// <summary>What is recorded.</summary>
    public required Recordings Record { get; init; }

    /// <summary>
    /// A hash of all of it, seed and duration included: the same on every machine, and for two files that say the same in other words.
    /// Computed anew each time.
    /// </summary>
    public ulong Hash() => NetworkFile.Hash(this);

    /// <summary>
    /// A hash of what decides the spikes, the seed included: of everything but the name, the duration, what is recorded and where populations are placed.
    /// A run that is resumed may change those.
    /// </summary>
    public ulong DynamicsHash() => NetworkFile.Hash(this with
    {
        Name = "",
        DurationSteps = 1,
        Record = new Recordings { Spikes = [], State = [] },
        Projections = [.. Projections.Select(p => p with { RecordWeights = false })],
        Populations = [.. Populations.Select(p => p with { Place = null })],
    });
}

/// <summary>When the items of a layered network begin anew.</summary>
/// <param name="Steps">At the beginning of these steps, ascending; empty where they come at regular intervals.</param>
/// <param name="EverySteps">At the beginning of every so many steps; 0 where single steps are listed.</param>
public sealed record Resets(IReadOnlyList<long> Steps, long EverySteps);

/// <summary>A named group of neurons of one model.</summary>
public sealed record Population
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its place among the populations.</summary>
    public required int Index { get; init; }

    /// <summary>Number of neurons, of one batch item.</summary>
    public required int Size { get; init; }

    /// <summary>
    /// How the neurons are arranged, the last dimension fastest: [features] or [channels, height, width]. Empty: no arrangement, which is that of
    /// [<see cref="Size"/>].
    /// </summary>
    public IReadOnlyList<int> Shape { get; init; } = [];

    /// <summary>Its model, bound to what its neurons have in common.</summary>
    public required Snn.Kernels.Neurons.NeuronModel Model { get; init; }

    /// <summary>
    /// Every parameter of the model, defaults filled in. A list parameter has one entry an element that the user gave; the others have
    /// the model's padding.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Distribution>> Parameters { get; init; }

    /// <summary>Initial values of the state variables, defaults filled in where they are the same for all neurons; the others are the model's.</summary>
    public required IReadOnlyDictionary<string, Distribution> Initial { get; init; }

    /// <summary>The group that it is kept together with on one rank; null: it may be anywhere. It changes no spike.</summary>
    public int? Place { get; init; }
}

/// <summary>Neurons of a population: a range, or a list. An array of values that goes with it has one value a selected neuron.</summary>
public sealed record NeuronSelection
{
    /// <summary>First neuron of the range.</summary>
    public int First { get; init; }

    /// <summary>Neurons in the range.</summary>
    public int Count { get; init; }

    /// <summary>Ascending neurons, if it is a list; else null.</summary>
    public IReadOnlyList<int>? List { get; init; }
}

/// <summary>Something from outside that drives a population.</summary>
public abstract record NetworkInput
{
    /// <summary>Name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Population that it drives.</summary>
    public required Population Target { get; init; }

    /// <summary>Which of its neurons.</summary>
    public required NeuronSelection Neurons { get; init; }

    /// <summary>First step in which it is on.</summary>
    public long StartStep { get; init; }

    /// <summary>First step in which it is off again.</summary>
    public long StopStep { get; init; } = long.MaxValue;
}

/// <summary>An input of spikes: adds weights to a spike port.</summary>
public abstract record SpikeInput : NetworkInput
{
    /// <summary>Weight, in the unit of the port. [neuron] where it varies.</summary>
    public required Distribution Weight { get; init; }

    /// <summary>Steps from the emission of a spike to its arrival.</summary>
    public required int DelaySteps { get; init; }

    /// <summary>Port for every weight, or null: by sign.</summary>
    public int? Port { get; init; }
}

/// <summary>An independent Poisson process for every neuron.</summary>
public sealed record PoissonInput : SpikeInput
{
    /// <summary>Rate, Hz.</summary>
    public required Distribution RateHz { get; init; }
}

/// <summary>Given spikes, the same for every neuron.</summary>
public sealed record SpikeTimesInput : SpikeInput
{
    /// <summary>Times of emission in whole dt, ascending: a spike at k dt is one of the step that ends then, step k - 1.</summary>
    public required IReadOnlyList<long> Steps { get; init; }

    /// <summary>A factor to the weight for every spike, or null: 1.</summary>
    public IReadOnlyList<double>? Factors { get; init; }
}

/// <summary>A current that is constant from one given time to the next.</summary>
public sealed record DcInput : NetworkInput
{
    /// <summary>Steps from which an amplitude holds, ascending; before the first it is zero.</summary>
    public required IReadOnlyList<long> Steps { get; init; }

    /// <summary>Amplitudes, pA: one a step of <see cref="Steps"/>; a distribution is over neurons.</summary>
    public required IReadOnlyList<Distribution> AmplitudesPa { get; init; }
}

/// <summary>A Gaussian current, drawn anew for every neuron every few steps.</summary>
public sealed record NoiseInput : NetworkInput
{
    /// <summary>Mean, pA.</summary>
    public required double MeanPa { get; init; }

    /// <summary>Standard deviation, pA.</summary>
    public required double StdPa { get; init; }

    /// <summary>Steps that a draw holds.</summary>
    public required int EverySteps { get; init; }
}

/// <summary>What an array input feeds.</summary>
public enum ArrayKind
{
    /// <summary>Currents, pA.</summary>
    Current,

    /// <summary>Numbers of spikes.</summary>
    Spikes,
}

/// <summary>Values from a .npy file, one row a step.</summary>
public sealed record ArrayInput : NetworkInput
{
    /// <summary>What the values are.</summary>
    public required ArrayKind Kind { get; init; }

    /// <summary>Full path of the .npy file.</summary>
    public required string File { get; init; }

    /// <summary>Rows; the last stays (currents) or nothing follows (spikes).</summary>
    public required int Rows { get; init; }

    /// <summary>
    /// Values [row, selected neuron], row by row; or, in a layered network where every batch item has values of its own, [row, item, selected neuron].
    /// </summary>
    public required NpyArray Values { get; init; }

    /// <summary>Steps a row holds (currents) or apart (spikes).</summary>
    public int EverySteps { get; init; } = 1;

    /// <summary>Weight of a spike, in the unit of the port; unused for currents.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Steps from a row's step to its arrival; unused for currents.</summary>
    public int DelaySteps { get; init; }

    /// <summary>Port of the spikes, or null: by sign.</summary>
    public int? Port { get; init; }
}

/// <summary>Who is connected to whom.</summary>
public abstract record Connector
{
    private Connector()
    {
    }

    /// <summary>Whether a neuron may connect to itself.</summary>
    public bool AllowAutapses { get; init; } = true;

    /// <summary>Whether two neurons may share several synapses.</summary>
    public bool AllowMultapses { get; init; } = true;

    /// <summary>Every source to every target.</summary>
    public sealed record AllToAll : Connector;

    /// <summary>Source i to target i.</summary>
    public sealed record OneToOne : Connector;

    /// <summary>Every target draws its sources.</summary>
    /// <param name="Indegree">Synapses a target.</param>
    public sealed record FixedIndegree(int Indegree) : Connector;

    /// <summary>Every source draws its targets.</summary>
    /// <param name="Outdegree">Synapses a source.</param>
    public sealed record FixedOutdegree(int Outdegree) : Connector;

    /// <summary>Every synapse draws its source and its target.</summary>
    /// <param name="Count">Synapses in all.</param>
    public sealed record FixedTotalNumber(long Count) : Connector;

    /// <summary>Every pair is connected with a probability.</summary>
    /// <param name="Probability">In [0, 1].</param>
    public sealed record PairwiseBernoulli(double Probability) : Connector;

    /// <summary>The given pairs.</summary>
    /// <param name="Sources">[synapse]</param>
    /// <param name="Targets">[synapse]</param>
    public sealed record List(IReadOnlyList<int> Sources, IReadOnlyList<int> Targets) : Connector;

    /// <summary>A connector of layered networks.</summary>
    public abstract record Layer : Connector;

    /// <summary>Every source to every target, with a matrix of weights [target, source].</summary>
    public sealed record Linear : Layer;

    /// <summary>Kernels [target channel, source channel, height, width] that slide over an image [channel, height, width].</summary>
    /// <param name="Kernel">Height and width of the kernels.</param>
    /// <param name="Stride">Steps of the kernels, down and across.</param>
    /// <param name="Padding">Rows and columns of silence around the image.</param>
    /// <param name="Dilation">Distance of neighbouring taps, down and across.</param>
    public sealed record Conv2d(Pair2d Kernel, Pair2d Stride, Pair2d Padding, Pair2d Dilation) : Layer;

    /// <summary>A window [height, width] of every channel that slides over its image: what spikes in it arrives once.</summary>
    /// <param name="Kernel">Height and width of the window.</param>
    /// <param name="Stride">Steps of the window, down and across.</param>
    /// <param name="Padding">Rows and columns of silence around the image.</param>
    /// <param name="Dilation">Distance of neighbouring places, down and across.</param>
    /// <param name="CeilMode">Whether a window may reach over the end of the image.</param>
    public sealed record MaxPool2d(Pair2d Kernel, Pair2d Stride, Pair2d Padding, Pair2d Dilation, bool CeilMode) : Layer;

    /// <summary>As <see cref="MaxPool2d"/>, with windows that cut the image of the source as evenly as the target's image asks for.</summary>
    public sealed record AdaptiveMaxPool2d : Layer;
}

/// <summary>A number for each dimension of an image.</summary>
/// <param name="Y">Down.</param>
/// <param name="X">Across.</param>
public readonly record struct Pair2d(int Y, int X);


/// <summary>A declared set of synapses from one population to another.</summary>
public sealed record Projection
{
    /// <summary>Unique name; "E-&gt;I" where the user gives none, with "#2" from the second of a pair on. Keys its random numbers.</summary>
    public required string Name { get; init; }

    /// <summary>Its place among the projections.</summary>
    public required int Index { get; init; }

    /// <summary>Source population.</summary>
    public required Population Source { get; init; }

    /// <summary>Target population.</summary>
    public required Population Target { get; init; }

    /// <summary>Who is connected to whom.</summary>
    public required Connector Connector { get; init; }

    /// <summary>Weights, in the unit of the port. An array is by synapse of a list connector.</summary>
    public required Distribution Weight { get; init; }

    /// <summary>Delays, ms; rounded to the nearest step, at least one.</summary>
    public required Distribution DelayMs { get; init; }

    /// <summary>Port for every weight, or null: by sign where the model has an excitatory and an inhibitory port.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// Layered networks: what is added in every step, in the unit of the port; an array is by target (linear) or by target channel (conv2d). Null: nothing.
    /// </summary>
    public Distribution? Bias { get; init; }

    /// <summary>Linear connectors: 1 where there is a synapse and 0 where there is none. [target, source]. Null: 1 everywhere.</summary>
    public Distribution.Array? Mask { get; init; }

    /// <summary>Layered networks: what happens to a spike that enters while another is on its way.</summary>
    public DelayRule DelayRule { get; init; }

    /// <summary>How its weights change; null: they stay.</summary>
    public Learning? Learning { get; init; }

    /// <summary>Whether its weights are written at the end.</summary>
    public bool RecordWeights { get; init; }
}

/// <summary>A learning rule as it is declared on a projection.</summary>
public abstract record Learning
{
    /// <summary>Every parameter of the rule, defaults filled in. [parameter]</summary>
    public required IReadOnlyList<double> Parameters { get; init; }
}

/// <summary>A rule of a layered network: weights that batch items share change between steps.</summary>
public sealed record LayerLearning : Learning
{
    /// <summary>The rule.</summary>
    public required LayerRule Rule { get; init; }

    /// <summary>What rewards it; null for rules without reward.</summary>
    public Reward? Reward { get; init; }

    /// <summary>First step in which it is at work.</summary>
    public long StartStep { get; init; }

    /// <summary>First step in which it is no longer.</summary>
    public long StopStep { get; init; } = long.MaxValue;

    /// <summary>Weights change at the end of every so many steps; eligibility does in every step.</summary>
    public int EverySteps { get; init; } = 1;
}

/// <summary>A rule of a sparse network: every synapse changes at the spikes of its source and its target.</summary>
public sealed record SynapseLearning : Learning
{
    /// <summary>The rule.</summary>
    public required SynapseModel Rule { get; init; }

    /// <summary>Populations whose spikes release dopamine; empty for rules without.</summary>
    public IReadOnlyList<Population> Dopamine { get; init; } = [];

    /// <summary>From a spike of a dopamine neuron to its effect on the synapses, steps; 0 for rules without.</summary>
    public int DopamineDelaySteps { get; init; }
}

/// <summary>A reward: a number for every batch item and step.</summary>
public abstract record Reward
{
    private Reward()
    {
    }

    /// <summary>Name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The same number always.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Constant(double Value) : Reward;

    /// <summary>Numbers from a .npy file, one row every so many steps; nothing after the last.</summary>
    /// <param name="File">Full path of the file.</param>
    /// <param name="Values">[row], or [row, item].</param>
    /// <param name="EverySteps">Steps that a row holds.</param>
    public sealed record Listed(string File, NpyArray Values, int EverySteps) : Reward;

    /// <summary>A critic: every spike of a population is right or wrong.</summary>
    /// <param name="Of">The population.</param>
    /// <param name="File">Full path of the file of what is wanted.</param>
    /// <param name="Wanted">Not 0 where a spike is right: [row, neuron], or [row, item, neuron].</param>
    /// <param name="EverySteps">Steps that a row holds; after the last row it begins again with the first.</param>
    /// <param name="Right">What a right spike is worth.</param>
    /// <param name="Wrong">What a wrong one is.</param>
    public sealed record Critic(Population Of, string File, NpyArray Wanted, int EverySteps, double Right, double Wrong) : Reward;

    /// <summary>The program that runs the simulation computes it: see <see cref="Simulation.SimulationOptions.Rewards"/>.</summary>
    public sealed record FromProgram : Reward;
}

/// <summary>What is recorded.</summary>
public sealed record Recordings
{
    /// <summary>Populations whose spikes are written.</summary>
    public required IReadOnlyList<Population> Spikes { get; init; }

    /// <summary>State variables that are written.</summary>
    public required IReadOnlyList<StateRecording> State { get; init; }
}

/// <summary>State variables of some neurons, sampled every so many steps.</summary>
public sealed record StateRecording
{
    /// <summary>Population.</summary>
    public required Population Of { get; init; }

    /// <summary>State columns of the model, with the name each is written under.</summary>
    public required IReadOnlyList<(string Name, int Column)> Variables { get; init; }

    /// <summary>Neurons.</summary>
    public required NeuronSelection Neurons { get; init; }

    /// <summary>Steps between samples; the first sample is after this many steps.</summary>
    public required int EverySteps { get; init; }
}
