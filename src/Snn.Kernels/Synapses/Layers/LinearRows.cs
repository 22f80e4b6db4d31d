using System.Numerics;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// The loops of linear delivery. A block of targets stays in registers while the rows of all active sources stream by: one load and one addition a vector. With
/// several items a block of columns of the whole table (eight vectors wide: 400 KB for 784 sources) stays in the second-level cache for all of them.
/// </summary>
/// <remarks>Scalar equivalent: for each spike, ascending: for each target: input[target] += size * weights[source][target].</remarks>
/// <typeparam name="L">Lanes.</typeparam>
internal static unsafe class LinearRows<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Delivers the spikes of several items.</summary>
    public static void Deliver(LayerWeights weights, LayerEvents* events, void** inputs, int items)
    {
        var columns = weights.Stride / L.Count * L.Count;
        nint column = 0;
        for (; column + (8 * L.Count) <= columns; column += 8 * L.Count)
        {
            DeliverBlock(weights, column, 8, events, inputs, items);
        }

        for (; column + (4 * L.Count) <= columns; column += 4 * L.Count)
        {
            DeliverBlock(weights, column, 4, events, inputs, items);
        }

        for (; column < columns; column += L.Count)
        {
            DeliverBlock(weights, column, 1, events, inputs, items);
        }

        GC.KeepAlive(weights);
    }

    /// <summary>Adds, target by target, the traces of the sources that a mask connects it to.</summary>
    public static void AddMaskedTraces(LayerWeights weights, void* traces, void* input)
    {
        for (nint column = 0; column < weights.Stride; column += L.Count)
        {
            var sum = L.Zero;
            for (nint row = 0; row < weights.Rows; row++)
            {
                sum += LaneNumbers<L>.Broadcast(traces, row) * L.Load(weights.Mask, (row * weights.Stride) + column);
            }

            L.Store(L.Load(input, column) + sum, input, column);
        }

        GC.KeepAlive(weights);
    }

    /// <summary>A sum in the order of the numbers.</summary>
    public static T Sum<T>(T* numbers, nint count)
        where T : unmanaged, INumber<T>
    {
        var sum = T.Zero;
        for (nint i = 0; i < count; i++)
        {
            sum += numbers[i];
        }

        return sum;
    }

    private static void DeliverBlock(LayerWeights weights, nint column, int vectors, LayerEvents* events, void** inputs, int items)
    {
        for (var item = 0; item < items; item++)
        {
            if (events[item].Count == 0)
            {
                continue;
            }

            if (weights.DelayIndices != null)
            {
                AddDelayed(weights, column, vectors, events[item], inputs[item]);
            }
            else if (events[item].Values == null)
            {
                Add<PlainTerm<L>>(weights.Pointer, weights.Stride, column, vectors, events[item], inputs[item]);
            }
            else
            {
                Add<GradedTerm<L>>(weights.Pointer, weights.Stride, column, vectors, events[item], inputs[item]);
            }
        }
    }

    private static void Add<T>(void* weights, nint stride, nint column, int vectors, in LayerEvents events, void* input)
        where T : struct, IEventTerm<L>
    {
        if (vectors == 8)
        {
            AddEight<T>(weights, stride, column, events, input);
        }
        else if (vectors == 4)
        {
            AddFour<T>(weights, stride, column, events, input);
        }
        else
        {
            AddOne<T>(weights, stride, column, events, input);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddEight<T>(void* weights, nint stride, nint column, in LayerEvents events, void* input)
        where T : struct, IEventTerm<L>
    {
        var sources = events.Sources;
        var values = events.Values;
        nint count = events.Count;
        var a0 = L.Load(input, column);
        var a1 = L.Load(input, column + L.Count);
        var a2 = L.Load(input, column + (2 * L.Count));
        var a3 = L.Load(input, column + (3 * L.Count));
        var a4 = L.Load(input, column + (4 * L.Count));
        var a5 = L.Load(input, column + (5 * L.Count));
        var a6 = L.Load(input, column + (6 * L.Count));
        var a7 = L.Load(input, column + (7 * L.Count));
        for (nint e = 0; e < count; e++)
        {
            var size = T.Size(values, e);
            var row = (sources[e] * stride) + column;
            a0 = T.Add(a0, size, L.Load(weights, row));
            a1 = T.Add(a1, size, L.Load(weights, row + L.Count));
            a2 = T.Add(a2, size, L.Load(weights, row + (2 * L.Count)));
            a3 = T.Add(a3, size, L.Load(weights, row + (3 * L.Count)));
            a4 = T.Add(a4, size, L.Load(weights, row + (4 * L.Count)));
            a5 = T.Add(a5, size, L.Load(weights, row + (5 * L.Count)));
            a6 = T.Add(a6, size, L.Load(weights, row + (6 * L.Count)));
            a7 = T.Add(a7, size, L.Load(weights, row + (7 * L.Count)));
        }

        L.Store(a0, input, column);
        L.Store(a1, input, column + L.Count);
        L.Store(a2, input, column + (2 * L.Count));
        L.Store(a3, input, column + (3 * L.Count));
        L.Store(a4, input, column + (4 * L.Count));
        L.Store(a5, input, column + (5 * L.Count));
        L.Store(a6, input, column + (6 * L.Count));
        L.Store(a7, input, column + (7 * L.Count));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddFour<T>(void* weights, nint stride, nint column, in LayerEvents events, void* input)
        where T : struct, IEventTerm<L>
    {
        var sources = events.Sources;
        var values = events.Values;
        nint count = events.Count;
        var a0 = L.Load(input, column);
        var a1 = L.Load(input, column + L.Count);
        var a2 = L.Load(input, column + (2 * L.Count));
        var a3 = L.Load(input, column + (3 * L.Count));
        for (nint e = 0; e < count; e++)
        {
            var size = T.Size(values, e);
            var row = (sources[e] * stride) + column;
            a0 = T.Add(a0, size, L.Load(weights, row));
            a1 = T.Add(a1, size, L.Load(weights, row + L.Count));
            a2 = T.Add(a2, size, L.Load(weights, row + (2 * L.Count)));
            a3 = T.Add(a3, size, L.Load(weights, row + (3 * L.Count)));
        }

        L.Store(a0, input, column);
        L.Store(a1, input, column + L.Count);
        L.Store(a2, input, column + (2 * L.Count));
        L.Store(a3, input, column + (3 * L.Count));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOne<T>(void* weights, nint stride, nint column, in LayerEvents events, void* input)
        where T : struct, IEventTerm<L>
    {
        var sources = events.Sources;
        var values = events.Values;
        nint count = events.Count;
        var a0 = L.Load(input, column);
        for (nint e = 0; e < count; e++)
        {
            var size = T.Size(values, e);
            var row = (sources[e] * stride) + column;
            a0 = T.Add(a0, size, L.Load(weights, row));
        }

        L.Store(a0, input, column);
    }

    /// <summary>Each synapse has its own delay: of a row, only those count whose delay the spike has had.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddDelayed(LayerWeights weights, nint first, int vectors, in LayerEvents events, void* input)
    {
        var (table, delays, stride) = ((nint)weights.Pointer, (nint)weights.DelayIndices, weights.Stride);
        for (var column = first; column < first + (vectors * L.Count); column += L.Count)
        {
            var sum = L.Load(input, column);
            for (nint e = 0; e < events.Count; e++)
            {
                var at = (events.Sources[e] * stride) + column;
                var own = L.Load((void*)delays, at);
                var due = L.Broadcast(events.DelayIndices == null ? 0 : events.DelayIndices[e]);
                var size = events.Values == null ? L.Broadcast(1) : LaneNumbers<L>.Broadcast(events.Values, e);
                var added = L.FusedMultiplyAdd(size, L.Load((void*)table, at), sum);
                sum = L.Select((own <= due) & (own >= due), added, sum);
            }

            L.Store(sum, input, column);
        }
    }
}
