using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads a whole network from its tree. Files and the builder both come through here, so that every rule exists once.</summary>
internal sealed class NetworkReader(Problems problems, string? directory)
{
    /// <summary>Time step where none is given, as in NEST, ms.</summary>
    public const double DefaultDtMs = 0.1;

    /// <summary>Most batch items.</summary>
    public const int MaxBatch = 1 << 20;

    /// <summary>The network; null where anything is wrong.</summary>
    public Network? Read(SourceValue root)
    {
        var at = new At(root, SourcePath.Root);
        if (ObjectReader.Open(problems, at, "an object: a network file begins with { \"snn\": 1, ...") is not { } reader)
        {
            return null;
        }

        if (!ReadVersion(reader))
        {
            return null;
        }

        _ = reader.Optional("$schema");
        var name = reader.Optional("name") is { } n ? Name(n) : "network";
        var dt = reader.Optional("dt") is { } d ? Values.Number(problems, d, new Quantity("dt", "ms") { Min = 1e-4, Max = 100 }) : DefaultDtMs;

        // Times can only be checked against a dt that is right; NaN stands for one that is not.
        var dtMs = dt ?? double.NaN;
        var duration = reader.Required("duration", "\"duration\": 1000 (ms)") is { } t ? Values.Steps(problems, t, "duration", dtMs, 1) : null;
        var seed = reader.Optional("seed") is { } s ? Values.Seed(problems, s) : 1;
        var precision = Choice(reader, "precision", Precision.Single, ("single", Precision.Single), ("double", Precision.Double));
        var weights = Choice(reader, "weight_precision", WeightPrecision.Full, ("full", WeightPrecision.Full), ("half", WeightPrecision.Half));
        var batch = reader.Optional("batch") is { } b ? (int?)Values.Whole(problems, b, "batch", 1, MaxBatch, " (copies of the network's state that run together)") : null;
        var isLayered = reader.At.Value.Find("batch") is not null;
        if (isLayered && weights == WeightPrecision.Half)
        {
            problems.Add(reader.Optional("weight_precision")!.Value, "16-bit weights are for sparse networks; remove \"weight_precision\" or \"batch\"");
        }

        Later(reader);

        var populationsAt = reader.Required("populations", "\"populations\": {\"E\": {\"size\": 100, \"model\": \"iaf_psc_exp\"}}");
        var populations = populationsAt is { } p ? new PopulationReader(problems, dtMs, precision ?? Precision.Single, isLayered).Read(p) : [];
        CheckCopies(reader, populations, batch);
        var targets = new Targets(problems, dtMs, populations, isLayered, batch ?? 1);
        CheckModels(populations, isLayered);
        var resets = reader.Optional("reset") is { } r ? ReadResets(r, dtMs, isLayered) : null;
        var files = new ArrayFiles(problems, directory);
        var rewards = new RewardReader(problems, targets, files, dtMs);
        var inputs = reader.Optional("inputs") is { } i ? new InputReader(problems, targets, dtMs, directory, rewards).Read(i) : [];
        var projections = new ProjectionReader(problems, targets, dtMs, files, new LearningReader(problems, targets, rewards.Rewards, dtMs));
        if (reader.Optional("projections") is { } c)
        {
            projections.Read(c);
            projections.CheckCycles(c);
        }

        var (record, recorded) = new RecordReader(problems, targets, projections, dtMs).Read(reader.Optional("record"));
        reader.Close();
        if (problems.Count > 0)
        {
            return null;
        }

        var network = new Network
        {
            Name = name!,
            DtMs = dtMs,
            DurationSteps = duration!.Value,
            Seed = seed!.Value,
            Precision = precision!.Value,
            WeightPrecision = weights!.Value,
            Batch = batch,
            Populations = [.. populations.Select(x => x.Finished!)],
            Inputs = inputs,
            Rewards = [.. rewards.Rewards.Values.OfType<Reward>()],
            Resets = resets,
            Projections = projections.Finish(recorded),
            Record = record,
        };
        HalfWeightCheck.Check(problems, network, projections.WeightPlaces);
        return network;
    }

