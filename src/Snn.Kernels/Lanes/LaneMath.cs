using System.Runtime.CompilerServices;

namespace Snn.Kernels.Lanes;

/// <summary>
/// Elementary functions of ours, because those of the runtime differ in the last bit between machines and between vector
/// widths. Each is an argument reduction and a polynomial in one order of operations, so that every width agrees.
/// </summary>
public static class LaneMath
{
    // ln 2 in two parts: the high part has enough trailing zeros that n * high is exact for every exponent n.
    private const double Ln2High32 = 0.693359375;
    private const double Ln2Low32 = -2.1219444005469058e-4;
    private const double Ln2High64 = 6.93147180369123816490e-01;
    private const double Ln2Low64 = 1.90821492927058770002e-10;
    private const double Log2E = 1.4426950408889634;
    private const double Ln2 = 0.69314718055994531;

    /// <summary>1 / (k + 1)!</summary>
    private static ReadOnlySpan<double> InverseFactorials =>
    [
        1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600,
        1.0 / 6227020800, 1.0 / 87178291200, 1.0 / 1307674368000, 1.0 / 20922789888000, 1.0 / 355687428096000,
    ];

    /// <summary>
    /// e to the power of x. Error below 1 unit in the last place for float and 1.5 for double. Zero below the smallest normal number
    /// (x &lt; -87.3 for float, -708.3 for double), the largest finite power at and above the overflow point (88.3; 709.4).
    /// </summary>
    /// <remarks>x = n ln 2 + r, |r| &lt;= ln 2 / 2; e^r by its Taylor polynomial of degree 7 (float) or 13 (double).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        var low = L.Broadcast(L.IsDouble ? -708.3 : -87.3);
        var high = L.Broadcast(L.IsDouble ? 709.4 : 88.3);
        var underflow = x < low;
        x = L.Min(L.Max(x, low), high);
        var n = Round(x * L.Broadcast(Log2E));
        var r = L.FusedMultiplyAdd(n, L.Broadcast(L.IsDouble ? -Ln2High64 : -Ln2High32), x);
        r = L.FusedMultiplyAdd(n, L.Broadcast(L.IsDouble ? -Ln2Low64 : -Ln2Low32), r);
        var p = L.Broadcast(L.IsDouble ? 1.0 / 6227020800 : 1.0 / 5040);
        if (L.IsDouble)
        {
            p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 479001600));
            p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 39916800));
            p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 3628800));
            p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 362880));
            p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 40320));
            p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 5040));
        }

        p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 720));
        p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 120));
        p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 24));
        p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0 / 6));
        p = L.FusedMultiplyAdd(p, r, L.Broadcast(0.5));
        p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0));
        p = L.FusedMultiplyAdd(p, r, L.Broadcast(1.0));
        return L.Select(underflow, L.Zero, p * L.PowerOfTwo(n));
    }

    /// <summary>e^x - 1 without cancellation near zero. Error a few units in the last place.</summary>
    /// <remarks>|x| &lt; 0.5: Taylor polynomial of degree 9 (float) or 17 (double); else <see cref="Exp"/> - 1.</remarks>
    public static L ExpMinusOne<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        // x (1 + x/2! + x^2/3! + ...), by Horner's rule.
        var last = L.IsDouble ? 16 : 8;
        var coefficients = InverseFactorials;
        var p = L.Broadcast(coefficients[last]);
        for (var k = last - 1; k >= 0; k--)
        {
            p = L.FusedMultiplyAdd(p, x, L.Broadcast(coefficients[k]));
        }

        return L.Select(L.Abs(x) < L.Broadcast(0.5), p * x, Exp(x) - L.Broadcast(1.0));
    }

    /// <summary>Natural logarithm of a normal positive x. Error below 2 units in the last place.</summary>
    /// <remarks>
    /// x = m 2^n with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh(f), f = (m - 1) / (m + 1), by its series to f^9 (float) or f^23 (double).
    /// Not defined for zero, negative, subnormal or non-finite x: callers keep their arguments in range.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        var n = L.Exponent(x);
        var m = L.Mantissa(x);
        var big = m > L.Broadcast(1.4142135623730951);
        m = L.Select(big, m * L.Broadcast(0.5), m);
        n = L.Select(big, n + L.Broadcast(1.0), n);
        var f = (m - L.Broadcast(1.0)) / (m + L.Broadcast(1.0));
        var f2 = f * f;
        var p = L.Broadcast(L.IsDouble ? 2.0 / 23 : 2.0 / 9);
        if (L.IsDouble)
        {
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 21));
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 19));
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 17));
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 15));
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 13));
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 11));
            p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 9));
        }

        p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 7));
        p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 5));
        p = L.FusedMultiplyAdd(p, f2, L.Broadcast(2.0 / 3));
        var tail = L.FusedMultiplyAdd(n, L.Broadcast(L.IsDouble ? Ln2Low64 : Ln2Low32), f2 * f * p);
        return L.FusedMultiplyAdd(n, L.Broadcast(L.IsDouble ? Ln2High64 : Ln2High32), L.FusedMultiplyAdd(L.Broadcast(2.0), f, tail));
    }

    /// <summary>x to the power of y for a normal positive x: exp(y log x). Relative error grows with |y log x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Pow<L>(L x, L y)
        where L : unmanaged, ILanes<L> => Exp(y * Log(x));

    /// <summary>Arc tangent. Error below 5 units in the last place.</summary>
    /// <remarks>
    /// |x| &gt; 1: pi/2 - atan(1 / |x|); then twice atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))), which leaves |x| &lt;= tan(pi/16); there the series to
    /// x^9 (float) or x^21 (double).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Atan<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        var one = L.Broadcast(1);
        var size = L.Abs(x);
        var isSteep = size > one;
        var y = L.Select(isSteep, one / size, size);
        y /= one + L.Sqrt(L.FusedMultiplyAdd(y, y, one));
        y /= one + L.Sqrt(L.FusedMultiplyAdd(y, y, one));
        var y2 = y * y;
        var p = L.Broadcast(L.IsDouble ? 1.0 / 21 : 1.0 / 9);
        if (L.IsDouble)
        {
            p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 19));
            p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 17));
            p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 15));
            p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 13));
            p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 11));
            p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 9));
        }

        p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 7));
        p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 5));
        p = L.FusedMultiplyAdd(-p, y2, L.Broadcast(1.0 / 3));
        p = L.FusedMultiplyAdd(-p, y2, one);
        var angle = L.Broadcast(4) * y * p;
        angle = L.Select(isSteep, L.Broadcast(Math.PI / 2) - angle, angle);
        return L.Select(x < L.Zero, -angle, angle);
    }

    /// <summary>The logistic function 1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Logistic<L>(L x)
        where L : unmanaged, ILanes<L> => L.Broadcast(1) / (L.Broadcast(1) + Exp(-x));

    /// <summary>
    /// 2 to the power of x; exponents beyond the normal numbers count as the nearest within. Relative error below 2.5e-7 for float and 3 units in the last place
    /// for double.
    /// </summary>
    /// <remarks>x = n + r, |r| &lt;= 1/2; 2^r by a minimax polynomial of degree 5 in float, by the Taylor series of <see cref="Exp{L}"/> in double.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L TwoTo<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        x = L.Min(L.Max(x, L.Broadcast(L.IsDouble ? -1021 : -125)), L.Broadcast(L.IsDouble ? 1023 : 127));
        var r = x - L.Round(x, out var power);
        if (L.IsDouble)
        {
            return L.Scale(Exp(r * L.Broadcast(Ln2)), power);
        }

        // Estrin's scheme: three operations deep.
        var r2 = r * r;
        var low = L.FusedMultiplyAdd(L.Broadcast(0.693146967065), r, L.Broadcast(1.00000007165));
        var middle = L.FusedMultiplyAdd(L.Broadcast(0.0555071327186), r, L.Broadcast(0.240221197237));
        var high = L.FusedMultiplyAdd(L.Broadcast(0.0013276472632), r, L.Broadcast(0.00967554134312));
        return L.Scale(L.FusedMultiplyAdd(L.FusedMultiplyAdd(high, r2, middle), r2, low), power);
    }

    /// <summary>
    /// Logarithm to base 2 of a normal positive x. Relative error below 4.1e-7 for float (the worst of all mantissas) and 3 units in the last place for double.
    /// </summary>
    /// <remarks>
    /// In float x = m 2^n, m in (sqrt(1/2), sqrt(2)], log2 m = (m - 1) P(m - 1), P a minimax polynomial of degree 7; in double by <see cref="Log{L}"/>.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log2<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        if (L.IsDouble)
        {
            return Log(x) * L.Broadcast(Log2E);
        }

        var t = L.Split(x, out var n) - L.Broadcast(1);
        var t2 = t * t;
        var p01 = L.FusedMultiplyAdd(L.Broadcast(-0.721352788037), t, L.Broadcast(1.44269496199));
        var p23 = L.FusedMultiplyAdd(L.Broadcast(-0.360239640831), t, L.Broadcast(0.480923242205));
        var p45 = L.FusedMultiplyAdd(L.Broadcast(-0.248876853237), t, L.Broadcast(0.287098701301));
        var p67 = L.FusedMultiplyAdd(L.Broadcast(-0.145811720878), t, L.Broadcast(0.234042362974));
        var high = L.FusedMultiplyAdd(p67, t2, p45);
        var low = L.FusedMultiplyAdd(p23, t2, p01);
        return L.FusedMultiplyAdd(L.FusedMultiplyAdd(high, t2 * t2, low), t, n);
    }

    /// <summary>Nearest whole number, ties to even, for |x| below 2^22 (float) or 2^51 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Round<L>(L x)
        where L : unmanaged, ILanes<L>
    {
        var magic = L.Broadcast(L.IsDouble ? 1.5 * (1L << 52) : 1.5 * (1 << 23));
        return x + magic - magic;
    }

    /// <summary><see cref="Exp{L}"/> of one double.</summary>
    public static double Exp(double x) => Exp(new F64x1(x)).Value;

    /// <summary><see cref="ExpMinusOne{L}"/> of one double.</summary>
    public static double ExpMinusOne(double x) => ExpMinusOne(new F64x1(x)).Value;

    /// <summary><see cref="Log{L}"/> of one double.</summary>
    public static double Log(double x) => Log(new F64x1(x)).Value;

    /// <summary><see cref="Atan{L}"/> of one double.</summary>
    public static double Atan(double x) => Atan(new F64x1(x)).Value;

    /// <summary><see cref="Logistic{L}"/> of one double.</summary>
    public static double Logistic(double x) => Logistic(new F64x1(x)).Value;

    /// <summary><see cref="Pow{L}"/> of two doubles.</summary>
    public static double Pow(double x, double y) => Pow(new F64x1(x), new F64x1(y)).Value;
}
