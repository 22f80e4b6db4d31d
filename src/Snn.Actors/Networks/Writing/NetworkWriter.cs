using System.Globalization;
using Snn.Actors.Networks.Reading;
using Snn.Actors.Networks.Source;
using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Writing;

/// <summary>A network as the tree of a file: the canonical form, in which every default is written out.</summary>
internal static class NetworkWriter
{
    /// <summary>The tree.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ofFiles">What stands for the file of an input.</param>
    /// <param name="namesFiles">Whether numbers that were read from a file are written as the name of the file, not one by one.</param>
    public static SourceValue Tree(Network network, Func<NetworkInput, string> ofFiles, bool namesFiles)
    {
        var root = SourceValue.OfObject()
            .With("snn", SourceValue.OfNumber(1))
            .With("name", SourceValue.OfText(network.Name))
            .With("dt", SourceValue.OfNumber(network.DtMs))
            .With("duration", Time(network, network.DurationSteps))
            .With("seed", SourceValue.OfDigits(network.Seed.ToString(CultureInfo.InvariantCulture)))
            .With("precision", SourceValue.OfText(network.Precision == Precision.Single ? "single" : "double"))
            .With("weight_precision", SourceValue.OfText(network.WeightPrecision == WeightPrecision.Full ? "full" : "half"));
        if (network.Batch is { } batch)
        {
            root.With("batch", SourceValue.OfNumber(batch));
        }

        var populations = SourceValue.OfObject();
        foreach (var population in network.Populations)
        {
            populations.With(population.Name, Of(population));
        }

        if (network.Resets is { } resets)
        {
            root.With("reset", resets.EverySteps > 0
                ? SourceValue.OfObject().With("every", Time(network, resets.EverySteps))
                : SourceValue.OfItems([.. resets.Steps.Select(s => Time(network, s))]));
        }

        var inputs = SourceValue.OfObject();
        foreach (var group in network.Inputs.GroupBy(i => i.Name))
        {
            inputs.With(group.Key, InputWriter.Tree(network, [.. group], ofFiles));
        }

        foreach (var reward in network.Rewards)
        {
            inputs.With(reward.Name, LearningWriter.Tree(network, reward, namesFiles));
        }

        return root
            .With("populations", populations)
            .With("inputs", inputs)
            .With("projections", SourceValue.OfItems([.. network.Projections.Select(p => Of(network, p, namesFiles))]))
            .With("record", Record(network));
    }

    /// <summary>A number of steps in ms.</summary>
    public static SourceValue Time(Network network, long steps)
    {
        var tidy = Values.Tidy(steps, network.DtMs);
        return SourceValue.OfNumber(Values.ToSteps(tidy, network.DtMs) == steps ? tidy : steps * network.DtMs);
    }

    /// <summary>The receptor to write, or null where the model's default is the same.</summary>
    public static string? Receptor(NeuronModel model, int? port)
    {
        var isDefault = port is null || (model.SpikePorts == 1 && port == model.PortTable[0].Column);
        return isDefault ? null : model.PortTable[port!.Value].Info.Name;
    }

    /// <summary>Adds the selected neurons, unless they are all.</summary>
    public static void AddNeurons(SourceValue value, NeuronSelection neurons, Population of)
    {
        if (neurons.List is not null || neurons.First != 0 || neurons.Count != of.Size)
        {
            value.With("neurons", Trees.Of(neurons));
        }
    }

    private static SourceValue Of(Population population)
    {
        var parameters = SourceValue.OfObject();
        foreach (var description in population.Model.ParameterTable)
        {
            // An infinite default is a bound that is not there; JSON has no word for it, so it is left out.
            var given = population.Parameters[description.Name];
            if (given is not [Distribution.Constant { Value: var value }] || !double.IsInfinity(value))
            {
                parameters.With(description.Name, Of(description, given));
            }
        }

        var initial = SourceValue.OfObject();
        foreach (var (name, _) in ParameterReader.StateNames(population.Model))
        {
            // Left out is what the model computes from parameters that differ between neurons.
            if (population.Initial.TryGetValue(name, out var value))
            {
                initial.With(name, Trees.Of(value));
            }
        }

        var tree = SourceValue.OfObject().With("size", SourceValue.OfNumber(population.Size));
        if (population.Shape.Count > 0)
        {
            tree.With("shape", Trees.Of(population.Shape.Select(d => (double)d)));
        }

        tree.With("model", SourceValue.OfText(population.Model.Name))
            .With("params", parameters)
            .With("initial", initial);
        return population.Place is { } place ? tree.With("place", SourceValue.OfNumber(place)) : tree;
    }

    private static SourceValue Of(ParameterDescription description, IReadOnlyList<Distribution> given)
    {
        if (description.IsList)
        {
            return SourceValue.OfItems([.. given.Select(Trees.OfElement)]);
        }

        return given[0] is Distribution.Constant { Value: var value } ? Trees.Of(description, value) : Trees.Of(given[0]);
    }

