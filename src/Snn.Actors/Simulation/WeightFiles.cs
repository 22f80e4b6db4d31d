using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Synapses;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Simulation;

/// <summary>
/// Writes the weights of the projections that ask for it, in the order (target, synapse of the target). Static synapses are a function of
/// the seed, so they are drawn again rather than read back from the tables, in the precision that the tables store; those that learn are read. A connection of a layered network that
/// has a matrix or kernels of weights is written as they are: [target, source] or [target channel, source channel, height, width].
/// </summary>
internal static unsafe class WeightFiles
{
    /// <summary>Writes weights/*.npz.</summary>
    /// <param name="network">The network.</param>
    /// <param name="run">Where they go.</param>
    /// <param name="weightsOf">The weights of a projection of a layered network, as they are at the end.</param>
    /// <param name="visitPlastic">Shows the synapses of a projection that learns, as they are at the end.</param>
    public static void Write(Network network, RunDirectory run, Func<Projection, LayerWeights?> weightsOf, Action<Projection, IPlasticVisitor> visitPlastic)
    {
        foreach (var projection in network.Projections.Where(p => p.RecordWeights))
        {
            if (network.IsLayered && weightsOf(projection) is { } weights)
            {
                Write(weights, run.WeightsFile(projection.Name));
            }
            else if (network.Precision == Precision.Double)
            {
                Write<double>(network, projection, run, visitPlastic);
            }
            else
            {
                Write<float>(network, projection, run, visitPlastic);
            }
        }
    }

    private static void Write<T>(Network network, Projection projection, RunDirectory run, Action<Projection, IPlasticVisitor> visitPlastic)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        using var writer = new WeightWriter<T>(run.WeightsFile(projection.Name), network.DtMs);
        var sink = new Sink<T>(writer);
        if (projection.Learning is null)
        {
            ConnectionRules.Visit(network, projection, sink);
        }
        else if (projection.Learning is SynapseLearning)
        {
            visitPlastic(projection, sink);
        }

        writer.Complete();
    }

    private static void Write(LayerWeights weights, string path)
    {
        var shape = weights.Shape;
        ReadOnlySpan<long> extents = shape.Pixels == 1 && shape.Kernel == (1, 1)
            ? [shape.OutputChannels, shape.Channels]
            : [shape.OutputChannels, shape.Channels, shape.Kernel.Y, shape.Kernel.X];
        using var npz = new NpzWriter(path);
        var numbers = weights.ToArray();
        if (weights.IsDouble)
        {
            npz.Begin<double>("weights", extents);
            npz.Append<double>(numbers);
        }
        else
        {
            npz.Begin<float>("weights", extents);
            npz.Append<float>(System.Array.ConvertAll(numbers, w => (float)w));
        }

        npz.Complete();
    }

    /// <summary>Passes synapses on to the file.</summary>
    private sealed class Sink<T>(WeightWriter<T> writer) : ISynapseVisitor, IPlasticVisitor
        where T : unmanaged, System.Numerics.INumber<T>
    {
        private readonly T[] _weights = new T[SynapseBatch.Capacity];

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, ReadOnlySpan<double> weights, ReadOnlySpan<double> seconds) =>
            Take(sources, targets, weights, delaySteps);

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, ReadOnlySpan<int> delaySteps)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                _weights[i] = T.CreateTruncating(weights[i]);
            }

            writer.Append(sources, targets, _weights.AsSpan(0, weights.Length), delaySteps);
        }
    }
}
