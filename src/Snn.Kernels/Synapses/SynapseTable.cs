namespace Snn.Kernels.Synapses;

/// <summary>
/// Synapses from one population to 65 536 places of a shard's input array, in rows (source, delay). A synapse is a 16-bit place and its
/// weight; a constant weight is stored once.
/// </summary>
/// <remarks>
/// Within a row the synapses of a place keep the order of (projection, synapse of the target), however the targets are shared out among shards.
/// </remarks>
public sealed unsafe class SynapseTable : IDisposable
{
    private readonly NativeArray<uint> _offsets;
    private readonly NativeArray<byte> _synapses;
    private readonly SlotLayout _layout;
    private readonly int[] _delaySteps;

    /// <summary>Takes over the arrays of a finished table.</summary>
    internal SynapseTable(TableArrays table, WeightFormat format, int[] delaySteps, int shortestDelaySteps)
    {
        EntryBase = table.Plan.EntryBase;
        IsConstant = table.Plan.IsConstant;
        Scale = table.Plan.Scale;
        Format = format;
        SynapseCount = table.SynapseCount;
        _offsets = table.Offsets;
        _synapses = table.Synapses;
        _layout = table.Layout;
        _delaySteps = delaySteps;
        Calendar = new RowCalendar<SynapseRow>(_offsets, _layout, delaySteps, shortestDelaySteps);
    }

    /// <summary>Place in the input array that index zero stands for.</summary>
    public int EntryBase { get; }

    /// <summary>Whether all weights are <see cref="Scale"/>, and none is stored.</summary>
    public bool IsConstant { get; }

    /// <summary>How weights are stored, unless the table <see cref="IsConstant"/>.</summary>
    public WeightFormat Format { get; }

    /// <summary>The constant weight; else the greatest absolute weight that a synapse can have.</summary>
    public double Scale { get; }

    /// <summary>Number of synapses.</summary>
    public long SynapseCount { get; }

    /// <summary>Slots that lie together: 8, 4 or 1, by the mean length of rows.</summary>
    public int GroupSize => 1 << _layout.GroupShift;

    /// <summary>Bytes of its arrays.</summary>
    public long Bytes => _offsets.Bytes + _synapses.Bytes;

    /// <summary>Rows on their way.</summary>
    internal RowCalendar<SynapseRow> Calendar { get; }

    /// <summary>The row of a source and a delay; may be empty.</summary>
    /// <param name="source">Source neuron.</param>
    /// <param name="delayIndex">Index of the delay among those of the source population.</param>
    public SynapseRow Row(int source, int delayIndex) =>
        SynapseRow.At(_offsets.Pointer, ((nint)source * _delaySteps.Length) + delayIndex, _layout.PadMask);

    /// <summary>Place of a synapse in the input array.</summary>
    /// <param name="slot">Its slot: one of a <see cref="SynapseRow"/>.</param>
    public int EntryOf(uint slot) => EntryBase + *(ushort*)(_synapses.Pointer + _layout.PlaceAt(slot));

    /// <summary>Weight of a synapse, as stored.</summary>
    /// <param name="slot">Its slot: one of a <see cref="SynapseRow"/>.</param>
    public double WeightOf(uint slot)
    {
        if (IsConstant)
        {
            return Scale;
        }

        var weight = _synapses.Pointer + _layout.WeightAt(slot);
        return Format switch
        {
            WeightFormat.Single => *(float*)weight,
            WeightFormat.Int16 => *(short*)weight * WeightEncoding.Unit(Scale),
            _ => *(double*)weight,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _offsets.Dispose();
        _synapses.Dispose();
        Calendar.Dispose();
    }

    /// <summary>Asks for the first rows that are due in a step.</summary>
    internal void PrefetchFirst(long step)
    {
        var rows = Calendar.Due(step, shortest: false, out var count);
        RowDelivery.PrefetchFirst(_synapses.Pointer, _layout, rows, count);
    }

    /// <summary>Adds the weights of the rows that are due, those of the shortest delay or the others, to single-precision inputs.</summary>
    internal long Deliver(long step, bool shortest, float* input)
    {
        var rows = Calendar.TakeDue(step, shortest, out var count);
        var synapses = _synapses.Pointer;
        var at = input + EntryBase;
        return IsConstant ? RowDelivery.DeliverConstant(synapses, (float)Scale, rows, count, at)
            : Format switch
            {
                WeightFormat.Single => RowDelivery.Deliver<float, SingleToSingle>(synapses, _layout.GroupShift, 0, rows, count, at),
                WeightFormat.Int16 => RowDelivery.Deliver<float, Int16ToSingle>(
                    synapses, _layout.GroupShift, (float)WeightEncoding.Unit(Scale), rows, count, at),
                _ => throw new InvalidOperationException(
                    "A table of double-precision weights cannot be delivered to single-precision inputs; build it with 32-bit or 16-bit weights"),
            };
    }

    /// <summary>Adds the weights of the rows that are due, those of the shortest delay or the others, to double-precision inputs.</summary>
    internal long Deliver(long step, bool shortest, double* input)
    {
        var rows = Calendar.TakeDue(step, shortest, out var count);
        var synapses = _synapses.Pointer;
        var at = input + EntryBase;
        var shift = _layout.GroupShift;
        return IsConstant ? RowDelivery.DeliverConstant(synapses, Scale, rows, count, at)
            : Format switch
            {
                WeightFormat.Single => RowDelivery.Deliver<double, SingleToDouble>(synapses, shift, 0, rows, count, at),
                WeightFormat.Int16 => RowDelivery.Deliver<double, Int16ToDouble>(synapses, shift, WeightEncoding.Unit(Scale), rows, count, at),
                _ => RowDelivery.Deliver<double, DoubleToDouble>(synapses, shift, 0, rows, count, at),
            };
    }
}
