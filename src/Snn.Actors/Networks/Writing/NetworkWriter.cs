using System.Globalization;
using Snn.Actors.Networks.Reading;
using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Writing;

/// <summary>A network as the tree of a file: the canonical form, in which every default is written out.</summary>
internal static class NetworkWriter
{
    /// <summary>The tree.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ofFiles">What stands for the file of an array input.</param>
    public static SourceValue Tree(Network network, Func<ArrayInput, string> ofFiles)
    {
        var root = SourceValue.OfObject()
            .With("snn", SourceValue.OfNumber(1))
            .With("name", SourceValue.OfText(network.Name))
            .With("dt", SourceValue.OfNumber(network.DtMs))
            .With("duration", Time(network, network.DurationSteps))
            .With("seed", SourceValue.OfDigits(network.Seed.ToString(CultureInfo.InvariantCulture)))
            .With("precision", SourceValue.OfText(network.Precision == Precision.Single ? "single" : "double"))
            .With("weight_precision", SourceValue.OfText(network.WeightPrecision == WeightPrecision.Full ? "full" : "half"));
        var populations = SourceValue.OfObject();
        foreach (var population in network.Populations)
        {
            populations.With(population.Name, Of(population));
        }

        var inputs = SourceValue.OfObject();
        foreach (var group in network.Inputs.GroupBy(i => i.Name))
        {
            inputs.With(group.Key, InputWriter.Tree(network, [.. group], ofFiles));
        }

        return root
            .With("populations", populations)
            .With("inputs", inputs)
            .With("projections", SourceValue.OfItems([.. network.Projections.Select(Of)]))
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
            if (given is not [Distribution.Constant { Value: var value }] || double.IsFinite(value))
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

        return SourceValue.OfObject()
            .With("size", SourceValue.OfNumber(population.Size))
            .With("model", SourceValue.OfText(population.Model.Name))
            .With("params", parameters)
            .With("initial", initial);
    }

    private static SourceValue Of(ParameterDescription description, IReadOnlyList<Distribution> given)
    {
        if (description.IsList)
        {
            return SourceValue.OfItems([.. given.Select(Trees.OfElement)]);
        }

        return description.Info.IsSwitch && given[0] is Distribution.Constant on ? SourceValue.OfSwitch(on.Value != 0) : Trees.Of(given[0]);
    }

    private static SourceValue Of(Projection projection)
    {
        var value = SourceValue.OfObject()
            .With("name", SourceValue.OfText(projection.Name))
            .With("from", SourceValue.OfText(projection.Source.Name))
            .With("to", SourceValue.OfText(projection.Target.Name))
            .With("rule", Rule(projection.Connector))
            .With("allow_autapses", SourceValue.OfSwitch(projection.Connector.AllowAutapses))
            .With("allow_multapses", SourceValue.OfSwitch(projection.Connector.AllowMultapses))
            .With("synapse", SourceValue.OfText("static"))
            .With("weight", Trees.Of(projection.Weight))
            .With("delay", Trees.Of(projection.DelayMs));
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
        _ => throw new ArgumentException($"unknown connector {connector}", nameof(connector)),
    };

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
