using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class BinomialTests
{
    private static readonly StreamKey Key = StreamKey.Derive(3, "binomial");

    [Theory]
    [InlineData(1L, 0.3)]
    [InlineData(20L, 0.01)]
    [InlineData(100L, 0.05)]
    [InlineData(25L, 0.5)]
    [InlineData(40L, 0.3)]
    [InlineData(40L, 0.7)]
    [InlineData(1000L, 0.0099)]
    [InlineData(1000L, 0.25)]
    [InlineData(100_000L, 0.999)]
    [InlineData(100_000_000L, 1e-6)]
    [InlineData(10_000_000_000L, 2e-10)]
    public void Small_spreads_follow_the_law(long n, double p)
    {
        var law = new Law(n, p);
        var draws = Draws(n, p, 100_000);

        Assert.InRange(Statistics.ChiSquare(draws, law.Probability, law.Low, law.High), Statistics.FalseAlarm, 1);

        // The canary: with the rarer outcome five per cent more probable, the same draws are rejected.
        var wrong = new Law(n, p < 0.5 ? p * 1.05 : 1 - ((1 - p) * 1.05));
        Assert.InRange(Statistics.ChiSquare(draws, wrong.Probability, law.Low, law.High), 0, Statistics.FalseAlarm);
    }

    [Theory]
    [InlineData(1_000_000_000L, 0.5)]
    [InlineData(1L << 40, 0.001)]
    [InlineData(1L << 62, 0.5)]
    [InlineData(1L << 62, 0.3)]
    [InlineData((1L << 62) - 12345, 0.9)]
    [InlineData(1L << 62, 1e-12)]
    public void Large_numbers_are_normal_to_the_last_digit(long n, double p)
    {
        // Skewness and lattice are far below what 50 000 draws can see from n p q = 10^6 on.
        var mean = (decimal)n * (decimal)p;
        var std = Math.Sqrt(n * p * (1 - p));
        var draws = Draws(n, p, 50_000).ToArray();
        var z = Array.ConvertAll(draws, k => (double)(k - mean) / std);

        Assert.InRange(
            Statistics.KolmogorovSmirnov(z, MathNet.Numerics.Distributions.Normal.WithMeanStdDev(0, 1).CumulativeDistribution),
            Statistics.FalseAlarm, 1);

        // No digit of the number is lost: its lowest six bits are uniform where the spread is wide.
        Assert.InRange(Statistics.ChiSquare(draws.Select(k => k & 63), _ => 1 / 64.0, 0, 63), Statistics.FalseAlarm, 1);
    }

    [Fact]
    public void Edges_are_certain_and_bad_arguments_are_errors()
    {
        Assert.Equal(0, Binomial.Draw(Key, 0, 0, 0, 0, 0.5));
        Assert.Equal(0, Binomial.Draw(Key, 0, 0, 0, 1000, 0));
        Assert.Equal(1000, Binomial.Draw(Key, 0, 0, 0, 1000, 1));
        Assert.Equal(Binomial.Draw(Key, 1, 2, 3, 1000, 0.4), Binomial.Draw(Key, 1, 2, 3, 1000, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binomial.Draw(Key, 0, 0, 0, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binomial.Draw(Key, 0, 0, 0, long.MaxValue, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binomial.Draw(Key, 0, 0, 0, 1, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Binomial.Draw(Key, 0, 0, 0, 1, double.NaN));
    }

    private static IEnumerable<long> Draws(long n, double p, int count) =>
        Enumerable.Range(0, count).Select(i => Binomial.Draw(Key, (uint)i, 0, 0, n, p));

    // Probabilities by the recurrence from the mode: MathNet's own take n as an int.
    private sealed class Law
    {
        private readonly Dictionary<long, double> _probabilities = [];

        internal Law(long n, double p)
        {
            var mode = (long)((n + 1) * p);
            var width = (long)(8 * Math.Sqrt(n * p * (1 - p))) + 12;
            (Low, High) = (Math.Max(0, mode - width), Math.Min(n, mode + width));
            var (up, down) = (1.0, 1.0);
            _probabilities[mode] = 1;
            for (var k = mode; k < High; k++)
            {
                _probabilities[k + 1] = up *= (double)(n - k) / (k + 1) * p / (1 - p);
            }

            for (var k = mode; k > Low; k--)
            {
                _probabilities[k - 1] = down *= (double)k / (n - k + 1) * (1 - p) / p;
            }

            var sum = _probabilities.Values.Sum();
            foreach (var k in _probabilities.Keys)
            {
                _probabilities[k] /= sum;
            }
        }

        internal long Low { get; }

        internal long High { get; }

        internal double Probability(long k) => _probabilities.GetValueOrDefault(k);
    }
}
