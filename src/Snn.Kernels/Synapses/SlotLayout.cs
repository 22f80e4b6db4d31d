using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>
/// How the synapses of a table lie in memory. Static ones in groups of 8, 4 or 1, each the 16-bit places of its synapses and then their weights, so
/// that a row is one stream; rows begin with a group, and the slots behind the last synapse repeat its place with a weight of zero. Plastic ones in two
/// columns, one of all places and one of all weights, without padding: they are rewritten a vector at a time.
/// </summary>
/// <remarks>Adding that zero changes no sum: inputs start at +0, and no sum of numbers that starts there is -0.</remarks>
internal readonly struct SlotLayout
{
    // Groups of 8 let 16-bit weights be converted by one vector instruction, which pays from rows of 16 on. Wider weights gain nothing
    // measurable over groups of 4 (1.85 against 1.76 ns an event in the full microcircuit, within the noise), so there padding decides.
    private const int LongRowOfInt16 = 16;
    private const int LongRow = 96;
    private const int ShortRow = 4;

    // A group so large that all slots are in it.
    private const int OneGroup = 32;

    // Behind a column, so that a vector may be read from its last slot on.
    private const int Slack = 64;

    private SlotLayout(int groupShift, int weightBytes, nint weightsBegin)
    {
        GroupShift = groupShift;
        WeightBytes = weightBytes;
        WeightsBegin = weightsBegin;
    }

    /// <summary>Slots of a group: 2^GroupShift.</summary>
    public int GroupShift { get; }

    /// <summary>Bytes of a weight; 0 where it is constant.</summary>
    public int WeightBytes { get; }

    /// <summary>Byte at which the weights of a group begin.</summary>
    public nint WeightsBegin { get; }

    /// <summary>Whether places and weights are two columns.</summary>
    public bool IsColumns => GroupShift == OneGroup;

    /// <summary>Slots of a group, less one: the bits of an offset that hold the padding of its row. Columns have none.</summary>
    public uint PadMask => IsColumns ? 0 : SlotMask;

    /// <summary>Bytes of a group; of columns, not defined.</summary>
    public int GroupBytes => (sizeof(ushort) + WeightBytes) << GroupShift;

    /// <summary>Slots without weights, and without padding.</summary>
    public static SlotLayout Constant => new(0, 0, sizeof(ushort));

    private uint SlotMask => (uint)((1UL << GroupShift) - 1);

    /// <summary>The layout for rows of a mean length: padding costs less than the ends of loops only where rows are long.</summary>
    public static SlotLayout For(double meanRow, int weightBytes)
    {
        var size = meanRow >= (weightBytes == sizeof(short) ? LongRowOfInt16 : LongRow) ? 8 : meanRow >= ShortRow ? 4 : 1;
        return new SlotLayout(BitOperations.Log2((uint)size), weightBytes, size * sizeof(ushort));
    }

    /// <summary>Two columns of as many slots.</summary>
    public static SlotLayout Columns(ulong slots, int weightBytes) =>
        new(OneGroup, weightBytes, ((nint)slots * sizeof(ushort) / Slack * Slack) + (2 * Slack));

    /// <summary>The first slot at or behind a slot that begins a group.</summary>
    public ulong RoundUp(ulong slot) => (slot + PadMask) & ~(ulong)PadMask;

    /// <summary>Bytes of as many slots, whole groups of them.</summary>
    public long Bytes(ulong slots) =>
        IsColumns ? WeightsBegin + ((long)slots * WeightBytes) + (2 * Slack) : (long)(slots >> GroupShift) * GroupBytes;

    /// <summary>Byte at which a slot's place lies.</summary>
    public nint PlaceAt(uint slot) => ((nint)((ulong)slot >> GroupShift) * GroupBytes) + ((nint)(slot & SlotMask) * sizeof(ushort));

    /// <summary>Byte at which a slot's weight lies.</summary>
    public nint WeightAt(uint slot) =>
        ((nint)((ulong)slot >> GroupShift) * GroupBytes) + WeightsBegin + ((nint)(slot & SlotMask) * WeightBytes);
}
