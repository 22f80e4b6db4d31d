using Snn.Actors.Networks.Source;
using Snn.Actors.Simulation;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the connector of a projection and checks it against its populations.</summary>
internal sealed class RuleReader(Problems problems, bool isLayered)
{
    private const string Options = "belongs into the projection, beside \"rule\", not into it";

    private static readonly string[] WithoutNumber = ["all_to_all", "one_to_one"];
    private static readonly string[] All =
        ["all_to_all", "one_to_one", "fixed_indegree", "fixed_outdegree", "fixed_total_number", "pairwise_bernoulli", "list"];

    private readonly LayerConnectors _layers = new(problems);

    /// <summary>The connector; null, and a problem, where there is none.</summary>
    public Connector? Read(At at, bool allowAutapses, bool allowMultapses)
    {
        var connector = at.Value.Kind switch
        {
            SourceKind.Text => Plain(at),
            SourceKind.Object => WithArgument(at),
            _ => Wrong(at),
        };
        return connector is null ? null : connector with { AllowAutapses = allowAutapses, AllowMultapses = allowMultapses };
    }

    /// <summary>Checks a connector between two populations.</summary>
    public void Check(At at, Connector connector, PopulationDraft from, PopulationDraft to)
    {
        if (from.Size is not { } sources || to.Size is not { } targets)
        {
            return;
        }

        if (connector is Connector.Layer layer)
        {
            _layers.Check(at, layer, from, to);
            return;
        }

        var isSame = from == to;
        var excluded = isSame && !connector.AllowAutapses ? 1 : 0;
        switch (connector)
        {
            case Connector.OneToOne when sources != targets:
                problems.Add(at, $"one_to_one needs populations of the same size, but {Of(from)} and {Of(to)}");
                return;
            case Connector.OneToOne when excluded == 1:
                problems.Add(at, "one_to_one within a population connects every neuron to itself, which \"allow_autapses\": false forbids; remove one of the two");
                return;
            case Connector.FixedIndegree c:
                CheckDegree(at, "fixed_indegree", c.Indegree, sources - excluded, c.AllowMultapses, $"source neurons ({Of(from)})");
                break;
            case Connector.FixedOutdegree c:
                CheckDegree(at, "fixed_outdegree", c.Outdegree, targets - excluded, c.AllowMultapses, $"target neurons ({Of(to)})");
                break;
            case Connector.FixedTotalNumber { AllowMultapses: false }:
                problems.Add(at, "fixed_total_number draws every pair by itself and may repeat one, which \"allow_multapses\": false forbids; allow it, or use fixed_indegree or pairwise_bernoulli");
                return;
            case Connector.FixedTotalNumber c:
                CheckDegree(at, "fixed_total_number", c.Count, SynapseCount.Pairs(c, sources, targets, isSame), c.AllowMultapses, $"pairs of neurons ({Of(from)}, {Of(to)})");
                break;
            case Connector.List c:
                CheckList(at, c, from, to);
                break;
        }

        var expected = SynapseCount.Expected(connector, sources, targets, isSame);
        if (expected > SynapseCount.Largest)
        {
            problems.Add(at, $"this makes about {Say.About(expected)} synapses from {Say.Quote(from.Name)} to {Say.Quote(to.Name)}; a projection has at most {Say.Number(SynapseCount.Largest)}: reduce the populations or the connectivity");
        }

        // The last word is with the rule that will draw: what it refuses is refused here, not when the network is built.
        var refusals = ConnectionRules.Of(connector, sources, targets, isSame, key: default).Problems;
        if (refusals.Count > 0 && !problems.Mentions(at))
        {
            problems.Add(at, refusals[0]);
        }
    }

    private static string Of(PopulationDraft draft) => $"{Say.Quote(draft.Name)} has {Say.Some(draft.Size!.Value, "neuron")}";

    private void CheckDegree(At at, string rule, double asked, double available, bool allowMultapses, string what)
    {
        if (asked > 0 && available <= 0)
        {
            problems.Add(at, $"{rule} = {Say.Number(asked)}, but without self-connections there are no {what}; use \"allow_autapses\": true or a larger population");
        }
        else if (!allowMultapses && asked > available)
        {
            problems.Add(at, $"{rule} = {Say.Number(asked)} is more than the {Say.Number(available)} {what} that may be used once each; use at most {Say.Number(available)}, or \"allow_multapses\": true");
        }
    }

    private void CheckList(At at, Connector.List list, PopulationDraft from, PopulationDraft to)
    {
        var pairs = new HashSet<(int, int)>();
        for (var i = 0; i < list.Sources.Count; i++)
        {
            var (source, target) = (list.Sources[i], list.Targets[i]);
            if (source >= from.Size || target >= to.Size)
            {
                var (what, neuron, draft) = source >= from.Size ? ("source", source, from) : ("target", target, to);
                problems.Add(at, $"synapse {Say.Number(i)} of the list has {what} {Say.Number(neuron)}, but {Of(draft)}; use 0 to {Say.Number(draft.Size!.Value - 1)}");
                return;
            }

            if (!list.AllowAutapses && from == to && source == target)
            {
                problems.Add(at, $"synapse {Say.Number(i)} of the list connects neuron {Say.Number(source)} to itself, which \"allow_autapses\": false forbids; remove one of the two");
                return;
            }

            if (!list.AllowMultapses && !pairs.Add((source, target)))
            {
                problems.Add(at, $"synapse {Say.Number(i)} of the list connects {Say.Number(source)} to {Say.Number(target)} once more, which \"allow_multapses\": false forbids; remove one of the two");
                return;
            }
        }
    }

