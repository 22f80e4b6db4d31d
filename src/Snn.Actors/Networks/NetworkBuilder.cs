using System.Globalization;
using Snn.Actors.Networks.Reading;
using Snn.Actors.Networks.Source;
using Snn.Actors.Networks.Writing;

namespace Snn.Actors.Networks;

/// <summary>
/// Declares a network in C#, with the words of the file format. Everything is checked at the end, by the rules of files, and all
/// mistakes are reported together.
/// <code>
/// var net = new NetworkBuilder("balanced") { Duration = 1000, Seed = 1 };
/// net.Population("E", 800, "iaf_psc_exp").Param("tau_m", 20).Initial("V_m", new Distribution.Uniform(-70, -55));
/// net.Population("I", 200).Like("E");
/// net.Poisson("external", "E", "I").Rate(8000).Weight(50);
/// net.Projection("E", "E", "I").FixedIndegree(80).Weight(50).Delay(1.5);
/// net.Projection("I", "E", "I").FixedIndegree(20).Weight(-250).Delay(1.5);
/// Network network = net.Build();
/// </code>
/// </summary>
public sealed class NetworkBuilder
{
    private readonly SourceValue _populations = SourceValue.OfObject();
    private readonly SourceValue _inputs = SourceValue.OfObject();
    private readonly List<SourceValue> _projections = [];
    private readonly List<SourceValue> _states = [];
    private readonly List<NetworkProblem> _twice = [];
    private readonly string _name;
    private SourceValue? _reset;
    private IReadOnlyList<string>? _spikes;
    private IReadOnlyList<string> _weights = [];

