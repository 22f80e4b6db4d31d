using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>What a spike adds to a sum: one text of delivery for plain and for graded spikes.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal unsafe interface IEventTerm<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Size of a spike.</summary>
    static abstract L Size(void* values, nint e);

    /// <summary>The sum with a weight added.</summary>
    static abstract L Add(L sum, L size, L weight);
}

/// <summary>Spikes of size 1: an addition. As a graded spike of size 1, bit for bit.</summary>
internal readonly unsafe struct PlainTerm<L> : IEventTerm<L>
    where L : unmanaged, ILanes<L>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Size(void* values, nint e) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Add(L sum, L size, L weight) => sum + weight;
}

/// <summary>Graded spikes: a product and a sum, rounded once.</summary>
internal readonly unsafe struct GradedTerm<L> : IEventTerm<L>
    where L : unmanaged, ILanes<L>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Size(void* values, nint e) => LaneNumbers<L>.Broadcast(values, e);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Add(L sum, L size, L weight) => L.FusedMultiplyAdd(size, weight, sum);
}
