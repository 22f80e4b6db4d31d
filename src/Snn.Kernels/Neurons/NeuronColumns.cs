namespace Snn.Kernels.Neurons;

/// <summary>
/// Where the numbers of a range of neurons lie: one column a field, every column aligned to 64 bytes and padded to 16 neurons, so
/// that a kernel has no scalar tail. All columns hold the element type of the lanes that read them.
/// </summary>
public unsafe struct NeuronColumns
{
    /// <summary>State columns, <see cref="StateStride"/> numbers apart. [field, neuron]</summary>
    public void* State;

    /// <summary>Numbers from one state column to the next.</summary>
    public nint StateStride;

    /// <summary>Derived constants: [field] where all neurons share them, [field, neuron] else.</summary>
    public void* Derived;

    /// <summary>Numbers from one derived column to the next; 0 where all neurons share them.</summary>
    public nint DerivedStride;

    /// <summary>Input columns, <see cref="InputStride"/> numbers apart; ports of spikes and traces are zeroed once read. [port, neuron]</summary>
    public void* Input;

    /// <summary>Numbers from one input column to the next.</summary>
    public nint InputStride;

    /// <summary>Neurons in the range, without padding.</summary>
    public int Count;

    /// <summary>Receives the index, within the range, of every neuron that spiked; room for <see cref="Count"/>.</summary>
    public int* Spikes;

    /// <summary>Receives the value of every spike of <see cref="Spikes"/>, in the same place; null where nobody asks.</summary>
    public void* Values;
}
