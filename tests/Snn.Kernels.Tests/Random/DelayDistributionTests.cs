using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class DelayDistributionTests
{
    [Fact]
    public void A_delay_is_the_rounded_quantile_at_least_one_step()
    {
        var ms = ValueDistribution.Normal(1.5, 0.75, 0.01);
        var delay = new DelayDistribution(ms, 0.1);
        for (var word = 0UL; word < 1UL << 32; word += 999_983)
        {
            Assert.Equal(Math.Max(1, Math.Floor((ms.Quantile((uint)word) / 0.1) + 0.5)), delay.Steps((uint)word));
        }

        Assert.Equal(1, delay.MinSteps);
        Assert.Equal(Math.Floor((ms.Greatest / 0.1) + 0.5), delay.MaxSteps);
    }

    [Fact]
    public void Filling_equals_one_by_one_and_distinct_delays_are_all_there()
    {
        var delay = new DelayDistribution(ValueDistribution.Exponential(2, 0.3), 0.1);
        var words = Enumerable.Range(0, 5000).Select(i => (uint)i * 858_993u).ToArray();
        var steps = new ushort[words.Length];

        delay.Fill(words, steps);

        var distinct = delay.DistinctSteps.ToArray();
        Assert.All(words.Zip(steps), pair => Assert.Equal(delay.Steps(pair.First), pair.Second));
        Assert.Equal(distinct.Order().Distinct(), distinct);
        Assert.All(steps, s => Assert.Contains(s, distinct));
        Assert.Equal(1, Enumerable.Range(0, distinct.Length).Sum(delay.Probability), 12);
        Assert.Equal(3, delay.MinSteps);
        Assert.Equal(delay.Steps(0), delay.MinSteps);
        Assert.Equal(delay.Steps(uint.MaxValue), delay.MaxSteps);
    }

    [Fact]
    public void Probabilities_are_those_of_the_rounding_cells()
    {
        var delay = new DelayDistribution(ValueDistribution.Uniform(0.05, 2.05), 1.0);

        Assert.Equal([1, 2], delay.DistinctSteps.ToArray());
        Assert.Equal(1.45 / 2, delay.Probability(0), 9);
        Assert.Equal(0.55 / 2, delay.Probability(1), 9);
    }

    [Fact]
    public void A_constant_delay_has_one_number_of_steps()
    {
        var delay = new DelayDistribution(ValueDistribution.Constant(1.5), 0.1);
        var steps = new ushort[3];

        delay.Fill([0, 7, uint.MaxValue], steps);

        Assert.Equal([15, 15, 15], steps);
        Assert.Equal((15, 15), (delay.MinSteps, delay.MaxSteps));
    }

    [Theory]
    [InlineData(7000.0, 0.1, "65535")]
    [InlineData(1.0, 0.0, "dt = 0")]
    [InlineData(1.0, double.NaN, "dt = NaN")]
    public void What_a_table_cannot_hold_is_an_error(double ms, double dt, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<ArgumentException>(() => new DelayDistribution(ValueDistribution.Constant(ms), dt)).Message,
            StringComparison.Ordinal);
}
