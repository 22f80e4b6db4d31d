using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>The loops of convolutional delivery.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal static unsafe class ConvolutionTaps<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Adds the taps of all spikes to the sums, and marks the locations that got any.</summary>
    /// <param name="weights">Kernel.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="events">Spikes.</param>
    /// <param name="sums">Sums. [location][output channel, padded]</param>
    /// <param name="touched">Marks. [location]</param>
    /// <returns>Numbers added.</returns>
    /// <remarks>A target gets at most one tap of a spike, so its sum has the order of the spikes.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Add<T>(LayerWeights weights, ConvolutionTables tables, in LayerEvents events, void* sums, byte* touched)
        where T : struct, IEventTerm<L>
    {
        var shape = weights.Shape;
        var (pixels, width) = (shape.Pixels, shape.Width);
        var channelStride = (nint)shape.Kernel.Y * shape.Kernel.X * weights.Stride;
        var kernel = weights.Pointer;
        long added = 0;
        fixed (int* rowStarts = tables.RowStarts, columnStarts = tables.ColumnStarts)
        fixed (ConvolutionTables.Run* rows = tables.Rows, columns = tables.Columns)
        {
            for (nint e = 0; e < events.Count; e++)
            {
                var size = T.Size(events.Values, e);
                var (channel, pixel) = Math.DivRem(events.Sources[e], pixels);
                var (y, x) = Math.DivRem(pixel, width);
                for (var r = rowStarts[y]; r < rowStarts[y + 1]; r++)
                {
                    var from = (channel * channelStride) + rows[r].Weight;
                    for (var c = columnStarts[x]; c < columnStarts[x + 1]; c++)
                    {
                        AddRun<T>(kernel, from + columns[c].Weight, columns[c].Count, size, sums, rows[r].Place + columns[c].Place);
                        Mark(touched + rows[r].Location + columns[c].Location, columns[c].Locations);
                        added += columns[c].Count;
                    }
                }
            }
        }

        return added;
    }

    /// <summary>Adds the sums of all marked locations to the input, and leaves sums and marks zero.</summary>
    /// <param name="sums">Sums. [location][output channel, padded to <paramref name="stride"/>]</param>
    /// <param name="stride">Numbers of a location.</param>
    /// <param name="touched">Marks. [location]</param>
    /// <param name="locations">Locations.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="input">Input. [output channel][location]</param>
    public static void MoveSums(void* sums, nint stride, byte* touched, int locations, int channels, void* input)
    {
        for (nint first = 0; first < locations; first += sizeof(ulong))
        {
            // Marks are padded: eight at once.
            if (*(ulong*)(touched + first) == 0)
            {
                continue;
            }

            for (var location = first; location < Math.Min(first + sizeof(ulong), locations); location++)
            {
                if (touched[location] != 0)
                {
                    MoveLocation(sums, location * stride, stride, channels, input, location, locations);
                }
            }

            *(ulong*)(touched + first) = 0;
        }
    }

    /// <summary>Adds the source traces under the window of each location of one output channel, in the order of the sources.</summary>
    public static void SumTraces(LayerWeights weights, int column, void* traces, void* sums)
    {
        var shape = weights.Shape;
        for (var tap = 0; tap < shape.Taps; tap++)
        {
            var row = shape.RowOfTap(tap);
            if (weights.Mask != null && LaneNumbers<L>.Get(weights.Mask, (row * weights.Stride) + column) == 0)
            {
                continue;
            }

            AddTraces(new TapWindow(shape, row), traces, sums);
        }
    }

    /// <summary>Adds the traces under one tap to the sums of the locations; where windows follow each other closely, an output row at once.</summary>
    private static void AddTraces(in TapWindow window, void* traces, void* sums)
    {
        for (var y = window.FirstY; y < window.LastY; y++)
        {
            var row = (nint)y * window.OutputWidth;
            if (window.StrideX == 1)
            {
                LaneNumbers<L>.AddRun(sums, row + window.FirstX, window.LastX - window.FirstX, traces, window.Source(y, window.FirstX));
                continue;
            }

            for (var x = window.FirstX; x < window.LastX; x++)
            {
                LaneNumbers<L>.Add(sums, row + x, traces, window.Source(y, x));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRun<T>(void* kernel, nint from, nint count, L size, void* sums, nint place)
        where T : struct, IEventTerm<L>
    {
        for (nint k = 0; k < count; k += L.Count)
        {
            L.Store(T.Add(L.Load(sums, place + k), size, L.Load(kernel, from + k)), sums, place + k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mark(byte* touched, int count)
    {
        for (var i = 0; i < count; i++)
        {
            touched[i] = 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MoveLocation(void* sums, nint from, nint stride, int channels, void* input, nint location, nint locations)
    {
        for (nint channel = 0; channel < channels; channel++)
        {
            LaneNumbers<L>.Add(input, (channel * locations) + location, sums, from + channel);
        }

        for (nint k = 0; k < stride; k += L.Count)
        {
            L.Store(L.Zero, sums, from + k);
        }
    }
}
