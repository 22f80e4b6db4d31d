using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Reading;

/// <summary>What inputs, projections and recorders say about populations: names, neurons, receptors, values by name.</summary>
internal sealed class Targets
{
    /// <summary>Delay where none is given, as in NEST, ms.</summary>
    public const double DefaultDelayMs = 1.0;

    /// <summary>Longest delay, steps.</summary>
    public const int MaxDelaySteps = 65_535;

    private readonly Problems _problems;
    private readonly double _dtMs;
    private readonly Dictionary<string, PopulationDraft> _byName;

    /// <summary>Values given by population name, each looked at once, however many targets it has.</summary>
    private readonly Dictionary<SourceValue, Dictionary<string, SourceMember>?> _byNames = [];

    public Targets(Problems problems, double dtMs, IReadOnlyList<PopulationDraft> populations, bool isLayered = false, int items = 1)
    {
        IsLayered = isLayered;
        Items = items;
        _problems = problems;
        _dtMs = dtMs;
        Populations = populations;
        _byName = populations.ToDictionary(p => p.Name);
    }

    /// <summary>Whether it is a layered network: then delays may be zero, and are where none is given.</summary>
    public bool IsLayered { get; }

    /// <summary>Batch items; 1 where there are none.</summary>
    public int Items { get; }

    /// <summary>All populations.</summary>
    public IReadOnlyList<PopulationDraft> Populations { get; }

    /// <summary>The populations of one name or an array of names; empty where none is right.</summary>
    public IReadOnlyList<PopulationDraft> Read(At? at)
    {
        if (at is not { } found || Values.Texts(_problems, found, "the name of a population") is not { } names)
        {
            return [];
        }

        if (names.Count == 0)
        {
            _problems.Add(found, $"at least one population must be named; allowed: {Say.List(_byName.Keys, "or")}");
        }

        return [.. names.Select(n => Find(n.Text, n.At)).OfType<PopulationDraft>()];
    }

    /// <summary>The population of a name, or null and a problem.</summary>
    public PopulationDraft? Find(string name, At at)
    {
        if (_byName.TryGetValue(name, out var draft))
        {
            return draft;
        }

        // Where the populations themselves could not be read, their names are not known to be wrong.
        if (_byName.Count > 0)
        {
            _problems.Add(at, _problems.IsFull ? string.Empty : $"unknown population {Say.Quote(name)}{Say.Instead(name, _byName.Keys)}");
        }

        return null;
    }

    /// <summary>Neurons of a population; all of them where nothing is given.</summary>
    public NeuronSelection? Neurons(At? at, PopulationDraft? target)
    {
        if (at is not { } given)
        {
            return target?.Size is { } size ? new NeuronSelection { First = 0, Count = size } : null;
        }

        if (given.Value.Kind == SourceKind.Array)
        {
            return List(given, target);
        }

        const string Form = "a list of neurons such as [0, 1, 2] or a range such as {\"range\": [0, 50]} (0 to 49)";
        if (ObjectReader.Open(_problems, given, Form) is not { } reader)
        {
            return null;
        }

        var range = reader.Required("range", "\"range\": [0, 50] (neurons 0 to 49)");
        reader.Close();
        return range is { } found ? Range(found, target) : null;
    }

    /// <summary>The port for the weights of a target, and what a weight may be.</summary>
    /// <param name="at">The receptor, if given.</param>
    /// <param name="place">Where to report that it is missing.</param>
    /// <param name="target">The target.</param>
    /// <param name="port">Its port, or null: by sign.</param>
    /// <returns>What a weight is; null where that is not known.</returns>
    public Quantity? Receptor(At? at, At place, PopulationDraft? target, out int? port)
    {
        port = null;
        if (target?.Model is not { } model)
        {
            return null;
        }

        var ports = model.PortTable.Take(model.SpikePorts).ToList();
        if (ports.Count == 0)
        {
            _problems.Add(place, $"{model.Name}, the model of {Say.Quote(target.Name)}, has no receptor for spikes");
            return null;
        }

        if (at is { } found)
        {
            return Named(found, target, ports, out port);
        }

        var kinds = ports.Select(p => p.Info.Kind).ToList();
        if (kinds.Count(k => k == PortKind.ExcitatorySpikes) == 1 && kinds.Count(k => k == PortKind.InhibitorySpikes) == 1)
        {
            return new Quantity("weight", ports[0].Info.Unit);
        }

        if (ports.Count == 1)
        {
            port = ports[0].Column;
            return Weight(ports[0]);
        }

        _problems.Add(place, $"{model.Name}, the model of {Say.Quote(target.Name)}, has several receptors; add \"receptor\": one of {Say.List(ports.Select(p => p.Info.Name), "or")}");
        return null;
    }

    /// <summary>A delay in steps; <see cref="DefaultDelayMs"/> where none is given, or none at all in a layered network.</summary>
    public int? DelaySteps(At? at, At place)
    {
        if (at is { } given)
        {
            return ReadDelay(given);
        }

        if (IsLayered)
        {
            return 0;
        }

        if (Values.ToSteps(DefaultDelayMs, _dtMs) is { } steps and > 0 and <= MaxDelaySteps)
        {
            return (int)steps;
        }

        if (double.IsNaN(_dtMs))
        {
            return null;
        }

        _problems.Add(place, $"the default delay of {Say.Number(DefaultDelayMs)} ms is not a multiple of dt = {Say.Number(_dtMs)} ms; add \"delay\"");
        return null;
    }

