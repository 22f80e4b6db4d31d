using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// Logarithm of binomial probabilities in Loader's saddle-point form: every term is small where the probability is large, so
/// nothing cancels even for n = 2^62.
/// </summary>
internal readonly struct BinomialDeviance
{
    private const double LogTwoPi = 1.8378770664093455;
    private readonly long _n;
    private readonly double _p;

    internal BinomialDeviance(long n, double p)
    {
        _n = n;
        _p = p;

        // n p = whole + rest with an error far below one: n in two halves, each product exact in two doubles.
        var (high, low) = ((double)(n >> 31 << 31), (double)(n & ((1L << 31) - 1)));
        var (highProduct, lowProduct) = (high * p, low * p);
        var highRest = Math.FusedMultiplyAdd(high, p, -highProduct);
        var (highWhole, lowWhole) = (Math.Floor(highProduct), Math.Floor(lowProduct));
        var rest = (highProduct - highWhole) + (lowProduct - lowWhole) + highRest;
        var carry = Math.Floor(rest);
        MeanWhole = (long)highWhole + (long)lowWhole + (long)carry;
        MeanRest = rest - carry;
        Mean = MeanWhole + MeanRest;
        Mode = Math.Min(n, MeanWhole + (MeanRest + p >= 1 ? 1 : 0));
    }

    /// <summary>n p.</summary>
    internal double Mean { get; }

    /// <summary>Whole part of n p.</summary>
    internal long MeanWhole { get; }

    /// <summary>Fractional part of n p.</summary>
    internal double MeanRest { get; }

    /// <summary>floor((n + 1) p), a most probable number.</summary>
    internal long Mode { get; }

    /// <summary>log P(k), k in 0 .. n.</summary>
    internal double Log(long k)
    {
        var q = 1 - _p;
        if (k == 0 || k == _n)
        {
            // The mean is at least 10 on both sides where this is used, so the logarithm is far from its cancellation.
            return k == 0 ? _n * LaneMath.Log(q) : _n * LaneMath.Log(_p);
        }

        // k - n p; that of the failures is its negative.
        var excess = (k - MeanWhole) - MeanRest;
        double failures = _n - k;
        return StirlingRest(_n) - StirlingRest(k) - StirlingRest(failures)
            - Deviance(Mean, excess) - Deviance(_n * q, -excess)
            - (0.5 * (LogTwoPi + LaneMath.Log(k * (failures / _n))));
    }

    // x log(x / m) + m - x for x = m + d: m ((1 + r) log(1 + r) - r) with r = d / m, by a series in v = d / (x + m) for small r.
    internal static double Deviance(double m, double d)
    {
        var x = m + d;
        var v = d / (x + m);
        if (Math.Abs(v) > 0.1)
        {
            return (x * LaneMath.Log(x / m)) - d;
        }

        // log(x/m) = 2 artanh(v) and x + m = d / v, so the deviance is d v + 2 x (v^3/3 + v^5/5 + ...).
        var (v2, sum) = (v * v, 0.0);
        for (var k = 10; k >= 1; k--)
        {
            sum = (sum + (1.0 / ((2 * k) + 1))) * v2;
        }

        return (d * v) + (2 * x * v * sum);
    }

    // log n! - log(sqrt(2 pi n) (n / e)^n).
    internal static double StirlingRest(double n)
    {
        if (n >= 16)
        {
            var s = 1 / (n * n);
            return ((1.0 / 12) - (s * ((1.0 / 360) - (s * ((1.0 / 1260) - (s * ((1.0 / 1680) - (s / 1188)))))))) / n;
        }

        var logFactorial = 0.0;
        for (var i = 2; i <= n; i++)
        {
            logFactorial += LaneMath.Log(i);
        }

        return logFactorial - (0.5 * (LogTwoPi + LaneMath.Log(n))) - (n * LaneMath.Log(n)) + n;
    }
}
