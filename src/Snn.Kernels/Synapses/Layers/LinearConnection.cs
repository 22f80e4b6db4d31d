using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>Every source to every target: a spike adds its row of weights.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal sealed unsafe class LinearConnection<L> : LayerConnection
    where L : unmanaged, ILanes<L>
{
    private readonly LayerWeights _weights;
    private readonly NativeArray<byte>? _bias;

    public LinearConnection(LayerWeights weights, IReadOnlyList<double>? bias)
        : base(weights.Shape.SourceCount, weights.Shape.TargetCount, weights.IsDouble, weights.DelaySteps)
    {
        _weights = weights;
        _bias = LayerBias<L>.Column(bias);
    }

    /// <inheritdoc/>
    public override long Bytes => _bias?.Bytes ?? 0;

    /// <inheritdoc/>
    public override long Deliver(in LayerEvents arrivals, void* input, LayerWorkspace workspace)
    {
        var events = arrivals;
        return Deliver(&events, &input, 1, workspace);
    }

    /// <inheritdoc/>
    public override long Deliver(LayerEvents* arrivals, void** inputs, int items, LayerWorkspace workspace)
    {
        LinearRows<L>.Deliver(_weights, arrivals, inputs, items);
        long spikes = 0;
        for (var item = 0; item < items; item++)
        {
            spikes += arrivals[item].Count;
        }

        GC.KeepAlive(this);
        return spikes * TargetCount;
    }

    /// <inheritdoc/>
    public override void AddBias(void* input)
    {
        if (_bias is not null)
        {
            LaneNumbers<L>.AddRun(input, 0, TargetCount, _bias.Pointer, 0);
        }
    }

    /// <inheritdoc/>
    public override void AddTraces(in LayerEvents spikes, void* sourceTraces, void* input, LayerWorkspace workspace)
    {
        if (_weights.Mask != null)
        {
            LinearRows<L>.AddMaskedTraces(_weights, sourceTraces, input);
            return;
        }

        // One sum for all targets, in the order of the sources, as with a mask of ones.
        if (L.IsDouble)
        {
            var number = LinearRows<L>.Sum((double*)sourceTraces, SourceCount);
            LaneNumbers<L>.AddToAll(input, 0, TargetCount, &number, 0);
        }
        else
        {
            var number = LinearRows<L>.Sum((float*)sourceTraces, SourceCount);
            LaneNumbers<L>.AddToAll(input, 0, TargetCount, &number, 0);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _bias?.Dispose();
        base.Dispose();
    }
}
