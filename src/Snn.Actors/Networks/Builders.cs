using Snn.Actors.Networks.Source;
using Snn.Actors.Networks.Writing;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Networks;

/// <summary>The rest of a population's declaration.</summary>
public sealed class PopulationBuilder
{
    private readonly SourceValue _value;

    internal PopulationBuilder(SourceValue value) => _value = value;

    /// <summary>Takes model, parameters and initial values of another population.</summary>
    public PopulationBuilder Like(string population) => Set("like", SourceValue.OfText(population));

    /// <summary>Sets a parameter.</summary>
    public PopulationBuilder Param(string name, Distribution value) => SetIn("params", name, Trees.Of(value));

    /// <summary>Sets a switch.</summary>
    public PopulationBuilder Param(string name, bool value) => SetIn("params", name, SourceValue.OfSwitch(value));

    /// <summary>Sets a parameter that is a choice between words.</summary>
    public PopulationBuilder Param(string name, string choice) => SetIn("params", name, SourceValue.OfText(choice));

    /// <summary>Sets a parameter to null, where its model allows that.</summary>
    public PopulationBuilder ParamNull(string name) => SetIn("params", name, SourceValue.OfNull(null, 0));

    /// <summary>Sets a parameter that is a list.</summary>
    public PopulationBuilder Param(string name, IReadOnlyList<Distribution> elements) =>
        SetIn("params", name, SourceValue.OfItems([.. elements.Select(Trees.OfElement)]));

    /// <summary>Sets the initial value of a state variable.</summary>
    public PopulationBuilder Initial(string name, Distribution value) => SetIn("initial", name, Trees.Of(value));

    /// <summary>Keeps populations that are given the same number together on one rank; from 0 on.</summary>
    public PopulationBuilder Place(int group) => Set("place", SourceValue.OfNumber(group));

    private PopulationBuilder Set(string key, SourceValue value)
    {
        _value.Set(key, value);
        return this;
    }

    private PopulationBuilder SetIn(string key, string name, SourceValue value)
    {
        if (_value.Find(key) is null)
        {
            _value.With(key, SourceValue.OfObject());
        }

        _value.Find(key)!.Value.Set(name, value);
        return this;
    }
}

/// <summary>The rest of an input's declaration. Which of the words it needs depends on its model, as in a file.</summary>
public sealed partial class InputBuilder
{
    private readonly SourceValue _value;

    internal InputBuilder(SourceValue value) => _value = value;

    /// <summary>Rate, Hz.</summary>
    public InputBuilder Rate(Distribution hz) => Set("rate", Trees.Of(hz));

    /// <summary>Rate of one of the target populations, Hz.</summary>
    public InputBuilder Rate(string population, Distribution hz) => SetIn("rate", population, Trees.Of(hz));

    /// <summary>Weight, in the unit of the receptor.</summary>
    public InputBuilder Weight(Distribution weight) => Set("weight", Trees.Of(weight));

    /// <summary>Weight for one of the target populations.</summary>
    public InputBuilder Weight(string population, Distribution weight) => SetIn("weight", population, Trees.Of(weight));

    /// <summary>Delay, ms.</summary>
    public InputBuilder Delay(double ms) => Set("delay", SourceValue.OfNumber(ms));

    /// <summary>Delay to one of the target populations, ms.</summary>
    public InputBuilder Delay(string population, double ms) => SetIn("delay", population, SourceValue.OfNumber(ms));

    /// <summary>Name of the receptor.</summary>
    public InputBuilder Receptor(string name) => Set("receptor", SourceValue.OfText(name));

    /// <summary>Time at which it goes on, ms.</summary>
    public InputBuilder Start(double ms) => Set("start", SourceValue.OfNumber(ms));

    /// <summary>Time at which it goes off, ms.</summary>
    public InputBuilder Stop(double ms) => Set("stop", SourceValue.OfNumber(ms));

    /// <summary>Only these neurons.</summary>
    public InputBuilder Neurons(IReadOnlyList<int> ascending) => Set("neurons", Trees.Of(ascending.Select(n => (double)n)));

    /// <summary>Only the neurons from the first one to the one before the end.</summary>
    public InputBuilder Neurons(Range range) =>
        Set("neurons", SourceValue.OfObject().With("range", SourceValue.OfNumbers([range.Start.Value, range.End.Value])));

    /// <summary>Amplitude, pA.</summary>
    public InputBuilder Amplitude(Distribution pa) => Set("amplitude", Trees.Of(pa));

    /// <summary>Amplitude for one of the target populations, pA.</summary>
    public InputBuilder Amplitude(string population, Distribution pa) => SetIn("amplitude", population, Trees.Of(pa));

    /// <summary>Times of spikes or amplitudes, ms.</summary>
    public InputBuilder Times(IReadOnlyList<double> ms) => Set("times", Trees.Of(ms));

    /// <summary>Amplitudes, pA, one a time.</summary>
    public InputBuilder Amplitudes(IReadOnlyList<Distribution> pa) => Set("amplitudes", SourceValue.OfItems([.. pa.Select(Trees.Of)]));

