using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Moves a struct of lanes from and to its columns. A struct whose fields are all one lane type is as many vectors in a row;
/// the index of each is a constant once compiled, so the fields stay in registers and the struct never exists in memory.
/// </summary>
internal static unsafe class Columns
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TStruct Load<L, TStruct>(void* columns, nint stride, nint i)
        where L : unmanaged, ILanes<L>
        where TStruct : unmanaged
    {
        TStruct s = default;
        Get<L, TStruct>(ref s, 0, columns, stride, i);
        Get<L, TStruct>(ref s, 1, columns, stride, i);
        Get<L, TStruct>(ref s, 2, columns, stride, i);
        Get<L, TStruct>(ref s, 3, columns, stride, i);
        Get<L, TStruct>(ref s, 4, columns, stride, i);
        Get<L, TStruct>(ref s, 5, columns, stride, i);
        Get<L, TStruct>(ref s, 6, columns, stride, i);
        Get<L, TStruct>(ref s, 7, columns, stride, i);
        if (Unsafe.SizeOf<TStruct>() > 8 * Unsafe.SizeOf<L>())
        {
            for (var k = 8; k < Unsafe.SizeOf<TStruct>() / Unsafe.SizeOf<L>(); k++)
            {
                Get<L, TStruct>(ref s, k, columns, stride, i);
            }
        }

        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<L, TStruct>(TStruct s, void* columns, nint stride, nint i)
        where L : unmanaged, ILanes<L>
        where TStruct : unmanaged
    {
        Put<L, TStruct>(ref s, 0, columns, stride, i);
        Put<L, TStruct>(ref s, 1, columns, stride, i);
        Put<L, TStruct>(ref s, 2, columns, stride, i);
        Put<L, TStruct>(ref s, 3, columns, stride, i);
        Put<L, TStruct>(ref s, 4, columns, stride, i);
        Put<L, TStruct>(ref s, 5, columns, stride, i);
        Put<L, TStruct>(ref s, 6, columns, stride, i);
        Put<L, TStruct>(ref s, 7, columns, stride, i);
        if (Unsafe.SizeOf<TStruct>() > 8 * Unsafe.SizeOf<L>())
        {
            for (var k = 8; k < Unsafe.SizeOf<TStruct>() / Unsafe.SizeOf<L>(); k++)
            {
                Put<L, TStruct>(ref s, k, columns, stride, i);
            }
        }
    }

    /// <summary>One number a field, the same in every lane.</summary>
    public static TStruct Broadcast<L, TStruct>(void* values)
        where L : unmanaged, ILanes<L>
        where TStruct : unmanaged
    {
        TStruct s = default;
        var fields = (L*)&s;
        for (var k = 0; k < sizeof(TStruct) / sizeof(L); k++)
        {
            fields[k] = L.Broadcast(L.IsDouble ? ((double*)values)[k] : ((float*)values)[k]);
        }

        return s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear<L>(void* columns, nint stride, nint i, int fields)
        where L : unmanaged, ILanes<L>
    {
        // One or two for all models there are: without a loop the columns' places are computed once, for loading and clearing.
        if (fields > 0)
        {
            L.Store(L.Zero, columns, i);
        }

        if (fields > 1)
        {
            L.Store(L.Zero, columns, stride + i);
        }

        for (nint k = 2; k < fields; k++)
        {
            L.Store(L.Zero, columns, (k * stride) + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get<L, TStruct>(ref TStruct s, int k, void* columns, nint stride, nint i)
        where L : unmanaged, ILanes<L>
        where TStruct : unmanaged
    {
        if (k < Unsafe.SizeOf<TStruct>() / Unsafe.SizeOf<L>())
        {
            Unsafe.Add(ref Unsafe.As<TStruct, L>(ref s), k) = L.Load(columns, (k * stride) + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L, TStruct>(ref TStruct s, int k, void* columns, nint stride, nint i)
        where L : unmanaged, ILanes<L>
        where TStruct : unmanaged
    {
        if (k < Unsafe.SizeOf<TStruct>() / Unsafe.SizeOf<L>())
        {
            L.Store(Unsafe.Add(ref Unsafe.As<TStruct, L>(ref s), k), columns, (k * stride) + i);
        }
    }
}
