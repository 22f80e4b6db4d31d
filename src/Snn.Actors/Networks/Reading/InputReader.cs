using Snn.Actors.Networks.Source;
using Snn.Kernels.Random;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the inputs: one record a target population.</summary>
internal sealed class InputReader(Problems problems, Targets targets, double dtMs, string? directory, RewardReader rewards)
{
    /// <summary>Most pairs of an input and a target.</summary>
    public const int MaxInputs = 1_000_000;

    private static readonly string[] Models = ["poisson", "dc", "spike_times", "noise", "array", "encode", "events", "reward"];

    private readonly List<NetworkInput> _inputs = [];
    private readonly Dictionary<SourceValue, long[]?> _times = [];
    private readonly ArrayFiles _files = new(problems, directory);
    private readonly EncoderReader _encoders = new(problems, dtMs, directory);
    private readonly EventsReader _events = new(problems, dtMs, directory);

    /// <summary>All inputs in the order of the file.</summary>
    public IReadOnlyList<NetworkInput> Read(At at)
    {
        const string Form = "an object with one key an input, as in {\"noise\": {\"model\": \"poisson\", \"rate\": 1000, \"to\": \"E\", \"weight\": 1}}";
        if (ObjectReader.Open(problems, at, Form) is null)
        {
            return [];
        }

        foreach (var member in at.Value.Members)
        {
            Names.Check(problems, at, member, "input");
            if (_inputs.Count > MaxInputs)
            {
                problems.Add(at, $"the inputs have more than {Say.Number(MaxInputs)} targets together; use fewer, larger populations");
                break;
            }

            ReadInput(member.Key, at.Of(member));
        }

        return _inputs;
    }

    private void ReadInput(string name, At at)
    {
        if (ObjectReader.Open(problems, at, "an input, as in {\"model\": \"poisson\", \"rate\": 1000, \"to\": \"E\", \"weight\": 1}") is not { } reader)
        {
            return;
        }

        var model = reader.Required("model", $"\"model\": one of {Say.List(Models, "or")}") is { } m ? Values.Choice(problems, m, "input model", Models) : null;
        if (model == "reward")
        {
            rewards.Read(name, reader);
            return;
        }

        var to = targets.Read(reader.Required("to", "\"to\": \"E\" (a population, or an array of them)"));
        if (model is null)
        {
            return;
        }

        var start = reader.Optional("start") is { } s ? Values.Steps(problems, s, "start", dtMs, 0) : 0;
        var stop = reader.Optional("stop") is { } e ? Values.Steps(problems, e, "stop", dtMs, 0) : long.MaxValue;
        if (start >= stop)
        {
            problems.Add(at, $"start = {Say.Number(Values.Tidy(start.Value, dtMs))} ms is not before stop = {Say.Number(Values.Tidy(stop.Value, dtMs))} ms; give start < stop");
        }

        // Values are checked even where the targets are wrong, so that all mistakes are seen at once.
        for (var i = 0; i < Math.Max(1, to.Count); i++)
        {
            var target = to.Count > 0 ? to[i] : null;
            var one = new OneInput(name, reader, to, target, start ?? 0, stop ?? long.MaxValue);
            if (Read(model, one) is { } input && target?.Finished is not null)
            {
                _inputs.Add(input);
            }
        }

        reader.Close();
    }

    private NetworkInput? Read(string model, OneInput one)
    {
        one.Neurons = targets.Neurons(one.Reader.Optional("neurons"), one.Target);
        return model switch
        {
            "poisson" => ReadPoisson(one),
            "dc" => ReadDc(one),
            "spike_times" => ReadSpikeTimes(one),
            "noise" => ReadNoise(one),
            "encode" => _encoders.Read(one, ReadSpikes(one, isWeightRequired: true)),
            "events" => _events.Read(one, ReadSpikes(one, isWeightRequired: true)),
            _ => ReadArray(one),
        };
    }

    private PoissonInput? ReadPoisson(OneInput one)
    {
        // More spikes a step than a Poisson source draws is a slip of the unit.
        var rateHz = new Quantity("rate", "Hz") { Min = 0, Max = double.IsNaN(dtMs) ? Quantity.Largest : PoissonSource.MaxMean * 1e3 / dtMs, MaxIsPractical = true, MaxReason = " (a hundred thousand spikes a step)" };
        var rate = Drawn(one, "rate", "\"rate\": 1000 (Hz)", rateHz);
        var spikes = ReadSpikes(one, isWeightRequired: true);
        return rate is null || spikes is not var (weight, delay, port) || one.Neurons is null || one.Target?.Finished is null
            ? null
            : new PoissonInput
            {
                Name = one.Name,
                Target = one.Target.Finished,
                Neurons = one.Neurons,
                StartStep = one.Start,
                StopStep = one.Stop,
                RateHz = rate,
                Weight = weight,
                DelaySteps = delay,
                Port = port,
            };
    }

