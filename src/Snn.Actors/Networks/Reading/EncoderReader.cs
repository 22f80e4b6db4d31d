using Snn.Actors.Data;
using Snn.Kernels.Encoding;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Reading;

/// <summary>Samples that an input shows.</summary>
/// <param name="FullPath">Where they were read from.</param>
/// <param name="First">First of them in the file.</param>
/// <param name="Count">How many.</param>
/// <param name="Columns">Values of a sample.</param>
/// <param name="Values">[sample, value]</param>
/// <param name="AreBytes">Whether the file holds unsigned bytes.</param>
internal sealed record SampleTable(string FullPath, int First, int Count, int Columns, float[] Values, bool AreBytes)
{
    /// <summary>The least value.</summary>
    public float Least { get; } = Values.Min();

    /// <summary>The greatest value.</summary>
    public float Greatest { get; } = Values.Max();
}

/// <summary>Reads inputs of the model "encode": samples of a file as spikes.</summary>
internal sealed class EncoderReader(Problems problems, double dtMs, string? directory)
{
    private static readonly string[] Encoders = ["rate", "latency", "delta", "poisson_intervals"];

    /// <summary>The keys of all encoders: where the encoder is wrong, they are not.</summary>
    private static readonly string[] Options =
        ["rate", "gain", "offset", "first_spike_time", "tau", "threshold", "normalize", "linear", "clip", "bypass", "padding", "off_spike"];

    private readonly Dictionary<(string Name, long First, long? Count), SampleTable?> _tables = [];

    /// <summary>The input; null where anything is wrong.</summary>
    /// <param name="one">The input and its target.</param>
    /// <param name="spikes">What it has as an input of spikes; null where that is wrong.</param>
    public EncodedInput? Read(OneInput one, (Distribution Weight, int Delay, int? Port)? spikes)
    {
        var word = one.Reader.Required("encoder", $"\"encoder\": one of {Say.List(Encoders, "or")}") is { } w ? Values.Choice(problems, w, "encoder", Encoders) : null;
        var samples = ReadSamples(one);
        var present = one.Reader.Required("present", "\"present\": 100 (ms that every sample is shown)") is { } p
            ? Values.Steps(problems, p, "present", dtMs, 1, int.MaxValue) : null;
        var rest = one.Reader.Optional("rest") is { } r ? Values.Steps(problems, r, "rest", dtMs, 0, int.MaxValue) : 0;
        var scale = one.Reader.Optional("scale") is { } s ? Values.Number(problems, s, new Quantity("scale", string.Empty)) : DefaultScale(samples);
        var repeat = Switch(one, "repeat");
        SpikeEncoder? encoder = word switch
        {
            "rate" => ReadRate(one, present),
            "latency" => ReadLatency(one, present, samples, scale),
            "delta" => ReadDelta(one, spikes?.Port),
            "poisson_intervals" => ReadIntervals(one, samples, scale),
            _ => PassOver(one),
        };
        return encoder is null || samples is null || present is null || rest is null || scale is null || repeat is null || one.Neurons is null
            || one.Target?.Finished is null || spikes is not var (weight, delay, port)
            ? null
            : new EncodedInput
            {
                Name = one.Name,
                Target = one.Target.Finished,
                Neurons = one.Neurons,
                StartStep = one.Start,
                StopStep = one.Stop,
                Weight = weight,
                DelaySteps = delay,
                Port = port,
                Encoder = encoder,
                File = samples.FullPath,
                FirstSample = samples.First,
                Samples = samples.Count,
                Values = samples.Values,
                Scale = scale.Value,
                PresentSteps = (int)present.Value,
                RestSteps = (int)rest.Value,
                Repeat = repeat.Value,
            };
    }

    /// <summary>Images of bytes are taken as numbers from 0 to 1, as machine learning does.</summary>
    private static double? DefaultScale(SampleTable? samples) => samples is { AreBytes: true } ? 1.0 / 255 : 1;

