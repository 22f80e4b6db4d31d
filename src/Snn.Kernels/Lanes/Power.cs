using System.Runtime.CompilerServices;

namespace Snn.Kernels.Lanes;

/// <summary>The exponent of a power law, the same for all lanes: 0 and 1, which many have, cost no power.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct Power<L>
    where L : unmanaged, ILanes<L>
{
    private readonly L _exponent;
    private readonly bool _isZero;
    private readonly bool _isOne;

    /// <summary>A power law with an exponent of zero or above.</summary>
    public Power(double exponent)
    {
        _exponent = L.Broadcast(exponent);
        _isZero = exponent == 0;
        _isOne = exponent == 1;
    }

    /// <summary>x to the power of the exponent; error as for <see cref="TimesTwoTo"/>.</summary>
    /// <param name="x">Base, not negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of(L x) => _isZero ? L.Broadcast(1) : _isOne ? x : TimesTwoTo(x, L.Zero);

    /// <summary>
    /// x to the power of the exponent, times 2 to the power of z, for x of zero and above; x below the smallest normal number counts as zero.
    /// Relative error in float below 3e-7 (1 + |log2 x^exponent|) + 6e-8 |z|; in double below 5 units in the last place and |log2 x^exponent + z|
    /// units more.
    /// </summary>
    /// <param name="x">Base, not negative.</param>
    /// <param name="z">Logarithm to base 2 of the factor.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L TimesTwoTo(L x, L z)
    {
        if (_isZero)
        {
            return LaneMath.TwoTo(z);
        }

        if (_isOne)
        {
            return x * LaneMath.TwoTo(z);
        }

        var least = L.Broadcast(L.IsDouble ? 2.2250738585072014e-308 : 1.17549435e-38);
        return L.Select(x < least, L.Zero, LaneMath.TwoTo(L.FusedMultiplyAdd(_exponent, LaneMath.Log2(L.Max(x, least)), z)));
    }
}
