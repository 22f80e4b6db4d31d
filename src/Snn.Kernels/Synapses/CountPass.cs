using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>First pass: counts the synapses of every row, and of every bucket in every chunk.</summary>
/// <typeparam name="TWeight">Precision in which weights are drawn.</typeparam>
internal sealed unsafe class CountPass<TWeight> : TablePass<TWeight>, IDisposable
    where TWeight : unmanaged, INumber<TWeight>
{
    /// <summary>Bytes that a synapse of a chunk takes.</summary>
    public const int BytesPerSynapse = sizeof(uint) + sizeof(ushort);

    private readonly RowLayout _layout;
    private readonly NativeArray<uint>[] _counts;
    private readonly NativeArray<uint> _rows;
    private readonly NativeArray<ushort> _sorted;
    private readonly List<uint[]> _chunks = [];

    public CountPass(
        IReadOnlyList<ShardProjection> projections, TablePlan plan, RowLayout layout, int capacity, NativeArray<uint>[] counts,
        CancellationToken stop)
        : base(projections, plan, layout, capacity, stop)
    {
        _layout = layout;
        _counts = counts;
        _rows = new NativeArray<uint>(capacity, "Synapses waiting to be counted");
        _sorted = new NativeArray<ushort>(capacity, "Synapses waiting to be counted");
    }

    /// <summary>Synapses of each bucket. [chunk][bucket]</summary>
    public IReadOnlyList<uint[]> Chunks => _chunks;

    /// <summary>Bytes of what it holds.</summary>
    public long Bytes => _rows.Bytes + _sorted.Bytes + (_chunks.Count * (long)_layout.Buckets * sizeof(uint));

    /// <inheritdoc/>
    protected override bool StoresWeights => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _sorted.Dispose();
    }

    /// <inheritdoc/>
    protected override void Append(int count) => Rows.AsSpan(0, count).CopyTo(new Span<uint>(_rows.Pointer + Count, count));

    /// <inheritdoc/>
    protected override void EndChunk()
    {
        var sizes = new uint[_layout.Buckets];
        var ends = new uint[_layout.Buckets];
        fixed (uint* size = sizes, end = ends)
        {
            SizeBuckets(_rows.Pointer, Count, _layout.Shift, size);
            uint begin = 0;
            for (var b = 0; b < ends.Length; b++)
            {
                end[b] = begin;
                begin += size[b];
            }

            Sort(_rows.Pointer, Count, _layout.Shift, end, _sorted.Pointer);
            for (var b = 0; b < ends.Length; b++)
            {
                var (table, row) = _layout.Locate(b);
                CountRows(_sorted.Pointer + (end[b] - size[b]), size[b], _counts[table].Pointer + row);
            }
        }

        _chunks.Add(sizes);
    }

    private static void SizeBuckets(uint* rows, int count, int shift, uint* sizes)
    {
        for (var i = 0; i < count; i++)
        {
            sizes[rows[i] >> shift]++;
        }
    }

    private static void Sort(uint* rows, int count, int shift, uint* ends, ushort* sorted)
    {
        var mask = (1u << shift) - 1;
        for (var i = 0; i < count; i++)
        {
            sorted[ends[rows[i] >> shift]++] = (ushort)(rows[i] & mask);
        }
    }

    private static void CountRows(ushort* rows, uint count, uint* counts)
    {
        for (uint i = 0; i < count; i++)
        {
            counts[rows[i]]++;
        }
    }
}
