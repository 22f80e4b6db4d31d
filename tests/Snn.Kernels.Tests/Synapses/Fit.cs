using MathNet.Numerics.Distributions;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>
/// Tests of fit with fixed seeds. Some 40 verdicts are reached in this folder; each rejects right draws with probability 1e-7, all of
/// them together with less than 1e-5. Every kind of test has a canary: draws that are slightly wrong, which it must reject.
/// </summary>
internal static class Fit
{
    public const double FalseAlarm = 1e-7;

    /// <summary>Fails unless counts fit the expected ones, each of which should be 10 or more.</summary>
    public static void Assert(IReadOnlyList<double> observed, IReadOnlyList<double> expected, int constraints = 1) =>
        Xunit.Assert.InRange(P(observed, expected, constraints), FalseAlarm, 1);

    /// <summary>Fails if counts fit the expected ones.</summary>
    public static void AssertMisfit(IReadOnlyList<double> observed, IReadOnlyList<double> expected) =>
        Xunit.Assert.InRange(P(observed, expected, 1), 0, FalseAlarm);

    public static void AssertUniform(IReadOnlyList<double> observed) => Assert(observed, Flat(observed));

    public static IReadOnlyList<double> Flat(IReadOnlyList<double> observed) =>
        Enumerable.Repeat(observed.Average(), observed.Count).ToArray();

    /// <summary>Counts of the cells that some items fall into.</summary>
    public static double[] Histogram<T>(IEnumerable<T> items, int cells, Func<T, int> cell)
    {
        var counts = new double[cells];
        foreach (var item in items)
        {
            counts[cell(item)]++;
        }

        return counts;
    }

    /// <summary>Probability of a sum of squares as large, if each of some independent standard normal numbers contributes one.</summary>
    public static double TailOfSquares(double sum, int degrees) => 1 - ChiSquared.CDF(degrees, sum);

    private static double P(IReadOnlyList<double> observed, IReadOnlyList<double> expected, int constraints)
    {
        Xunit.Assert.Equal(expected.Count, observed.Count);
        Xunit.Assert.True(expected.Min() >= 10, "A chi-square test needs more in every cell");
        var sum = observed.Zip(expected, (o, e) => (o - e) * (o - e) / e).Sum();
        return TailOfSquares(sum, observed.Count - constraints);
    }
}
