using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>The arrays of a table.</summary>
/// <param name="Plan">What it holds.</param>
/// <param name="Layout">How its slots lie.</param>
/// <param name="Offsets">
/// While it is filled, the slot behind the last synapse that each row has so far; then where the rows begin, with the padding of each in the
/// low bits. [row]
/// </param>
/// <param name="Synapses">All slots.</param>
internal sealed record TableArrays(PlannedTable Plan, SlotLayout Layout, NativeArray<uint> Offsets, NativeArray<byte> Synapses)
{
    public bool IsConstant => Plan.IsConstant;

    public double Scale => Plan.Scale;

    /// <summary>Synapses, once it is finished.</summary>
    public long SynapseCount { get; set; }
}

/// <summary>The finished tables of a shard, which belong to whom they are given.</summary>
/// <param name="Tables">Tables, in the order of delivery.</param>
/// <param name="DelaySteps">All delays, steps, ascending.</param>
/// <param name="BuildBytes">Most bytes that the tables and what served to build them took.</param>
internal sealed record BuiltTables(TableArrays[] Tables, int[] DelaySteps, long BuildBytes);

/// <summary>
/// Builds tables by counting sort over synapses that are drawn twice: once to count the rows, once to fill them. Owns all that is
/// half-finished, and frees it unless the build completes.
/// </summary>
internal sealed unsafe class SynapseTablesBuilder : IDisposable
{
    /// <summary>Waiting synapses may take this part of what the finished tables take.</summary>
    private const double ChunkShare = 0.1;

    private const int MinChunk = 1 << 16;
    private const int MaxChunk = 1 << 27;

    private readonly IReadOnlyList<ShardProjection> _projections;
    private readonly int _sources;
    private readonly WeightFormat _format;
    private readonly bool _arePlastic;
    private readonly TablePlan _plan;
    private readonly RowLayout _layout;
    private readonly List<IDisposable> _owned = [];

    /// <param name="sources">Neurons of the source population.</param>
    /// <param name="projections">Sound projections from it.</param>
    /// <param name="format">How weights are stored.</param>
    /// <param name="arePlastic">Whether every weight is stored, the constant ones too, and in columns.</param>
    public SynapseTablesBuilder(int sources, IReadOnlyList<ShardProjection> projections, WeightFormat format, bool arePlastic)
    {
        _sources = sources;
        _projections = projections;
        _format = format;
        _arePlastic = arePlastic;
        _plan = new TablePlan(projections, storesAll: arePlastic);
        _layout = new RowLayout(sources, _plan.DelaySteps.Length, _plan.Tables.Count);
    }

    /// <summary>Builds the tables, which then belong to the caller.</summary>
    /// <param name="stop">Asked with every batch of synapses whether to give up.</param>
    /// <exception cref="OperationCanceledException">The build was asked to stop.</exception>
    public BuiltTables Build(CancellationToken stop) => _format == WeightFormat.Double ? Build<double>(stop) : Build<float>(stop);

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private BuiltTables Build<TWeight>(CancellationToken stop)
        where TWeight : unmanaged, INumber<TWeight>
    {
        if (_plan.Tables.Count == 0)
        {
            return new BuiltTables([], _plan.DelaySteps, 0);
        }

        var capacity = ChunkCapacity<TWeight>();
        var counts = new NativeArray<uint>[_plan.Tables.Count];
        for (var t = 0; t < counts.Length; t++)
        {
            counts[t] = Own(new NativeArray<uint>(_layout.RowsPerTable + 1, $"Rows of {_sources} sources", cleared: true));
        }

        long peak;
        IReadOnlyList<uint[]> chunks;
        using (var count = new CountPass<TWeight>(_projections, _plan, _layout, capacity, counts, stop))
        {
            count.Run();
            chunks = count.Chunks;
            peak = counts.Sum(c => c.Bytes) + count.Bytes;
        }

        var tables = new TableArrays[counts.Length];
        for (var t = 0; t < counts.Length; t++)
        {
            tables[t] = Allocate(_plan.Tables[t], counts[t]);
        }

        using (var place = new PlacePass<TWeight>(_projections, _plan, _layout, capacity, chunks, tables, _format, stop))
        {
            place.Run();
            peak = Math.Max(peak, tables.Sum(t => t.Offsets.Bytes + t.Synapses.Bytes) + place.Bytes + BytesOf(chunks));
        }

        Array.ForEach(tables, Finish);
        _owned.Clear();
        return new BuiltTables(tables, _plan.DelaySteps, peak);
    }

