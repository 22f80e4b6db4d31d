using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>The arrays of a table that is being filled.</summary>
/// <param name="Plan">What it holds.</param>
/// <param name="Layout">How its slots lie.</param>
/// <param name="Offsets">The slot behind the last synapse that each row has so far. [row]</param>
/// <param name="Synapses">All slots.</param>
internal sealed record UnfinishedTable(PlannedTable Plan, SlotLayout Layout, NativeArray<uint> Offsets, NativeArray<byte> Synapses)
{
    public bool IsConstant => Plan.IsConstant;

    public double Scale => Plan.Scale;
}

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
    private readonly int _shortestDelaySteps;
    private readonly TablePlan _plan;
    private readonly RowLayout _layout;
    private readonly List<IDisposable> _owned = [];

    public SynapseTablesBuilder(int sources, IReadOnlyList<ShardProjection> projections, WeightFormat format, int shortestDelaySteps)
    {
        _sources = sources;
        _projections = projections;
        _format = format;
        _shortestDelaySteps = shortestDelaySteps;
        _plan = new TablePlan(projections);
        _layout = new RowLayout(sources, _plan.DelaySteps.Length, _plan.Tables.Count);
    }

    /// <summary>Builds the tables, which then belong to the caller.</summary>
    /// <param name="stop">Asked with every batch of synapses whether to give up.</param>
    /// <exception cref="OperationCanceledException">The build was asked to stop.</exception>
    public SynapseTables Build(CancellationToken stop) => _format == WeightFormat.Double ? Build<double>(stop) : Build<float>(stop);

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private SynapseTables Build<TWeight>(CancellationToken stop)
        where TWeight : unmanaged, INumber<TWeight>
    {
        if (_plan.Tables.Count == 0)
        {
            return new SynapseTables(_sources, _plan.DelaySteps, [], 0);
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

        var unfinished = new UnfinishedTable[counts.Length];
        for (var t = 0; t < counts.Length; t++)
        {
            unfinished[t] = Allocate(_plan.Tables[t], counts[t]);
        }

        using (var place = new PlacePass<TWeight>(_projections, _plan, _layout, capacity, chunks, unfinished, _format, stop))
        {
            place.Run();
            peak = Math.Max(peak, unfinished.Sum(t => t.Offsets.Bytes + t.Synapses.Bytes) + place.Bytes + BytesOf(chunks));
        }

        var tables = Array.ConvertAll(unfinished, Finish);
        _owned.Clear();
        return new SynapseTables(_sources, _plan.DelaySteps, tables, peak);
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
    private UnfinishedTable Allocate(PlannedTable plan, NativeArray<uint> counts)
    {
        var layout = plan.IsConstant ? SlotLayout.Constant : SlotLayout.For(MeanRow(counts), WeightEncoding.Bytes(_format));
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

        var bytes = (long)(slots >> layout.GroupShift) * layout.GroupBytes;
        return new UnfinishedTable(plan, layout, counts, Own(new NativeArray<byte>(bytes, $"{slots} synapses from {_sources} neurons")));
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
    private SynapseTable Finish(UnfinishedTable table)
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

        return new SynapseTable(table, _format, _plan.DelaySteps, _shortestDelaySteps, synapses);
    }

    private static void Pad(UnfinishedTable table, uint end, uint next)
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
