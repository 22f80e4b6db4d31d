using Snn.Actors.Simulation;
using Snn.Kernels.Neurons;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Plasticity.Layers.Rules;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the learning rules of projections.</summary>
internal sealed class LearningReader(Problems problems, Targets targets, IReadOnlyDictionary<string, Reward?> rewards, double dtMs)
{
    /// <summary>The rule of a projection between two populations; null, and a problem, where it is wrong.</summary>
    /// <param name="at">Where it stands.</param>
    /// <param name="connector">Connector of the projection, if it is known.</param>
    /// <param name="from">Source.</param>
    /// <param name="to">Target.</param>
    /// <param name="weight">Weights to start from.</param>
    /// <param name="port">The receptor that is named, or null.</param>
    public Learning? Read(At at, Connector? connector, PopulationDraft? from, PopulationDraft? to, Distribution? weight, int? port)
    {
        const string Form = "a learning rule, as in {\"rule\": \"mstdpet\", \"lr\": 0.01, \"reward\": \"reward\"}";
        if (ObjectReader.Open(problems, at, Form) is not { } reader || reader.Required("rule", $"\"rule\": one of {Say.List(Names, "or")}") is not { } nameAt)
        {
            return null;
        }

        if (Values.Choice(problems, nameAt, "learning rule", Names) is not { } name)
        {
            return null;
        }

        return LearningRules.Find(name) is LayerRule rule
            ? ReadOfLayer(at, reader, rule, connector, from, to)
            : ReadOfSynapses(at, reader, SynapseModels.Find(name)!, to, weight, port);
    }

    private SynapseLearning? ReadOfSynapses(At at, ObjectReader reader, SynapseModel rule, PopulationDraft? to, Distribution? weight, int? port)
    {
        var parameters = Parameters(reader, rule.ParameterTable, rule.DefaultParameters());
        var dopamine = rule.UsesDopamine ? targets.Read(reader.Required("dopamine", "\"dopamine\": \"D\" (the population whose spikes release it, or an array of them)")) : [];
        var delay = rule.UsesDopamine ? targets.DelaySteps(reader.Optional("dopamine_delay"), reader.At) : 0;
        reader.Close();
        if (targets.IsLayered)
        {
            problems.Add(at, $"{rule.Name} is a rule of sparse networks; remove \"batch\", or use one of {Say.List(LearningRules.All.OfType<LayerRule>().Select(r => r.Name), "or")}");
            return null;
        }

        if (parameters is null || delay is null || dopamine.Any(d => d.Finished is null) || (rule.UsesDopamine && dopamine.Count == 0)
            || (weight is not null && !AreSound(at, rule, parameters, weight, to, port)))
        {
            return null;
        }

        return new SynapseLearning { Rule = rule, Parameters = parameters, Dopamine = [.. dopamine.Select(d => d.Finished!)], DopamineDelaySteps = delay.Value };
    }

    /// <summary>Whether parameters and weights go together.</summary>
    private bool AreSound(At at, SynapseModel rule, double[] parameters, Distribution weight, PopulationDraft? to, int? port)
    {
        var (least, greatest) = weight.Range();
        var wrong = rule.Check(parameters, least, greatest).ToList();
        foreach (var problem in wrong)
        {
            problems.Add(at, $"{rule.Name}: {problem.Message}");
        }

        if (wrong.Count == 0 && rule.LooksAtTargets && rule.WeightSign(parameters) == 0 && port is null && to?.Model is { } model && model.PortsBySign() is [var positive, .. var rest] && rest.Any(p => p != positive))
        {
            problems.Add(at, $"weights that learn by {rule.Name} may change their sign, but {model.Name}, the model of {Say.Quote(to.Name)}, has a receptor for each; use bounds of one sign, or name the \"receptor\"");
            return false;
        }

        return wrong.Count == 0;
    }

    /// <summary>Every parameter of a rule, in the order of its table; null where one is wrong.</summary>
    private double[]? Parameters(ObjectReader reader, IReadOnlyList<ParameterDescription> table, double[] defaults)
    {
        var values = new double?[table.Count];
        for (var i = 0; i < table.Count; i++)
        {
            values[i] = reader.Optional(table[i].Name) is { } at ? ParameterReader.Single(problems, table[i], at) : defaults[i];
        }

        return values.Contains(null) ? null : [.. values.Select(v => v!.Value)];
    }

