using System.Runtime.InteropServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// A two-dimensional convolution: a spike adds its taps of the kernel. Sums of one step are made in [location][output channel], where a tap is one run of numbers for
/// all channels, and are then added to the input, which is [output channel][location]: each target is added its sum of the step, made from zero.
/// </summary>
/// <typeparam name="L">Lanes.</typeparam>
internal sealed unsafe class ConvolutionConnection<L> : LayerConnection
    where L : unmanaged, ILanes<L>
{
    private readonly LayerWeights _weights;
    private readonly ConvolutionTables _tables;
    private readonly NativeArray<byte>? _bias;
    private readonly nint _workspaceSums;

    public ConvolutionConnection(LayerWeights weights, IReadOnlyList<double>? bias)
        : base(weights.Shape.SourceCount, weights.Shape.TargetCount, weights.IsDouble, weights.DelaySteps)
    {
        _weights = weights;
        _bias = LayerBias<L>.Column(bias);
        _tables = new ConvolutionTables(weights.Shape, (int)weights.Stride);
        var sums = checked((nint)weights.Shape.Locations * weights.Stride * LaneNumbers<L>.Bytes);
        _workspaceSums = (sums + 63) / 64 * 64;
    }

    /// <inheritdoc/>
    public override long Bytes => _bias?.Bytes ?? 0;

    /// <inheritdoc/>
    internal override long WorkspaceBytes => _workspaceSums + (_weights.Shape.Locations * LaneNumbers<L>.Bytes) + 64;

    /// <inheritdoc/>
    public override long Deliver(in LayerEvents arrivals, void* input, LayerWorkspace workspace)
    {
        var sums = workspace.Pointer;
        var touched = sums + _workspaceSums;
        var runs = arrivals.Values == null
            ? ConvolutionTaps<L>.Add<PlainTerm<L>>(_weights, _tables, arrivals, sums, touched)
            : ConvolutionTaps<L>.Add<GradedTerm<L>>(_weights, _tables, arrivals, sums, touched);
        ConvolutionTaps<L>.MoveSums(sums, _weights.Stride, touched, _weights.Shape.Locations, _weights.Shape.OutputChannels, input);
        GC.KeepAlive(workspace);
        GC.KeepAlive(_weights);
        return runs / _weights.Stride * _weights.Shape.OutputChannels;
    }

    /// <inheritdoc/>
    public override void AddBias(void* input)
    {
        var locations = _weights.Shape.Locations;
        for (var channel = 0; _bias is not null && channel < _weights.Shape.OutputChannels; channel++)
        {
            LaneNumbers<L>.AddToAll(input, (nint)channel * locations, locations, _bias.Pointer, channel);
        }
    }

    /// <inheritdoc/>
    public override void AddTraces(in LayerEvents spikes, void* sourceTraces, void* input, LayerWorkspace workspace)
    {
        // The sums are the same for all output channels, unless a mask says otherwise.
        var shape = _weights.Shape;
        var sums = workspace.Pointer + _workspaceSums;
        var masked = _weights.Mask != null;
        for (var channel = 0; channel < shape.OutputChannels; channel++)
        {
            if (channel == 0 || masked)
            {
                NativeMemory.Clear(sums, (nuint)(shape.Locations * LaneNumbers<L>.Bytes));
                ConvolutionTaps<L>.SumTraces(_weights, channel, sourceTraces, sums);
            }

            LaneNumbers<L>.AddRun(input, (nint)channel * shape.Locations, shape.Locations, sums, 0);
        }

        NativeMemory.Clear(sums, (nuint)(shape.Locations * LaneNumbers<L>.Bytes));
        GC.KeepAlive(workspace);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _bias?.Dispose();
        base.Dispose();
    }
}
