using Snn.Actors.Networks.Source;
using Snn.Actors.Simulation;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the projections: one record a pair of source and target population.</summary>
internal sealed class ProjectionReader(Problems problems, Targets targets, double dtMs, ArrayFiles files, LearningReader learning)
{
    /// <summary>Most projections, pair by pair.</summary>
    public const int MaxProjections = 1_000_000;

    private static readonly Dictionary<string, DelayRule> DelayRules = new()
    {
        ["queue"] = DelayRule.Queue,
        ["overwrite"] = DelayRule.Overwrite,
        ["accumulate"] = DelayRule.Accumulate,
    };

    private readonly RuleReader _rules = new(problems, targets.IsLayered);
    private readonly List<Draft> _drafts = [];
    private readonly Dictionary<(string, string), int> _pairs = [];
    private readonly Dictionary<string, string> _names = [];

    /// <summary>Names of all projections, right or wrong, and for each declaration its own name, with the pairs that it stands for.</summary>
    public Dictionary<string, List<string>> Names { get; } = [];

    /// <summary>Whether every declaration could be named, so that an unknown name is known to be wrong.</summary>
    public bool AreNamesKnown { get; private set; } = true;

    /// <summary>Reads all projections; the names in the given set have their weights recorded.</summary>
    public void Read(At at)
    {
        if (at.Value.Kind != SourceKind.Array)
        {
            problems.Add(at, $"expected an array of projections, as in [{{\"from\": \"E\", \"to\": \"I\", \"rule\": \"all_to_all\", \"weight\": 1}}], got {Say.Given(at.Value)}");
            AreNamesKnown = false;
            return;
        }

        for (var i = 0; i < at.Value.Count; i++)
        {
            if (_drafts.Count > MaxProjections)
            {
                problems.Add(at, $"the projections connect more than {Say.Number(MaxProjections)} pairs of populations; use fewer, larger populations");
                return;
            }

            ReadProjection(at.Item(i));
        }
    }

    /// <summary>Where the weight of each projection of <see cref="Finish"/> was given, if nothing is wrong. [projection]</summary>
    public IReadOnlyList<At> WeightPlaces => [.. _drafts.Select(d => d.WeightAt)];

    /// <summary>The projections; those of the given names have their weights recorded.</summary>
    public IReadOnlyList<Projection> Finish(HashSet<string> recorded) =>
    [
        .. _drafts.Where(d => d.IsComplete).Select((d, i) => new Projection
        {
            Name = d.Name,
            Index = i,
            Source = d.From.Finished!,
            Target = d.To.Finished!,
            Connector = d.Connector!,
            Weight = d.Weight!,
            DelayMs = d.Delay!,
            Port = d.Port,
            Bias = d.Bias,
            Mask = d.Mask,
            DelayRule = d.DelayRule,
            Learning = d.Learning,
            RecordWeights = recorded.Contains(d.Name),
        }),
    ];