    /// <summary>Parameters that go together; else null, and problems.</summary>
    private double[]? Checked(At at, LayerRule rule, double[]? parameters)
    {
        var wrong = parameters is null ? [] : rule.Check(parameters).ToList();
        wrong.ForEach(w => problems.Add(at, w.Message));
        return wrong.Count == 0 ? parameters : null;
    }

    private static IReadOnlyList<string> Names => [.. LearningRules.All.Select(r => r.Name)];

    private LayerLearning? ReadOfLayer(At at, ObjectReader reader, LayerRule rule, Connector? connector, PopulationDraft? from, PopulationDraft? to)
    {
        var parameters = Checked(at, rule, Parameters(reader, rule.ParameterTable, rule.DefaultParameters()));
        var start = reader.Optional("start") is { } s ? Values.Steps(problems, s, "start", dtMs, 0) : 0;
        var stop = reader.Optional("stop") is { } e ? Values.Steps(problems, e, "stop", dtMs, 0) : long.MaxValue;
        var every = reader.Optional("every") is { } v ? (int?)Values.Steps(problems, v, "every", dtMs, 1, int.MaxValue) : 1;
        var reward = rule.UsesReward ? ReadReward(reader) : null;
        reader.Close();
        if (!targets.IsLayered)
        {
            problems.Add(at, $"{rule.Name} is a rule of layered networks; add \"batch\": 1, or how many copies of the network's state are to run together");
            return null;
        }

        if (connector is not (null or Connector.Linear or Connector.Conv2d))
        {
            problems.Add(at, $"{rule.Name} learns the weights of the connectors linear and conv2d; use one of them, or remove \"learning\"");
            return null;
        }

        if (start >= stop)
        {
            problems.Add(at, $"start = {Say.Number(Values.Tidy(start.Value, dtMs))} ms is not before stop = {Say.Number(Values.Tidy(stop.Value, dtMs))} ms; give start < stop");
        }

        var hasTraces = HasTraces(at, rule, from, to);
        return parameters is null || start is null || stop is null || every is null || !hasTraces || (rule.UsesReward && reward is null) ? null : new LayerLearning
        {
            Rule = rule,
            Parameters = parameters,
            Reward = reward,
            StartStep = start.Value,
            StopStep = stop.Value,
            EverySteps = every.Value,
        };
    }

    /// <summary>Whether the populations have the traces that a rule looks at.</summary>
    private bool HasTraces(At at, LayerRule rule, PopulationDraft? from, PopulationDraft? to)
    {
        var needed = rule.Traces switch
        {
            TraceSource.OfBoth => new[] { from, to },
            TraceSource.OfSource => [from],
            _ => [],
        };
        var without = needed.FirstOrDefault(p => p?.Model is { } model && TraceColumn(model) < 0);
        if (without is not null)
        {
            var models = NeuronModels.All.Where(m => TraceColumn(m) >= 0).Select(m => m.Name);
            problems.Add(at, $"{rule.Name} looks at traces of the populations, but {without.Model!.Name}, the model of {Say.Quote(without.Name)}, has none; use one of {Say.List(models, "or")}, or a rule with traces of its own");
        }

        return without is null;
    }

    /// <summary>The column of a model's trace of its own spikes, or -1.</summary>
    public static int TraceColumn(NeuronModel model) => model.StateTable.FirstOrDefault(s => s.Name == "trace")?.Column ?? -1;

    private Reward? ReadReward(ObjectReader reader)
    {
        if (reader.Required("reward", "\"reward\": the name of an input of model \"reward\"") is not { } at || Values.Text(problems, at, "the name of a reward") is not { } name)
        {
            return null;
        }

        if (!rewards.TryGetValue(name, out var reward))
        {
            problems.Add(at, $"unknown reward {Say.Quote(name)}{Say.Instead(name, [.. rewards.Keys])}; a reward is an input, as in \"inputs\": {{\"reward\": {{\"model\": \"reward\", \"value\": 1}}}}");
        }

        return reward;
    }
}
