using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the populations, following "like".</summary>
internal sealed class PopulationReader(Problems problems, double dtMs, Precision precision, bool isLayered)
{
    /// <summary>Most populations of a network.</summary>
    public const int MaxPopulations = 10_000;

    private readonly List<PopulationDraft> _drafts = [];
    private Dictionary<string, PopulationDraft> _byName = [];

    /// <summary>All populations in the order of the file, wrong ones too.</summary>
    public IReadOnlyList<PopulationDraft> Read(At at)
    {
        const string Form = "an object with one key a population, as in {\"E\": {\"size\": 100, \"model\": \"iaf_psc_exp\"}}";
        if (ObjectReader.Open(problems, at, Form) is null)
        {
            return [];
        }

        if (at.Value.Members.Count == 0)
        {
            problems.Add(at, $"a network needs at least one population: {Form}");
            return [];
        }

        if (at.Value.Members.Count > MaxPopulations)
        {
            problems.Add(at, $"{Say.Number(at.Value.Members.Count)} populations are more than the {Say.Number(MaxPopulations)} allowed; let one population have several neurons, with one value a neuron where they differ");
            return [];
        }

        var inOtherCase = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in at.Value.Members)
        {
            Names.Check(problems, at, member, "population");
            if (!inOtherCase.TryAdd(member.Key, member.Key))
            {
                problems.AddKey(at, member, $"population {Say.Quote(member.Key)} differs from {Say.Quote(inOtherCase[member.Key])} only in upper and lower case, and their output files could be the same; rename one of them");
            }

            _drafts.Add(new PopulationDraft(member.Key, _drafts.Count, at.Of(member)));
        }

