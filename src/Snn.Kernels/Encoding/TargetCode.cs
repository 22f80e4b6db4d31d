using Snn.Kernels.Random;

namespace Snn.Kernels.Encoding;

/// <summary>How spikes of a rate are spread over the steps.</summary>
public enum FiringPattern
{
    /// <summary>Every 1 / rate steps.</summary>
    Regular,

    /// <summary>As many spikes, in random steps; two may fall into one.</summary>
    Uniform,

    /// <summary>In every step with the rate as probability.</summary>
    Poisson,
}

/// <summary>How class labels become targets by rate (<see cref="TargetCode"/>).</summary>
public sealed record RateTargetOptions
{
    /// <summary>Steps; null: the target does not change in time.</summary>
    public int? Steps { get; init; }

    /// <summary>First step of a spike.</summary>
    public int FirstSpikeStep { get; init; }

    /// <summary>Spikes a step of the labelled class, 0 to 1.</summary>
    public double CorrectRate { get; init; } = 1;

    /// <summary>Spikes a step of the other classes, 0 to 1.</summary>
    public double IncorrectRate { get; init; }

    /// <summary>Value of a spike.</summary>
    public double OnTarget { get; init; } = 1;

    /// <summary>Value where there is no spike.</summary>
    public double OffTarget { get; init; }

    /// <summary>How spikes are spread.</summary>
    public FiringPattern Pattern { get; init; }

    /// <summary>Whether targets rise linearly from one spike to the next.</summary>
    public bool Interpolate { get; init; }

    /// <summary>Whether the class fires in every step and the others in none.</summary>
    internal bool IsPlain => CorrectRate == 1 && IncorrectRate == 0;
}

/// <summary>Class labels as spike trains to learn, as snnTorch's spikegen.targets_convert and its parts do.</summary>
public static class TargetCode
{
    private const double Snap = 1e-9;

    /// <summary>Whether targets have a time axis: with the plain rates 1 and 0 and without a first step they are the same in every step and have none.</summary>
    /// <param name="options">How.</param>
    public static bool HasTime(RateTargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return !options.IsPlain || options.FirstSpikeStep > 0;
    }

    /// <summary>
    /// Targets by rate: the labelled class has the train of the correct rate, the others that of the incorrect rate; on_target in the steps of spikes, off_target
    /// in the others.
    /// </summary>
    /// <param name="labels">[sample] class</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="options">How.</param>
    /// <param name="key">Stream, for the patterns that draw.</param>
    /// <param name="targets">[step, sample, class], or [sample, class] without time (<see cref="HasTime"/>)</param>
    /// <exception cref="ArgumentException">A label is no class, a number is out of range or the spans do not fit together.</exception>
    public static void Rate(ReadOnlySpan<int> labels, int classes, RateTargetOptions options, StreamKey key, Span<double> targets)
    {
        ArgumentNullException.ThrowIfNull(options);
        var steps = HasTime(options) ? options.Steps ?? throw new ArgumentException("TargetCode.Rate: the number of steps is missing; give it.") : 1;
        if (classes < 1 || targets.Length != (long)steps * labels.Length * classes)
        {
            throw new ArgumentException(
                $"TargetCode.Rate: room for {targets.Length} numbers of {labels.Length} samples with {classes} classes in {steps} steps; give one place a step, sample and class.");
        }

        var correct = Course(options, options.CorrectRate, steps, key, purpose: 0);
        var incorrect = Course(options, options.IncorrectRate, steps, key, purpose: 1);
        for (var step = 0; step < steps; step++)
        {
            for (var i = 0; i < labels.Length; i++)
            {
                var row = targets.Slice(((step * labels.Length) + i) * classes, classes);
                row.Fill(incorrect[step]);
                row[OneHot.Class(labels[i], classes)] = correct[step];
            }
        }
    }

