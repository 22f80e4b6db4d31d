using MathNet.Numerics.Distributions;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class PoissonNumbersTests
{
    private static readonly StreamKey Key = StreamKey.Derive(5, "poisson numbers");

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.7)]
    [InlineData(3.3)]
    [InlineData(9.99)]
    [InlineData(10.0)]
    [InlineData(11.5)]
    [InlineData(40.0)]
    [InlineData(1234.5)]
    [InlineData(1e5)]
    public void Numbers_follow_the_law(double mean)
    {
        var draws = Enumerable.Range(0, 200_000).Select(i => PoissonNumbers.Draw(Key, (uint)i, 0, 0, mean)).ToArray();
        var (low, high) = (Math.Max(0, (long)(mean - (7 * Math.Sqrt(mean)))), (long)(mean + (7 * Math.Sqrt(mean)) + 15));
        var (law, wrong) = (new Poisson(mean), new Poisson(mean < 1 ? mean * 1.3 : mean + ((mean < 500 ? 0.03 : 0.06) * Math.Sqrt(mean))));

        Assert.InRange(Statistics.ChiSquare(draws, k => law.Probability((int)k), low, high), Statistics.FalseAlarm, 1);

        // The canary: a mean three hundredths (of the largest two, six) of a standard deviation off (below 1, three tenths of itself) is noticed.
        Assert.InRange(Statistics.ChiSquare(draws, k => wrong.Probability((int)k), low, high), 0, Statistics.FalseAlarm);
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(1e15)]
    public void Large_numbers_are_normal(double mean)
    {
        var z = Enumerable.Range(0, 50_000).Select(i => (PoissonNumbers.Draw(Key, (uint)i, 1, 0, mean) - mean) / Math.Sqrt(mean)).ToArray();
        var normal = Normal.WithMeanStdDev(0, 1);
        Assert.InRange(Statistics.KolmogorovSmirnov(z, normal.CumulativeDistribution), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.KolmogorovSmirnov(z, Normal.WithMeanStdDev(0.05, 1).CumulativeDistribution), 0, Statistics.FalseAlarm);
    }

    [Fact]
    public void Every_counter_word_gives_other_numbers()
    {
        var first = Enumerable.Range(0, 64).Select(i => PoissonNumbers.Draw(Key, (uint)i, 0, 0, 100));
        Assert.NotEqual(first, Enumerable.Range(0, 64).Select(i => PoissonNumbers.Draw(Key, (uint)i, 1, 0, 100)));
        Assert.NotEqual(first, Enumerable.Range(0, 64).Select(i => PoissonNumbers.Draw(Key, (uint)i, 0, 1, 100)));
        Assert.Equal(first, Enumerable.Range(0, 64).Select(i => PoissonNumbers.Draw(Key, (uint)i, 0, 0, 100)));
    }

    [Fact]
    public void Zero_is_certain_and_bad_means_are_errors()
    {
        Assert.Equal(0, PoissonNumbers.Draw(Key, 0, 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PoissonNumbers.Draw(Key, 0, 0, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PoissonNumbers.Draw(Key, 0, 0, 0, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => PoissonNumbers.Draw(Key, 0, 0, 0, 2e15));
    }
}