    /// <summary>Spikes with values, and presynaptic traces, go through connections of layered networks only.</summary>
    private void CheckModels(IReadOnlyList<PopulationDraft> populations, bool isLayered)
    {
        foreach (var draft in populations.Where(p => !isLayered && p.Finished is { Model: { } model } && (model.EmitsValues || model.EventPorts > model.SpikePorts)))
        {
            var what = draft.Finished!.Model.EmitsValues ? "its spikes carry values" : "it takes presynaptic traces";
            problems.Add(draft.At, $"{draft.Finished.Model.Name}, the model of {Say.Quote(draft.Name)}, needs a layered network, because {what}; add \"batch\": 1 to the network");
        }
    }

    private Resets? ReadResets(At at, double dtMs, bool isLayered)
    {
        if (!isLayered)
        {
            problems.Add(at, "\"reset\" belongs to layered networks; remove it, or add \"batch\": 1 to the network");
            return null;
        }

        if (at.Value.Kind == SourceKind.Object)
        {
            var reader = ObjectReader.Open(problems, at, string.Empty)!;
            var every = reader.Required("every", "\"every\": 100 (ms)") is { } e ? Values.Steps(problems, e, "every", dtMs, 1) : null;
            reader.Close();
            return every is null ? null : new Resets([], every.Value);
        }

        if (at.Value.Kind != SourceKind.Array || at.Value.Count == 0)
        {
            problems.Add(at, $"expected times (ms) such as [100, 250], or {{\"every\": 100}}, got {Say.Given(at.Value)}");
            return null;
        }

        var steps = Enumerable.Range(0, at.Value.Count).Select(i => Values.Steps(problems, at.Item(i), "a time of reset", dtMs, 1)).ToList();
        if (steps.Contains(null))
        {
            return null;
        }

        var descent = Enumerable.Range(1, steps.Count - 1).FirstOrDefault(i => steps[i] <= steps[i - 1]);
        if (descent > 0)
        {
            problems.Add(at.Item(descent), "times of reset ascend, and each is given once");
        }

        return new Resets([.. steps.Select(s => s!.Value)], 0);
    }

    /// <summary>Whether the file is of a version that is understood; of another one nothing else can be said.</summary>
    private bool ReadVersion(ObjectReader reader)
    {
        if (reader.Required("snn", "\"snn\": 1 (the version of the format)") is not { } at)
        {
            return reader.At.Value.Find("populations") is not null;
        }

        if (at.Value.Kind == SourceKind.Number && at.Value.Number == 1)
        {
            return true;
        }

        problems.Add(at, $"this version of Snn reads format 1, got {Say.Given(at.Value)}; write \"snn\": 1, or use the version of Snn that the file was made for");
        return false;
    }

    private string? Name(At at)
    {
        if (Values.Text(problems, at, "a name") is not { } name)
        {
            return null;
        }

        if (name.Length is > 0 and <= 200 && !name.Any(char.IsControl))
        {
            return name;
        }

        problems.Add(at, $"the name of a network is one line of 1 to 200 characters, got {Say.Quote(name)}");
        return null;
    }

    private T? Choice<T>(ObjectReader reader, string key, T byDefault, params (string Word, T Value)[] words)
        where T : struct
    {
        if (reader.Optional(key) is not { } at)
        {
            return byDefault;
        }

        return Values.Choice(problems, at, key, [.. words.Select(w => w.Word)]) is { } word ? words.First(w => w.Word == word).Value : null;
    }

    /// <summary>Neurons are counted through all copies in 32 bits.</summary>
    private void CheckCopies(ObjectReader reader, IReadOnlyList<PopulationDraft> populations, int? batch)
    {
        var largest = populations.MaxBy(p => p.Size ?? 0);
        if (batch is { } copies && largest?.Size is { } size && (double)copies * (size + 64) > int.MaxValue)
        {
            problems.Add(reader.Optional("batch")!.Value, $"{Say.Number(copies)} copies of {Say.Quote(largest.Name)} have {Say.About((double)copies * size)} neurons; at most {Say.Number(int.MaxValue)} are allowed: use a smaller batch");
        }
    }

    private static void Later(ObjectReader reader)
    {
        reader.Later("learning", "a learning rule belongs to a projection; put \"learning\" into it");
        reader.Later("rules", "a learning rule belongs to a projection; put \"learning\" into it");
        reader.Later("layers", "layers are described with \"populations\" and \"projections\", and a \"batch\"");
    }
}