    private SpikeTimesInput? ReadSpikeTimes(OneInput one)
    {
        var times = one.Reader.Required("times", "\"times\": [10, 20] (ms)") is { } t ? Times(t) : null;
        var factorsAt = one.Reader.Optional("weights");
        var factors = factorsAt is { } f ? Distributions.Numbers(problems, f, new Quantity("weights", string.Empty)) : null;
        var spikes = ReadSpikes(one, isWeightRequired: factorsAt is null);
        if (factors is not null && times is not null && factors.Length != times.Length)
        {
            problems.Add(factorsAt!.Value, $"{Say.Some(factors.Length, "weight")} for {Say.Some(times.Length, "time")}; give one weight a time");
            return null;
        }

        if (factors is not null && factors.Any(x => x < 0) && spikes?.Port is { } named && one.Target?.Model?.PortTable[named].Info.Kind != Kernels.Neurons.PortKind.Spikes)
        {
            problems.Add(factorsAt!.Value, "with a \"receptor\" that takes one sign only, \"weights\" must not be negative: they are factors to \"weight\"");
            return null;
        }

        return times is null || spikes is not var (weight, delay, port) || one.Neurons is null || one.Target?.Finished is null
            ? null
            : new SpikeTimesInput
            {
                Name = one.Name,
                Target = one.Target.Finished,
                Neurons = one.Neurons,
                StartStep = one.Start,
                StopStep = one.Stop,
                Steps = times,
                Factors = factors,
                Weight = weight,
                DelaySteps = delay,
                Port = port,
            };
    }

    private DcInput? ReadDc(OneInput one)
    {
        var amplitude = one.Reader.Optional("amplitude");
        var times = one.Reader.Optional("times");
        var amplitudes = one.Reader.Optional("amplitudes");
        if (amplitude is null == (times is null && amplitudes is null))
        {
            problems.Add(one.Reader.At, "a dc input has either \"amplitude\" (pA) or \"times\" (ms) and \"amplitudes\" (pA)");
            return null;
        }

        var steps = new List<long>();
        var values = new List<Distribution>();
        if (amplitude is not null)
        {
            if (Drawn(one, "amplitude", string.Empty, new Quantity("amplitude", "pA")) is not { } value)
            {
                return null;
            }

            steps.Add(one.Start);
            values.Add(value);
        }
        else if (!ReadCourse(one, times, amplitudes, steps, values))
        {
            return null;
        }

        return one.Neurons is null || one.Target?.Finished is null ? null : new DcInput
        {
            Name = one.Name,
            Target = one.Target.Finished,
            Neurons = one.Neurons,
            StartStep = one.Start,
            StopStep = one.Stop,
            Steps = steps,
            AmplitudesPa = values,
        };
    }

    private bool ReadCourse(OneInput one, At? timesAt, At? amplitudesAt, List<long> steps, List<Distribution> values)
    {
        _ = one.Reader.Required("times", "\"times\": [0, 100] (ms), one an amplitude");
        _ = one.Reader.Required("amplitudes", "\"amplitudes\": [0, 50] (pA), one a time");
        if (timesAt is not { } t || amplitudesAt is not { } a || Times(t) is not { } times)
        {
            return false;
        }

        if (a.Value.Kind != SourceKind.Array)
        {
            problems.Add(a, $"expected an array with one amplitude (pA) a time, got {Say.Given(a.Value)}");
            return false;
        }

        if (a.Value.Count != times.Length)
        {
            problems.Add(a, $"{Say.Some(a.Value.Count, "amplitude")} for {Say.Some(times.Length, "time")}; give one amplitude a time");
            return false;
        }

        for (var i = 0; i < times.Length; i++)
        {
            if (i > 0 && times[i] == times[i - 1])
            {
                problems.Add(t.Item(i), $"the time {Say.Number(Values.Tidy(times[i], dtMs))} ms is given twice; give every time once");
                return false;
            }

            if (Distributions.Read(problems, a.Item(i), new Quantity("amplitude", "pA"), one.PerNeuron()) is not { } value)
            {
                return false;
            }

            steps.Add(times[i]);
            values.Add(value);
        }

        return true;
    }

    private NoiseInput? ReadNoise(OneInput one)
    {
        var mean = For(one, "mean", "\"mean\": 0 (pA)") is { } m ? Values.Number(problems, m, new Quantity("mean", "pA")) : null;
        var std = For(one, "std", "\"std\": 10 (pA)") is { } s ? Values.Number(problems, s, new Quantity("std", "pA") { Min = 0 }) : null;
        var every = one.Reader.Optional("dt") is { } d ? Values.Steps(problems, d, "the interval of the noise", dtMs, 1, int.MaxValue) : 1;
        return mean is null || std is null || every is null || one.Neurons is null || one.Target?.Finished is null ? null : new NoiseInput
        {
            Name = one.Name,
            Target = one.Target.Finished,
            Neurons = one.Neurons,
            StartStep = one.Start,
            StopStep = one.Stop,
            MeanPa = mean.Value,
            StdPa = std.Value,
            EverySteps = (int)every.Value,
        };
    }

