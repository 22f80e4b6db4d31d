using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads what is to be recorded.</summary>
internal sealed class RecordReader(Problems problems, Targets targets, ProjectionReader projections, double dtMs)
{
    /// <summary>Time between two samples where none is given, as in NEST, ms.</summary>
    public const double DefaultEveryMs = 1.0;

    /// <summary>What to record, and the names of the projections whose weights are wanted.</summary>
    public (Recordings Recordings, HashSet<string> Weights) Read(At? at)
    {
        var reader = at is { } given ? ObjectReader.Open(problems, given, "an object, as in {\"spikes\": [\"E\"]}") : null;
        var state = new List<StateRecording>();
        var weights = new HashSet<string>();
        var spikes = targets.Populations;
        if (reader is not null)
        {
            spikes = reader.Optional("spikes") is { } s ? ReadSpikes(s) : spikes;
            state = reader.Optional("state") is { } v ? ReadStates(v) : state;
            weights = reader.Optional("weights") is { } w ? ReadWeights(w) : weights;
            reader.Close();
        }

        var inOrder = spikes.OrderBy(p => p.Index).Select(p => p.Finished).OfType<Population>();
        return (new Recordings { Spikes = [.. inOrder], State = state }, weights);
    }

    private IReadOnlyList<PopulationDraft> ReadSpikes(At at) =>
        at.Value.Kind == SourceKind.Array && at.Value.Count == 0 ? [] : targets.Read(at);

    private HashSet<string> ReadWeights(At at)
    {
        var result = new HashSet<string>();
        foreach (var (name, place) in Values.Texts(problems, at, "the name of a projection") ?? [])
        {
            if (projections.Names.TryGetValue(name, out var full))
            {
                result.UnionWith(full);
            }
            else if (projections.AreNamesKnown)
            {
                problems.Add(place, $"unknown projection {Say.Quote(name)}{Say.Instead(name, projections.Names.Keys)}");
            }
        }

        return result;
    }

    private List<StateRecording> ReadStates(At at)
    {
        var result = new List<StateRecording>();
        if (at.Value.Kind != SourceKind.Array)
        {
            problems.Add(at, $"expected an array of recordings, as in [{{\"of\": \"E\", \"variables\": [\"V_m\"]}}], got {Say.Given(at.Value)}");
            return result;
        }

        var written = new HashSet<(string, string)>();
        for (var i = 0; i < at.Value.Count; i++)
        {
            if (ObjectReader.Open(problems, at.Item(i), "a recording, as in {\"of\": \"E\", \"variables\": [\"V_m\"]}") is { } reader
                && ReadState(reader, written) is { } state)
            {
                result.Add(state);
            }
        }

        return result;
    }

    private StateRecording? ReadState(ObjectReader reader, HashSet<(string, string)> written)
    {
        var of = reader.Required("of", "\"of\": \"E\" (a population)") is { } o && Values.Text(problems, o, "the name of a population") is { } name
            ? targets.Find(name, o) : null;
        var variables = reader.Required("variables", "\"variables\": [\"V_m\"]") is { } v ? Variables(v, of) : null;
        var neurons = targets.Neurons(reader.Optional("neurons"), of);
        var every = Every(reader.Optional("every"), reader.At);
        reader.Close();
        if (variables is null || neurons is null || every is null || of?.Finished is null)
        {
            return null;
        }

        if (variables.FirstOrDefault(x => !written.Add((of.Name, x.Name))) is { Name: { } twice })
        {
            problems.Add(reader.At, $"{twice} of {Say.Quote(of.Name)} is recorded twice, and both would be written under the same name; record all its neurons in one entry");
        }

        return new StateRecording { Of = of.Finished, Variables = variables, Neurons = neurons, EverySteps = every.Value };
    }

    private int? Every(At? at, At place)
    {
        if (at is { } given)
        {
            return (int?)Values.Steps(problems, given, "every", dtMs, 1, int.MaxValue);
        }

        if (Values.ToSteps(DefaultEveryMs, dtMs) is { } steps and > 0 and <= int.MaxValue)
        {
            return (int)steps;
        }

        if (double.IsNaN(dtMs))
        {
            return null;
        }

        problems.Add(place, $"the default of one sample every {Say.Number(DefaultEveryMs)} ms is not a multiple of dt = {Say.Number(dtMs)} ms; add \"every\"");
        return null;
    }

    private List<(string Name, int Column)>? Variables(At at, PopulationDraft? of)
    {
        if (Values.Texts(problems, at, "the name of a state variable") is not { } names)
        {
            return null;
        }

        if (names.Count == 0)
        {
            problems.Add(at, "the list of variables is empty; name at least one, as in [\"V_m\"]");
            return null;
        }

        if (of?.Model is not { } model)
        {
            return null;
        }

        var columns = ParameterReader.StateColumns(model).ToList();
        var result = new List<(string, int)>();
        foreach (var (name, place) in names)
        {
            // A list variable is recorded whole by its name, or one of its columns as name_0, name_1.
            var whole = model.StateTable.FirstOrDefault(s => s.Info.IsPublic && s.Length > 1 && s.Name == name);
            var found = columns.Where(c => c.Name == name || (whole is not null && c.Column >= whole.Column && c.Column < whole.Column + whole.Length)).ToList();
            if (found.Count == 0)
            {
                problems.Add(place, $"{model.Name}, the model of {Say.Quote(of.Name)}, has no state variable {Say.Quote(name)}{Say.Instead(name, [.. columns.Select(c => c.Name)])}");
                return null;
            }

            result.AddRange(found.Select(c => (c.Name, c.Column)));
        }

        return [.. result.Distinct()];
    }
}
