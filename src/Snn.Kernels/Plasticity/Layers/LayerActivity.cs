using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers;

/// <summary>What a learning rule sees of one batch item in one step, numbers of the precision of the weights.</summary>
public unsafe struct LayerActivity
{
    /// <summary>Sizes of the spikes that leave the delay line in this step, 0 where none does. [delay index][source]</summary>
    public void* PreSpikes;

    /// <summary>Traces of the sources, not delayed. [source]</summary>
    public void* PreTraces;

    /// <summary>Spikes of the targets. [location][output channel, padded to <see cref="LayerWeights.Pad"/> with zeros]; of a linear layer, [target].</summary>
    public void* PostSpikes;

    /// <summary>Traces of the targets, likewise.</summary>
    public void* PostTraces;
}
