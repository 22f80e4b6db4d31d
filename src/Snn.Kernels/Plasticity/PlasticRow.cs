using System.Runtime.CompilerServices;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>A row that is due, with its number, by which its state is found.</summary>
/// <param name="First">Slot of the first synapse in the table; the others follow.</param>
/// <param name="Count">Synapses.</param>
/// <param name="Number">Source times the number of delays, plus the index of the delay.</param>
internal readonly record struct PlasticRow(uint First, int Count, uint Number) : IDueRow<PlasticRow>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe PlasticRow At(uint* offsets, nint number, uint padMask) =>
        new(offsets[number], (int)(offsets[number + 1] - offsets[number]), (uint)number);
}

/// <summary>What is known of a row beside the numbers of its source.</summary>
internal struct RowState
{
    /// <summary>Step of the source's last spike whose row has been delivered; <see cref="PostSpikes.Never"/> before the first.</summary>
    public long LastSpike;

    /// <summary>Step up to which spikes of the targets have acted on the row.</summary>
    public long Done;
}
