using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed unsafe class UniformColumnsTests
{
    private static readonly StreamKey Key = StreamKey.Derive(99, "columns");

    [Theory]
    [InlineData(0L, 0, 64)]
    [InlineData(123456789012L, 96, 32)]
    [InlineData(4294967295L, 1 << 20, 256)]
    public void A_column_equals_word_by_word(long step, int first, int count)
    {
        var words = Words(Key, step, first, count, 5);

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(UniformColumns.Word(Key, step, first + i, 5), words[i]);
        }
    }

    [Fact]
    public void A_part_of_a_column_equals_the_column()
    {
        var whole = Words(Key, 17, 0, 512);

        for (var first = 0; first < 512; first += 96)
        {
            var count = Math.Min(96, 512 - first);
            Assert.Equal(whole.AsSpan(first, count).ToArray(), Words(Key, 17, first, count));
        }
    }

    [Fact]
    public void Words_differ_between_neurons_steps_purposes_and_keys()
    {
        // 2^16 words: a birthday collision among 32-bit words is expected 0.5 times; 64-bit pairs must not collide at all.
        HashSet<(uint, uint)> seen = [];
        foreach (var (key, purpose) in new[] { (Key, 0u), (Key, 1u), (StreamKey.Derive(100, "columns"), 0u) })
        {
            for (var step = 0; step < 64; step++)
            {
                var words = Words(key, step, 0, 512, purpose);
                for (var i = 0; i < words.Length; i += 2)
                {
                    Assert.True(seen.Add((words[i], words[i + 1])));
                }
            }
        }
    }

    [Fact]
    public void Uniform_numbers_are_uniform_and_below_one()
    {
        var single = new float[1 << 16];
        var wide = new double[1 << 16];
        fixed (float* f = single)
        fixed (double* d = wide)
        {
            UniformColumns.FillUniform(Key, 3, 0, single.Length, f, isDouble: false);
            UniformColumns.FillUniform(Key, 3, 0, wide.Length, d, isDouble: true);
        }

        var words = Words(Key, 3, 0, wide.Length);
        for (var i = 0; i < wide.Length; i++)
        {
            Assert.Equal(words[i] / 4294967296.0, wide[i]);
            Assert.Equal((words[i] >> 8) / 16777216f, single[i]);
        }

        Assert.InRange(Statistics.KolmogorovSmirnov(wide, x => x), Statistics.FalseAlarm, 1);

        // The canary: a density that is off by six per cent at the ends is noticed.
        Assert.InRange(Statistics.KolmogorovSmirnov(wide, x => x * (0.94 + (0.06 * x))), 0, Statistics.FalseAlarm);
    }

    [Fact]
    public void Neighbours_in_neuron_step_and_stream_are_uncorrelated()
    {
        const int n = 1 << 16;
        var here = Uniform(Key, 1000, n + 128);
        foreach (var lag in new[] { 1, 2, 3, 4, 8, 16, 32, 64 })
        {
            AssertUncorrelated(here.AsSpan(0, n), here.AsSpan(lag, n));
        }

        foreach (var step in new[] { 1001L, 1002, 1010, 1000 + (1L << 32) })
        {
            AssertUncorrelated(here.AsSpan(0, n), Uniform(Key, step, n));
        }

        AssertUncorrelated(here.AsSpan(0, n), Uniform(StreamKey.Derive(100, "columns"), 1000, n));
        AssertUncorrelated(here.AsSpan(0, n), Uniform(Key with { Low = Key.Low ^ 1 }, 1000, n));

        // The canary: five per cent of the neighbour mixed in is noticed.
        var mixed = new double[n];
        for (var i = 0; i < n; i++)
        {
            mixed[i] = here[i + 1] + (0.05 * here[i]);
        }

        Assert.InRange(Statistics.Correlation(here.AsSpan(0, n), mixed), 0, Statistics.FalseAlarm);
    }

    [Theory]
    [InlineData(1, 32)]
    [InlineData(0, 33)]
    [InlineData(-32, 32)]
    public void Ranges_that_are_not_whole_groups_are_errors(int first, int count) =>
        Assert.Throws<ArgumentException>(() => Words(Key, 0, first, count));

    private static void AssertUncorrelated(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        Assert.InRange(Statistics.Correlation(a, b), Statistics.FalseAlarm, 1);

    private static double[] Uniform(StreamKey key, long step, int count) =>
        Array.ConvertAll(Words(key, step, 0, count), w => w / 4294967296.0);

    private static uint[] Words(StreamKey key, long step, int first, int count, uint purpose = 0)
    {
        var words = new uint[Math.Max(count, 64)];
        fixed (uint* p = words)
        {
            UniformColumns.Fill(key, step, first, count, p, purpose);
        }

        return words[..count];
    }
}
