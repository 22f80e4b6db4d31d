using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>Single numbers in arrays of the element type of some lanes.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal static unsafe class Numbers<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Where an element lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* At(void* array, nint i) => L.IsDouble ? (double*)array + i : (float*)array + i;

    /// <summary>An element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Get(void* array, nint i) => L.IsDouble ? ((double*)array)[i] : ((float*)array)[i];

    /// <summary>Writes an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(void* array, nint i, double value)
    {
        if (L.IsDouble)
        {
            ((double*)array)[i] = value;
        }
        else
        {
            ((float*)array)[i] = (float)value;
        }
    }

    /// <summary>Copies whole vectors, and the last elements one by one: nothing beyond them is written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(void* from, void* to, int count)
    {
        var i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            L.Store(L.Load(from, i), to, i);
        }

        for (; i < count; i++)
        {
            Move(from, i, to, i);
        }
    }

    /// <summary>Asks for as many of some targets as the next chunk has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ushort* targets, int count) => Prefetch((byte*)targets, Math.Min(count, Scratch.Chunk) * sizeof(ushort));

    /// <summary>Asks for as many of some numbers as the next chunk has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* numbers, int count) =>
        Prefetch((byte*)numbers, Math.Min(count, Scratch.Chunk) * (L.IsDouble ? sizeof(double) : sizeof(float)));

    /// <summary>Adds each number to the input of its target, one after the other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddTo(void* input, ushort* targets, void* numbers, int count)
    {
        if (L.IsDouble)
        {
            Add((double*)input, targets, (double*)numbers, count);
        }
        else
        {
            Add((float*)input, targets, (float*)numbers, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T* input, ushort* targets, T* numbers, int count)
        where T : unmanaged, System.Numerics.IAdditionOperators<T, T, T>
    {
        nint i = 0;
        for (; i + 4 <= count; i += 4)
        {
            input[targets[i]] += numbers[i];
            input[targets[i + 1]] += numbers[i + 1];
            input[targets[i + 2]] += numbers[i + 2];
            input[targets[i + 3]] += numbers[i + 3];
        }

        for (; i < count; i++)
        {
            input[targets[i]] += numbers[i];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Prefetch(byte* first, int bytes)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (nint i = 0; i < bytes; i += 64)
        {
            Sse.Prefetch0(first + i);
        }
    }

    /// <summary>Copies an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Move(void* from, nint i, void* to, nint j)
    {
        if (L.IsDouble)
        {
            ((double*)to)[j] = ((double*)from)[i];
        }
        else
        {
            ((float*)to)[j] = ((float*)from)[i];
        }
    }
}
