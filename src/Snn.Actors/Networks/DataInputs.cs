using Snn.Actors.Data;
using Snn.Kernels.Encoding;

namespace Snn.Actors.Networks;

/// <summary>How the values of a sample become spikes. Times are steps of its presentation.</summary>
public abstract record SpikeEncoder
{
    private SpikeEncoder()
    {
    }

    /// <summary>In every step a spike with the probability gain times the value plus offset, cut to [0, 1].</summary>
    /// <param name="Gain">Probability a unit of the value.</param>
    /// <param name="Offset">Added to it.</param>
    /// <param name="FirstSpikeStep">No spike before this step.</param>
    public sealed record Rate(double Gain, double Offset, int FirstSpikeStep) : SpikeEncoder;

    /// <summary>One spike a sample, the sooner the larger the value.</summary>
    public sealed record Latency : SpikeEncoder
    {
        /// <summary>Time constant, ms.</summary>
        public required double TauMs { get; init; }

        /// <summary>Smallest value that counts.</summary>
        public required double Threshold { get; init; }

        /// <summary>The step that times are counted from.</summary>
        public required int FirstSpikeStep { get; init; }

        /// <summary>Whether the latest spike of all samples comes in the last step.</summary>
        public required bool Normalize { get; init; }

        /// <summary>Whether times fall linearly with the value.</summary>
        public required bool Linear { get; init; }

        /// <summary>Whether values below the threshold give no spike.</summary>
        public required bool Clip { get; init; }

        /// <summary>Whether spikes beyond the last step are left out.</summary>
        public required bool Bypass { get; init; }

        /// <summary>The same in steps.</summary>
        internal LatencyOptions Options(int steps, double dtMs) => new()
        {
            Steps = steps,
            Tau = TauMs / dtMs,
            Threshold = Threshold,
            FirstSpikeStep = FirstSpikeStep,
            Normalize = Normalize,
            Linear = Linear,
            Clip = Clip,
            Bypass = Bypass,
        };
    }

    /// <summary>A spike in the first step of a presentation where the value has grown since the one before; a negative one where it has fallen.</summary>
    /// <param name="Threshold">The least change that counts.</param>
    /// <param name="IsPadded">Whether the first sample is compared with itself instead of with 0.</param>
    /// <param name="HasOffSpikes">Whether a fall gives a negative spike.</param>
    public sealed record Delta(double Threshold, bool IsPadded, bool HasOffSpikes) : SpikeEncoder;

    /// <summary>Spikes after intervals that are Poisson numbers of steps.</summary>
    /// <param name="RateHz">Rate a unit of the value, Hz.</param>
    public sealed record PoissonIntervals(double RateHz) : SpikeEncoder;
}

/// <summary>The samples of a file, shown one after the other, as spikes.</summary>
public sealed record EncodedInput : SpikeInput
{
    /// <summary>How values become spikes.</summary>
    public required SpikeEncoder Encoder { get; init; }

    /// <summary>Full path of the file.</summary>
    public required string File { get; init; }

    /// <summary>Where the samples begin in it.</summary>
    public required int FirstSample { get; init; }

    /// <summary>Number of samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Values as they are in the file. [sample, selected neuron]</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>What values are multiplied with before they are encoded.</summary>
    public required double Scale { get; init; }

    /// <summary>Steps that a sample is shown.</summary>
    public required int PresentSteps { get; init; }

    /// <summary>Silent steps after each presentation.</summary>
    public required int RestSteps { get; init; }

    /// <summary>Whether the samples begin anew after the last one.</summary>
    public required bool Repeat { get; init; }

    /// <summary>The sample that a batch item is shown in a presentation: items take turns, so that presentation k of item b has sample k * items + b.</summary>
    /// <param name="presentation">Which presentation.</param>
    /// <param name="item">Batch item.</param>
    /// <param name="items">Batch items.</param>
    /// <returns>Index of the sample; -1: none is left.</returns>
    public int SampleAt(long presentation, int item, int items)
    {
        var place = (presentation * items) + item;
        return place < Samples ? (int)place : Repeat ? (int)(place % Samples) : -1;
    }

    /// <summary>The values of a sample. [selected neuron]</summary>
    /// <param name="sample">Its index.</param>
    public ReadOnlySpan<float> ValuesOf(int sample)
    {
        var columns = Values.Length / Samples;
        return Values.Span.Slice(sample * columns, columns);
    }
}

/// <summary>The events of a file as spikes: the neuron of an event is its channel, its place down and its place across, row by row.</summary>
public sealed record EventsInput : SpikeInput
{
    /// <summary>Full path of the file.</summary>
    public required string File { get; init; }

    /// <summary>How the events lie in it.</summary>
    public required EventFormat Format { get; init; }

    /// <summary>[channels, places] or [channels, height, width]: as many places as selected neurons.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Steps of the spikes, counted from the start of the input, ascending. [spike]</summary>
    public required IReadOnlyList<int> Steps { get; init; }

    /// <summary>Which of the selected neurons. [spike]</summary>
    public required IReadOnlyList<int> Spikes { get; init; }
}
