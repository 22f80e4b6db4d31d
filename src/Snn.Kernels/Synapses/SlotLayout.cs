using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>
/// How the synapses of a table lie in memory: in groups of 8, 4 or 1, each the 16-bit places of its synapses and then their weights, so that a row
/// is one stream. Rows begin with a group; the slots behind the last synapse repeat its place with a weight of zero.
/// </summary>
/// <remarks>Adding that zero changes no sum: inputs start at +0, and no sum of numbers that starts there is -0.</remarks>
internal readonly struct SlotLayout
{
    // Groups of 8 let 16-bit weights be converted by one vector instruction, which pays from rows of 16 on. Wider weights gain nothing
    // measurable over groups of 4 (1.85 against 1.76 ns an event in the full microcircuit, within the noise), so there padding decides.
    private const int LongRowOfInt16 = 16;
    private const int LongRow = 96;
    private const int ShortRow = 4;

    private SlotLayout(int groupSize, int weightBytes)
    {
        GroupShift = BitOperations.Log2((uint)groupSize);
        WeightBytes = weightBytes;
    }

    /// <summary>Slots of a group: 2^GroupShift.</summary>
    public int GroupShift { get; }

    /// <summary>Bytes of a weight; 0 where it is constant.</summary>
    public int WeightBytes { get; }

    /// <summary>Slots of a group, less one: the bits of an offset that hold the padding of its row.</summary>
    public uint PadMask => (1u << GroupShift) - 1;

    /// <summary>Bytes of a group.</summary>
    public int GroupBytes => (sizeof(ushort) + WeightBytes) << GroupShift;

    /// <summary>Slots without weights, and without padding.</summary>
    public static SlotLayout Constant => new(1, 0);

    /// <summary>The layout for rows of a mean length: padding costs less than the ends of loops only where rows are long.</summary>
    public static SlotLayout For(double meanRow, int weightBytes) =>
        new(meanRow >= (weightBytes == sizeof(short) ? LongRowOfInt16 : LongRow) ? 8 : meanRow >= ShortRow ? 4 : 1, weightBytes);

    /// <summary>The first slot at or behind a slot that begins a group.</summary>
    public ulong RoundUp(ulong slot) => (slot + PadMask) & ~(ulong)PadMask;

    /// <summary>Byte at which a slot's place lies.</summary>
    public nint PlaceAt(uint slot) => ((nint)(slot >> GroupShift) * GroupBytes) + ((nint)(slot & PadMask) * sizeof(ushort));

    /// <summary>Byte at which a slot's weight lies.</summary>
    public nint WeightAt(uint slot) =>
        ((nint)(slot >> GroupShift) * GroupBytes) + ((nint)sizeof(ushort) << GroupShift) + ((nint)(slot & PadMask) * WeightBytes);
}
