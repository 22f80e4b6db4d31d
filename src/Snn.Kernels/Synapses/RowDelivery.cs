using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Synapses;

/// <summary>
/// The loops over synaptic events: each adds a weight to the input at its place, in the order of the rows and within each in the order of its
/// synapses. Places are read four at a time, as one 64-bit number.
/// </summary>
internal static unsafe class RowDelivery
{
    // A row is asked for while as many rows before it are read, which covers a miss to memory.
    private const int Ahead = 4;

    private const int CacheLine = 64;

    /// <summary>Delivers rows of a constant weight.</summary>
    /// <returns>Synaptic events.</returns>
    public static long DeliverConstant<TInput>(byte* synapses, TInput weight, SynapseRow* rows, int count, TInput* input)
        where TInput : unmanaged, IAdditionOperators<TInput, TInput, TInput>
    {
        var places = (ushort*)synapses;
        for (var i = 0; i < Math.Min(Ahead, count); i++)
        {
            PrefetchRow(synapses, 0, sizeof(ushort), rows[i]);
        }

        long events = 0;
        for (var i = 0; i < count; i++)
        {
            if (i + Ahead < count)
            {
                PrefetchRow(synapses, 0, sizeof(ushort), rows[i + Ahead]);
            }

            AddConstant(places + rows[i].First, rows[i].Count, weight, input);
            events += rows[i].Count;
        }

        return events;
    }

    /// <summary>Delivers rows of stored weights.</summary>
    /// <returns>Synaptic events.</returns>
    public static long Deliver<TInput, TWeight>(byte* synapses, int groupShift, TInput unit, SynapseRow* rows, int count, TInput* input)
        where TInput : unmanaged, IAdditionOperators<TInput, TInput, TInput>
        where TWeight : struct, IStoredWeight<TInput>
    {
        var groupBytes = (sizeof(ushort) + TWeight.Bytes) << groupShift;
        var roundUp = (1 << groupShift) - 1;
        for (var i = 0; i < Math.Min(Ahead, count); i++)
        {
            PrefetchRow(synapses, groupShift, groupBytes, rows[i]);
        }

        long events = 0;
        for (var i = 0; i < count; i++)
        {
            if (i + Ahead < count)
            {
                PrefetchRow(synapses, groupShift, groupBytes, rows[i + Ahead]);
            }

            var row = rows[i];
            var group = synapses + ((nint)(row.First >> groupShift) * groupBytes);
            var end = group + ((nint)((row.Count + roundUp) >> groupShift) * groupBytes);
            if (groupShift == 3)
            {
                AddEights<TInput, TWeight>(group, end, unit, input);
            }
            else if (groupShift == 2)
            {
                AddFours<TInput, TWeight>(group, end, unit, input);
            }
            else
            {
                AddOnes<TInput, TWeight>(group, end, unit, input);
            }

            events += row.Count;
        }

        return events;
    }