    private void ReadProjection(At at)
    {
        const string Form = "a projection, as in {\"from\": \"E\", \"to\": \"I\", \"rule\": {\"fixed_indegree\": 100}, \"weight\": 1}";
        if (ObjectReader.Open(problems, at, Form) is not { } reader)
        {
            AreNamesKnown = false;
            return;
        }

        var from = targets.Read(reader.Required("from", "\"from\": \"E\" (a population, or an array of them)"));
        var to = targets.Read(reader.Required("to", "\"to\": \"E\" (a population, or an array of them)"));
        var autapses = reader.Optional("allow_autapses") is { } a ? Values.Switch(problems, a, "allow_autapses") : true;
        var multapses = reader.Optional("allow_multapses") is { } m ? Values.Switch(problems, m, "allow_multapses") : true;
        var ruleAt = reader.Required("rule", "\"rule\": \"all_to_all\" or {\"fixed_indegree\": 100}");
        var connector = ruleAt is { } r ? _rules.Read(r, autapses ?? true, multapses ?? true) : null;
        ReadSynapse(reader);
        var delayRule = ReadDelayRule(reader);
        var name = reader.Optional("name") is { } n ? Name(n) : null;
        AreNamesKnown &= from.Count > 0 && to.Count > 0;
        var isAlone = from.Count == 1 && to.Count == 1;
        if (from.Count == 0 || to.Count == 0)
        {
            var likely = ReadWeight(reader, null, to.Count > 0 ? to[0] : null, connector, out _);
            ReadDelay(reader, PerSynapse(connector, null, null));
            ReadBias(reader, connector, null);
            ReadMask(reader, connector, null, null);
            ReadLearning(reader, connector, null, null, likely, null);
        }

        if ((long)from.Count * to.Count > MaxProjections)
        {
            problems.Add(at, $"this projection connects {Say.Number((double)from.Count * to.Count)} pairs of populations; a network has at most {Say.Number(MaxProjections)}");
            reader.Optional("weight");
            reader.Optional("delay");
            reader.Optional("receptor");
            reader.Optional("bias");
            reader.Optional("mask");
            reader.Optional("learning");
            reader.Close();
            return;
        }

        foreach (var source in from)
        {
            foreach (var target in to)
            {
                if (connector is not null)
                {
                    _rules.Check(ruleAt!.Value, connector, source, target);
                }

                var weights = ReadWeight(reader, source, target, connector, out var port);
                _drafts.Add(new Draft(NameOf(at, name, source, target, isAlone), source, target)
                {
                    WeightAt = at.Value.Find("weight") is { } weight ? at.Of(weight) : at,
                    Connector = connector,
                    Weight = weights,
                    Port = port,
                    Delay = ReadDelay(reader, PerSynapse(connector, source, target)),
                    Bias = ReadBias(reader, connector, target),
                    Mask = ReadMask(reader, connector, source, target),
                    DelayRule = delayRule,
                    Learning = ReadLearning(reader, connector, source, target, weights, port),
                });
            }
        }

        reader.Close();
    }

    private void ReadSynapse(ObjectReader reader)
    {
        reader.Later("plasticity", "a learning rule is given as \"learning\": {\"rule\": ...}");
        reader.Later("weights", "the weights are given as \"weight\": a number, a distribution or, with the rule \"list\", an array");
        reader.Later("delays", "the delays are given as \"delay\": a number, a distribution or, with the rule \"list\", an array");
        if (reader.Optional("synapse") is not { } at || (at.Value.Kind == SourceKind.Text && at.Value.Text == "static"))
        {
            return;
        }

        problems.Add(at, $"synapses are \"static\" unless a rule is given as \"learning\": {{\"rule\": \"stdp_synapse\"}}, got {Say.Given(at.Value)}; remove this key");
    }

    private Distribution? ReadWeight(ObjectReader reader, PopulationDraft? source, PopulationDraft? target, Connector? connector, out int? port)
    {
        var quantity = targets.Receptor(reader.Optional("receptor"), reader.At, target, out port);
        var isPool = connector is Connector.MaxPool2d or Connector.AdaptiveMaxPool2d;
        var at = isPool ? reader.Optional("weight") : reader.Required("weight", "\"weight\": 1 (in the unit of the receptor)");
        if (at is not { } found)
        {
            port ??= targets.IsLayered && isPool && target?.Model is { } model ? model.PortsBySign()[0] : null;
            return isPool && quantity is not null ? new Distribution.Constant(1) : null;
        }

        var weight = Distributions.Read(problems, found, quantity ?? new Quantity("weight", string.Empty), PerSynapse(connector, source, target));
        if (isPool && weight is not (null or Distribution.Constant))
        {
            problems.Add(found, "pooling has one weight: what arrives where any neuron of a window has spiked; give a number");
            return null;
        }

        if (targets.IsLayered && port is null && weight is not null && quantity is not null && target is not null)
        {
            port = PortOf(found, weight, target);
        }

        return quantity is null ? null : weight;
    }

    /// <summary>A connection of a layered network adds its weights to one receptor.</summary>
    private int? PortOf(At at, Distribution weight, PopulationDraft target)
    {
        var (least, greatest) = weight.Range();
        if (least < 0 && greatest > 0)
        {
            problems.Add(at, $"{target.Model!.Name}, the model of {Say.Quote(target.Name)}, has a receptor for each sign, and a connection of a layered network goes to one of them; use one projection for the positive and one for the negative weights");
            return null;
        }

        return target.Model!.PortsBySign()[least < 0 ? ^1 : 0];
    }