    /// <summary>Begins a network.</summary>
    /// <param name="name">Its name.</param>
    public NetworkBuilder(string name = "network")
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
    }

    /// <summary>Time step, ms.</summary>
    public double Dt { get; set; } = NetworkReader.DefaultDtMs;

    /// <summary>How long to simulate, ms.</summary>
    public double Duration { get; set; }

    /// <summary>Seed of every random number.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Element type of state and input.</summary>
    public Precision Precision { get; set; } = Precision.Single;

    /// <summary>How static weights are stored.</summary>
    public WeightPrecision WeightPrecision { get; set; } = WeightPrecision.Full;

    /// <summary>Batch items of a layered network: copies of its state that run together and share weights. Null: not a layered network.</summary>
    public int? Batch { get; set; }

    /// <summary>Folder of the files that inputs and projections name; null: the current one.</summary>
    public string? Directory { get; set; }

    /// <summary>Declares a population.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">Number of neurons.</param>
    /// <param name="model">Its model; may be left out where the population is like another.</param>
    public PopulationBuilder Population(string name, int size, string? model = null)
    {
        var value = SourceValue.OfObject().With("size", SourceValue.OfNumber(size));
        Add(_populations, "populations", name, value);
        return new PopulationBuilder(model is null ? value : value.With("model", SourceValue.OfText(model)));
    }

    /// <summary>Declares a population whose neurons have an arrangement.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">[features] or [channels, height, width].</param>
    /// <param name="model">Its model; may be left out where the population is like another.</param>
    public PopulationBuilder Population(string name, IReadOnlyList<int> shape, string? model = null)
    {
        var value = SourceValue.OfObject().With("shape", Trees.Of(shape.Select(d => (double)d)));
        Add(_populations, "populations", name, value);
        return new PopulationBuilder(model is null ? value : value.With("model", SourceValue.OfText(model)));
    }

    /// <summary>Declares an independent Poisson process for every neuron: give its rate and weight.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="to">The populations that it drives.</param>
    public InputBuilder Poisson(string name, params IReadOnlyList<string> to) => Input(name, "poisson", to);

    /// <summary>Declares a current: give its amplitude, or times and amplitudes.</summary>
    /// <inheritdoc cref="Poisson"/>
    public InputBuilder Dc(string name, params IReadOnlyList<string> to) => Input(name, "dc", to);

    /// <summary>Declares given spikes, the same for every neuron: give times and a weight.</summary>
    /// <inheritdoc cref="Poisson"/>
    public InputBuilder SpikeTimes(string name, params IReadOnlyList<string> to) => Input(name, "spike_times", to);

    /// <summary>Declares a Gaussian current: give mean and std.</summary>
    /// <inheritdoc cref="Poisson"/>
    public InputBuilder Noise(string name, params IReadOnlyList<string> to) => Input(name, "noise", to);

    /// <summary>Declares values from a .npy file: give file and kind.</summary>
    /// <inheritdoc cref="Poisson"/>
    public InputBuilder Array(string name, params IReadOnlyList<string> to) => Input(name, "array", to);

    /// <summary>Declares the samples of a file as spikes: give file, encoder, present and weight.</summary>
    /// <inheritdoc cref="Poisson"/>
    public InputBuilder Encode(string name, params IReadOnlyList<string> to) => Input(name, "encode", to);

    /// <summary>Declares the events of a file as spikes: give file, format, shape and weight.</summary>
    /// <inheritdoc cref="Poisson"/>
    public InputBuilder Events(string name, params IReadOnlyList<string> to) => Input(name, "events", to);

    /// <summary>Declares a reward that is the same always.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The reward.</param>
    public NetworkBuilder Reward(string name, double value) => Reward(name, SourceValue.OfObject().With("value", SourceValue.OfNumber(value)));

    /// <summary>Declares a reward from a .npy file: one row every so often, of one number or one a batch item.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file.</param>
    /// <param name="every">Time that a row holds, ms; null: a step.</param>
    public NetworkBuilder Reward(string name, string file, double? every = null)
    {
        var value = SourceValue.OfObject().With("file", SourceValue.OfText(file));
        return Reward(name, every is { } ms ? value.With("every", SourceValue.OfNumber(ms)) : value);
    }

    /// <summary>Declares a critic: every spike of a population is right or wrong.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="of">The population.</param>
    /// <param name="wanted">A .npy file: not 0 where a spike is right, one row every so often.</param>
    /// <param name="every">Time that a row holds, ms.</param>
    /// <param name="right">What a right spike is worth.</param>
    /// <param name="wrong">What a wrong one is.</param>
    public NetworkBuilder Critic(string name, string of, string wanted, double every, double right = 1, double wrong = -1) => Reward(name, SourceValue.OfObject()
        .With("of", SourceValue.OfText(of))
        .With("wanted", SourceValue.OfText(wanted))
        .With("every", SourceValue.OfNumber(every))
        .With("right", SourceValue.OfNumber(right))
        .With("wrong", SourceValue.OfNumber(wrong)));

    /// <summary>Declares a reward that the program computes: <see cref="Simulation.SimulationOptions.Rewards"/>.</summary>
    /// <param name="name">Its name.</param>
    public NetworkBuilder Reward(string name) => Reward(name, SourceValue.OfObject());

    /// <summary>All batch items of a layered network begin anew at these times, ms.</summary>
    /// <param name="ms">Ascending.</param>
    public NetworkBuilder Resets(params IReadOnlyList<double> ms)
    {
        _reset = Trees.Of(ms);
        return this;
    }

    /// <summary>All batch items of a layered network begin anew at regular intervals.</summary>
    /// <param name="ms">Time from one to the next.</param>
    public NetworkBuilder ResetEvery(double ms)
    {
        _reset = SourceValue.OfObject().With("every", SourceValue.OfNumber(ms));
        return this;
    }

    /// <summary>Declares synapses: give a connector and a weight.</summary>
    /// <param name="from">Source population.</param>
    /// <param name="to">Target populations.</param>
    public ProjectionBuilder Projection(string from, params IReadOnlyList<string> to) => Projection([from], to);

    /// <summary>Declares synapses: give a connector and a weight.</summary>
    /// <param name="from">Source populations.</param>
    /// <param name="to">Target populations.</param>
    public ProjectionBuilder Projection(IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        var value = SourceValue.OfObject().With("from", Trees.Of(from)).With("to", Trees.Of(to));
        _projections.Add(value);
        return new ProjectionBuilder(value);
    }

    /// <summary>Writes the spikes of these populations; without it, of all.</summary>
    /// <param name="populations">Their names; none: nothing is written.</param>
    public NetworkBuilder RecordSpikes(params IReadOnlyList<string> populations)
    {
        _spikes = populations;
        return this;
    }

    /// <summary>Writes state variables of a population.</summary>
    /// <param name="of">The population.</param>
    /// <param name="variables">Names of the variables.</param>
    /// <param name="every">Time between two samples, ms.</param>
    /// <param name="neurons">Which neurons; null: all.</param>
    public NetworkBuilder RecordState(string of, IReadOnlyList<string> variables, double every = RecordReader.DefaultEveryMs, IReadOnlyList<int>? neurons = null)
    {
        var value = SourceValue.OfObject().With("of", SourceValue.OfText(of)).With("variables", Trees.Of(variables)).With("every", SourceValue.OfNumber(every));
        _states.Add(neurons is null ? value : value.With("neurons", Trees.Of(neurons.Select(n => (double)n))));
        return this;
    }

    /// <summary>Writes the weights of these projections at the end.</summary>
    /// <param name="projections">Their names.</param>
    public NetworkBuilder RecordWeights(params IReadOnlyList<string> projections)
    {
        _weights = projections;
        return this;
    }

    /// <summary>The network.</summary>
    /// <exception cref="NetworkException">Anything is wrong with it; all mistakes are listed.</exception>
    public Network Build()
    {
        var reading = Read();
        return reading.Network ?? throw new NetworkException(reading.Problems);
    }

    /// <summary>The network, or everything that is wrong with it.</summary>
    public NetworkReading Read()
    {
        var problems = new Problems();
        foreach (var problem in _twice)
        {
            problems.Add(null, 0, problem.Path, problem.Message);
        }

        return NetworkFile.Read(Tree(), problems, Directory);
    }

    private SourceValue Tree()
    {
        var record = SourceValue.OfObject().With("state", SourceValue.OfItems(_states)).With("weights", Trees.Of(_weights));
        var root = SourceValue.OfObject().With("snn", SourceValue.OfNumber(1)).With("name", SourceValue.OfText(_name));
        if (Batch is { } batch)
        {
            root.With("batch", SourceValue.OfNumber(batch));
        }

        if (_reset is { } reset)
        {
            root.With("reset", reset);
        }

        return root
            .With("dt", SourceValue.OfNumber(Dt))
            .With("duration", SourceValue.OfNumber(Duration))
            .With("seed", SourceValue.OfDigits(Seed.ToString(CultureInfo.InvariantCulture)))
            .With("precision", SourceValue.OfText(Precision == Precision.Single ? "single" : "double"))
            .With("weight_precision", SourceValue.OfText(WeightPrecision == WeightPrecision.Full ? "full" : "half"))
            .With("populations", _populations)
            .With("inputs", _inputs)
            .With("projections", SourceValue.OfItems(_projections))
            .With("record", _spikes is null ? record : record.With("spikes", Trees.Of(_spikes)));
    }

    private NetworkBuilder Reward(string name, SourceValue value)
    {
        Add(_inputs, "inputs", name, value.With("model", SourceValue.OfText("reward")));
        return this;
    }

    private InputBuilder Input(string name, string model, IReadOnlyList<string> to)
    {
        var value = SourceValue.OfObject().With("model", SourceValue.OfText(model)).With("to", Trees.Of(to));
        Add(_inputs, "inputs", name, value);
        return new InputBuilder(value);
    }

    private void Add(SourceValue parent, string path, string name, SourceValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (parent.Find(name) is null)
        {
            parent.With(name, value);
            return;
        }

        _twice.Add(new NetworkProblem(SourcePath.Append(path, SourcePath.Key(name)), 0, 0, $"{Say.Quote(name)} is declared twice; choose another name for one of them"));
    }
}
