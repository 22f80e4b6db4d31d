namespace Snn.Actors.Recording;

/// <summary>
/// Streams the synapses of a projection into weights/&lt;projection&gt;.npz: int32 sources and targets (indices in their populations),
/// weights in the unit of the port, float64 delays in ms.
/// </summary>
/// <typeparam name="T">float or double: as the network computes.</typeparam>
public sealed class WeightWriter<T> : IDisposable
    where T : unmanaged
{
    private readonly NpzWriter _npz;
    private readonly StepTimes _times;
    private readonly ArraySpool<int> _sources;
    private readonly ArraySpool<int> _targets;
    private readonly ArraySpool<T> _weights;
    private readonly ArraySpool<double> _delays;
    private double[] _delaysMs = [];

    /// <summary>Opens the file.</summary>
    /// <param name="path">From <see cref="RunDirectory.WeightsFile"/>.</param>
    /// <param name="dtMs">Time step, ms.</param>
    public WeightWriter(string path, double dtMs)
    {
        _npz = new NpzWriter(path);
        _times = new StepTimes(dtMs);
        _sources = new ArraySpool<int>(path + ".sources");
        _targets = new ArraySpool<int>(path + ".targets");
        _weights = new ArraySpool<T>(path + ".weights");
        _delays = new ArraySpool<double>(path + ".delays");
    }

    /// <summary>Appends synapses; the caller gives them in an order that no partition decides.</summary>
    /// <param name="sources">[synapse]</param>
    /// <param name="targets">[synapse]</param>
    /// <param name="weights">[synapse]</param>
    /// <param name="delaySteps">[synapse]</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Append(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<T> weights, ReadOnlySpan<int> delaySteps)
    {
        if (targets.Length != sources.Length || weights.Length != sources.Length || delaySteps.Length != sources.Length)
        {
            throw new ArgumentException(
                $"{sources.Length} sources, {targets.Length} targets, {weights.Length} weights and {delaySteps.Length} delays: not as many of each.");
        }

        if (_delaysMs.Length < delaySteps.Length)
        {
            _delaysMs = new double[delaySteps.Length];
        }

        for (var i = 0; i < delaySteps.Length; i++)
        {
            _delaysMs[i] = _times.At(delaySteps[i]);
        }

        _sources.Append(sources);
        _targets.Append(targets);
        _weights.Append(weights);
        _delays.Append(_delaysMs.AsSpan(0, delaySteps.Length));
    }

    /// <summary>Puts the file under its name.</summary>
    public void Complete()
    {
        _npz.Add("sources", _sources);
        _npz.Add("targets", _targets);
        _npz.Add("weights", _weights);
        _npz.Add("delays", _delays);
        _npz.Complete();
    }

    /// <summary>Removes what is temporary, and the file if it was not completed.</summary>
    public void Dispose()
    {
        _sources.Dispose();
        _targets.Dispose();
        _weights.Dispose();
        _delays.Dispose();
        _npz.Dispose();
    }
}
