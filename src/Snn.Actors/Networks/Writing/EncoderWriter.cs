using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Writing;

/// <summary>Writes what is special to inputs of the model "encode".</summary>
internal static class EncoderWriter
{
    /// <summary>Adds samples, times and encoder.</summary>
    /// <param name="value">The input.</param>
    /// <param name="network">Its network.</param>
    /// <param name="input">What it declares.</param>
    /// <param name="file">What stands for its file.</param>
    public static void Add(SourceValue value, Network network, EncodedInput input, string file)
    {
        value.With("file", SourceValue.OfText(file))
            .With("first", SourceValue.OfNumber(input.FirstSample))
            .With("count", SourceValue.OfNumber(input.Samples))
            .With("scale", SourceValue.OfNumber(input.Scale))
            .With("present", NetworkWriter.Time(network, input.PresentSteps))
            .With("rest", NetworkWriter.Time(network, input.RestSteps))
            .With("repeat", SourceValue.OfSwitch(input.Repeat));
        switch (input.Encoder)
        {
            case SpikeEncoder.Rate rate:
                value.With("encoder", SourceValue.OfText("rate"))
                    .With("gain", SourceValue.OfNumber(rate.Gain))
                    .With("offset", SourceValue.OfNumber(rate.Offset))
                    .With("first_spike_time", NetworkWriter.Time(network, rate.FirstSpikeStep));
                break;
            case SpikeEncoder.Latency latency:
                Add(value.With("encoder", SourceValue.OfText("latency")), network, latency);
                break;
            case SpikeEncoder.Delta delta:
                value.With("encoder", SourceValue.OfText("delta"))
                    .With("threshold", SourceValue.OfNumber(delta.Threshold))
                    .With("padding", SourceValue.OfSwitch(delta.IsPadded))
                    .With("off_spike", SourceValue.OfSwitch(delta.HasOffSpikes));
                break;
            case SpikeEncoder.PoissonIntervals intervals:
                value.With("encoder", SourceValue.OfText("poisson_intervals")).With("rate", SourceValue.OfNumber(intervals.RateHz));
                break;
            default:
                throw new ArgumentException($"unknown encoder {input.Encoder}", nameof(input));
        }
    }

    private static void Add(SourceValue value, Network network, SpikeEncoder.Latency latency) => value
        .With("tau", SourceValue.OfNumber(latency.TauMs))
        .With("threshold", SourceValue.OfNumber(latency.Threshold))
        .With("first_spike_time", NetworkWriter.Time(network, latency.FirstSpikeStep))
        .With("normalize", SourceValue.OfSwitch(latency.Normalize))
        .With("linear", SourceValue.OfSwitch(latency.Linear))
        .With("clip", SourceValue.OfSwitch(latency.Clip))
        .With("bypass", SourceValue.OfSwitch(latency.Bypass));
}
