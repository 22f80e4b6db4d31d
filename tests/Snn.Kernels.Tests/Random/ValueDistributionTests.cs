using MathNet.Numerics.Distributions;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class ValueDistributionTests
{
    private const double Inf = double.PositiveInfinity;

    public static TheoryData<string, ValueDistribution, Func<double, double>> Laws => new()
    {
        { "uniform", ValueDistribution.Uniform(-2, 3), x => (x + 2) / 5 },
        { "normal", ValueDistribution.Normal(87.8, 8.78), x => Normal.CDF(87.8, 8.78, x) },
        { "normal above zero", ValueDistribution.Normal(87.8, 8.78, 0), x => Truncated(x, 87.8, 8.78, 0, Inf) },
        { "normal cut on both sides", ValueDistribution.Normal(1, 2, 0.5, 1.75), x => Truncated(x, 1, 2, 0.5, 1.75) },
        { "normal cut close above", ValueDistribution.Normal(1.5, 0.75, 0.1), x => Truncated(x, 1.5, 0.75, 0.1, Inf) },
        { "upper tail", ValueDistribution.Normal(0, 1, 5), x => 1 - (Normal.CDF(0, 1, -x) / Normal.CDF(0, 1, -5)) },
        { "lower tail", ValueDistribution.Normal(0, 1, -Inf, -6), x => Normal.CDF(0, 1, x) / Normal.CDF(0, 1, -6) },
        { "lognormal", ValueDistribution.Lognormal(0.5, 1.2), x => LogNormal.CDF(0.5, 1.2, x) },
        {
            "lognormal cut", ValueDistribution.Lognormal(0, 1, 0.5, 2),
            x => (LogNormal.CDF(0, 1, x) - LogNormal.CDF(0, 1, 0.5)) / (LogNormal.CDF(0, 1, 2) - LogNormal.CDF(0, 1, 0.5))
        },
        { "exponential", ValueDistribution.Exponential(3, 0.5), x => Exponential.CDF(1 / 3.0, x - 0.5) },
    };

    [Theory]
    [MemberData(nameof(Laws))]
    public void Draws_follow_their_law(string name, ValueDistribution distribution, Func<double, double> cdf)
    {
        var words = RandomWords(name, 100_003);
        var wide = new double[words.Length];
        var single = new float[words.Length];

        distribution.Fill(words, wide.AsSpan());
        distribution.Fill(words, single.AsSpan());

        Assert.InRange(Statistics.KolmogorovSmirnov(wide, cdf), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.KolmogorovSmirnov(Array.ConvertAll(single, f => (double)f), cdf), Statistics.FalseAlarm, 1);

        // The canary: two per cent of probability moved from the upper half to the lower is noticed.
        Assert.InRange(
            Statistics.KolmogorovSmirnov(wide, x => cdf(x) + (0.08 * cdf(x) * (1 - cdf(x)))), 0, Statistics.FalseAlarm);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Vectors_and_scalars_have_the_same_bits_and_floats_their_stated_error(
        string name, ValueDistribution distribution, Func<double, double> cdf)
    {
        Assert.NotNull(cdf);
        uint[] words = [.. RandomWords(name, 4001), 0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];
        var wide = new double[words.Length];
        var single = new float[words.Length];
        distribution.Fill(words, wide.AsSpan());
        distribution.Fill(words, single.AsSpan());
        var spread = distribution.Quantile(0xD76AA478) - distribution.Quantile(0x28955B87);
        for (var i = 0; i < words.Length; i++)
        {
            Assert.Equal(distribution.Quantile(words[i]), wide[i]);
            Assert.InRange(Math.Abs(single[i] - wide[i]), 0, (5e-7 * spread * 4) + (1.2e-7 * Math.Abs(wide[i])));
            var alone = new float[1];
            distribution.Fill([words[i]], alone.AsSpan());
            Assert.Equal(single[i], alone[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Numbers_grow_with_the_word_and_stay_within_bounds(
        string name, ValueDistribution distribution, Func<double, double> cdf)
    {
        uint[] words = [0, .. RandomWords(name, 20_000), uint.MaxValue];
        Array.Sort(words);
        var single = new float[words.Length];
        distribution.Fill(words, single.AsSpan());
        for (var i = 0; i < words.Length; i++)
        {
            Assert.True(double.IsFinite(single[i]));
            Assert.InRange(distribution.Quantile(words[i]), distribution.Least, distribution.Greatest);
            Assert.InRange(cdf(single[i]), -1e-6, 1 + 1e-6);
            Assert.True(i == 0 || distribution.Quantile(words[i]) >= distribution.Quantile(words[i - 1]));
        }
    }

    [Fact]
    public void Bounds_hold_for_every_draw_in_float_too()
    {
        var distribution = ValueDistribution.Normal(1, 2, 0.1, 0.3);
        var values = new float[10_000];

        distribution.Fill(RandomWords("bounds", values.Length), values.AsSpan());

        Assert.All(values, v => Assert.InRange((double)v, 0.1, 0.3));
        Assert.InRange(ValueDistribution.Uniform(0, 1).Greatest, 0.999999999, Math.BitDecrement(1.0));
        var largest = new float[8];
        ValueDistribution.Uniform(0, 1).Fill([.. Enumerable.Repeat(uint.MaxValue, 8)], largest.AsSpan());
        Assert.All(largest, v => Assert.True(v < 1));
    }

    [Fact]
    public void Without_spread_a_distribution_is_constant()
    {
        foreach (var constant in new[]
        {
            ValueDistribution.Constant(2.5), ValueDistribution.Uniform(2.5, 2.5), ValueDistribution.Normal(2.5, 0),
            ValueDistribution.Exponential(0, 2.5),
        })
        {
            var values = new float[3];
            constant.Fill([0, 1, uint.MaxValue], values.AsSpan());
            Assert.True(constant.IsConstant);
            Assert.Equal(2.5, constant.Value);
            Assert.Equal(2.5, constant.Quantile(77));
            Assert.Equal([2.5f, 2.5f, 2.5f], values);
        }

        Assert.Throws<InvalidOperationException>(() => ValueDistribution.Uniform(0, 1).Value);
    }

    [Fact]
    public void Far_tails_are_drawn_and_impossible_bounds_are_errors()
    {
        // 35 standard deviations out the tail is exponential with rate 35: its median lies log(2) / 35 above the bound.
        var far = ValueDistribution.Normal(0, 1, 35);
        Assert.InRange(far.Quantile(0x80000000), 35 + (0.99 * 0.6931 / 35.03), 35 + (1.01 * 0.6931 / 35.03));

        Contains("leaves nothing", () => ValueDistribution.Normal(0, 1, 40));
        Contains("leaves nothing", () => ValueDistribution.Normal(0, 1, -50, -45));
        Contains("not at or below", () => ValueDistribution.Normal(0, 1, 2, 1));
        Contains("not at or below", () => ValueDistribution.Normal(0, 1, double.NaN));
        Contains("negative", () => ValueDistribution.Normal(0, -1));
        Contains("not a finite number", () => ValueDistribution.Normal(double.NaN, 1));
        Contains("outside", () => ValueDistribution.Normal(0, 0, 1));
        Contains("leaves nothing", () => ValueDistribution.Lognormal(0, 1, 0, 0));
        Contains("swap", () => ValueDistribution.Uniform(1, 0));
        Contains("not a finite number", () => ValueDistribution.Uniform(-1e308, 1e308));
        Contains("negative", () => ValueDistribution.Exponential(-1));
        Contains("give room", () => ValueDistribution.Uniform(0, 1).Fill(new uint[4], new float[3].AsSpan()));
    }

    private static void Contains(string expected, Action action) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static double Truncated(double x, double mean, double std, double min, double max)
    {
        var (a, b) = (Normal.CDF(mean, std, min), double.IsInfinity(max) ? 1 : Normal.CDF(mean, std, max));
        return (Normal.CDF(mean, std, x) - a) / (b - a);
    }

    private static uint[] RandomWords(string name, int count)
    {
        uint[] w0 = new uint[count], w1 = new uint[count], w2 = new uint[count], w3 = new uint[count];
        Philox4x32.Fill(StreamKey.Derive(5, name), 0, 0, 0, 0, w0, w1, w2, w3);
        return w0;
    }
}
