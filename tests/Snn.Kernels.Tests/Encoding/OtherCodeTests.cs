using Snn.Kernels.Encoding;
using Snn.Kernels.Lanes;
using Snn.Kernels.Random;
using Snn.Kernels.Tests.Random;
using Xunit;

namespace Snn.Kernels.Tests.Encoding;

/// <summary>Delta code, intervals, targets, transforms: what the golden cases do not say.</summary>
public sealed class OtherCodeTests
{
    private static readonly StreamKey Key = StreamKey.Derive(9, "codes");

    [Fact]
    public void A_change_of_just_the_threshold_counts_in_both_directions()
    {
        var spikes = new sbyte[5];
        DeltaCode.Encode([0.5, 0.75, 0.5, 0.625, 0.625], 1, spikes, 0.25, hasOffSpikes: true);
        Assert.Equal<sbyte>([1, 1, -1, 0, 0], spikes);
        DeltaCode.Encode([0.5, 0.75, 0.5, 0.625, 0.625], 1, spikes, 0.25, isPadded: true);
        Assert.Equal<sbyte>([0, 1, 0, 0, 0], spikes);
        Assert.Contains("give whole steps", RateCodeTests.Message(() => DeltaCode.Encode([1, 2, 3], 2, new sbyte[3])), StringComparison.Ordinal);
        Assert.Contains("threshold NaN", RateCodeTests.Message(() => DeltaCode.Encode([1], 1, new sbyte[1], double.NaN)), StringComparison.Ordinal);
    }

    /// <summary>Intervals are Poisson numbers in which 0 has become 1: chi-square at a false-alarm rate of 1e-8.</summary>
    [Theory]
    [InlineData(500, 1.0)]
    [InlineData(100, 0.5)]
    [InlineData(20, 1.0)]
    public void Intervals_follow_their_law(double rateHz, double dtMs)
    {
        const int Steps = 400_000;
        var spikes = new bool[Steps];
        PoissonIntervals.Encode([rateHz], Steps, dtMs, Key, spikes);
        var intervals = SpikeIntervals.Of(spikes);
        var mean = PoissonIntervals.MeanInterval(rateHz, dtMs);
        var law = new MathNet.Numerics.Distributions.Poisson(mean);
        double Probability(long k) => k == 1 ? law.Probability(0) + law.Probability(1) : law.Probability((int)k);
        Assert.InRange(Statistics.ChiSquare(intervals.Select(i => (long)i), Probability, 1, (long)(mean + (7 * Math.Sqrt(mean)) + 10)), Statistics.FalseAlarm, 1);

        // The canary: intervals of a Poisson process, which are geometric, are another law.
        Assert.InRange(Statistics.ChiSquare(intervals.Select(i => (long)i), k => Geometric(mean, k), 1, (long)(mean * 10)), 0, Statistics.FalseAlarm);
    }

