namespace Snn.Kernels.Synapses.Layers;

/// <summary>The spikes of one batch item that enter or leave a connection in one step.</summary>
public unsafe struct LayerEvents
{
    /// <summary>Source neurons, ascending; one with several delays comes once a delay, by delay index. [event]</summary>
    public int* Sources;

    /// <summary>Sizes of graded spikes, numbers of the precision of the connection; null: all are 1. [event]</summary>
    public void* Values;

    /// <summary>Which of the connection's delays the spike has had; null: the first. [event]</summary>
    public int* DelayIndices;

    /// <summary>How many.</summary>
    public int Count;
}