    /// <summary>Synapses of a chunk: more make longer pieces of rows, fewer take less memory.</summary>
    private int ChunkCapacity<TWeight>()
        where TWeight : unmanaged, INumber<TWeight>
    {
        var areConstant = _plan.Tables.All(t => t.IsConstant);
        var expected = _projections.Sum(
            p => p.LastTarget > p.FirstTarget ? p.Rule.ExpectedCount(p.FirstTarget, p.LastTarget) : 0);
        var finished = (expected * (sizeof(ushort) + (areConstant ? 0 : WeightEncoding.Bytes(_format)))) +
            ((double)_layout.RowsPerTable * _plan.Tables.Count * sizeof(uint));
        var waiting = Math.Max(CountPass<TWeight>.BytesPerSynapse, PlacePass<TWeight>.BytesPerSynapse(areConstant));
        var share = Math.Clamp(ChunkShare * finished / waiting, MinChunk, MaxChunk);

        // No larger than all synapses need, with room for the spread of their number and for a batch that does not fit.
        var all = expected + (6 * Math.Sqrt(expected)) + SynapseBatch.Capacity;
        return (int)Math.Max(Math.Min(share, all), SynapseBatch.Capacity);
    }

    /// <summary>Turns counts into the beginnings of rows, and takes the memory for as many synapses.</summary>
    private TableArrays Allocate(PlannedTable plan, NativeArray<uint> counts)
    {
        var layout = plan.IsConstant || _arePlastic ? SlotLayout.Constant : SlotLayout.For(MeanRow(counts), WeightEncoding.Bytes(_format));
        ulong slots = 0;
        var row = counts.Pointer;
        for (long i = 0; i < counts.Length; i++)
        {
            var count = row[i];
            row[i] = (uint)slots;
            slots += layout.RoundUp(count);
        }

        if (slots > uint.MaxValue)
        {
            throw new InvalidOperationException(
                $"A table would have {slots} synapses, more than its 32-bit offsets reach: its targets are much denser than the rest; use more shards");
        }

        // Columns have as many slots as synapses, like slots without weights.
        layout = _arePlastic ? SlotLayout.Columns(slots, WeightEncoding.Bytes(_format)) : layout;
        var synapses = Own(new NativeArray<byte>(layout.Bytes(slots), $"{slots} synapses from {_sources} neurons"));
        if (_arePlastic)
        {
            // What is read beyond the last place is a place too: the first.
            new Span<byte>(synapses.Pointer + layout.PlaceAt((uint)slots), (int)(layout.WeightsBegin - layout.PlaceAt((uint)slots))).Clear();
        }

        return new TableArrays(plan, layout, counts, synapses);
    }

    private static long BytesOf(IReadOnlyList<uint[]> chunks) => chunks.Sum(c => (long)c.Length * sizeof(uint));

    private static double MeanRow(NativeArray<uint> counts)
    {
        double synapses = 0;
        long rows = 0;
        for (long i = 0; i < counts.Length; i++)
        {
            synapses += counts.Pointer[i];
            rows += counts.Pointer[i] > 0 ? 1 : 0;
        }

        return synapses / Math.Max(rows, 1);
    }

    /// <summary>
    /// Turns the ends of rows into their beginnings, with the padding of each row in the low bits, which every beginning has free; and fills
    /// the padding.
    /// </summary>
    private void Finish(TableArrays table)
    {
        var layout = table.Layout;
        var offset = table.Offsets.Pointer;
        long synapses = 0;
        uint begin = 0;
        for (long i = 0; i < _layout.RowsPerTable; i++)
        {
            var end = offset[i];
            var next = (uint)layout.RoundUp(end);
            synapses += end - begin;
            offset[i] = begin | (next - end);
            Pad(table, end, next);
            begin = next;
        }

        table.SynapseCount = synapses;
    }

    private static void Pad(TableArrays table, uint end, uint next)
    {
        var layout = table.Layout;
        var slots = table.Synapses.Pointer;
        for (var slot = end; slot < next; slot++)
        {
            *(ushort*)(slots + layout.PlaceAt(slot)) = *(ushort*)(slots + layout.PlaceAt(end - 1));
            new Span<byte>(slots + layout.WeightAt(slot), layout.WeightBytes).Clear();
        }
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
