namespace Snn.Kernels.Synapses;

/// <summary>Takes synapses as they are: what a file of weights shows.</summary>
public interface ISynapseVisitor
{
    /// <summary>Takes some synapses.</summary>
    /// <param name="sources">Source neurons. [synapse]</param>
    /// <param name="targets">Target neurons. [synapse]</param>
    /// <param name="weights">Weights as stored, in the unit of the port. [synapse]</param>
    /// <param name="delaySteps">Delays, steps. [synapse]</param>
    void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, ReadOnlySpan<int> delaySteps);
}

/// <summary>
/// Reads out the synapses of a projection. Static synapses are a function of the seed, so they are drawn again, in canonical order (target,
/// synapse of the target), and rounded as the tables round them.
/// </summary>
public sealed class SynapseReadout : ISynapseSink
{
    private readonly ShardProjection _projection;
    private readonly ISynapseVisitor _visitor;
    private readonly WeightFormat _format;
    private readonly double _unit;
    private readonly double _perUnit;
    private readonly double[] _weights = new double[SynapseBatch.Capacity];
    private readonly float[] _singles = new float[SynapseBatch.Capacity];
    private readonly ushort[] _steps = new ushort[SynapseBatch.Capacity];
    private readonly int[] _delays = new int[SynapseBatch.Capacity];

    private SynapseReadout(ShardProjection projection, ISynapseVisitor visitor, WeightFormat format, double scale)
    {
        _projection = projection;
        _visitor = visitor;
        _format = format;
        _unit = WeightEncoding.Unit(scale);
        _perUnit = WeightEncoding.PerUnit(scale);
    }

    /// <summary>Visits the synapses of one projection.</summary>
    /// <param name="projections">All projections of its source population, as given to <see cref="SynapseTables.Build"/>.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="format">How the tables store weights.</param>
    /// <param name="visitor">Takes the synapses.</param>
    /// <param name="stop">Asked with every batch of synapses whether to give up.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static void Visit(IReadOnlyList<ShardProjection> projections, int index, WeightFormat format, ISynapseVisitor visitor, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var projection = projections[index];
        var plan = new TablePlan(projections);
        var stored = plan.IsConstant(index) ? (format == WeightFormat.Double ? format : WeightFormat.Single) : format;
        var readout = new SynapseReadout(projection, visitor, stored, plan.Scale(index));
        projection.Rule.Draw(projection.FirstTarget, projection.LastTarget, projection.Words(weights: true), readout, stop);
    }

    /// <inheritdoc/>
    public void Take(SynapseBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var count = batch.Count;
        if (_format == WeightFormat.Double)
        {
            _projection.Weights(batch, _weights);
        }
        else
        {
            _projection.Weights(batch, _singles);
            for (var i = 0; i < count; i++)
            {
                _weights[i] = _format == WeightFormat.Int16 ? WeightEncoding.ToInt16(_singles[i], _perUnit) * _unit : _singles[i];
            }
        }

        _projection.Delays(batch, _steps);
        for (var i = 0; i < count; i++)
        {
            _delays[i] = _steps[i];
        }

        _visitor.Take(batch.Sources.AsSpan(0, count), batch.Targets.AsSpan(0, count), _weights.AsSpan(0, count), _delays.AsSpan(0, count));
    }
}