    private static SourceValue Of(Network network, Projection projection, bool namesFiles)
    {
        SourceValue Of(Distribution numbers) => namesFiles && numbers is Distribution.Array { File: { } file } ? OfFile(file) : Trees.Of(numbers);
        var value = SourceValue.OfObject()
            .With("name", SourceValue.OfText(projection.Name))
            .With("from", SourceValue.OfText(projection.Source.Name))
            .With("to", SourceValue.OfText(projection.Target.Name))
            .With("rule", Rule(projection.Connector))
            .With("allow_autapses", SourceValue.OfSwitch(projection.Connector.AllowAutapses))
            .With("allow_multapses", SourceValue.OfSwitch(projection.Connector.AllowMultapses))
            .With("synapse", SourceValue.OfText("static"))
            .With("weight", Of(projection.Weight))
            .With("delay", Of(projection.DelayMs));
        if (projection.Bias is { } bias)
        {
            value.With("bias", Of(bias));
        }

        if (projection.Mask is { } mask)
        {
            value.With("mask", Of(mask));
        }

        if (projection.DelayRule != DelayRule.Queue)
        {
            value.With("delay_rule", SourceValue.OfText(projection.DelayRule == DelayRule.Overwrite ? "overwrite" : "accumulate"));
        }

        if (projection.Learning is { } learning)
        {
            value.With("learning", LearningWriter.Tree(network, learning));
        }

        return Receptor(projection.Target.Model, projection.Port) is { } receptor
            ? value.With("receptor", SourceValue.OfText(receptor))
            : value;
    }

    private static SourceValue Rule(Connector connector) => connector switch
    {
        Connector.AllToAll => SourceValue.OfText("all_to_all"),
        Connector.OneToOne => SourceValue.OfText("one_to_one"),
        Connector.FixedIndegree c => Rule("fixed_indegree", SourceValue.OfNumber(c.Indegree)),
        Connector.FixedOutdegree c => Rule("fixed_outdegree", SourceValue.OfNumber(c.Outdegree)),
        Connector.FixedTotalNumber c => Rule("fixed_total_number", SourceValue.OfNumber(c.Count)),
        Connector.PairwiseBernoulli c => Rule("pairwise_bernoulli", SourceValue.OfNumber(c.Probability)),
        Connector.List c => Rule("list", SourceValue.OfObject()
            .With("sources", Trees.Of(c.Sources.Select(s => (double)s)))
            .With("targets", Trees.Of(c.Targets.Select(t => (double)t)))),
        Connector.Linear => SourceValue.OfText("linear"),
        Connector.AdaptiveMaxPool2d => SourceValue.OfText("adaptive_max_pool2d"),
        Connector.Conv2d c => Rule("conv2d", Window(c.Kernel, c.Stride, c.Padding, c.Dilation)),
        Connector.MaxPool2d c => Rule("max_pool2d", Window(c.Kernel, c.Stride, c.Padding, c.Dilation).With("ceil_mode", SourceValue.OfSwitch(c.CeilMode))),
        _ => throw new ArgumentException($"unknown connector {connector}", nameof(connector)),
    };

    private static SourceValue OfFile(string file)
    {
        var array = file.LastIndexOf('#');
        return SourceValue.OfObject().With("file", array < 0
            ? SourceValue.OfText(file)
            : SourceValue.OfObject().With("path", SourceValue.OfText(file[..array])).With("array", SourceValue.OfText(file[(array + 1)..])));
    }

    private static SourceValue Window(Pair2d kernel, Pair2d stride, Pair2d padding, Pair2d dilation) => SourceValue.OfObject()
        .With("kernel", SourceValue.OfNumbers([kernel.Y, kernel.X]))
        .With("stride", SourceValue.OfNumbers([stride.Y, stride.X]))
        .With("padding", SourceValue.OfNumbers([padding.Y, padding.X]))
        .With("dilation", SourceValue.OfNumbers([dilation.Y, dilation.X]));

    private static SourceValue Rule(string name, SourceValue argument) => SourceValue.OfObject().With(name, argument);

    private static SourceValue Record(Network network)
    {
        var states = network.Record.State.Select(state =>
        {
            var value = SourceValue.OfObject()
                .With("of", SourceValue.OfText(state.Of.Name))
                .With("variables", Trees.Of(state.Variables.Select(v => v.Name)));
            AddNeurons(value, state.Neurons, state.Of);
            return value.With("every", Time(network, state.EverySteps));
        });
        return SourceValue.OfObject()
            .With("spikes", Trees.Of(network.Record.Spikes.Select(p => p.Name)))
            .With("state", SourceValue.OfItems([.. states]))
            .With("weights", Trees.Of(network.Projections.Where(p => p.RecordWeights).Select(p => p.Name)));
    }
}