    private Connector? Plain(At at)
    {
        var name = at.Value.Text;
        if (WithoutNumber.Contains(name))
        {
            return name == "all_to_all" ? new Connector.AllToAll() : new Connector.OneToOne();
        }

        if (LayerConnectors.Names.Contains(name))
        {
            return BelongsHere(at, name) ? _layers.Plain(at, name) : null;
        }

        problems.Add(at, All.Contains(name)
            ? $"{name} needs its argument: {{{Say.Quote(name)}: {Example(name)}}}"
            : Unknown(name));
        return null;
    }

    private bool BelongsHere(At at, string name)
    {
        if (!isLayered)
        {
            problems.Add(at, $"{name} connects layers of a layered network; add \"batch\": 1, or how many copies of the network's state are to run together");
        }

        return isLayered;
    }

    private Connector? WithArgument(At at)
    {
        foreach (var option in at.Value.Members.Where(m => m.Key is "allow_autapses" or "allow_multapses"))
        {
            problems.AddKey(at, option, $"{Say.Quote(option.Key)} {Options}");
        }

        var members = at.Value.Members.Where(m => m.Key is not ("allow_autapses" or "allow_multapses")).ToList();
        if (members.Count != 1)
        {
            problems.Add(at, $"a rule has one key, the connector; this one has {Say.Some(members.Count, "key")}; write for example {{\"fixed_indegree\": 100}}");
            return null;
        }

        var (key, inner) = (members[0].Key, at.Of(members[0]));
        switch (key)
        {
            case "fixed_indegree":
                return Values.Whole(problems, inner, key, 0, int.MaxValue) is { } indegree ? new Connector.FixedIndegree((int)indegree) : null;
            case "fixed_outdegree":
                return Values.Whole(problems, inner, key, 0, int.MaxValue) is { } outdegree ? new Connector.FixedOutdegree((int)outdegree) : null;
            case "fixed_total_number":
                return Values.Whole(problems, inner, key, 0, (long)SynapseCount.Largest) is { } count ? new Connector.FixedTotalNumber(count) : null;
            case "pairwise_bernoulli":
                return Values.Number(problems, inner, new Quantity(key, string.Empty) { Min = 0, Max = 1 }) is { } p ? new Connector.PairwiseBernoulli(p) : null;
            case "list":
                return ReadList(inner);
            case var name when LayerConnectors.Names.Contains(name):
                return BelongsHere(at, name) ? _layers.WithArgument(at, members[0]) : null;
            default:
                problems.AddKey(at, members[0], WithoutNumber.Contains(key) ? $"{key} takes no argument; write \"rule\": {Say.Quote(key)}" : Unknown(key));
                return null;
        }
    }

    private Connector.List? ReadList(At at)
    {
        if (ObjectReader.Open(problems, at, "{\"sources\": [...], \"targets\": [...]}") is not { } reader)
        {
            return null;
        }

        var sources = reader.Required("sources", "\"sources\": [0, 1, 2], one a synapse") is { } s ? Neurons(s, "source") : null;
        var targets = reader.Required("targets", "\"targets\": [0, 1, 2], one a synapse") is { } t ? Neurons(t, "target") : null;
        reader.Later("weights", "weights of a list are given in the projection, beside \"rule\": \"weight\": [...]");
        reader.Later("delays", "delays of a list are given in the projection, beside \"rule\": \"delay\": [...]");
        reader.Close();
        if (sources is null || targets is null)
        {
            return null;
        }

        if (sources.Length == targets.Length)
        {
            return new Connector.List(sources, targets);
        }

        problems.Add(at, $"{Say.Some(sources.Length, "source")} for {Say.Some(targets.Length, "target")}; give one of each a synapse");
        return null;
    }

    private int[]? Neurons(At at, string name)
    {
        if (at.Value.Kind != SourceKind.Array)
        {
            problems.Add(at, $"expected an array of neurons, one a synapse, got {Say.Given(at.Value)}");
            return null;
        }

        var neurons = new int[at.Value.Count];
        var numbers = at.Value.Numbers;
        for (var i = 0; i < neurons.Length; i++)
        {
            var isPlain = numbers is not null && numbers[i] >= 0 && numbers[i] < int.MaxValue && numbers[i] == Math.Floor(numbers[i]);
            if (!isPlain && Values.Whole(problems, at.Item(i), name, 0, int.MaxValue - 1) is null)
            {
                return null;
            }

            neurons[i] = (int)at.Value[i].Number;
        }

        return neurons;
    }

    private Connector? Wrong(At at)
    {
        problems.Add(at, $"expected a connector such as \"all_to_all\" or {{\"fixed_indegree\": 100}}, got {Say.Given(at.Value)}; allowed: {Say.List(Allowed, "or")}");
        return null;
    }

    private IReadOnlyCollection<string> Allowed => isLayered ? [.. All, .. LayerConnectors.Names] : All;

    private string Unknown(string name) => $"unknown connector {Say.Quote(name)}{Say.Instead(name, Allowed)}";

    private static string Example(string name) => name switch
    {
        "pairwise_bernoulli" => "0.1",
        "list" => "{\"sources\": [0, 1], \"targets\": [1, 0]}",
        _ => "100",
    };
}
