using MathNet.Numerics.Distributions;
using Snn.Kernels.Encoding;
using Snn.Kernels.Random;
using Snn.Kernels.Tests.Random;
using Xunit;

namespace Snn.Kernels.Tests.Encoding;

public sealed class RateCodeTests
{
    private static readonly StreamKey Key = StreamKey.Derive(7, "rate code");

    /// <summary>Two-sided, at a false-alarm rate of 1e-8 an element (Gaussian limit of the binomial).</summary>
    [Fact]
    public void Spikes_come_with_their_probability()
    {
        double[] values = [0.001, 0.05, 0.3, 0.5, 0.9, 0.999];
        const int Steps = 100_000;
        var counts = Counts(values, Steps);
        for (var i = 0; i < values.Length; i++)
        {
            var p = values[i];
            Assert.InRange(Tail(counts[i], Steps, p), Statistics.FalseAlarm, 1);

            // The canary: another probability by seven standard errors is noticed.
            Assert.InRange(Tail(counts[i], Steps, p + (7 * Math.Sqrt(p * (1 - p) / Steps) * (p > 0.5 ? -1 : 1))), 0, 1e-2);
        }
    }

    [Fact]
    public void Certainties_are_certain()
    {
        Assert.Equal([0, 2000, 0, 2000], Counts([0, 1, -3, 3], 2000));
        Assert.Equal(0UL, RateCode.Bound(0));
        Assert.Equal(1UL << 32, RateCode.Bound(1));
    }

    [Fact]
    public void Elements_and_steps_are_independent()
    {
        const int Steps = 40_000;
        var spikes = new bool[Steps * 2];
        RateCode.Encode([0.4, 0.4], Steps, Key, spikes);
        var a = Enumerable.Range(0, Steps).Select(t => spikes[2 * t] ? 1.0 : 0).ToArray();
        var b = Enumerable.Range(0, Steps).Select(t => spikes[(2 * t) + 1] ? 1.0 : 0).ToArray();
        Assert.InRange(Statistics.Correlation(a, b), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.Correlation(a.AsSpan(1), a.AsSpan(0, Steps - 1)), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.Correlation(a, a), 0, Statistics.FalseAlarm);
    }

    /// <summary>What the engine does with a block of words is what the encoder does element by element.</summary>
    [Fact]
    public unsafe void Picking_from_words_equals_encoding()
    {
        var values = Enumerable.Range(0, 96).Select(i => i / 95.0).ToArray();
        var expected = new bool[20 * 96];
        RateCode.Encode(values, 20, Key, expected);
        var words = new uint[96];
        var spiking = new int[96];
        int[] places = [.. Enumerable.Range(0, 96)];
        var bounds = Array.ConvertAll(values, v => RateCode.Bound(RateCode.Probability(v)));
        for (var step = 0; step < 20; step++)
        {
            fixed (uint* p = words)
            {
                UniformColumns.Fill(Key, step, 0, 96, p);
            }

            var count = RateCode.Pick(words, places, bounds, spiking);
            Assert.Equal(places.Where(i => expected[(step * 96) + i]), spiking[..count]);
        }
    }

    [Fact]
    public void Bad_arguments_say_what_to_do()
    {
        Assert.Contains("at least one step", Message(() => RateCode.Encode([1], 0, Key, [])), StringComparison.Ordinal);
        Assert.Contains("from 0 to steps - 1", Message(() => RateCode.Encode([1], 3, Key, new bool[3], firstSpikeStep: 3)), StringComparison.Ordinal);
        Assert.Contains("from 0 to steps - 1", Message(() => RateCode.Encode([1], 3, Key, new bool[3], firstSpikeStep: -1)), StringComparison.Ordinal);
        Assert.Contains("one place a step and element", Message(() => RateCode.Encode([1], 3, Key, new bool[4])), StringComparison.Ordinal);
        Assert.Contains("element 1 is NaN", Message(() => RateCode.Encode([1, double.NaN], 1, Key, new bool[2])), StringComparison.Ordinal);
        Assert.Contains("whole steps", Message(() => RateCode.EncodeVarying([1, 2, 3], 2, Key, new bool[3])), StringComparison.Ordinal);
    }

    internal static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static int[] Counts(double[] values, int steps)
    {
        var spikes = new bool[steps * values.Length];
        RateCode.Encode(values, steps, Key, spikes);
        return [.. values.Select((_, i) => Enumerable.Range(0, steps).Count(t => spikes[(t * values.Length) + i]))];
    }

    private static double Tail(int count, int n, double p) =>
        2 * Normal.CDF(0, 1, -Math.Abs(count - (n * p)) / Math.Sqrt(n * p * (1 - p)));
}