    private SampleTable? ReadSamples(OneInput one)
    {
        var first = one.Reader.Optional("first") is { } f ? Values.Whole(problems, f, "first", 0, int.MaxValue) : 0;
        var countAt = one.Reader.Optional("count");
        var count = countAt is { } c ? Values.Whole(problems, c, "count", 1, int.MaxValue) : null;
        if (one.Reader.Required("file", "\"file\": \"images.npy\" (relative to the network file)") is not { } at
            || Values.Text(problems, at, "the name of a .npy or IDX file") is not { } name || first is null || (countAt is not null && count is null))
        {
            return null;
        }

        if (!_tables.TryGetValue((name, first.Value, count), out var table))
        {
            table = DataFiles.Load(problems, at, name, directory, path => Load(at, name, path, (int)first.Value, (int?)count));
            _tables.Add((name, first.Value, count), table);
        }

        if (table is not null && one.Neurons?.Count is { } neurons && table.Columns != neurons)
        {
            problems.Add(at, $"a sample of {Say.Quote(name)} has {Say.Some(table.Columns, "value")}, but this input drives {Say.Some(neurons, "neuron")}; give one value a neuron, or choose \"neurons\"");
            return null;
        }

        return table;
    }

    private SampleTable? Load(At at, string name, string path, int first, int? count)
    {
        using var file = SampleFile.Open(path);
        if (file.Count == 0 || file.Columns is 0 or > int.MaxValue)
        {
            problems.Add(at, $"{Say.Quote(name)} has the shape [{string.Join(", ", file.Shape.Select(d => Say.Number(d)))}]; give at least one sample of at least one value, one sample a row");
            return null;
        }

        if (first + (long)(count ?? 1) > file.Count)
        {
            problems.Add(at, $"{Say.Quote(name)} has {Say.Some(file.Count, "sample")}, but \"first\" and \"count\" ask for samples {Say.Number(first)} to {Say.Number(first + (double)(count ?? 1) - 1)}; give smaller ones");
            return null;
        }

        var values = file.Read(first, count ?? (file.Count - first));
        if (Array.TrueForAll(values, float.IsFinite))
        {
            return new SampleTable(path, first, count ?? (file.Count - first), (int)file.Columns, values, file.AreBytes);
        }

        problems.Add(at, $"{Say.Quote(name)} holds values that are NaN, infinite or beyond 3.4e38; use finite numbers");
        return null;
    }

    private SpikeEncoder.Rate? ReadRate(OneInput one, long? present)
    {
        var (gainAt, rateAt) = (one.Reader.Optional("gain"), one.Reader.Optional("rate"));
        if (gainAt is not null && rateAt is { } both)
        {
            problems.Add(both, "give either \"rate\" (Hz) or \"gain\" (probability of a spike in a step), not both: each is that of a value of 1");
            return null;
        }

        double? gain = 1;
        if (gainAt is { } g)
        {
            gain = Values.Number(problems, g, new Quantity("gain", string.Empty));
        }
        else if (rateAt is { } r)
        {
            gain = Values.Number(problems, r, new Quantity("rate", "Hz") { Min = 0 }) is { } hz ? hz * dtMs / 1000 : null;
        }

        var offset = one.Reader.Optional("offset") is { } o ? Values.Number(problems, o, new Quantity("offset", string.Empty)) : 0;
        var first = FirstSpike(one, present);
        return gain is null || offset is null || first is null ? null : new SpikeEncoder.Rate(gain.Value, offset.Value, first.Value);
    }

