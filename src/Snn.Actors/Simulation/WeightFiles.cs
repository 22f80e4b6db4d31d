using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>
/// Writes the weights of the projections that ask for it, in the order (target, synapse of the target). Static synapses are a function of
/// the seed, so they are drawn again rather than read back from the tables, in the precision that the tables store.
/// </summary>
internal static class WeightFiles
{
    /// <summary>Writes weights/*.npz.</summary>
    public static void Write(Network network, RunDirectory run)
    {
        foreach (var projection in network.Projections.Where(p => p.RecordWeights))
        {
            if (network.Precision == Precision.Double)
            {
                Write<double>(network, projection, run);
            }
            else
            {
                Write<float>(network, projection, run);
            }
        }
    }

    private static void Write<T>(Network network, Projection projection, RunDirectory run)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        using var writer = new WeightWriter<T>(run.WeightsFile(projection.Name), network.DtMs);
        ConnectionRules.Visit(network, projection, new Sink<T>(writer));
        writer.Complete();
    }

    /// <summary>Passes synapses on to the file.</summary>
    private sealed class Sink<T>(WeightWriter<T> writer) : ISynapseVisitor
        where T : unmanaged, System.Numerics.INumber<T>
    {
        private readonly T[] _weights = new T[SynapseBatch.Capacity];

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
