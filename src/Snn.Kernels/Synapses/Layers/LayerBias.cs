using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>Biases as numbers of the precision of a connection.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal static unsafe class LayerBias<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>One number an output channel, or null where there is no bias.</summary>
    public static NativeArray<byte>? Column(IReadOnlyList<double>? bias)
    {
        if (bias is null)
        {
            return null;
        }

        var column = new NativeArray<byte>((long)bias.Count * LaneNumbers<L>.Bytes, "the bias of a layer", cleared: true);
        for (var i = 0; i < bias.Count; i++)
        {
            LaneNumbers<L>.Set(column.Pointer, i, bias[i]);
        }

        return column;
    }
}
