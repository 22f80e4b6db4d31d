using Snn.Actors.Data;
using Snn.Actors.Networks.Source;
using Snn.Actors.Networks.Writing;

namespace Snn.Actors.Networks;

/// <content>The words of inputs that show data: models "encode" and "events".</content>
public sealed partial class InputBuilder
{
    /// <summary>Name of the encoder: rate, latency, delta or poisson_intervals.</summary>
    public InputBuilder Encoder(string name) => Set("encoder", SourceValue.OfText(name));

    /// <summary>Time that every sample is shown, ms.</summary>
    public InputBuilder Present(double ms) => Set("present", SourceValue.OfNumber(ms));

    /// <summary>Silence after every sample, ms.</summary>
    public InputBuilder Rest(double ms) => Set("rest", SourceValue.OfNumber(ms));

    /// <summary>The samples of the file that are shown.</summary>
    public InputBuilder Samples(int first, int count)
    {
        Set("first", SourceValue.OfNumber(first));
        return Set("count", SourceValue.OfNumber(count));
    }

    /// <summary>What values are multiplied with.</summary>
    public InputBuilder Scale(double factor) => Set("scale", SourceValue.OfNumber(factor));

    /// <summary>Whether the samples begin anew after the last one.</summary>
    public InputBuilder Repeat(bool repeats = true) => Set("repeat", SourceValue.OfSwitch(repeats));

    /// <summary>Encoder rate: probability of a spike in a step, of a value of 1.</summary>
    public InputBuilder Gain(double probability) => Set("gain", SourceValue.OfNumber(probability));

    /// <summary>Encoder rate: added to the probability.</summary>
    public InputBuilder Offset(double probability) => Set("offset", SourceValue.OfNumber(probability));

    /// <summary>Encoders rate and latency: no spike before this time of a presentation, ms.</summary>
    public InputBuilder FirstSpikeTime(double ms) => Set("first_spike_time", SourceValue.OfNumber(ms));

    /// <summary>Encoder latency: time constant, ms.</summary>
    public InputBuilder Tau(double ms) => Set("tau", SourceValue.OfNumber(ms));

    /// <summary>Encoders latency and delta: smallest value, or change, that counts.</summary>
    public InputBuilder Threshold(double value) => Set("threshold", SourceValue.OfNumber(value));

    /// <summary>Encoder latency: whether the latest spike of all samples comes in the last step.</summary>
    public InputBuilder Normalize(bool on = true) => Set("normalize", SourceValue.OfSwitch(on));

    /// <summary>Encoder latency: whether times fall linearly with the value.</summary>
    public InputBuilder Linear(bool on = true) => Set("linear", SourceValue.OfSwitch(on));

    /// <summary>Encoder latency: whether values below the threshold give no spike.</summary>
    public InputBuilder Clip(bool on = true) => Set("clip", SourceValue.OfSwitch(on));

    /// <summary>Encoder latency: whether spikes beyond the last step are left out.</summary>
    public InputBuilder Bypass(bool on = true) => Set("bypass", SourceValue.OfSwitch(on));

    /// <summary>Encoder delta: whether the first sample is compared with itself.</summary>
    public InputBuilder Padding(bool on = true) => Set("padding", SourceValue.OfSwitch(on));

    /// <summary>Encoder delta: whether a fall gives a negative spike.</summary>
    public InputBuilder OffSpike(bool on = true) => Set("off_spike", SourceValue.OfSwitch(on));

    /// <summary>How the events lie in the file.</summary>
    public InputBuilder Format(EventFormat format) => Set("format", SourceValue.OfText(EventFile.NameOf(format)));

    /// <summary>[channels, places] or [channels, height, width] of the events.</summary>
    public InputBuilder Shape(params IReadOnlyList<int> lengths) => Set("shape", Trees.Of(lengths.Select(l => (double)l)));
}