    private ArrayInput? ReadArray(OneInput one)
    {
        var kind = one.Reader.Required("kind", "\"kind\": \"current\" (pA) or \"spikes\" (numbers of spikes)") is { } k
            ? Values.Choice(problems, k, "kind of array", ["current", "spikes"]) : null;
        var every = one.Reader.Optional("every") is { } e ? Values.Steps(problems, e, "every", dtMs, 1, int.MaxValue) : 1;
        var values = one.Reader.Required("file", "\"file\": \"stimulus.npy\" (relative to the network file)") is { } f
            ? _files.Read(f, one.Neurons?.Count, targets.Items, isSpikes: kind == "spikes") : null;
        var spikes = (Weight: (Distribution)1, Delay: 0, Port: (int?)null);
        if (kind == "spikes")
        {
            if (ReadSpikes(one, isWeightRequired: true) is not { } read)
            {
                return null;
            }

            spikes = read;
            if (spikes.Weight is not Distribution.Constant)
            {
                problems.Add(one.Reader.Optional("weight")!.Value, "the weight of an array input is one number; give the differences in the array");
                return null;
            }
        }

        return kind is null || every is null || values is null || one.Neurons is null || one.Target?.Finished is null ? null : new ArrayInput
        {
            Name = one.Name,
            Target = one.Target.Finished,
            Neurons = one.Neurons,
            StartStep = one.Start,
            StopStep = one.Stop,
            Kind = kind == "spikes" ? ArrayKind.Spikes : ArrayKind.Current,
            File = values.FullPath,
            Rows = values.Rows,
            Values = values.Values,
            EverySteps = (int)every.Value,
            Weight = ((Distribution.Constant)spikes.Weight).Value,
            DelaySteps = spikes.Delay,
            Port = spikes.Port,
        };
    }

    /// <summary>What every input of spikes has.</summary>
    private (Distribution Weight, int Delay, int? Port)? ReadSpikes(OneInput one, bool isWeightRequired)
    {
        var delay = targets.DelaySteps(targets.For(one.Reader.Optional("delay"), one.Target, one.To), one.Reader.At);
        var quantity = targets.Receptor(one.Reader.Optional("receptor"), one.Reader.At, one.Target, out var port);
        var at = isWeightRequired ? one.Reader.Required("weight", "\"weight\": 1 (in the unit of the receptor)") : one.Reader.Optional("weight");
        if (at is null)
        {
            return isWeightRequired || delay is null || quantity is null ? null : (1, delay.Value, port);
        }

        var weight = targets.For(at, one.Target, one.To) is { } w
            ? Distributions.Read(problems, w, quantity ?? new Quantity("weight", string.Empty), one.PerNeuron()) : null;
        return weight is null || delay is null || quantity is null ? null : (weight, delay.Value, port);
    }

    private At? For(OneInput one, string key, string example) => targets.For(one.Reader.Required(key, example), one.Target, one.To);

    private Distribution? Drawn(OneInput one, string key, string example, Quantity quantity) =>
        For(one, key, example) is { } at ? Distributions.Read(problems, at, quantity, one.PerNeuron()) : null;

    /// <summary>Times that do not descend, in steps; read once for all targets, which share them.</summary>
    private long[]? Times(At at)
    {
        if (!_times.TryGetValue(at.Value, out var steps))
        {
            steps = ReadTimes(at);
            _times.Add(at.Value, steps);
        }

        return steps;
    }

    private long[]? ReadTimes(At at)
    {
        var quantity = new Quantity("times", "ms") { Min = 0 };
        if (Distributions.Numbers(problems, at, quantity) is not { } times || double.IsNaN(dtMs))
        {
            return null;
        }

        var steps = new long[times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            if (Values.ToSteps(times[i], dtMs) is not { } step)
            {
                problems.Add(at.Item(i), Values.OffGrid("the time", times[i], dtMs, 0));
                return null;
            }

            if (i > 0 && times[i] < times[i - 1])
            {
                problems.Add(at.Item(i), $"the time {Say.Number(times[i])} ms comes after {Say.Number(times[i - 1])} ms; give the times in ascending order");
                return null;
            }

            steps[i] = step;
        }

        if (steps.Length > 0)
        {
            return steps;
        }

        problems.Add(at, "the array of times is empty; give at least one time, or remove this input");
        return null;
    }
}
