using System.Runtime.CompilerServices;

namespace Snn.Kernels.Lanes;

/// <summary>
/// A power law whose exponent, zero or above, is the same for all lanes. A type for each kind of exponent: were the kind asked for at run time, a loop
/// would hold the code of all, more than the compiler is willing to put into it.
/// </summary>
internal interface IPower
{
    /// <summary>x to the power of the exponent; error as for <see cref="TimesTwoTo"/>.</summary>
    /// <param name="x">Base, not negative.</param>
    /// <param name="exponent">Exponent.</param>
    static abstract L Of<L>(L x, L exponent)
        where L : unmanaged, ILanes<L>;

    /// <summary>
    /// x to the power of the exponent, times 2 to the power of z, for x of zero and above; x below the smallest normal number counts as zero.
    /// Relative error in float below 3.5e-7 (1 + |log2 x^exponent|) + 6e-8 |z|; in double below 5 units in the last place and |log2 x^exponent + z|
    /// units more.
    /// </summary>
    /// <param name="x">Base, not negative.</param>
    /// <param name="exponent">Exponent.</param>
    /// <param name="z">Logarithm to base 2 of the factor.</param>
    static abstract L TimesTwoTo<L>(L x, L exponent, L z)
        where L : unmanaged, ILanes<L>;
}

/// <summary>The exponent 0.</summary>
internal readonly struct PowerOfZero : IPower
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L x, L exponent)
        where L : unmanaged, ILanes<L> => L.Broadcast(1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L TimesTwoTo<L>(L x, L exponent, L z)
        where L : unmanaged, ILanes<L> => LaneMath.TwoTo(z);
}

/// <summary>The exponent 1.</summary>
internal readonly struct PowerOfOne : IPower
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L x, L exponent)
        where L : unmanaged, ILanes<L> => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L TimesTwoTo<L>(L x, L exponent, L z)
        where L : unmanaged, ILanes<L> => x * LaneMath.TwoTo(z);
}

/// <summary>Any exponent above 0.</summary>
internal readonly struct PowerOfAny : IPower
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L x, L exponent)
        where L : unmanaged, ILanes<L> => TimesTwoTo(x, exponent, L.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L TimesTwoTo<L>(L x, L exponent, L z)
        where L : unmanaged, ILanes<L>
    {
        var least = L.Broadcast(L.IsDouble ? 2.2250738585072014e-308 : 1.17549435e-38);
        return L.Select(x < least, L.Zero, LaneMath.TwoTo(L.FusedMultiplyAdd(exponent, LaneMath.Log2(L.Max(x, least)), z)));
    }
}
