using System.Text.Json;
using Snn.Kernels.Encoding;
using Snn.Kernels.Random;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>snnTorch's encoders of values and of class labels.</summary>
public sealed class SpikegenRunner : ISeedRunner
{
    private static readonly StreamKey Key = StreamKey.Derive(1, "spikegen");

    public IReadOnlyList<string> Categories => ["snntorch/spikegen"];

    /// <summary>Encoders compute in double precision only.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) => golden.Kind["snntorch.spikegen.".Length..] switch
    {
        "rate" => Rate(golden),
        "latency" => Out(Latency(golden)),
        "delta" => Out(Delta(golden)),
        "to_one_hot" => Out(ToOneHot(golden)),
        "to_one_hot_inverse" => Out(Invert(golden)),
        "from_one_hot" => Out(Decode(golden)),
        "targets_convert" => Out(Targets(golden)),
        "target_rate_code" => Train(golden),
        "rate_interpolate" => Out(Interpolate(golden)),
        var other => throw new InvalidDataException($"{other} is no function that this runner knows"),
    };

    private static Dictionary<string, SeedTensor> Out(SeedTensor tensor) => new() { ["out"] = tensor };

    private static Dictionary<string, SeedTensor> Rate(SeedCase golden)
    {
        var data = golden.Input("data");
        var first = Whole(golden, "first_spike_time", 0);
        var isVarying = golden.Flag("time_var_input");
        var elements = isVarying ? data.Data.Length / data.Shape[0] : data.Data.Length;
        var steps = isVarying ? data.Shape[0] + first : Whole(golden, "num_steps", 0);
        var (gain, offset) = (golden.Param("gain", 1).Scalar, golden.Param("offset", 0).Scalar);
        var spikes = new bool[steps * elements];
        if (isVarying)
        {
            RateCode.EncodeVarying(data.Data, elements, Key, spikes, first);
        }
        else
        {
            RateCode.Encode(data.Data, steps, Key, spikes, gain, offset, first);
        }

        int[] shape = isVarying ? data.Shape[1..] : data.Shape;
        var all = new SeedTensor([steps, .. shape], Numbers(spikes));
        var mean = Enumerable.Range(0, elements).Select(e => Enumerable.Range(0, steps).Average(t => all.Data[(t * elements) + e]));
        return new Dictionary<string, SeedTensor>
        {
            ["out"] = all,
            ["mean"] = new(shape, [.. mean]),
            ["probability"] = new(shape, Array.ConvertAll(data.Data, x => RateCode.Probability(x, gain, offset))),
        };
    }

    private static SeedTensor Latency(SeedCase golden)
    {
        var data = golden.Input("data");
        var options = LatencyOptions(golden);
        var steps = LatencyCode.Steps(options, data.Data);
        var output = new double[steps * data.Data.Length];
        LatencyCode.Encode(options, data.Data, output);
        return new SeedTensor([steps, .. data.Shape], output);
    }

    private static LatencyOptions LatencyOptions(SeedCase golden) => new()
    {
        Steps = Given(golden, "num_steps") ? Whole(golden, "num_steps", 0) : null,
        Threshold = golden.Param("threshold", 0.01).Scalar,
        Tau = golden.Param("tau", 1).Scalar,
        FirstSpikeStep = Whole(golden, "first_spike_time", 0),
        Normalize = golden.Flag("normalize"),
        Linear = golden.Flag("linear"),
        Clip = golden.Flag("clip"),
        Bypass = golden.Flag("bypass"),
        Interpolate = golden.Flag("interpolate"),
        OnTarget = golden.Param("on_target", 1).Scalar,
        OffTarget = golden.Param("off_target", 0).Scalar,
        Epsilon = golden.Param("epsilon", 1e-7).Scalar,
    };

    private static SeedTensor Delta(SeedCase golden)
    {
        var data = golden.Input("data");
        var spikes = new sbyte[data.Data.Length];
        var threshold = golden.Param("threshold", 0.1).Scalar;
        DeltaCode.Encode(data.Data, data.Data.Length / data.Shape[0], spikes, threshold, golden.Flag("padding"), golden.Flag("off_spike"));
        return new SeedTensor(data.Shape, Array.ConvertAll(spikes, s => (double)s));
    }

