using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the parameters and initial values of a population by the description of its model.</summary>
internal sealed class ParameterReader(Problems problems, PopulationDraft draft)
{
    private readonly NeuronModel _model = draft.Model!;
    private readonly ArrayShape _perNeuron = new(draft.Size, "neuron", $"population {Say.Quote(draft.Name)}");

    /// <summary>Reads "params" into the draft.</summary>
    public void ReadParameters(ObjectReader? reader)
    {
        if (reader is null)
        {
            return;
        }

        foreach (var parameter in _model.ParameterTable)
        {
            if (reader.Optional(parameter.Name) is { } at && ReadParameter(parameter, at) is { } values)
            {
                draft.Parameters[parameter.Name] = values;
                draft.Places[parameter.Name] = at;
            }
        }

        foreach (var state in _model.StateTable.Where(s => s.Info.IsPublic && _model.ParameterTable.All(p => p.Name != s.Name)))
        {
            reader.Later(state.Name, $"{state.Name} is a state variable of {_model.Name}, not a parameter; put it into \"initial\"");
        }

        reader.Close();
    }

    /// <summary>Reads "initial" into the draft.</summary>
    public void ReadInitial(ObjectReader? reader)
    {
        if (reader is null)
        {
            return;
        }

        foreach (var (name, unit) in StateNames(_model))
        {
            if (reader.Optional(name) is { } at && Distributions.Read(problems, at, new Quantity(name, unit), _perNeuron) is { } value)
            {
                draft.Initial[name] = value;
            }
        }

        foreach (var state in _model.StateTable.Where(s => s.Info.IsPublic && s.Info.IsDerived))
        {
            reader.Later(state.Name, $"{state.Name} of {_model.Name} is computed afresh in every step and has no initial value; remove it");
        }

        foreach (var parameter in _model.ParameterTable.Where(p => _model.StateTable.All(s => s.Name != p.Name)))
        {
            reader.Later(parameter.Name, $"{parameter.Name} is a parameter of {_model.Name}, not a state variable; put it into \"params\"");
        }

        reader.Close();
    }

    /// <summary>Every state variable that a user may set, with its unit; those of a list are counted from 0: q_sfa_0, q_sfa_1.</summary>
    public static IEnumerable<(string Name, string Unit)> StateNames(NeuronModel model) =>
        StateColumns(model).Where(s => s.CanBeSet).Select(s => (s.Name, s.Unit));

    /// <summary>Every column of state that a user may see, under its name; a sum that each step computes afresh cannot be set.</summary>
    public static IEnumerable<(string Name, string Unit, int Column, bool CanBeSet)> StateColumns(NeuronModel model) => model.StateTable
        .Where(s => s.Info.IsPublic)
        .SelectMany(s => Enumerable.Range(0, s.Length).Select(i =>
            (s.Length == 1 ? s.Name : s.Name + "_" + Say.Number(i), s.Info.Unit, s.Column + i, !s.Info.IsDerived)));

    /// <summary>A parameter that is one value: a number, null, a switch as 1 or 0, or the place of a word.</summary>
    public static double? Single(Problems problems, ParameterDescription parameter, At at)
    {
        if (parameter.Info.IsSwitch)
        {
            return Values.Switch(problems, at, parameter.Name) is { } on ? (on ? 1 : 0) : null;
        }

        if (parameter.Info.Choices is { } words)
        {
            return Values.Choice(problems, at, parameter.Name, words) is { } word ? Array.IndexOf(words, word) : null;
        }

        if (parameter.Info.AllowsNull && at.Value.Kind == SourceKind.Null)
        {
            return double.NaN;
        }

        if (parameter.Info.AllowsNull && at.Value.Kind == SourceKind.Text)
        {
            problems.Add(at, $"{parameter.Name} is a number, or null (without quotes), got {Say.Given(at.Value)}");
            return null;
        }

        return Values.Number(problems, at, Quantity(parameter));
    }

    private List<Distribution>? ReadParameter(ParameterDescription parameter, At at)
    {
        if (parameter.IsList)
        {
            return ReadList(parameter, at);
        }

        var isSingle = parameter.Info.IsSwitch || parameter.Info.Choices is not null || (parameter.Info.AllowsNull && at.Value.Kind is SourceKind.Null or SourceKind.Text);
        if (!isSingle && !parameter.Info.IsShared)
        {
            return Distributions.Read(problems, at, Quantity(parameter), _perNeuron) is { } numbers ? [numbers] : null;
        }

        if (!isSingle && at.Value.Kind is SourceKind.Array or SourceKind.Object)
        {
            problems.Add(at, $"{parameter.Name} is one number for the whole population; got {Say.Given(at.Value)}");
            return null;
        }

        return Single(problems, parameter, at) is { } value ? [new Distribution.Constant(value)] : null;
    }

    private List<Distribution>? ReadList(ParameterDescription parameter, At at)
    {
        if (at.Value.Kind != SourceKind.Array)
        {
            problems.Add(at, $"{parameter.Name} is a list of up to {Say.Number(parameter.Length)} numbers, as in [1, 2]; got {Say.Given(at.Value)}");
            return null;
        }

        if (at.Value.Count > parameter.Length)
        {
            problems.Add(at, $"{parameter.Name} has {Say.Number(at.Value.Count)} elements; {_model.Name} takes up to {Say.Number(parameter.Length)}");
            return null;
        }

        var elements = Enumerable.Range(0, at.Value.Count)
            .Select(i => Distributions.Read(problems, at.Item(i), Quantity(parameter), _perNeuron))
            .OfType<Distribution>()
            .ToList();
        return elements.Count == at.Value.Count ? elements : null;
    }

    /// <summary>What a parameter is and its range.</summary>
    public static Quantity Quantity(ParameterDescription parameter) => new(parameter.Name, parameter.Info.Unit)
    {
        Min = Math.Max(parameter.Info.Min, -Reading.Quantity.Largest),
        MinExcluded = parameter.Info.MinExcluded,
        Max = Math.Min(parameter.Info.Max, Reading.Quantity.Largest),
    };
}
