using Snn.Actors.Networks;
using Snn.Kernels.Plasticity.Layers.Rules;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Simulation;

/// <summary>A connection of a layered network, which all shards share.</summary>
/// <param name="Kernel">Delivers.</param>
/// <param name="Weights">Its weights, where it has a matrix or kernels of them; else null.</param>
/// <param name="Synapses">How many weights it has.</param>
/// <param name="Rule">Changes its weights; null: they stay.</param>
internal sealed record SharedConnection(LayerConnection Kernel, LayerWeights? Weights, long Synapses, LayerRuleKernel? Rule = null) : IDisposable
{
    /// <summary>Bytes of weights and tables.</summary>
    public long Bytes => Kernel.Bytes + (Weights?.Bytes ?? 0);

    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        Rule?.Dispose();
        Kernel.Dispose();
        Weights?.Dispose();
    }
}

/// <summary>
/// The connections of a layered network: made once, by the shard that asks first, and used by all. Initial weights are keyed by the projection and the place of
/// the weight, so that nothing depends on who makes them.
/// </summary>
internal sealed class SharedConnections : IDisposable
{
    private readonly Lazy<SharedConnection>[] _connections;

    public SharedConnections(Network network, int lanes, CancellationToken stop) =>
        _connections = [.. network.Projections.Select(p => new Lazy<SharedConnection>(() => Create(network, p, lanes, stop)))];

    /// <summary>The connection of a projection.</summary>
    public SharedConnection this[int projection] => _connections[projection].Value;

    /// <summary>Frees all that were made.</summary>
    public void Dispose()
    {
        foreach (var connection in _connections.Where(c => c.IsValueCreated))
        {
            connection.Value.Dispose();
        }
    }

    private static SharedConnection Create(Network network, Projection projection, int lanes, CancellationToken stop)
    {
        var isDouble = network.Precision == Precision.Double;
        switch (projection.Connector)
        {
            case Connector.Linear or Connector.Conv2d:
                var weights = CreateWeights(network, projection, isDouble);
                var bias = projection.Bias is null ? null : Numbers(projection.Bias, network.Seed, $"projection {projection.Name} bias", weights.Shape.OutputChannels);
                var rule = (projection.Learning as LayerLearning)?.Rule.CreateKernel([.. projection.Learning!.Parameters], weights, network.Items, lanes);
                return new SharedConnection(LayerConnection.Create(weights, bias, lanes), weights, (long)weights.Shape.OutputChannels * weights.Shape.Taps, rule);
            case Connector.Layer:
                var weight = ((Distribution.Constant)projection.Weight).Value;
                return new SharedConnection(LayerConnection.Create(LayerShapes.OfPool(projection), isDouble, weight, DelaySteps(network, projection)), null, 0);
            default:
                var list = new Listed();
                ConnectionRules.Visit(network, projection, list, stop);
                if (projection.DelayMs is Distribution.Constant)
                {
                    list.SetDelay(DelaySteps(network, projection));
                }

                return new SharedConnection(list.ToConnection(projection, isDouble), null, list.Count);
        }
    }

    private static LayerWeights CreateWeights(Network network, Projection projection, bool isDouble)
    {
        var weights = new LayerWeights(LayerShapes.Of(projection), isDouble);
        var count = weights.Shape.OutputChannels * weights.Shape.Taps;
        weights.Set(Numbers(projection.Weight, network.Seed, $"projection {projection.Name} weight", count));
        if (projection.Mask is { } mask)
        {
            weights.SetMask([.. mask.Values]);
        }

        if (projection.DelayMs is Distribution.Array delays)
        {
            weights.SetDelays([.. delays.Values.Select(d => (int)Math.Round(d / network.DtMs))]);
        }
        else
        {
            weights.SetDelay(DelaySteps(network, projection));
        }

        return weights;
    }

    private static double[] Numbers(Distribution value, ulong seed, string stream, int count)
    {
        if (value is Distribution.Array list)
        {
            return [.. list.Values];
        }

        var numbers = new double[count];
        WeightLaw.Fill(value.ToValues(), StreamKey.Derive(seed, stream), numbers);
        return numbers;
    }

    private static int DelaySteps(Network network, Projection projection) =>
        (int)Math.Round(((Distribution.Constant)projection.DelayMs).Value / network.DtMs);

    /// <summary>Collects synapses that a connection rule draws.</summary>
    private sealed class Listed : ISynapseVisitor
    {
        private readonly List<int> _sources = [];
        private readonly List<int> _targets = [];
        private readonly List<double> _weights = [];
        private readonly List<int> _delays = [];

        public int Count => _sources.Count;

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, ReadOnlySpan<int> delaySteps)
        {
            _sources.AddRange(sources);
            _targets.AddRange(targets);
            _weights.AddRange(weights);
            _delays.AddRange(delaySteps);
        }

        /// <summary>Rules of sparse networks have no delays below one step.</summary>
        public void SetDelay(int steps)
        {
            for (var i = 0; i < _delays.Count; i++)
            {
                _delays[i] = steps;
            }
        }

        public LayerConnection ToConnection(Projection projection, bool isDouble) => LayerConnection.Create(
            projection.Source.Size, projection.Target.Size, [.. _sources], [.. _targets], [.. _weights], [.. _delays], isDouble);
    }
}