    private int? ReadDelay(At at)
    {
        if (!IsLayered && at.Value.Kind == SourceKind.Number && at.Value.Number == 0)
        {
            _problems.Add(at, "a connection without delay belongs to a layered network; give at least one step of dt, or add \"batch\": 1 to the network, which then is not shared out among workers neuron by neuron but batch item by batch item");
            return null;
        }

        return (int?)Values.Steps(_problems, at, "delay", _dtMs, IsLayered ? 0 : 1, MaxDelaySteps);
    }

    /// <summary>The part of a value that is for one target: the value may be given by population name, as in {"E": 1, "I": 2}.</summary>
    public At? For(At? at, PopulationDraft? target, IReadOnlyList<PopulationDraft> targets)
    {
        if (at is not { } given || given.Value.Kind != SourceKind.Object)
        {
            return at;
        }

        if (!_byNames.TryGetValue(given.Value, out var members))
        {
            members = ByName(given, targets);
            _byNames.Add(given.Value, members);
        }

        return members is null ? at : target is not null && members.TryGetValue(target.Name, out var member) ? given.Of(member) : null;
    }

    /// <summary>The members of a value that is given by population name, its keys checked; null where it is not.</summary>
    private Dictionary<string, SourceMember>? ByName(At at, IReadOnlyList<PopulationDraft> targets)
    {
        if (!at.Value.Members.Any(m => _byName.ContainsKey(m.Key)))
        {
            return null;
        }

        var names = targets.Select(t => t.Name).ToHashSet();
        var members = at.Value.Members.ToDictionary(m => m.Key);
        var strangers = at.Value.Members.Where(m => !names.Contains(m.Key)).ToList();
        foreach (var member in strangers)
        {
            _problems.AddKey(at, member, $"{Say.Quote(member.Key)} is not among the populations of \"to\"{Say.Instead(member.Key, names)}");
        }

        if (strangers.Count == 0 && names.Where(n => !members.ContainsKey(n)).ToList() is { Count: > 0 } missing)
        {
            _problems.Add(at, $"values by population must name each one of \"to\"; add {Say.List(missing)}");
        }

        return members;
    }

    private static Quantity Weight(PortDescription port) => port.Info.Kind switch
    {
        PortKind.ExcitatorySpikes => new Quantity("weight", port.Info.Unit) { Min = 0, MinReason = $" (receptor {Say.Quote(port.Info.Name)})" },
        PortKind.InhibitorySpikes => new Quantity("weight", port.Info.Unit) { Max = 0, MaxReason = $" (receptor {Say.Quote(port.Info.Name)})" },
        _ => new Quantity("weight", port.Info.Unit),
    };

    private Quantity? Named(At at, PopulationDraft target, List<PortDescription> ports, out int? port)
    {
        port = null;
        if (Values.Text(_problems, at, $"the name of a receptor of {target.Model!.Name}") is not { } name)
        {
            return null;
        }

        if (ports.Find(p => p.Info.Name == name) is { } found)
        {
            port = found.Column;
            return Weight(found);
        }

        _problems.Add(at, $"{target.Model.Name}, the model of {Say.Quote(target.Name)}, has no receptor {Say.Quote(name)}{Say.Instead(name, [.. ports.Select(p => p.Info.Name)])}");
        return null;
    }

    private NeuronSelection? Range(At at, PopulationDraft? target)
    {
        if (at.Value.Kind != SourceKind.Array || at.Value.Count != 2)
        {
            _problems.Add(at, $"\"range\" takes the first neuron and the one after the last, as in [0, 50] for 0 to 49; got {Say.Given(at.Value)}");
            return null;
        }

        var size = target?.Size ?? int.MaxValue;
        var hint = target is null ? string.Empty : $", the size of {Say.Quote(target.Name)}";
        var first = Values.Whole(_problems, at.Item(0), "the first neuron", 0, size - 1);
        var end = Values.Whole(_problems, at.Item(1), "the neuron after the last", 0, size, hint);
        if (first is null || end is null)
        {
            return null;
        }

        if (first < end)
        {
            return new NeuronSelection { First = (int)first.Value, Count = (int)(end.Value - first.Value) };
        }

        _problems.Add(at, $"the range [{Say.Number(first.Value)}, {Say.Number(end.Value)}] is empty; its second number is the neuron after the last, so it must be greater than the first");
        return null;
    }

    private NeuronSelection? List(At at, PopulationDraft? target)
    {
        var size = target?.Size ?? int.MaxValue;
        var neurons = new int[at.Value.Count];
        for (var i = 0; i < neurons.Length; i++)
        {
            var hint = target is null ? string.Empty : $" (population {Say.Quote(target.Name)} has {Say.Some(size, "neuron")})";
            if (Values.Whole(_problems, at.Item(i), "neuron", 0, size - 1, hint) is not { } neuron)
            {
                return null;
            }

            neurons[i] = (int)neuron;
            if (i > 0 && neurons[i] <= neurons[i - 1])
            {
                _problems.Add(at.Item(i), $"neuron {Say.Number(neurons[i])} comes after {Say.Number(neurons[i - 1])}; list every neuron once, in ascending order");
                return null;
            }
        }

        if (neurons.Length > 0)
        {
            return new NeuronSelection { First = neurons[0], Count = neurons.Length, List = neurons };
        }

        _problems.Add(at, "the list of neurons is empty; name some, or remove \"neurons\" to have all");
        return null;
    }
}
