namespace Snn.Kernels.Encoding;

/// <summary>How values become the times of single spikes (<see cref="LatencyCode"/>).</summary>
public sealed record LatencyOptions
{
    /// <summary>Steps; null: as many as the latest spike needs, which <see cref="Bypass"/> must allow.</summary>
    public int? Steps { get; init; }

    /// <summary>Smallest value that drives a neuron over its threshold, in (0, 1): smaller values spike as late as it, or not at all.</summary>
    public double Threshold { get; init; } = 0.01;

    /// <summary>Time constant of the charging neuron, steps; above 0.</summary>
    public double Tau { get; init; } = 1;

    /// <summary>The step that all times are counted from.</summary>
    public int FirstSpikeStep { get; init; }

    /// <summary>Whether the times are stretched so that the latest is the last step.</summary>
    public bool Normalize { get; init; }

    /// <summary>Whether times fall linearly with the value instead of logarithmically.</summary>
    public bool Linear { get; init; }

    /// <summary>Whether values below the threshold give no spike.</summary>
    public bool Clip { get; init; }

    /// <summary>Whether spikes beyond the last step are left out instead of being an error.</summary>
    public bool Bypass { get; init; }

    /// <summary>Whether every element rises linearly to its spike, for targets.</summary>
    public bool Interpolate { get; init; }

    /// <summary>Value of a spike.</summary>
    public double OnTarget { get; init; } = 1;

    /// <summary>Value where there is no spike.</summary>
    public double OffTarget { get; init; }

    /// <summary>How far above the threshold the smallest value is taken to lie; above 0.</summary>
    public double Epsilon { get; init; } = 1e-7;
}

/// <summary>
/// Latency code: one spike an element, the sooner the larger the value, as snnTorch's spikegen.latency does (<see cref="LatencyTimes"/>).
/// </summary>
public static class LatencyCode
{
    /// <summary>The time at which a value spikes.</summary>
    /// <param name="options">How.</param>
    /// <param name="least">The least of all values.</param>
    /// <param name="greatest">The greatest.</param>
    /// <exception cref="ArgumentException">The values or a number of the options are out of range.</exception>
    public static LatencyTimes Times(LatencyOptions options, double least, double greatest)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options, least, greatest);
        return new LatencyTimes(options, least, greatest);
    }

    /// <summary>Steps that the code of some values takes.</summary>
    /// <param name="options">How.</param>
    /// <param name="values">The values.</param>
    /// <exception cref="ArgumentException">As for <see cref="Encode"/>.</exception>
    public static int Steps(LatencyOptions options, ReadOnlySpan<double> values) => Plan(options, values).Steps;

    /// <summary>Encodes values.</summary>
    /// <param name="options">How.</param>
    /// <param name="values">[element] in [0, 1]; linear and normalised ones may have any numbers.</param>
    /// <param name="output">[step, element]: on_target at the spike, off_target elsewhere; with interpolation the rise up to it.</param>
    /// <exception cref="ArgumentException">
    /// The values or a number of the options are out of range, a spike lies beyond the last step, or the spans do not fit together.
    /// </exception>
    public static void Encode(LatencyOptions options, ReadOnlySpan<double> values, Span<double> output)
    {
        var (times, steps) = Plan(options, values);
        if (output.Length != (long)steps * values.Length)
        {
            throw new ArgumentException($"LatencyCode.Encode: room for {output.Length} numbers, not {(long)steps * values.Length}; give one place a step and element.");
        }

        output.Fill(options.OffTarget);
        if (options.Interpolate)
        {
            Rise(options, times, values, steps, output);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (times.StepOf(values[i], steps) is >= 0 and var step)
            {
                output[(step * values.Length) + i] = options.OnTarget;
            }
        }
    }

    private static (LatencyTimes Times, int Steps) Plan(LatencyOptions options, ReadOnlySpan<double> values)
    {
        var (least, greatest) = values.IsEmpty ? (0, 0) : (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            // Math.Min and Max hand a NaN on, which the check then refuses.
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        var times = Times(options, least, greatest);
        if (options.Steps is not { } steps)
        {
            return options.Bypass
                ? (times, checked((int)times.LastStep + 1))
                : throw new ArgumentException("LatencyCode: the number of steps is missing; give it, or set Bypass to have as many as the latest spike needs.");
        }

        return options.Interpolate || options.Bypass || times.LastStep <= steps - 1
            ? (times, steps)
            : throw new ArgumentException(
                $"LatencyCode: the latest spike is in step {times.LastStep}, beyond the last of {steps} steps; give more steps, a smaller tau, Normalize, or Bypass to leave it out.");
    }

    /// <summary>
    /// In step k an element has k / s of the way from off to on, s being the step of its spike, and is off afterwards. A spike in step 0 is on there
    /// and off from step 1 on; one after the last step never rises.
    /// </summary>
    private static void Rise(LatencyOptions options, LatencyTimes times, ReadOnlySpan<double> values, int steps, Span<double> output)
    {
        var (on, off) = (options.OnTarget, options.OffTarget);
        for (var i = 0; i < values.Length; i++)
        {
            if (options.Clip && values[i] < options.Threshold)
            {
                continue;
            }

            var s = Math.Round(times.Of(values[i]), MidpointRounding.ToEven);
            if (s == 0)
            {
                output[i] = on;
            }

            for (var k = 1; k <= s && k < steps && s <= steps; k++)
            {
                output[(k * values.Length) + i] = ((k / s) * (on - off)) + off;
            }
        }
    }

    private static void Check(LatencyOptions o, double least, double greatest)
    {
        var steps = o.Steps ?? int.MaxValue;
        var problem =
            !(o.Threshold > 0 && o.Threshold < 1) ? $"threshold = {o.Threshold:R}; give a number between 0 and 1"
            : !(o.Tau > 0 && double.IsFinite(o.Tau)) ? $"tau = {o.Tau:R} steps; give a number above 0"
            : !(o.Epsilon > 0 && o.Threshold + o.Epsilon > o.Threshold) ? $"epsilon = {o.Epsilon:R}; give a number above 0 that does not vanish beside the threshold"
            : steps < 1 ? $"{steps} steps; give at least one"
            : o.FirstSpikeStep < 0 || o.FirstSpikeStep > steps - 1 ? $"the first spike is in step {o.FirstSpikeStep} of {steps} steps; give 0 to steps - 1"
            : o.Normalize && o.Steps is null ? "normalised times need a number of steps; give it"
            : !(o.OnTarget >= o.OffTarget) ? $"on_target = {o.OnTarget:R} is below off_target = {o.OffTarget:R}; swap them"
            : !(double.IsFinite(least) && double.IsFinite(greatest)) ? "a value is no finite number; give finite numbers"
            : !(o.Linear && o.Normalize) && (least < 0 || greatest > 1) ? $"the values reach from {least:R} to {greatest:R}; give values from 0 to 1, or Linear with Normalize for others"
            : null;
        if (problem is not null)
        {
            throw new ArgumentException("LatencyCode: " + problem + ".");
        }
    }
}