    /// <summary>Asks for the rows that a delivery would ask for first.</summary>
    public static void PrefetchFirst(byte* synapses, SlotLayout layout, SynapseRow* rows, int count)
    {
        for (var i = 0; i < Math.Min(Ahead, count); i++)
        {
            PrefetchRow(synapses, layout.GroupShift, layout.GroupBytes, rows[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchRow(byte* synapses, int groupShift, int groupBytes, SynapseRow row)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        var begin = synapses + ((nint)(row.First >> groupShift) * groupBytes);
        var end = begin + ((nint)((row.Count + (1 << groupShift) - 1) >> groupShift) * groupBytes);
        for (var line = (byte*)((nint)begin & -CacheLine); line < end; line += CacheLine)
        {
            Sse.Prefetch0(line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddConstant<TInput>(ushort* place, int count, TInput weight, TInput* input)
        where TInput : unmanaged, IAdditionOperators<TInput, TInput, TInput>
    {
        var end = place + count;
        for (; place + 8 <= end; place += 8)
        {
            var a = *(ulong*)place;
            var b = *(ulong*)(place + 4);
            input[(ushort)a] += weight;
            input[(ushort)(a >> 16)] += weight;
            input[(ushort)(a >> 32)] += weight;
            input[a >> 48] += weight;
            input[(ushort)b] += weight;
            input[(ushort)(b >> 16)] += weight;
            input[(ushort)(b >> 32)] += weight;
            input[b >> 48] += weight;
        }

        for (; place < end; place++)
        {
            input[*place] += weight;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddEights<TInput, TWeight>(byte* group, byte* end, TInput unit, TInput* input)
        where TInput : unmanaged, IAdditionOperators<TInput, TInput, TInput>
        where TWeight : struct, IStoredWeight<TInput>
    {
        for (; group < end; group += 8 * (sizeof(ushort) + TWeight.Bytes))
        {
            var a = *(ulong*)group;
            var b = *(ulong*)(group + 8);
            if (typeof(TWeight) == typeof(Int16ToSingle))
            {
                AddVector(a, b, Vector128.Load((short*)(group + 16)), (float)(object)unit, (float*)input);
                continue;
            }

            var weights = group + (8 * sizeof(ushort));
            input[(ushort)a] += TWeight.At(weights, 0, unit);
            input[(ushort)(a >> 16)] += TWeight.At(weights, 1, unit);
            input[(ushort)(a >> 32)] += TWeight.At(weights, 2, unit);
            input[a >> 48] += TWeight.At(weights, 3, unit);
            input[(ushort)b] += TWeight.At(weights, 4, unit);
            input[(ushort)(b >> 16)] += TWeight.At(weights, 5, unit);
            input[(ushort)(b >> 32)] += TWeight.At(weights, 6, unit);
            input[b >> 48] += TWeight.At(weights, 7, unit);
        }
    }

    /// <summary>Eight 16-bit weights, made to floats by two vector conversions: the same products as one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVector(ulong a, ulong b, Vector128<short> stored, float unit, float* input)
    {
        var low = Vector128.ConvertToSingle(Vector128.WidenLower(stored)) * unit;
        var high = Vector128.ConvertToSingle(Vector128.WidenUpper(stored)) * unit;
        input[(ushort)a] += low.GetElement(0);
        input[(ushort)(a >> 16)] += low.GetElement(1);
        input[(ushort)(a >> 32)] += low.GetElement(2);
        input[a >> 48] += low.GetElement(3);
        input[(ushort)b] += high.GetElement(0);
        input[(ushort)(b >> 16)] += high.GetElement(1);
        input[(ushort)(b >> 32)] += high.GetElement(2);
        input[b >> 48] += high.GetElement(3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFours<TInput, TWeight>(byte* group, byte* end, TInput unit, TInput* input)
        where TInput : unmanaged, IAdditionOperators<TInput, TInput, TInput>
        where TWeight : struct, IStoredWeight<TInput>
    {
        for (; group < end; group += 4 * (sizeof(ushort) + TWeight.Bytes))
        {
            var a = *(ulong*)group;
            var weights = group + (4 * sizeof(ushort));
            input[(ushort)a] += TWeight.At(weights, 0, unit);
            input[(ushort)(a >> 16)] += TWeight.At(weights, 1, unit);
            input[(ushort)(a >> 32)] += TWeight.At(weights, 2, unit);
            input[a >> 48] += TWeight.At(weights, 3, unit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOnes<TInput, TWeight>(byte* synapse, byte* end, TInput unit, TInput* input)
        where TInput : unmanaged, IAdditionOperators<TInput, TInput, TInput>
        where TWeight : struct, IStoredWeight<TInput>
    {
        for (; synapse < end; synapse += sizeof(ushort) + TWeight.Bytes)
        {
            input[*(ushort*)synapse] += TWeight.At(synapse + sizeof(ushort), 0, unit);
        }
    }
}