    private Distribution? ReadBias(ObjectReader reader, Connector? connector, PopulationDraft? target)
    {
        if (reader.Optional("bias") is not { } at)
        {
            return null;
        }

        var shape = connector switch
        {
            null => new ArrayShape(null, "target", "the projection") { Files = files },
            Connector.Linear => new ArrayShape(target?.Size, "target", "the projection") { Files = files },
            Connector.Conv2d => new ArrayShape(target?.Shape is [var channels, _, _] ? channels : null, "target channel", "the projection") { Files = files },
            _ => null,
        };
        if (shape is not null)
        {
            return Distributions.Read(problems, at, new Quantity("bias", string.Empty), shape);
        }

        problems.Add(at, "a bias belongs to the connectors linear and conv2d; remove it, or drive the population with a dc input");
        return null;
    }

    private Distribution.Array? ReadMask(ObjectReader reader, Connector? connector, PopulationDraft? source, PopulationDraft? target)
    {
        if (reader.Optional("mask") is not { } at)
        {
            return null;
        }

        if (connector is not (null or Connector.Linear))
        {
            problems.Add(at, "a mask belongs to the connector linear; remove it");
            return null;
        }

        var length = source?.Size is { } sources && target?.Size is { } targetSize ? (long?)sources * targetSize : null;
        var shape = new ArrayShape(length, "synapse", "the projection") { Files = files };
        switch (Distributions.Read(problems, at, new Quantity("mask", string.Empty) { Min = 0, Max = 1 }, shape))
        {
            case Distribution.Array mask when mask.Values.All(v => v is 0 or 1):
                return mask;
            case null:
                return null;
            default:
                problems.Add(at, "a mask is an array of 0 and 1, one a pair [target, source], or a file of them");
                return null;
        }
    }

    private Learning? ReadLearning(
        ObjectReader reader, Connector? connector, PopulationDraft? source, PopulationDraft? target, Distribution? weight, int? port) =>
        reader.Optional("learning") is { } at ? learning.Read(at, connector, source, target, weight, port) : null;

    private DelayRule ReadDelayRule(ObjectReader reader)
    {
        if (reader.Optional("delay_rule") is not { } at)
        {
            return DelayRule.Queue;
        }

        if (!targets.IsLayered)
        {
            problems.Add(at, "\"delay_rule\" belongs to layered networks; remove it: here every spike arrives after its delay");
            return DelayRule.Queue;
        }

        return Values.Choice(problems, at, "delay rule", DelayRules.Keys) is { } word ? DelayRules[word] : DelayRule.Queue;
    }

    private Distribution? ReadDelay(ObjectReader reader, ArrayShape? shape)
    {
        var at = reader.Optional("delay");
        if (at is null || at.Value.Value.Kind == SourceKind.Number)
        {
            return targets.DelaySteps(at, reader.At) is { } steps ? new Distribution.Constant(Values.Tidy(steps, dtMs)) : null;
        }

        if (double.IsNaN(dtMs))
        {
            return Distributions.Read(problems, at.Value, new Quantity("delay", "ms") { Min = 0 }, shape);
        }

        if (shape?.Layer is not null && at.Value.Value.Kind != SourceKind.Array && at.Value.Value.Find("file") is null && at.Value.Value.Find("array") is null)
        {
            problems.Add(at.Value, "the delays of a layered connection are one number, or listed one a synapse; give a number, an array or a file");
            return null;
        }

        // Half a step is the least time that rounds to one step.
        var drawn = new Quantity("delay", "ms")
        {
            Min = shape?.Layer is not null ? 0 : Values.Tidy(1, dtMs) / 2,
            MinSlack = 1e-9 * dtMs,
            MinReason = shape?.Layer is not null ? string.Empty : " (half a step of dt: delays are rounded to steps)",
            Max = Values.Tidy(Targets.MaxDelaySteps, dtMs),
            MaxIsPractical = true,
            MaxReason = $" ({Targets.MaxDelaySteps} steps)",
        };
        return Distributions.Read(problems, at.Value, drawn, shape);
    }

    /// <summary>What an array of weights or delays stands for.</summary>
    private ArrayShape? PerSynapse(Connector? connector, PopulationDraft? source, PopulationDraft? target)
    {
        switch (connector)
        {
            case null:
                return new ArrayShape(null, "synapse", "the list");
            case Connector.List list:
                return new ArrayShape(list.Sources.Count, "synapse", "the list") { Files = files };
            case Connector.Linear or Connector.Conv2d:
                var layer = InitialWeights.Shape(connector, source, target);
                var count = (long?)layer?.OutputChannels * layer?.Taps;
                return new ArrayShape(count, "synapse", "the projection")
                {
                    Files = files,
                    Layer = layer ?? ConvolutionShape.Linear(1, 1),
                };
            default:
                return null;
        }
    }

