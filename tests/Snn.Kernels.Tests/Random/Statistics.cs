using MathNet.Numerics.Distributions;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Tests.Random;

/// <summary>
/// Tests of fit with fixed seeds. About 100 verdicts are reached in this folder; each rejects a right generator with probability
/// <see cref="FalseAlarm"/> = 1e-8, all of them together with less than 1e-6 (Bonferroni).
/// </summary>
internal static class Statistics
{
    internal const double FalseAlarm = 1e-8;

    /// <summary>Chi-square p-value of counts against expected counts; cells expected below 10 are merged with their neighbours.</summary>
    internal static double ChiSquare(ReadOnlySpan<double> observed, ReadOnlySpan<double> expected)
    {
        var (statistic, cells, o, e) = (0.0, 0, 0.0, 0.0);
        var (lastObserved, lastExpected) = (0.0, 0.0);
        for (var i = 0; i < expected.Length; i++)
        {
            o += observed[i];
            e += expected[i];
            if (e >= 10)
            {
                statistic += (o - e) * (o - e) / e;
                cells++;
                (lastObserved, lastExpected, o, e) = (o, e, 0, 0);
            }
        }

        // What is left goes to the last cell.
        statistic -= (lastObserved - lastExpected) * (lastObserved - lastExpected) / lastExpected;
        (lastObserved, lastExpected) = (lastObserved + o, lastExpected + e);
        statistic += (lastObserved - lastExpected) * (lastObserved - lastExpected) / lastExpected;
        return cells < 2 ? 1 : 1 - ChiSquared.CDF(cells - 1, statistic);
    }

    /// <summary>Chi-square p-value of whole numbers against probabilities P(0), P(1), ...; the rest of the probability is the last cell.</summary>
    internal static double ChiSquare(IEnumerable<long> draws, Func<long, double> probability, long low, long high)
    {
        var observed = new double[high - low + 2];
        long n = 0;
        foreach (var k in draws)
        {
            observed[k < low || k > high ? observed.Length - 1 : k - low]++;
            n++;
        }

        var expected = new double[observed.Length];
        for (var k = low; k <= high; k++)
        {
            expected[k - low] = n * probability(k);
        }

        expected[^1] = Math.Max(0, n - expected.Sum());
        return ChiSquare(observed, expected);
    }

    /// <summary>Kolmogorov-Smirnov p-value (asymptotic series) of numbers against a continuous distribution function.</summary>
    internal static double KolmogorovSmirnov(double[] values, Func<double, double> cdf)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var (n, d) = ((double)sorted.Length, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            var f = cdf(sorted[i]);
            d = Math.Max(d, Math.Max(f - (i / n), ((i + 1) / n) - f));
        }

        var t = d * (Math.Sqrt(n) + 0.12 + (0.11 / Math.Sqrt(n)));
        var p = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            p += (k % 2 == 1 ? 2 : -2) * LaneMath.Exp(-2 * k * k * t * t);
        }

        return t < 0.2 ? 1 : Math.Clamp(p, 0, 1);
    }

    /// <summary>Two-sided p-value of a correlation of n independent pairs.</summary>
    internal static double Correlation(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (ma, mb) = (Mean(a), Mean(b));
        var (aa, bb, ab) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
            ab += (a[i] - ma) * (b[i] - mb);
        }

        var z = ab / Math.Sqrt(aa * bb) * Math.Sqrt(a.Length);
        return 2 * Normal.CDF(0, 1, -Math.Abs(z));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var v in values)
        {
            sum += v;
        }

        return sum / values.Length;
    }
}
