namespace Snn.Kernels.Synapses;

/// <summary>The synapses of one source at one delay.</summary>
/// <param name="First">Slot of the first synapse in the table; the others follow.</param>
/// <param name="Count">Synapses, without padding.</param>
public readonly record struct SynapseRow(uint First, int Count);