    private SpikeEncoder.Latency? ReadLatency(OneInput one, long? present, SampleTable? samples, double? scale)
    {
        var tau = one.Reader.Optional("tau") is { } t ? Values.Number(problems, t, new Quantity("tau", "ms") { Min = 0, MinExcluded = true }) : 1;
        var threshold = one.Reader.Optional("threshold") is { } h
            ? Values.Number(problems, h, new Quantity("threshold", string.Empty) { Min = 1e-6, Max = 1 - 1e-6 }) : 0.01;
        var first = FirstSpike(one, present);
        var (normalize, linear, clip, bypass) = (Switch(one, "normalize"), Switch(one, "linear"), Switch(one, "clip"), Switch(one, "bypass"));
        if (tau is null || threshold is null || first is null || normalize is null || linear is null || clip is null || bypass is null || double.IsNaN(dtMs))
        {
            return null;
        }

        var latency = new SpikeEncoder.Latency
        {
            TauMs = tau.Value,
            Threshold = threshold.Value,
            FirstSpikeStep = first.Value,
            Normalize = normalize.Value,
            Linear = linear.Value,
            Clip = clip.Value,
            Bypass = bypass.Value,
        };
        return present is null || samples is null || scale is null || AreInReach(one, latency, (int)present.Value, samples, scale.Value) ? latency : null;
    }

    /// <summary>Whether the values are what the encoder takes, and all spikes come while their samples are shown.</summary>
    private bool AreInReach(OneInput one, SpikeEncoder.Latency latency, int present, SampleTable samples, double scale)
    {
        var (least, greatest) = scale >= 0 ? (samples.Least * scale, samples.Greatest * scale) : (samples.Greatest * scale, samples.Least * scale);
        if ((least < 0 || greatest > 1) && !(latency.Linear && latency.Normalize))
        {
            problems.Add(one.Reader.At, $"the samples have values from {Say.Number(least)} to {Say.Number(greatest)}, and the encoder \"latency\" takes 0 to 1; give \"scale\", or \"linear\" and \"normalize\" for other values");
            return false;
        }

        var last = LatencyCode.Times(latency.Options(present, dtMs), least, greatest).LastStep;
        if (last < present || latency.Bypass)
        {
            return true;
        }

        problems.Add(one.Reader.At, $"the latest spike of a sample comes {Say.Number(Values.Tidy(last, dtMs))} ms after its beginning, but present = {Say.Number(Values.Tidy(present, dtMs))} ms; "
            + "use a longer \"present\", a smaller \"tau\", \"normalize\": true, or \"bypass\": true to leave such spikes out");
        return false;
    }

    private SpikeEncoder.Delta? ReadDelta(OneInput one, int? port)
    {
        var threshold = one.Reader.Optional("threshold") is { } t ? Values.Number(problems, t, new Quantity("threshold", string.Empty)) : 0.1;
        var (padding, offAt) = (Switch(one, "padding"), one.Reader.Optional("off_spike"));
        var off = Switch(one, "off_spike");
        if (off == true && port is { } named && one.Target?.Model?.PortTable[named].Info.Kind != PortKind.Spikes)
        {
            problems.Add(offAt!.Value, "with a \"receptor\" that takes one sign only there can be no negative spikes; leave \"off_spike\" or \"receptor\" out");
            return null;
        }

        return threshold is null || padding is null || off is null ? null : new SpikeEncoder.Delta(threshold.Value, padding.Value, off.Value);
    }

    private SpikeEncoder.PoissonIntervals? ReadIntervals(OneInput one, SampleTable? samples, double? scale)
    {
        var rate = one.Reader.Optional("rate") is { } r ? Values.Number(problems, r, new Quantity("rate", "Hz") { Min = 0 }) : 1;
        if (samples is not null && scale is { } factor && Math.Min(samples.Least * factor, samples.Greatest * factor) < 0)
        {
            problems.Add(one.Reader.At, "the samples have negative values, and the encoder \"poisson_intervals\" takes them for rates; give values of 0 or more");
            return null;
        }

        return rate is null ? null : new SpikeEncoder.PoissonIntervals(rate.Value);
    }

    private static SpikeEncoder? PassOver(OneInput one)
    {
        Array.ForEach(Options, key => one.Reader.Optional(key));
        return null;
    }

    private int? FirstSpike(OneInput one, long? present) => one.Reader.Optional("first_spike_time") is { } at
        ? (int?)Values.Steps(problems, at, "first_spike_time", dtMs, 0, (present ?? int.MaxValue) - 1)
        : 0;

    private bool? Switch(OneInput one, string key) => one.Reader.Optional(key) is { } at ? Values.Switch(problems, at, key) : false;
}