    /// <summary>Factors to the weight, one a time.</summary>
    public InputBuilder Weights(IReadOnlyList<double> factors) => Set("weights", Trees.Of(factors));

    /// <summary>Mean, pA.</summary>
    public InputBuilder Mean(double pa) => Set("mean", SourceValue.OfNumber(pa));

    /// <summary>Mean for one of the target populations, pA.</summary>
    public InputBuilder Mean(string population, double pa) => SetIn("mean", population, SourceValue.OfNumber(pa));

    /// <summary>Standard deviation, pA.</summary>
    public InputBuilder Std(double pa) => Set("std", SourceValue.OfNumber(pa));

    /// <summary>Standard deviation for one of the target populations, pA.</summary>
    public InputBuilder Std(string population, double pa) => SetIn("std", population, SourceValue.OfNumber(pa));

    /// <summary>Time that a draw of noise holds, ms.</summary>
    public InputBuilder Dt(double ms) => Set("dt", SourceValue.OfNumber(ms));

    /// <summary>The file: .npy, IDX or events, as the model asks for.</summary>
    public InputBuilder File(string path) => Set("file", SourceValue.OfText(path));

    /// <summary>What the file holds.</summary>
    public InputBuilder Kind(ArrayKind kind) => Set("kind", SourceValue.OfText(kind == ArrayKind.Spikes ? "spikes" : "current"));

    /// <summary>Time from one row to the next, ms.</summary>
    public InputBuilder Every(double ms) => Set("every", SourceValue.OfNumber(ms));

    private InputBuilder Set(string key, SourceValue value)
    {
        _value.Set(key, value);
        return this;
    }

    private InputBuilder SetIn(string key, string population, SourceValue value)
    {
        if (_value.Find(key) is null)
        {
            _value.With(key, SourceValue.OfObject());
        }

        _value.Find(key)!.Value.Set(population, value);
        return this;
    }
}

/// <summary>The rest of a projection's declaration.</summary>
public sealed class ProjectionBuilder
{
    private readonly SourceValue _value;

    internal ProjectionBuilder(SourceValue value) => _value = value;

    /// <summary>Every source to every target.</summary>
    public ProjectionBuilder AllToAll() => Set("rule", SourceValue.OfText("all_to_all"));

    /// <summary>Source i to target i.</summary>
    public ProjectionBuilder OneToOne() => Set("rule", SourceValue.OfText("one_to_one"));

    /// <summary>Every target draws so many sources.</summary>
    public ProjectionBuilder FixedIndegree(int indegree) => Rule("fixed_indegree", SourceValue.OfNumber(indegree));

    /// <summary>Every source draws so many targets.</summary>
    public ProjectionBuilder FixedOutdegree(int outdegree) => Rule("fixed_outdegree", SourceValue.OfNumber(outdegree));

    /// <summary>So many synapses each draw source and target.</summary>
    public ProjectionBuilder FixedTotalNumber(long count) => Rule("fixed_total_number", SourceValue.OfNumber(count));

    /// <summary>Every pair is connected with a probability.</summary>
    public ProjectionBuilder PairwiseBernoulli(double probability) => Rule("pairwise_bernoulli", SourceValue.OfNumber(probability));

    /// <summary>The given pairs.</summary>
    /// <param name="sources">[synapse]</param>
    /// <param name="targets">[synapse]</param>
    public ProjectionBuilder List(IReadOnlyList<int> sources, IReadOnlyList<int> targets) => Rule("list", SourceValue.OfObject()
        .With("sources", Trees.Of(sources.Select(s => (double)s)))
        .With("targets", Trees.Of(targets.Select(t => (double)t))));

    /// <summary>Every source to every target, with a matrix of weights [target, source]; layered networks.</summary>
    public ProjectionBuilder Linear() => Set("rule", SourceValue.OfText("linear"));

    /// <summary>Kernels that slide over an image; layered networks.</summary>
    /// <param name="kernel">Height and width.</param>
    /// <param name="stride">Steps, down and across; null: 1.</param>
    /// <param name="padding">Rows and columns of silence around the image; null: none.</param>
    /// <param name="dilation">Distance of neighbouring taps; null: 1.</param>
    public ProjectionBuilder Conv2d(Pair2d kernel, Pair2d? stride = null, Pair2d? padding = null, Pair2d? dilation = null) =>
        Rule("conv2d", Window(kernel, stride, padding, dilation));

    /// <summary>A window that slides over every channel: what spikes in it arrives once; layered networks.</summary>
    /// <param name="kernel">Height and width.</param>
    /// <param name="stride">Steps, down and across; null: the kernel.</param>
    /// <param name="padding">Rows and columns of silence around the image; null: none.</param>
    /// <param name="dilation">Distance of neighbouring places; null: 1.</param>
    /// <param name="ceilMode">Whether a window may reach over the end of the image.</param>
    public ProjectionBuilder MaxPool2d(Pair2d kernel, Pair2d? stride = null, Pair2d? padding = null, Pair2d? dilation = null, bool ceilMode = false) =>
        Rule("max_pool2d", Window(kernel, stride, padding, dilation).With("ceil_mode", SourceValue.OfSwitch(ceilMode)));

