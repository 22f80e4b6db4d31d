using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// Binomial numbers, keyed. Inversion by sequential search while the mean of the rarer outcome is below 10, else the transformed
/// rejection BTRS of Hormann (1993), doi:10.1080/00949659308811496. The acceptance ratio is evaluated by deviances (Loader 2000,
/// "Fast and accurate computation of binomial probabilities"), which keeps its digits for any n.
/// </summary>
public static class Binomial
{
    /// <summary>Largest number of trials.</summary>
    public const long MaxTrials = 1L << 62;

    private const double InversionMean = 10;

    /// <summary>Successes in n trials. Uses the blocks (0, c1, c2, c3), (1, c1, c2, c3), ... of the stream.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="c1">Second counter word.</param>
    /// <param name="c2">Third counter word.</param>
    /// <param name="c3">Fourth counter word.</param>
    /// <param name="n">Trials, 0 to 2^62.</param>
    /// <param name="p">Probability of a success, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">n or p is outside its range.</exception>
    public static long Draw(StreamKey key, uint c1, uint c2, uint c3, long n, double p)
    {
        if (n is < 0 or > MaxTrials)
        {
            throw new ArgumentOutOfRangeException(nameof(n), n, "Binomial.Draw: trials must be between 0 and 2^62.");
        }

        if (!(p >= 0 && p <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "Binomial.Draw: the probability must be between 0 and 1.");
        }

        if (p > 0.5)
        {
            // 1 - p is exact for p >= 1/2.
            return n - Rarer(key, c1, c2, c3, n, 1 - p);
        }

        return Rarer(key, c1, c2, c3, n, p);
    }

    private static long Rarer(StreamKey key, uint c1, uint c2, uint c3, long n, double p)
    {
        if (n == 0 || p == 0)
        {
            return 0;
        }

        var words = new BlockWords(key, c1, c2, c3);
        return n * p < InversionMean ? Invert(ref words, n, p) : Reject(ref words, n, p);
    }

    // P(k + 1) / P(k) = (n - k) / (k + 1) * p / q.
    private static long Invert(ref BlockWords words, long n, double p)
    {
        var odds = p / (1 - p);
        var start = LaneMath.Exp(-n * MinusLogOneMinus(p));
        while (true)
        {
            var u = words.NextUnit();
            var (k, probability) = (0L, start);
            while (u > probability && k < n && k < 200)
            {
                u -= probability;
                probability *= odds * ((double)(n - k) / (k + 1));
                k++;
            }

            // What rounding leaves over beyond 200 (the mean is below 10: less than 1e-15) is drawn again.
            if (k < 200)
            {
                return k;
            }
        }
    }

    // -log(1 - p) by its series where 1 - p would lose digits of p.
    private static double MinusLogOneMinus(double p) =>
        p < 1e-4 ? p * (1 + (p * (0.5 + (p * ((1.0 / 3) + (p * (0.25 + (p * 0.2)))))))) : -LaneMath.Log(1 - p);

    private static long Reject(ref BlockWords words, long n, double p)
    {
        var pmf = new BinomialDeviance(n, p);
        var spread = Math.Sqrt(pmf.Mean * (1 - p));
        var b = 1.15 + (2.53 * spread);
        var a = -0.0873 + (0.0248 * b) + (0.01 * p);
        var vr = 0.92 - (4.2 / b);
        var alpha = (2.83 + (5.1 / b)) * spread;
        var atMode = double.NaN;
        while (true)
        {
            var v = words.NextUnit();
            var u = words.NextUnit() - 0.5;
            var us = 0.5 - Math.Abs(u);

            // The mean is split in a whole number and a rest, so that k keeps all its digits beyond 2^53.
            var offset = Math.Floor((((2 * a / us) + b) * u) + pmf.MeanRest + 0.5);
            if (!(Math.Abs(offset) < 4e18))
            {
                continue;
            }

            var k = pmf.MeanWhole + (long)offset;
            if (k < 0 || k > n)
            {
                continue;
            }

            if (us >= 0.07 && v <= vr)
            {
                return k;
            }

            if (double.IsNaN(atMode))
            {
                atMode = pmf.Log(pmf.Mode);
            }

            if (LaneMath.Log(v * alpha / ((a / (us * us)) + b)) <= pmf.Log(k) - atMode)
            {
                return k;
            }
        }
    }
}