    [Fact]
    public void The_first_spike_comes_an_interval_after_the_beginning()
    {
        var spikes = new bool[2 * 6];
        PoissonIntervals.Replay([10, 0], [2, 5, 0, 5, 3, 5, 9, 5], 6, spikes);
        Assert.Equal([1, 2, 5], Enumerable.Range(0, 12).Where(i => spikes[i]));
        Assert.Equal(0, PoissonIntervals.Steps(0.9, 1));
        Assert.Equal(2, PoissonIntervals.Steps(2.9, 1));
        Assert.Contains("an interval of -1 steps", RateCodeTests.Message(() => PoissonIntervals.Replay([1], [-1], 3, new bool[3])), StringComparison.Ordinal);
        Assert.Contains("give as many for each", RateCodeTests.Message(() => PoissonIntervals.Replay([1, 2], [1, 2, 3], 3, new bool[6])), StringComparison.Ordinal);
        Assert.Contains("one place an element and step", RateCodeTests.Message(() => PoissonIntervals.Encode([1], 4, 1, Key, new bool[3])), StringComparison.Ordinal);
        Assert.Contains("a rate of 0 or more", RateCodeTests.Message(() => PoissonIntervals.MeanInterval(-1, 1)), StringComparison.Ordinal);
        Assert.Contains("a step above 0", RateCodeTests.Message(() => PoissonIntervals.Steps(10, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_near_zero_never_spikes_and_one_near_infinity_always_does()
    {
        var spikes = new bool[2 * 1000];
        PoissonIntervals.Encode([1e-300, 1e300], 1000, 0.1, Key, spikes);
        Assert.DoesNotContain(true, spikes[..1000]);
        Assert.DoesNotContain(false, spikes[1000..]);
    }

    /// <summary>Rates other than 1 and 0: the labelled class has one train, all others the other one (T24 of the seed registry).</summary>
    [Fact]
    public void Targets_of_any_rates_have_two_trains()
    {
        var options = new RateTargetOptions { Steps = 8, CorrectRate = 0.5, IncorrectRate = 0.25, OnTarget = 1.5, OffTarget = -0.5 };
        var targets = new double[8 * 2 * 3];
        TargetCode.Rate([1, 2], 3, options, Key, targets);
        for (var step = 0; step < 8; step++)
        {
            var (correct, other) = (step % 2 == 0 ? 1.5 : -0.5, step % 4 == 0 ? 1.5 : -0.5);
            Assert.Equal([other, correct, other, other, other, correct], targets[(6 * step)..(6 * (step + 1))]);
        }

        var rising = new double[8 * 1 * 2];
        TargetCode.Rate([0], 2, options with { Interpolate = true, IncorrectRate = 0 }, Key, rising);
        Assert.Equal([1.5, -0.5, 1.5, -0.5, 1.5, -0.5, 1.5, -0.5], Enumerable.Range(0, 8).Select(t => rising[2 * t]));
        Assert.All(Enumerable.Range(0, 8), t => Assert.Equal(-0.5, rising[(2 * t) + 1]));
    }

    [Fact]
    public void Random_trains_have_their_rate_and_respect_the_first_step()
    {
        foreach (var pattern in new[] { FiringPattern.Poisson, FiringPattern.Uniform })
        {
            var spikes = new bool[100_000];
            TargetCode.Train(0.2, 30_000, pattern, Key, spikes);
            Assert.DoesNotContain(true, spikes[..30_000]);

            // Of 14 000 uniform spikes, those that share a step with another are one spike: 70 000 (1 - exp(-0.2)). Six standard errors: 2e-9.
            var mean = pattern == FiringPattern.Poisson ? 14_000 : 70_000 * (1 - LaneMath.Exp(-0.2));
            Assert.InRange(spikes.Count(s => s), mean - (6 * Math.Sqrt(mean)), mean + (6 * Math.Sqrt(mean)));
            var other = new bool[100_000];
            TargetCode.Train(0.2, 30_000, pattern, Key, other, purpose: 1);
            Assert.NotEqual(spikes, other);
        }
    }

    /// <summary>7 / 0.28 is 24.999999999999996 in doubles: the spike is in step 25 all the same.</summary>
    [Fact]
    public void A_regular_train_does_not_lose_a_step_to_rounding()
    {
        var spikes = new bool[51];
        TargetCode.Train(0.28, 0, FiringPattern.Regular, Key, spikes);
        Assert.True(spikes[25] && spikes[50]);
        Assert.Equal(15, spikes.Count(s => s));
    }

    [Fact]
    public void Wrong_targets_say_what_to_do()
    {
        Assert.Contains("the label 3 is none of 3 classes", RateCodeTests.Message(() => OneHot.Encode([3], 3, new double[3])), StringComparison.Ordinal);
        Assert.Contains("0.5 is neither 0 nor 1", RateCodeTests.Message(() => OneHot.Invert([0.5], new double[1])), StringComparison.Ordinal);
        Assert.Contains("whole rows", RateCodeTests.Message(() => OneHot.Decode([1, 2, 3], 2, new int[1])), StringComparison.Ordinal);
        Assert.Contains("number of steps is missing", RateCodeTests.Message(() => TargetCode.Rate([0], 2, new RateTargetOptions { CorrectRate = 0.5 }, Key, new double[2])), StringComparison.Ordinal);
        Assert.Contains("a rate from 0 to 1", RateCodeTests.Message(() => TargetCode.Train(1.5, 0, FiringPattern.Regular, Key, new bool[3])), StringComparison.Ordinal);
        Assert.Contains("a first step from 0", RateCodeTests.Message(() => TargetCode.Train(1, 3, FiringPattern.Regular, Key, new bool[3])), StringComparison.Ordinal);
        Assert.Contains("one place a step, sample and class", RateCodeTests.Message(() => TargetCode.Rate([0], 2, new RateTargetOptions(), Key, new double[3])), StringComparison.Ordinal);
        Assert.Contains("spans of one length", RateCodeTests.Message(() => TargetCode.Interpolate(new bool[2], 1, 0, new double[3])), StringComparison.Ordinal);
    }

    /// <summary>Every zero and every one has a draw of its own (P16 of the seed registry); others stay.</summary>
    [Fact]
    public void Noise_keeps_zeros_low_and_ones_high()
    {
        var values = Enumerable.Range(0, 4000).Select(i => i % 4 == 3 ? 0.5 : i % 2).Select(i => (double)i).ToArray();
        Transforms.BooleanNoise(values, 0.3, 0.8, Key);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.InRange(values[i], i % 4 == 3 ? 0.5 : i % 2 == 0 ? 0 : 0.8, i % 4 == 3 ? 0.5 : i % 2 == 0 ? 0.3 : 1);
        }

        var zeros = values.Where((_, i) => i % 2 == 0).ToArray();
        Assert.InRange(Statistics.KolmogorovSmirnov(zeros, x => Math.Clamp(x / 0.3, 0, 1)), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.KolmogorovSmirnov(zeros, x => Math.Clamp(x / 0.35, 0, 1)), 0, Statistics.FalseAlarm);
        var other = new double[1];
        Transforms.BooleanNoise(other, 0.3, 0.8, Key, sample: 1);
        Assert.NotEqual(values[0], other[0]);
        Assert.Contains("a low bound of 0 or more", RateCodeTests.Message(() => Transforms.BooleanNoise([0], -0.1, 1, Key)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_are_given_for_every_value() =>
        Assert.Contains("as many of each", RateCodeTests.Message(() => Transforms.Clamp([1], [1, 2], [1])), StringComparison.Ordinal);

    private static double Geometric(double mean, long k) => LaneMath.Exp((k - 1) * LaneMath.Log(1 - (1 / mean))) / mean;
}
