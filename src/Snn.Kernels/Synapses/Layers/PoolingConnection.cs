using System.Numerics;
using System.Runtime.InteropServices;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// Any-spike pooling: a target in whose window any source spikes gets one weight, however many spike and whatever their size. The trace of a target is that of
/// the first spiking source of its window, row by row, or of the window's first source where all are silent.
/// </summary>
/// <typeparam name="T">Number.</typeparam>
internal sealed unsafe class PoolingConnection<T> : LayerConnection
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PoolingShape _shape;
    private readonly int[] _rowStarts;
    private readonly int[] _rows;
    private readonly int[] _columnStarts;
    private readonly int[] _columns;
    private readonly T _weight;

    public PoolingConnection(PoolingShape shape, double weight, int delaySteps)
        : base(shape.SourceCount, shape.TargetCount, typeof(T) == typeof(double), [delaySteps])
    {
        _shape = shape;
        _weight = T.CreateChecked(weight);
        (_rowStarts, _rows) = Inverse(shape.Rows, shape.Height);
        (_columnStarts, _columns) = Inverse(shape.Columns, shape.Width);
    }

    /// <inheritdoc/>
    internal override long WorkspaceBytes => sizeof(ulong) * (long)Math.Max((SourceCount + 63) / 64, (TargetCount + 63) / 64);

    /// <inheritdoc/>
    public override long Deliver(in LayerEvents arrivals, void* input, LayerWorkspace workspace)
    {
        var hit = (ulong*)workspace.Pointer;
        Mark(arrivals, hit);
        long events = 0;
        for (var word = 0; word < (TargetCount + 63) / 64; word++)
        {
            for (var bits = hit[word]; bits != 0; bits &= bits - 1)
            {
                ((T*)input)[(64 * word) + BitOperations.TrailingZeroCount(bits)] += _weight;
                events++;
            }

            hit[word] = 0;
        }

        GC.KeepAlive(workspace);
        return events;
    }

    /// <inheritdoc/>
    public override void AddTraces(in LayerEvents spikes, void* sourceTraces, void* input, LayerWorkspace workspace)
    {
        var spiking = (ulong*)workspace.Pointer;
        for (var e = 0; e < spikes.Count; e++)
        {
            spiking[spikes.Sources[e] / 64] |= 1UL << (spikes.Sources[e] % 64);
        }

        var target = 0;
        for (var channel = 0; channel < _shape.Channels; channel++)
        {
            for (var row = 0; row < _shape.Rows.Windows; row++)
            {
                for (var column = 0; column < _shape.Columns.Windows; column++)
                {
                    ((T*)input)[target++] += ((T*)sourceTraces)[Winner(spiking, channel, row, column)];
                }
            }
        }

        NativeMemory.Clear(spiking, (nuint)((SourceCount + 63) / 64 * sizeof(ulong)));
        GC.KeepAlive(workspace);
    }

    /// <summary>Marks the targets in whose windows a source spikes.</summary>
    private void Mark(in LayerEvents spikes, ulong* hit)
    {
        var (pixels, windows) = (_shape.Height * _shape.Width, _shape.Columns.Windows);
        for (var e = 0; e < spikes.Count; e++)
        {
            var (channel, pixel) = Math.DivRem(spikes.Sources[e], pixels);
            var (y, x) = Math.DivRem(pixel, _shape.Width);
            for (var r = _rowStarts[y]; r < _rowStarts[y + 1]; r++)
            {
                var first = ((channel * _shape.Rows.Windows) + _rows[r]) * windows;
                for (var c = _columnStarts[x]; c < _columnStarts[x + 1]; c++)
                {
                    var target = first + _columns[c];
                    hit[target / 64] |= 1UL << (target % 64);
                }
            }
        }
    }

    private int Winner(ulong* spiking, int channel, int row, int column)
    {
        var (rows, columns) = (_shape.Rows, _shape.Columns);
        for (var i = 0; i < rows.Count[row]; i++)
        {
            for (var j = 0; j < columns.Count[column]; j++)
            {
                var source = Source(channel, rows.First[row] + (i * rows.Dilation), columns.First[column] + (j * columns.Dilation));
                if ((spiking[source / 64] & (1UL << (source % 64))) != 0)
                {
                    return source;
                }
            }
        }

        return Source(channel, rows.First[row], columns.First[column]);
    }

    private int Source(int channel, int y, int x) => (((channel * _shape.Height) + y) * _shape.Width) + x;

    private static (int[] Starts, int[] Windows) Inverse(PoolingAxis axis, int size)
    {
        var starts = new int[size + 1];
        var windows = new List<int>();
        for (var place = 0; place < size; place++)
        {
            windows.AddRange(axis.WindowsOf(place));
            starts[place + 1] = windows.Count;
        }

        return (starts, [.. windows]);
    }
}