    /// <summary>Windows that cut the image of the source as evenly as the target's image asks for; layered networks.</summary>
    public ProjectionBuilder AdaptiveMaxPool2d() => Set("rule", SourceValue.OfText("adaptive_max_pool2d"));

    /// <summary>What is added in every step; layered networks.</summary>
    public ProjectionBuilder Bias(Distribution bias) => Set("bias", Trees.Of(bias));

    /// <summary>1 where there is a synapse and 0 where there is none, [target, source]; linear connectors.</summary>
    public ProjectionBuilder Mask(IReadOnlyList<double> mask) => Set("mask", Trees.Of(mask));

    /// <summary>What happens to a spike that enters while another is on its way; layered networks.</summary>
    public ProjectionBuilder DelayRule(DelayRule rule) => Set("delay_rule", SourceValue.OfText(rule switch
    {
        Kernels.Synapses.Layers.DelayRule.Overwrite => "overwrite",
        Kernels.Synapses.Layers.DelayRule.Accumulate => "accumulate",
        _ => "queue",
    }));

    /// <summary>Learns by a rule.</summary>
    /// <param name="rule">Its name.</param>
    /// <param name="parameters">Its parameters; those that are left out have their defaults.</param>
    public ProjectionBuilder Learning(string rule, params IReadOnlyList<(string Name, double Value)> parameters)
    {
        SetIn("learning", "rule", SourceValue.OfText(rule));
        foreach (var (name, value) in parameters)
        {
            SetIn("learning", name, SourceValue.OfNumber(value));
        }

        return this;
    }

    /// <summary>A parameter of the learning rule that is a word.</summary>
    public ProjectionBuilder LearningWord(string name, string word) => SetIn("learning", name, SourceValue.OfText(word));

    /// <summary>The reward of the learning rule.</summary>
    /// <param name="reward">Its name.</param>
    public ProjectionBuilder RewardedBy(string reward) => SetIn("learning", "reward", SourceValue.OfText(reward));

    /// <summary>When weights change.</summary>
    /// <param name="start">From here on, ms.</param>
    /// <param name="stop">Until here, ms; null: to the end.</param>
    /// <param name="every">At the end of so many ms; null: of every step.</param>
    public ProjectionBuilder LearningTime(double start = 0, double? stop = null, double? every = null)
    {
        SetIn("learning", "start", SourceValue.OfNumber(start));
        foreach (var (key, ms) in new[] { ("stop", stop), ("every", every) })
        {
            if (ms is { } given)
            {
                SetIn("learning", key, SourceValue.OfNumber(given));
            }
        }

        return this;
    }

    /// <summary>Weights, in the unit of the receptor.</summary>
    public ProjectionBuilder Weight(Distribution weight) => Set("weight", Trees.Of(weight));

    /// <summary>Delays, ms.</summary>
    public ProjectionBuilder Delay(Distribution ms) => Set("delay", Trees.Of(ms));

    /// <summary>Name of the receptor.</summary>
    public ProjectionBuilder Receptor(string name) => Set("receptor", SourceValue.OfText(name));

    /// <summary>Name of the projection.</summary>
    public ProjectionBuilder Name(string name) => Set("name", SourceValue.OfText(name));

    /// <summary>Whether a neuron may connect to itself.</summary>
    public ProjectionBuilder AllowAutapses(bool allow) => Set("allow_autapses", SourceValue.OfSwitch(allow));

    /// <summary>Whether two neurons may share several synapses.</summary>
    public ProjectionBuilder AllowMultapses(bool allow) => Set("allow_multapses", SourceValue.OfSwitch(allow));

    private ProjectionBuilder SetIn(string key, string name, SourceValue value)
    {
        if (_value.Find(key) is null)
        {
            _value.With(key, SourceValue.OfObject());
        }

        _value.Find(key)!.Value.Set(name, value);
        return this;
    }

    private static SourceValue Window(Pair2d kernel, Pair2d? stride, Pair2d? padding, Pair2d? dilation)
    {
        var value = SourceValue.OfObject().With("kernel", SourceValue.OfNumbers([kernel.Y, kernel.X]));
        foreach (var (key, pair) in new[] { ("stride", stride), ("padding", padding), ("dilation", dilation) })
        {
            if (pair is { } given)
            {
                value.With(key, SourceValue.OfNumbers([given.Y, given.X]));
            }
        }

        return value;
    }

    private ProjectionBuilder Rule(string name, SourceValue argument) => Set("rule", SourceValue.OfObject().With(name, argument));

    private ProjectionBuilder Set(string key, SourceValue value)
    {
        _value.Set(key, value);
        return this;
    }
}
