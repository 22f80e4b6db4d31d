namespace Snn.Kernels.Lanes;

/// <summary>
/// A vector of <see cref="Count"/> numbers that one kernel text is written over. The same text compiled over one, eight or
/// sixteen lanes gives the same bits in every lane: each operation is the IEEE 754 operation of its element, nothing is
/// estimated, and a product and a sum are fused only where <see cref="FusedMultiplyAdd"/> says so.
/// </summary>
/// <remarks>
/// A mask is a vector whose lanes have all bits set (true) or none (false); it comes from a comparison and goes into
/// <see cref="Select"/>, the bitwise operations and <see cref="MoveMask"/>. The scalar equivalent of <c>Select(m, a, b)</c>
/// is <c>m ? a : b</c>, lane by lane.
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether a number is a <see cref="double"/> (else a <see cref="float"/>).</summary>
    static abstract bool IsDouble { get; }

    /// <summary>Every lane zero.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Every lane <paramref name="value"/>, rounded to the element type.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>The numbers <paramref name="index"/> .. <paramref name="index"/> + Count - 1 of an array.</summary>
    static abstract TSelf Load(void* array, nint index);

    /// <summary>Writes the lanes to <paramref name="index"/> .. <paramref name="index"/> + Count - 1 of an array.</summary>
    static abstract void Store(TSelf value, void* array, nint index);

    /// <summary>
    /// Reads a record of four numbers for every lane: lane k of the four vectors is the record <paramref name="places"/>[k] of
    /// <paramref name="records"/>. One wide read a lane and a transposition: four numbers for less than one gathered number costs.
    /// </summary>
    /// <param name="records">Numbers. [record, 4]</param>
    /// <param name="places">Records. [Count]</param>
    /// <param name="a">First numbers.</param>
    /// <param name="b">Second numbers.</param>
    /// <param name="c">Third numbers.</param>
    /// <param name="d">Fourth numbers.</param>
    static abstract void LoadRecords(void* records, ushort* places, out TSelf a, out TSelf b, out TSelf c, out TSelf d);

    /// <summary>The number in one lane.</summary>
    static abstract double Lane(TSelf value, int lane);

    /// <summary>Sum.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Difference.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Quotient.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>Negation.</summary>
    static abstract TSelf operator -(TSelf a);

    /// <summary>Mask of a &lt; b.</summary>
    static abstract TSelf operator <(TSelf a, TSelf b);

    /// <summary>Mask of a &gt; b.</summary>
    static abstract TSelf operator >(TSelf a, TSelf b);

    /// <summary>Mask of a &lt;= b.</summary>
    static abstract TSelf operator <=(TSelf a, TSelf b);

    /// <summary>Mask of a &gt;= b.</summary>
    static abstract TSelf operator >=(TSelf a, TSelf b);

    /// <summary>Bitwise and.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>Bitwise or.</summary>
    static abstract TSelf operator |(TSelf a, TSelf b);

    /// <summary>Bitwise complement.</summary>
    static abstract TSelf operator ~(TSelf a);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Square root.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Absolute value.</summary>
    static abstract TSelf Abs(TSelf a);

    /// <summary>a &lt; b ? a : b; <paramref name="b"/> where either is not a number.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>a &gt; b ? a : b; <paramref name="b"/> where either is not a number.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Lane by lane: mask ? a : b.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Bit k is lane k of a mask.</summary>
    static abstract uint MoveMask(TSelf mask);

    /// <summary>2 to the power of <paramref name="n"/>, a whole number within the normal exponents of the element type.</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>
    /// Nearest whole number n, ties to even, for |x| below 2^21 (float) or 2^50 (double), and what <see cref="Scale"/> needs to multiply by 2^n.
    /// </summary>
    /// <param name="x">The number.</param>
    /// <param name="power">The bits to add to those of a number to multiply it by 2^n.</param>
    static abstract TSelf Round(TSelf x, out TSelf power);

    /// <summary>a * 2^n, exact where a and the product are normal.</summary>
    /// <param name="a">The number.</param>
    /// <param name="power">From <see cref="Round"/>.</param>
    static abstract TSelf Scale(TSelf a, TSelf power);

    /// <summary>The whole number e with |x| = m * 2^e, 1 &lt;= m &lt; 2, for a normal positive x.</summary>
    static abstract TSelf Exponent(TSelf x);

    /// <summary>The m of <see cref="Exponent"/>.</summary>
    static abstract TSelf Mantissa(TSelf x);

    /// <summary>Splits a normal positive x = m * 2^n so that m is near 1: above sqrt(1/2), at most sqrt(2) (rounded to float).</summary>
    /// <param name="x">The number.</param>
    /// <param name="n">A whole number.</param>
    /// <returns>m.</returns>
    static virtual TSelf Split(TSelf x, out TSelf n)
    {
        var e = TSelf.Exponent(x);
        var m = TSelf.Mantissa(x);
        var big = m > TSelf.Broadcast(1.41421354f);
        n = TSelf.Select(big, e + TSelf.Broadcast(1), e);
        return TSelf.Select(big, m * TSelf.Broadcast(0.5), m);
    }
}
