using Snn.Actors.Data;
using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Writing;

/// <summary>Puts the targets of an input together again, with values by population where they differ.</summary>
internal static class InputWriter
{
    /// <summary>The tree of one input.</summary>
    /// <param name="network">Its network.</param>
    /// <param name="parts">One record a target.</param>
    /// <param name="ofFiles">What stands for the file of an input.</param>
    public static SourceValue Tree(Network network, IReadOnlyList<NetworkInput> parts, Func<NetworkInput, string> ofFiles)
    {
        var first = parts[0];
        var value = SourceValue.OfObject()
            .With("model", SourceValue.OfText(ModelOf(first)))
            .With("to", Trees.Of(parts.Select(p => p.Target.Name)));
        if (parts.FirstOrDefault(p => p.Neurons.List is not null || p.Neurons.First != 0 || p.Neurons.Count != p.Target.Size) is { } partial)
        {
            NetworkWriter.AddNeurons(value, partial.Neurons, partial.Target);
        }

        value.With("start", NetworkWriter.Time(network, first.StartStep));
        if (first.StopStep != long.MaxValue)
        {
            value.With("stop", NetworkWriter.Time(network, first.StopStep));
        }

        AddOwn(value, network, parts, ofFiles);
        return value;
    }

    private static string ModelOf(NetworkInput input) => input switch
    {
        PoissonInput => "poisson",
        SpikeTimesInput => "spike_times",
        DcInput => "dc",
        NoiseInput => "noise",
        ArrayInput => "array",
        EncodedInput => "encode",
        EventsInput => "events",
        _ => throw new ArgumentException($"unknown input {input}", nameof(input)),
    };

    private static void AddOwn(SourceValue value, Network network, IReadOnlyList<NetworkInput> parts, Func<NetworkInput, string> ofFiles)
    {
        switch (parts[0])
        {
            case PoissonInput:
                Add(value, "rate", parts, p => Trees.Of(((PoissonInput)p).RateHz));
                break;
            case SpikeTimesInput times:
                value.With("times", Times(network, times.Steps));
                if (times.Factors is { } factors)
                {
                    value.With("weights", Trees.Of(factors));
                }

                break;
            case DcInput dc when dc.Steps.Count == 1 && dc.Steps[0] == dc.StartStep:
                Add(value, "amplitude", parts, p => Trees.Of(((DcInput)p).AmplitudesPa[0]));
                break;
            case DcInput dc:
                value.With("times", Times(network, dc.Steps));
                value.With("amplitudes", SourceValue.OfItems([.. dc.AmplitudesPa.Select(Trees.Of)]));
                break;
            case NoiseInput noise:
                Add(value, "mean", parts, p => SourceValue.OfNumber(((NoiseInput)p).MeanPa));
                Add(value, "std", parts, p => SourceValue.OfNumber(((NoiseInput)p).StdPa));
                value.With("dt", NetworkWriter.Time(network, noise.EverySteps));
                break;
            case ArrayInput array:
                value.With("kind", SourceValue.OfText(array.Kind == ArrayKind.Spikes ? "spikes" : "current"));
                value.With("file", SourceValue.OfText(ofFiles(array)));
                value.With("every", NetworkWriter.Time(network, array.EverySteps));
                break;
            case EncodedInput encoded:
                EncoderWriter.Add(value, network, encoded, ofFiles(encoded));
                break;
            case EventsInput events:
                value.With("format", SourceValue.OfText(EventFile.NameOf(events.Format)));
                value.With("shape", Trees.Of(events.Shape.Select(d => (double)d)));
                value.With("file", SourceValue.OfText(ofFiles(events)));
                break;
        }

        AddSpikes(value, network, parts);
    }

    private static void AddSpikes(SourceValue value, Network network, IReadOnlyList<NetworkInput> parts)
    {
        if (parts[0] is not (SpikeInput or ArrayInput { Kind: ArrayKind.Spikes }))
        {
            return;
        }

        Add(value, "weight", parts, p => p is SpikeInput s ? Trees.Of(s.Weight) : SourceValue.OfNumber(((ArrayInput)p).Weight));
        Add(value, "delay", parts, p => NetworkWriter.Time(network, p is SpikeInput s ? s.DelaySteps : ((ArrayInput)p).DelaySteps));
        var receptor = parts
            .Select(p => NetworkWriter.Receptor(p.Target.Model, p is SpikeInput s ? s.Port : ((ArrayInput)p).Port))
            .FirstOrDefault(r => r is not null);
        if (receptor is not null)
        {
            value.With("receptor", SourceValue.OfText(receptor));
        }
    }

    /// <summary>Adds one value for all targets where it is the same, else one by population.</summary>
    private static void Add(SourceValue value, string key, IReadOnlyList<NetworkInput> parts, Func<NetworkInput, SourceValue> of)
    {
        var values = parts.Select(of).ToList();
        if (values.Select(SourceWriter.Compact).Distinct().Count() == 1)
        {
            value.With(key, values[0]);
            return;
        }

        var byName = SourceValue.OfObject();
        for (var i = 0; i < parts.Count; i++)
        {
            byName.With(parts[i].Target.Name, values[i]);
        }

        value.With(key, byName);
    }

    private static SourceValue Times(Network network, IReadOnlyList<long> steps) =>
        Trees.Of(steps.Select(s => NetworkWriter.Time(network, s).Number));
}
