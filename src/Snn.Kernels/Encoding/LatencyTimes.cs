using Snn.Kernels.Lanes;

namespace Snn.Kernels.Encoding;

/// <summary>
/// When a value x spikes, steps: the time at which a neuron that is charged by x with time constant tau reaches the threshold th,
/// s = first + tau log(d / (d - th)), d = max(x, th + epsilon), or, linear, s = first + tau (1 - max(x, th)).
/// </summary>
/// <remarks>
/// Normalised, s - first is stretched so that the latest of all values comes in the last step; linear times then have tau = steps - 1 - first, and where
/// values above 1 make one negative, all are mapped to [0, steps - 1]. A spike is in the nearest step, ties to the even one.
/// </remarks>
public readonly struct LatencyTimes
{
    private readonly LatencyOptions _options;
    private readonly double _tau;
    private readonly double _latestRaw;
    private readonly double _soonestRaw;

    internal LatencyTimes(LatencyOptions options, double least, double greatest)
    {
        _options = options;
        _tau = options.Linear && options.Normalize ? LastOf(options) - options.FirstSpikeStep : options.Tau;
        _latestRaw = 0;
        _soonestRaw = 0;

        // Times fall with the value, so that the two extremes are those of the extreme values.
        _latestRaw = Raw(least);
        _soonestRaw = Raw(greatest);
        LastStep = (long)Math.Round(Of(least), MidpointRounding.ToEven);
    }

    /// <summary>The step of the latest spike, whether or not the value of it is clipped.</summary>
    public long LastStep { get; }

    /// <summary>The time at which a value spikes, steps.</summary>
    /// <param name="value">The value, within those that the times were made for.</param>
    public double Of(double value)
    {
        var s = Raw(value);
        if (!_options.Normalize)
        {
            return s;
        }

        double first = _options.FirstSpikeStep;
        if (!_options.Linear)
        {
            return ((s - first) * (LastOf(_options) - first) / (_latestRaw - first)) + first;
        }

        return _soonestRaw < 0 ? (s - _soonestRaw) * (1 / (_latestRaw - _soonestRaw)) * LastOf(_options) : s;
    }

    /// <summary>The step in which a value spikes; -1: in none of them.</summary>
    /// <param name="value">The value, within those that the times were made for.</param>
    /// <param name="steps">Number of steps.</param>
    public int StepOf(double value, int steps)
    {
        if (_options.Clip && value < _options.Threshold)
        {
            return -1;
        }

        var step = Math.Round(Of(value), MidpointRounding.ToEven);
        return step <= steps - 1 ? (int)step : -1;
    }

    private static double LastOf(LatencyOptions options) => (double)options.Steps!.Value - 1;

    private double Raw(double value)
    {
        var threshold = _options.Threshold;
        if (_options.Linear)
        {
            return Math.Min(-_tau * (value - 1), -_tau * (threshold - 1)) + _options.FirstSpikeStep;
        }

        var d = Math.Max(value, threshold + _options.Epsilon);
        return (_tau * LaneMath.Log(d / (d - threshold))) + _options.FirstSpikeStep;
    }
}