        _byName = _drafts.ToDictionary(d => d.Name);
        _drafts.ForEach(ReadSize);
        _drafts.ForEach(Resolve);
        _drafts.ForEach(Finish);
        return _drafts;
    }

    private void ReadSize(PopulationDraft draft)
    {
        draft.Reader = ObjectReader.Open(problems, draft.At, "a population, as in {\"size\": 100, \"model\": \"iaf_psc_exp\"}");
        if (draft.Reader is null)
        {
            return;
        }

        draft.Reader.Later("equations", "this version of Snn has no models written as equations; give \"model\" (`snn models` lists them)");
        draft.Place = draft.Reader.Optional("place") is { } placeAt ? Place(placeAt) : null;
        if (draft.Reader.Optional("shape") is { } shapeAt)
        {
            ReadShape(draft, shapeAt, draft.Reader.Optional("size"));
            return;
        }

        var size = draft.Reader.Required("size", "\"size\": 100 (number of neurons)");
        draft.Size = size is { } at ? (int?)Values.Whole(problems, at, "size", 1, int.MaxValue, " (number of neurons)") : null;
    }

    private int? Place(At at)
    {
        if (isLayered)
        {
            problems.Add(at, "populations of a layered network are not placed, because ranks share its batch items out; remove \"place\", or \"batch\" from the network");
            return null;
        }

        return (int?)Values.Whole(problems, at, "place", 0, int.MaxValue, " (populations with the same number are kept on one rank)");
    }

    private void ReadShape(PopulationDraft draft, At at, At? size)
    {
        if (at.Value.Kind != SourceKind.Array || at.Value.Count is < 1 or > 3)
        {
            problems.Add(at, $"expected [features] or [channels, height, width], got {Say.Given(at.Value)}");
            return;
        }

        var extents = Enumerable.Range(0, at.Value.Count).Select(i => Values.Whole(problems, at.Item(i), "an extent of the shape", 1, int.MaxValue)).ToList();
        if (extents.Contains(null))
        {
            return;
        }

        var product = extents.Aggregate(1.0, (p, e) => p * e!.Value);
        if (product > int.MaxValue)
        {
            problems.Add(at, $"this shape has {Say.About(product)} neurons; a population has at most {Say.Number(int.MaxValue)}");
            return;
        }

        if (size is { } sizeAt && Values.Whole(problems, sizeAt, "size", 1, int.MaxValue) is { } given && given != product)
        {
            problems.Add(sizeAt, $"size = {Say.Number(given)}, but the shape has {Say.Some(product, "neuron")}; remove one of the two");
            return;
        }

        draft.Shape = [.. extents.Select(e => (int)e!.Value)];
        draft.Size = (int)product;
    }

    private void Resolve(PopulationDraft draft)
    {
        if (draft.State == DraftState.Done || draft.Reader is not { } reader)
        {
            return;
        }

        draft.State = DraftState.InProgress;
        var like = reader.Optional("like") is { } likeAt ? Like(draft, likeAt) : null;
        var hasLike = draft.At.Value.Find("like") is not null;
        var modelAt = hasLike ? reader.Optional("model") : reader.Required("model", "\"model\": \"iaf_psc_exp\" (`snn models` lists them)");
        var own = modelAt is { } found ? Model(found) : null;
        draft.Model = modelAt is null ? like?.Model : own;
        if (own is not null && like?.Model is { } other && other != own)
        {
            problems.Add(modelAt!.Value, $"model {Say.Quote(own.Name)} is not the model of {Say.Quote(like.Name)} ({Say.Quote(other.Name)}), which this population is to be like; remove \"model\" or \"like\"");
            draft.Model = null;
        }

        if (draft.Model is not null && like is not null)
        {
            Inherit(draft, like);
        }

        ReadValues(draft, reader.Optional("params"), reader.Optional("initial"));
        reader.Close();
        draft.State = DraftState.Done;
    }

    private PopulationDraft? Like(PopulationDraft draft, At at)
    {
        if (Values.Text(problems, at, "the name of another population") is not { } name)
        {
            return null;
        }

        if (!_byName.TryGetValue(name, out var other))
        {
            problems.Add(at, $"unknown population {Say.Quote(name)}{Say.Instead(name, [.. _byName.Keys.Where(k => k != draft.Name)])}");
            return null;
        }

        // A chain of "like" is followed by a loop, not by recursion: ten thousand links must not overflow the stack.
        if (other.State != DraftState.Done && FindCycle(other) is { } cycle)
        {
            problems.Add(at, $"\"like\" goes round in a circle: {Say.List(cycle)}; give one of them its own model and parameters");
            return null;
        }

        ResolveChain(other);
        return other;
    }

    private List<string>? FindCycle(PopulationDraft start)
    {
        var chain = new List<string> { start.Name };
        var seen = new HashSet<string> { start.Name };
        for (var next = Next(start); next is not null && next.State != DraftState.Done; next = Next(next))
        {
            if (!seen.Add(next.Name))
            {
                return chain[chain.IndexOf(next.Name)..];
            }

            chain.Add(next.Name);
        }

        return null;
    }

    private void ResolveChain(PopulationDraft start)
    {
        var chain = new Stack<PopulationDraft>();
        for (var next = start; next is not null && next.State == DraftState.Untouched; next = Next(next))
        {
            chain.Push(next);
        }

        while (chain.TryPop(out var draft))
        {
            Resolve(draft);
        }
    }

    private PopulationDraft? Next(PopulationDraft draft) =>
        draft.At.Value.Kind == SourceKind.Object && draft.At.Value.Find("like")?.Value is { Kind: SourceKind.Text } like
            ? _byName.GetValueOrDefault(like.Text)
            : null;

    private void Inherit(PopulationDraft draft, PopulationDraft like)
    {
        foreach (var (name, values) in like.Parameters)
        {
            // A value that the population gives itself takes the place of the other's, which then need not fit.
            var isReplaced = draft.At.Value.Find("params")?.Value.Find(name) is not null;
            if (isReplaced || values.All(v => Fits(draft, like, $"params.{name}", v)))
            {
                draft.Parameters[name] = values;
            }
        }

        foreach (var (name, value) in like.Initial)
        {
            var isReplaced = draft.At.Value.Find("initial")?.Value.Find(name) is not null;
            if (isReplaced || Fits(draft, like, $"initial.{name}", value))
            {
                draft.Initial[name] = value;
            }
        }
    }

    private bool Fits(PopulationDraft draft, PopulationDraft like, string what, Distribution value)
    {
        if (value is not Distribution.Array array || draft.Size is not { } size || array.Values.Count == size)
        {
            return true;
        }

        problems.Add(draft.At, $"{Say.Quote(like.Name)}, which this population is like, gives {what} as an array of {Say.Number(array.Values.Count)} values, but this population has {Say.Some(size, "neuron")}; give {what} here too");
        return false;
    }

    private NeuronModel? Model(At at)
    {
        if (Values.Text(problems, at, "the name of a model (`snn models` lists them)") is not { } name)
        {
            return null;
        }

        if (NeuronModels.Find(name) is { } model)
        {
            return model;
        }

        var nearest = Say.Nearest(name, [.. NeuronModels.All.Select(m => m.Name)]);
        problems.Add(at, $"unknown model {Say.Quote(name)}; {(nearest is null ? string.Empty : $"did you mean {Say.Quote(nearest)}? ")}`snn models` lists all {Say.Number(NeuronModels.All.Count)}");
        return null;
    }

    private void ReadValues(PopulationDraft draft, At? parameters, At? initial)
    {
        var parameterReader = parameters is { } p ? ObjectReader.Open(problems, p, "an object of parameters, as in {\"tau_m\": 20}") : null;
        var initialReader = initial is { } i ? ObjectReader.Open(problems, i, "an object of state variables, as in {\"V_m\": -65}") : null;
        if (draft.Model is not null)
        {
            var reader = new ParameterReader(problems, draft);
            reader.ReadParameters(parameterReader);
            reader.ReadInitial(initialReader);
        }
    }

    private void Finish(PopulationDraft draft)
    {
        if (draft.Model is null || draft.Size is null)
        {
            return;
        }

        foreach (var parameter in draft.Model.ParameterTable)
        {
            draft.Parameters.TryAdd(parameter.Name, parameter.IsList ? [] : [new Distribution.Constant(parameter.Info.Default)]);
        }

        InitialValues.AddDefaults(draft);
        draft.Finished = new Population
        {
            Name = draft.Name,
            Index = draft.Index,
            Size = draft.Size.Value,
            Shape = draft.Shape.Count > 1 ? draft.Shape : [],
            Model = draft.Model.Bind(ParameterCheck.Common(draft.Model, draft.Parameters)),
            Parameters = draft.Parameters,
            Initial = draft.Initial,
            Place = draft.Place,
        };
        var parameters = draft.At.Value.Find("params");
        var fallback = parameters is null ? draft.At : draft.At.Of(parameters);
        foreach (var problem in ParameterCheck.BeforeDrawing(draft.Finished, dtMs, precision))
        {
            problems.Add(draft.Places.GetValueOrDefault(problem.Parameter, fallback), problem.Message);
        }
    }
}
