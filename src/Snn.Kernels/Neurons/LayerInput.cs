namespace Snn.Kernels.Neurons;

/// <summary>What arrives in a step at a neuron of a layered network: the sum of both is the x of its equations.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct LayerInput<T>
{
    /// <summary>Weighted spikes of either sign.</summary>
    [Port("input", PortKind.Spikes, "", "Weighted spikes of either sign")]
    public T Spikes;

    /// <summary>A value added to the spikes in every step.</summary>
    [Port("current", PortKind.Current, "", "Added to the spikes in every step")]
    public T Current;
}

/// <summary>The same with the traces of the presynaptic neurons.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct TracedInput<T>
{
    /// <summary>Weighted spikes of either sign.</summary>
    [Port("input", PortKind.Spikes, "", "Weighted spikes of either sign")]
    public T Spikes;

    /// <summary>Presynaptic traces.</summary>
    [Port("trace", PortKind.Trace, "", "Presynaptic traces, as the connection hands them on")]
    public T Trace;

    /// <summary>A value added to the spikes in every step.</summary>
    [Port("current", PortKind.Current, "", "Added to the spikes in every step")]
    public T Current;
}
