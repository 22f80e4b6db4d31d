using System.Runtime.CompilerServices;

namespace Snn.Kernels.Synapses;

/// <summary>The synapses of one source at one delay.</summary>
/// <param name="First">Slot of the first synapse in the table; the others follow.</param>
/// <param name="Count">Synapses, without padding.</param>
public readonly record struct SynapseRow(uint First, int Count) : IDueRow<SynapseRow>
{
    /// <summary>The row of a number, from where the rows of its table begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe SynapseRow At(uint* offsets, nint number, uint padMask)
    {
        var first = offsets[number] & ~padMask;
        return new SynapseRow(first, (int)((offsets[number + 1] & ~padMask) - first - (offsets[number] & padMask)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe SynapseRow IDueRow<SynapseRow>.At(uint* offsets, nint number, uint padMask) => At(offsets, number, padMask);
}

/// <summary>A row as a calendar keeps it.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface IDueRow<TSelf>
    where TSelf : unmanaged, IDueRow<TSelf>
{
    /// <summary>Synapses.</summary>
    int Count { get; }

    /// <summary>The row of a number.</summary>
    /// <param name="offsets">Where rows begin, with the padding of each in the low bits. [row]</param>
    /// <param name="number">Source times the number of delays, plus the index of the delay.</param>
    /// <param name="padMask">The low bits.</param>
    static abstract TSelf At(uint* offsets, nint number, uint padMask);
}
