using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>
/// PySNN shows every synapse by itself, Snn adds what a target gets: the probe delivers through connections that have only one tap of the kernel each (one source
/// of a linear layer), and so sees the synapses of all targets, [output channel][tap][location].
/// </summary>
internal sealed class SynapseProbe : IDisposable
{
    private readonly ConvolutionShape _shape;
    private readonly LayerWeights[] _weights;
    private readonly LayerConnection[] _taps;

    public SynapseProbe(ConvolutionShape shape, double[] weights, int[]? delays, bool isDouble)
    {
        _shape = shape;
        _weights = [.. Enumerable.Range(0, shape.Taps).Select(k => Tap(shape, weights, delays, k, isDouble))];
        _taps = [.. _weights.Select(w => LayerRig.Connection(w))];
    }

    /// <summary>What each synapse delivers.</summary>
    public double[] Deliver(LayerEvents arrivals) => Collect(tap => LayerRig.Deliver(tap, arrivals));

    /// <summary>The trace that each synapse sees.</summary>
    public double[] Traces(double[] traces) => Collect(tap => LayerRig.Traces(tap, traces, []));

    public void Dispose()
    {
        foreach (var tap in _taps)
        {
            tap.Dispose();
        }

        foreach (var weights in _weights)
        {
            weights.Dispose();
        }
    }

    private static LayerWeights Tap(ConvolutionShape shape, double[] weights, int[]? delays, int tap, bool isDouble)
    {
        var mask = new double[weights.Length];
        for (var i = tap; i < mask.Length; i += shape.Taps)
        {
            mask[i] = 1;
        }

        return LayerRig.Weights(shape, weights, isDouble, mask, delays: delays);
    }

    private double[] Collect(Func<LayerConnection, double[]> ask)
    {
        var all = new double[_shape.OutputChannels * _shape.Taps * _shape.Locations];
        for (var tap = 0; tap < _shape.Taps; tap++)
        {
            var targets = ask(_taps[tap]);
            for (var i = 0; i < targets.Length; i++)
            {
                var (channel, location) = Math.DivRem(i, _shape.Locations);
                all[(((channel * _shape.Taps) + tap) * _shape.Locations) + location] = targets[i];
            }
        }

        return all;
    }
}
