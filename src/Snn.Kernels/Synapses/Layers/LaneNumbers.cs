using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>Single numbers of arrays of the precision of <typeparamref name="L"/>, and additions to runs of numbers of any length.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal static unsafe class LaneNumbers<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Bytes of a number.</summary>
    public static int Bytes => L.IsDouble ? sizeof(double) : sizeof(float);

    /// <summary>One number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Get(void* array, nint index) => L.IsDouble ? ((double*)array)[index] : ((float*)array)[index];

    /// <summary>Sets one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(void* array, nint index, double value)
    {
        if (L.IsDouble)
        {
            ((double*)array)[index] = value;
        }
        else
        {
            ((float*)array)[index] = (float)value;
        }
    }

    /// <summary>One number in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Broadcast(void* array, nint index) => L.Broadcast(Get(array, index));

    /// <summary>Adds to one number, in its precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(void* array, nint index, void* terms, nint term)
    {
        if (L.IsDouble)
        {
            ((double*)array)[index] += ((double*)terms)[term];
        }
        else
        {
            ((float*)array)[index] += ((float*)terms)[term];
        }
    }

    /// <summary>Adds one number to each of a run of numbers.</summary>
    public static void AddToAll(void* array, nint first, nint count, void* terms, nint term)
    {
        var sum = Broadcast(terms, term);
        nint i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            L.Store(L.Load(array, first + i) + sum, array, first + i);
        }

        for (; i < count; i++)
        {
            Add(array, first + i, terms, term);
        }
    }

    /// <summary>Adds a run of numbers to another.</summary>
    public static void AddRun(void* array, nint first, nint count, void* terms, nint firstTerm)
    {
        nint i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            L.Store(L.Load(array, first + i) + L.Load(terms, firstTerm + i), array, first + i);
        }

        for (; i < count; i++)
        {
            Add(array, first + i, terms, firstTerm + i);
        }
    }
}