    private static SeedTensor ToOneHot(SeedCase golden)
    {
        var (labels, classes) = (Labels(golden), Whole(golden, "num_classes", 0));
        var rows = new double[labels.Length * classes];
        OneHot.Encode(labels, classes, rows);
        return new SeedTensor([labels.Length, classes], rows);
    }

    private static SeedTensor Invert(SeedCase golden)
    {
        var rows = golden.Input("one_hot");
        var inverse = new double[rows.Data.Length];
        OneHot.Invert(rows.Data, inverse);
        return rows with { Data = inverse };
    }

    private static SeedTensor Decode(SeedCase golden)
    {
        var rows = golden.Input("one_hot");
        var labels = new int[rows.Shape[0]];
        OneHot.Decode(rows.Data, rows.Shape[1], labels);
        return new SeedTensor([labels.Length], Array.ConvertAll(labels, l => (double)l));
    }

    private static SeedTensor Targets(SeedCase golden)
    {
        var (labels, classes) = (Labels(golden), Whole(golden, "num_classes", 0));
        if (golden.Word("code", "rate") == "latency")
        {
            var latency = LatencyOptions(golden);
            var rows = new double[labels.Length * classes];
            OneHot.Encode(labels, classes, rows);
            var time = LatencyCode.Steps(latency, rows);
            var late = new double[time * rows.Length];
            TargetCode.Latency(labels, classes, latency, late);
            return new SeedTensor([time, labels.Length, classes], late);
        }

        var options = new RateTargetOptions
        {
            Steps = Given(golden, "num_steps") ? Whole(golden, "num_steps", 0) : null,
            FirstSpikeStep = Whole(golden, "first_spike_time", 0),
            CorrectRate = golden.Param("correct_rate", 1).Scalar,
            IncorrectRate = golden.Param("incorrect_rate", 0).Scalar,
            OnTarget = golden.Param("on_target", 1).Scalar,
            OffTarget = golden.Param("off_target", 0).Scalar,
            Pattern = Enum.Parse<FiringPattern>(golden.Word("firing_pattern", "regular"), ignoreCase: true),
            Interpolate = golden.Flag("interpolate"),
        };
        int[] shape = TargetCode.HasTime(options) ? [options.Steps!.Value, labels.Length, classes] : [labels.Length, classes];
        var targets = SeedTensor.Zeros(shape);
        TargetCode.Rate(labels, classes, options, Key, targets.Data);
        return targets;
    }

    private static Dictionary<string, SeedTensor> Train(SeedCase golden)
    {
        var spikes = new bool[Whole(golden, "num_steps", 0)];
        var pattern = Enum.Parse<FiringPattern>(golden.Word("firing_pattern", "regular"), ignoreCase: true);
        TargetCode.Train(golden.Param("rate", 1).Scalar, Whole(golden, "first_spike_time", 0), pattern, Key, spikes);
        var times = Enumerable.Range(0, spikes.Length).Where(t => spikes[t]).Select(t => (double)t).ToArray();
        return new Dictionary<string, SeedTensor>
        {
            ["spikes"] = new([spikes.Length], Numbers(spikes)),
            ["times"] = new([times.Length], times),
        };
    }

    private static SeedTensor Interpolate(SeedCase golden)
    {
        var spikes = new bool[Whole(golden, "num_steps", 0)];
        foreach (var step in golden.Input("spike_time").Data)
        {
            spikes[(int)step] = true;
        }

        var values = new double[spikes.Length];
        TargetCode.Interpolate(spikes, golden.Param("on_target", 1).Scalar, golden.Param("off_target", 0).Scalar, values);
        return new SeedTensor([values.Length], values);
    }

    /// <summary>Python's False, snnTorch's word for a number that is not given, is none.</summary>
    private static bool Given(SeedCase golden, string name) =>
        golden.Params.TryGetProperty(name, out var p) && p.ValueKind == JsonValueKind.Number;

    private static int Whole(SeedCase golden, string name, int byDefault) => (int)golden.Param(name, byDefault).Scalar;

    private static int[] Labels(SeedCase golden) => Array.ConvertAll(golden.Input("targets").Data, l => (int)l);

    private static double[] Numbers(bool[] spikes) => Array.ConvertAll(spikes, s => s ? 1.0 : 0.0);
}
