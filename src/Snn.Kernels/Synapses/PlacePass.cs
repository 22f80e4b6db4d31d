using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>Second pass: draws the synapses again and appends each to its row.</summary>
/// <remarks>
/// A chunk is first sorted by bucket, then each bucket is appended: a direct append would touch a line of memory far from the last with
/// every synapse.
/// </remarks>
/// <typeparam name="TWeight">Precision in which weights are drawn.</typeparam>
internal sealed unsafe class PlacePass<TWeight> : TablePass<TWeight>, IDisposable
    where TWeight : unmanaged, INumber<TWeight>
{
    private readonly RowLayout _layout;
    private readonly TableArrays[] _tables;
    private readonly IReadOnlyList<uint[]> _chunks;
    private readonly WeightFormat _format;
    private readonly NativeArray<uint> _synapses;
    private readonly NativeArray<TWeight>? _weights;
    private readonly uint[] _ends;
    private int _chunk = -1;

    public PlacePass(
        IReadOnlyList<ShardProjection> projections, TablePlan plan, RowLayout layout, int capacity, IReadOnlyList<uint[]> chunks,
        TableArrays[] tables, WeightFormat format, CancellationToken stop)
        : base(projections, plan, layout, capacity, stop)
    {
        _layout = layout;
        _tables = tables;
        _chunks = chunks;
        _format = format;
        _ends = new uint[layout.Buckets];
        _synapses = new NativeArray<uint>(capacity, "Synapses waiting to be placed");
        _weights = Array.TrueForAll(tables, t => t.IsConstant) ? null : new NativeArray<TWeight>(capacity, "Weights waiting to be placed");
        BeginChunk();
    }

    /// <summary>Bytes of what it holds.</summary>
    public long Bytes => _synapses.Bytes + (_weights?.Bytes ?? 0);

    /// <inheritdoc/>
    protected override bool StoresWeights => true;

    /// <summary>Bytes that a synapse of a chunk takes.</summary>
    public static int BytesPerSynapse(bool areConstant) => sizeof(uint) + (areConstant ? 0 : sizeof(TWeight));

    /// <inheritdoc/>
    public void Dispose()
    {
        _synapses.Dispose();
        _weights?.Dispose();
    }

    /// <inheritdoc/>
    protected override void Append(int count)
    {
        fixed (uint* rows = Rows, ends = _ends)
        fixed (ushort* places = Places)
        fixed (TWeight* weights = Weights)
        {
            if (_weights is not null && BatchHasWeights)
            {
                Sort(rows, places, weights, count, _layout.Shift, ends, _synapses.Pointer, _weights.Pointer);
            }
            else
            {
                Sort(rows, places, count, _layout.Shift, ends, _synapses.Pointer);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndChunk()
    {
        var sizes = _chunks[_chunk];
        for (var b = 0; b < sizes.Length; b++)
        {
            if (sizes[b] > 0)
            {
                Place(b, _ends[b] - sizes[b], sizes[b]);
            }
        }

        BeginChunk();
    }

    private static void Sort(uint* rows, ushort* places, int count, int shift, uint* ends, uint* sorted)
    {
        var mask = (1u << shift) - 1;
        for (var i = 0; i < count; i++)
        {
            sorted[ends[rows[i] >> shift]++] = (rows[i] & mask) | ((uint)places[i] << 16);
        }
    }

    private static void Sort(
        uint* rows, ushort* places, TWeight* weights, int count, int shift, uint* ends, uint* sorted, TWeight* sortedWeights)
    {
        var mask = (1u << shift) - 1;
        for (var i = 0; i < count; i++)
        {
            var at = ends[rows[i] >> shift]++;
            sorted[at] = (rows[i] & mask) | ((uint)places[i] << 16);
            sortedWeights[at] = weights[i];
        }
    }

    private void BeginChunk()
    {
        _chunk++;
        if (_chunk == _chunks.Count)
        {
            return;
        }

        uint begin = 0;
        for (var b = 0; b < _ends.Length; b++)
        {
            _ends[b] = begin;
            begin += _chunks[_chunk][b];
        }
    }

    private void Place(int bucket, uint begin, uint count)
    {
        var (number, row) = _layout.Locate(bucket);
        var table = _tables[number];
        var synapses = _synapses.Pointer + begin;
        var ends = table.Offsets.Pointer + row;
        var placed = table.Synapses.Pointer;
        if (table.IsConstant)
        {
            Place(synapses, count, ends, (ushort*)placed);
            return;
        }

        var weights = _weights!.Pointer + begin;
        if (_format == WeightFormat.Int16)
        {
            Place(synapses, weights, WeightEncoding.PerUnit(table.Scale), count, ends, table.Layout, placed);
        }
        else
        {
            Place(synapses, weights, count, ends, table.Layout, placed);
        }
    }

    private static void Place(uint* synapses, uint count, uint* ends, ushort* placed)
    {
        for (uint i = 0; i < count; i++)
        {
            placed[ends[(ushort)synapses[i]]++] = (ushort)(synapses[i] >> 16);
        }
    }

    private static void Place(uint* synapses, TWeight* weights, uint count, uint* ends, SlotLayout layout, byte* placed)
    {
        for (uint i = 0; i < count; i++)
        {
            var slot = ends[(ushort)synapses[i]]++;
            *(ushort*)(placed + layout.PlaceAt(slot)) = (ushort)(synapses[i] >> 16);
            *(TWeight*)(placed + layout.WeightAt(slot)) = weights[i];
        }
    }

    private static void Place(uint* synapses, TWeight* weights, double perUnit, uint count, uint* ends, SlotLayout layout, byte* placed)
    {
        for (uint i = 0; i < count; i++)
        {
            var slot = ends[(ushort)synapses[i]]++;
            *(ushort*)(placed + layout.PlaceAt(slot)) = (ushort)(synapses[i] >> 16);
            *(short*)(placed + layout.WeightAt(slot)) = WeightEncoding.ToInt16(double.CreateTruncating(weights[i]), perUnit);
        }
    }
}