    /// <summary>Targets by latency: the labelled class spikes first, the others as late as the threshold allows.</summary>
    /// <param name="labels">[sample] class</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="options">How the zeros and ones of a row become times.</param>
    /// <param name="targets">[step, sample, class]</param>
    /// <exception cref="ArgumentException">A label is no class, or as for <see cref="LatencyCode.Encode"/>.</exception>
    public static void Latency(ReadOnlySpan<int> labels, int classes, LatencyOptions options, Span<double> targets)
    {
        var rows = new double[checked(labels.Length * Math.Max(0, classes))];
        OneHot.Encode(labels, classes, rows);
        LatencyCode.Encode(options, rows, targets);
    }

    /// <summary>A spike train of a rate.</summary>
    /// <param name="rate">Spikes a step, 0 to 1; none at 0.</param>
    /// <param name="firstSpikeStep">No spike before this step.</param>
    /// <param name="pattern">How the spikes are spread.</param>
    /// <param name="key">Stream, for the patterns that draw.</param>
    /// <param name="spikes">[step]</param>
    /// <param name="purpose">Tells apart the trains that one key is used for.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static void Train(double rate, int firstSpikeStep, FiringPattern pattern, StreamKey key, Span<bool> spikes, uint purpose = 0)
    {
        if (!(rate >= 0 && rate <= 1) || firstSpikeStep < 0 || firstSpikeStep > spikes.Length - 1)
        {
            throw new ArgumentException(
                $"TargetCode.Train: {rate:R} spikes a step from step {firstSpikeStep} of {spikes.Length} on; give a rate from 0 to 1 and a first step from 0 to steps - 1.");
        }

        spikes.Clear();
        if (rate == 0)
        {
            return;
        }

        if (pattern == FiringPattern.Poisson)
        {
            for (var step = firstSpikeStep; step < spikes.Length; step++)
            {
                spikes[step] = UniformColumns.Word(key, step, 0, purpose) < RateCode.Bound(rate);
            }

            return;
        }

        for (var k = 0; RegularStep(firstSpikeStep, rate, k) is var step && step < spikes.Length; k++)
        {
            spikes[pattern == FiringPattern.Regular ? (int)step : RandomStep(key, k, purpose, firstSpikeStep, spikes.Length)] = true;
        }
    }

    /// <summary>
    /// Values that rise linearly from off to on between one spike and the next: off in the step after a spike, on in that of the next; a spike that follows another
    /// at once is just on. Off after the last.
    /// </summary>
    /// <param name="spikes">[step]</param>
    /// <param name="on">Value of a spike.</param>
    /// <param name="off">Value at the beginning of a rise.</param>
    /// <param name="values">[step]</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Interpolate(ReadOnlySpan<bool> spikes, double on, double off, Span<double> values)
    {
        if (spikes.Length != values.Length)
        {
            throw new ArgumentException($"TargetCode.Interpolate: {spikes.Length} steps into {values.Length}; give spans of one length.");
        }

        values.Fill(off);
        var begin = 0;
        for (var step = 0; step < spikes.Length; step++)
        {
            if (!spikes[step])
            {
                continue;
            }

            for (var k = begin; k < step; k++)
            {
                values[k] = off + ((on - off) * (k - begin) / (step - begin));
            }

            values[step] = on;
            begin = step + 1;
        }
    }

    /// <summary>The value of a class in every step.</summary>
    private static double[] Course(RateTargetOptions options, double rate, int steps, StreamKey key, uint purpose)
    {
        var spikes = new bool[steps];
        Train(rate, HasTime(options) ? options.FirstSpikeStep : 0, options.Pattern, key, spikes, purpose);
        if (options.Interpolate && !options.IsPlain)
        {
            var values = new double[steps];
            Interpolate(spikes, options.OnTarget, options.OffTarget, values);
            return values;
        }

        return Array.ConvertAll(spikes, s => s ? options.OnTarget : options.OffTarget);
    }

    /// <summary>first + k / rate, cut to a whole step; what rounding leaves just below one counts as that one.</summary>
    private static long RegularStep(int first, double rate, int k) => (long)Math.Floor(first + (k / rate) + Snap);

    private static int RandomStep(StreamKey key, int index, uint purpose, int first, int steps) =>
        first + (int)(UniformColumns.Word(key, index, 1, purpose) * (ulong)(steps - first) >> 32);
}
