using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads a whole network from its tree. Files and the builder both come through here, so that every rule exists once.</summary>
internal sealed class NetworkReader(Problems problems, string? directory)
{
    /// <summary>Time step where none is given, as in NEST, ms.</summary>
    public const double DefaultDtMs = 0.1;

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
        Later(reader);

        var populationsAt = reader.Required("populations", "\"populations\": {\"E\": {\"size\": 100, \"model\": \"iaf_psc_exp\"}}");
        var populations = populationsAt is { } p ? new PopulationReader(problems, dtMs, precision ?? Precision.Single).Read(p) : [];
        var targets = new Targets(problems, dtMs, populations);
        var inputs = reader.Optional("inputs") is { } i ? new InputReader(problems, targets, dtMs, directory).Read(i) : [];
        var projections = new ProjectionReader(problems, targets, dtMs);
        if (reader.Optional("projections") is { } c)
        {
            projections.Read(c);
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
            Populations = [.. populations.Select(x => x.Finished!)],
            Inputs = inputs,
            Projections = projections.Finish(recorded),
            Record = record,
        };
        HalfWeightCheck.Check(problems, network, projections.WeightPlaces);
        return network;
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

    private static void Later(ObjectReader reader)
    {
        reader.Later("batch", "batches belong to layered networks, which this version of Snn does not have; remove this key");
        reader.Later("learning", "this version of Snn has no learning rules; remove this key");
        reader.Later("rules", "this version of Snn has no learning rules; remove this key");
        reader.Later("layers", "this version of Snn has no layered networks; describe it with \"populations\" and \"projections\"");
    }
}