    /// <summary>Within a step populations advance one after another: connections without delay must not lead back.</summary>
    public void CheckCycles(At at)
    {
        var next = _drafts
            .Where(d => d.Delay is Distribution.Constant { Value: 0 } || (d.Delay is Distribution.Array list && list.Values.Contains(0)))
            .ToLookup(d => d.From, d => d.To);
        var done = new HashSet<PopulationDraft>();
        foreach (var start in next.Select(g => g.Key))
        {
            if (CycleFrom(start, next, done) is { } cycle)
            {
                problems.Add(at, $"connections without delay lead round in a circle: {Say.List(cycle.Select(p => p.Name))}; give one of them a delay of at least one step");
                return;
            }
        }
    }

    /// <summary>Depth first, without recursion: ten thousand populations in a row must not overflow the stack.</summary>
    private static List<PopulationDraft>? CycleFrom(PopulationDraft start, ILookup<PopulationDraft, PopulationDraft> next, HashSet<PopulationDraft> done)
    {
        var path = new List<PopulationDraft>();
        var onPath = new HashSet<PopulationDraft>();
        var pending = new Stack<(PopulationDraft Population, bool IsLeft)>([(start, false)]);
        while (pending.TryPop(out var visit))
        {
            if (visit.IsLeft)
            {
                path.RemoveAt(path.Count - 1);
                onPath.Remove(visit.Population);
                done.Add(visit.Population);
                continue;
            }

            if (onPath.Contains(visit.Population))
            {
                return path[path.IndexOf(visit.Population)..];
            }

            if (done.Contains(visit.Population))
            {
                continue;
            }

            path.Add(visit.Population);
            onPath.Add(visit.Population);
            pending.Push((visit.Population, true));
            foreach (var to in next[visit.Population])
            {
                pending.Push((to, false));
            }
        }

        return null;
    }

    private string? Name(At at)
    {
        if (Values.Text(problems, at, "a name") is not { } name)
        {
            return null;
        }

        if (Reading.Names.IsProjectionName(name))
        {
            return name;
        }

        problems.Add(at, $"{Say.Quote(name)} is no name for a projection; use up to {Say.Number(3 * Reading.Names.Longest)} of the letters a to z and A to Z, digits, _, -, +, ., > and #");
        return null;
    }

    private string NameOf(At at, string? name, PopulationDraft source, PopulationDraft target, bool isAlone)
    {
        var key = (source.Name, target.Name);
        _pairs[key] = _pairs.GetValueOrDefault(key) + 1;
        var pair = source.Name + "->" + target.Name;
        while (name is null && _names.ContainsKey(Numbered(pair, _pairs[key])))
        {
            // A user has given that name to another projection.
            _pairs[key]++;
        }

        var full = name is null ? Numbered(pair, _pairs[key]) : isAlone ? name : name + "." + pair;
        if (!_names.TryAdd(full, at.Path))
        {
            problems.Add(at, $"the name {Say.Quote(full)} belongs to {_names[full]} already; give this projection another \"name\"");
        }

        Add(full, full);
        if (name is not null && name != full)
        {
            Add(name, full);
        }

        return full;
    }

    private static string Numbered(string pair, int number) => number > 1 ? pair + "#" + Say.Number(number) : pair;

    private void Add(string name, string full)
    {
        if (!Names.TryGetValue(name, out var list))
        {
            Names.Add(name, list = []);
        }

        list.Add(full);
    }

    private sealed record Draft(string Name, PopulationDraft From, PopulationDraft To)
    {
        public required At WeightAt { get; init; }

        public Connector? Connector { get; init; }

        public Distribution? Weight { get; init; }

        public Distribution? Delay { get; init; }

        public int? Port { get; init; }

        public Distribution? Bias { get; init; }

        public Distribution.Array? Mask { get; init; }

        public DelayRule DelayRule { get; init; }

        public Learning? Learning { get; init; }

        public bool IsComplete =>
            Connector is not null && Weight is not null && Delay is not null && From.Finished is not null && To.Finished is not null;
    }
}
