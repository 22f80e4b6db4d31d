using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the projections: one record a pair of source and target population.</summary>
internal sealed class ProjectionReader(Problems problems, Targets targets, double dtMs)
{
    /// <summary>Most projections, pair by pair.</summary>
    public const int MaxProjections = 1_000_000;

    private readonly RuleReader _rules = new(problems);
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
        var name = reader.Optional("name") is { } n ? Name(n) : null;
        AreNamesKnown &= from.Count > 0 && to.Count > 0;
        var isAlone = from.Count == 1 && to.Count == 1;
        if (from.Count == 0 || to.Count == 0)
        {
            ReadWeight(reader, to.Count > 0 ? to[0] : null, connector, out _);
            ReadDelay(reader, connector);
        }

        if ((long)from.Count * to.Count > MaxProjections)
        {
            problems.Add(at, $"this projection connects {Say.Number((double)from.Count * to.Count)} pairs of populations; a network has at most {Say.Number(MaxProjections)}");
            reader.Optional("weight");
            reader.Optional("delay");
            reader.Optional("receptor");
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

                _drafts.Add(new Draft(NameOf(at, name, source, target, isAlone), source, target)
                {
                    WeightAt = at.Value.Find("weight") is { } weight ? at.Of(weight) : at,
                    Connector = connector,
                    Weight = ReadWeight(reader, target, connector, out var port),
                    Port = port,
                    Delay = ReadDelay(reader, connector),
                });
            }
        }

        reader.Close();
    }

    private void ReadSynapse(ObjectReader reader)
    {
        reader.Later("learning", "this version of Snn has no plastic synapses; remove this key");
        reader.Later("plasticity", "this version of Snn has no plastic synapses; remove this key");
        reader.Later("weights", "the weights are given as \"weight\": a number, a distribution or, with the rule \"list\", an array");
        reader.Later("delays", "the delays are given as \"delay\": a number, a distribution or, with the rule \"list\", an array");
        if (reader.Optional("synapse") is not { } at || (at.Value.Kind == SourceKind.Text && at.Value.Text == "static"))
        {
            return;
        }

        problems.Add(at, $"this version of Snn has static synapses only, got {Say.Given(at.Value)}; write \"static\" or remove this key");
    }

    private Distribution? ReadWeight(ObjectReader reader, PopulationDraft? target, Connector? connector, out int? port)
    {
        var quantity = targets.Receptor(reader.Optional("receptor"), reader.At, target, out port);
        var at = reader.Required("weight", "\"weight\": 1 (in the unit of the receptor)");
        if (at is not { } found)
        {
            return null;
        }

        var weight = Distributions.Read(problems, found, quantity ?? new Quantity("weight", string.Empty), PerSynapse(connector));
        return quantity is null ? null : weight;
    }

    private Distribution? ReadDelay(ObjectReader reader, Connector? connector)
    {
        var at = reader.Optional("delay");
        if (at is null || at.Value.Value.Kind == SourceKind.Number)
        {
            return targets.DelaySteps(at, reader.At) is { } steps ? new Distribution.Constant(Values.Tidy(steps, dtMs)) : null;
        }

        if (double.IsNaN(dtMs))
        {
            return Distributions.Read(problems, at.Value, new Quantity("delay", "ms") { Min = 0 }, PerSynapse(connector));
        }

        // Half a step is the least time that rounds to one step.
        var drawn = new Quantity("delay", "ms")
        {
            Min = Values.Tidy(1, dtMs) / 2,
            MinSlack = 1e-9 * dtMs,
            MinReason = " (half a step of dt: delays are rounded to steps)",
            Max = Values.Tidy(Targets.MaxDelaySteps, dtMs),
            MaxIsPractical = true,
            MaxReason = $" ({Targets.MaxDelaySteps} steps)",
        };
        return Distributions.Read(problems, at.Value, drawn, PerSynapse(connector));
    }

    private static ArrayShape? PerSynapse(Connector? connector) => connector switch
    {
        null => new ArrayShape(null, "synapse", "the list"),
        Connector.List list => new ArrayShape(list.Sources.Count, "synapse", "the list"),
        _ => null,
    };

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

        public bool IsComplete =>
            Connector is not null && Weight is not null && Delay is not null && From.Finished is not null && To.Finished is not null;
    }
}
