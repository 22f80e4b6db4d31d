using MathNet.Numerics.Distributions;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed unsafe class PoissonSourceTests
{
    private static readonly StreamKey Key = StreamKey.Derive(11, "poisson");

    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(1.23)]
    [InlineData(2.0)]
    [InlineData(2.32)]
    [InlineData(5.0)]
    [InlineData(5.001)]
    [InlineData(9.0)]
    [InlineData(17.5)]
    [InlineData(40.0)]
    [InlineData(1000.0)]
    [InlineData(100_000.0)]
    public void Numbers_follow_the_law(double mean)
    {
        var draws = Draws(new PoissonSource(Key, mean), 4096, 100);
        var (low, high) = (Math.Max(0, (long)(mean - (7 * Math.Sqrt(mean)))), (long)(mean + (7 * Math.Sqrt(mean)) + 15));
        var (law, wrong) = (new Poisson(mean), new Poisson(mean < 0.01 ? mean * 1.5 : mean + ((mean < 500 ? 0.02 : 0.05) * Math.Sqrt(mean))));

        Assert.InRange(Statistics.ChiSquare(draws, k => law.Probability((int)k), low, high), Statistics.FalseAlarm, 1);

        // The canary: a mean two hundredths (of the largest two means, five) of a standard deviation off is noticed.
        Assert.InRange(Statistics.ChiSquare(draws, k => wrong.Probability((int)k), low, high), 0, Statistics.FalseAlarm);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(4.9)]
    [InlineData(12.0)]
    [InlineData(55.0)]
    public void Vectors_equal_the_scalar_count_in_float_and_double(double mean)
    {
        var source = new PoissonSource(Key, mean);
        var single = Column<float>(source, 64, 4096, 77, 0.1);
        var wide = Column<double>(source, 64, 4096, 77, 0.1);
        for (var i = 0; i < 4096; i++)
        {
            var count = source.Count(64 + i, 77);
            Assert.Equal(3f + (count * 0.1f), single[i]);
            Assert.Equal(3.0 + (count * 0.1), wide[i]);
        }
    }

    /// <summary>Where there are registers of 512 bits, they serve the most of a range and those of 256 the rest: the latter alone give the same. A mean of 5 leaves the most to a second draw.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(5.0)]
    [InlineData(19.9)]
    public void Both_widths_give_the_same(double mean)
    {
        const int Count = 4096 + 96;
        var sampler = new PoissonSampler(mean);
        var (narrow, wide) = (new float[Count], new float[Count]);
        var (narrowDoubles, wideDoubles) = (new double[Count], new double[Count]);
        var weights = Enumerable.Range(0, Count).Select(i => 0.1 * i).ToArray();
        for (var step = 0; step < 20; step++)
        {
            fixed (float* n = narrow, w = wide)
            fixed (double* nd = narrowDoubles, wd = wideDoubles, weight = weights)
            {
                PoissonKernel.AddNarrow(sampler, Key, step, 64, Count, n, null, 0.1f);
                PoissonKernel.AddNarrow(sampler, Key, step, 64, Count, nd, weight, 0.0);
                PoissonKernel.AddTo(sampler, Key, step, 64, Count, w, null, 0.1f);
                PoissonKernel.AddTo(sampler, Key, step, 64, Count, wd, weight, 0.0);
            }
        }

        Assert.Equal(narrow, wide);
        Assert.Equal(narrowDoubles, wideDoubles);
        Assert.Contains(wide, v => v > 0);
    }

    [Fact]
    public void Any_cut_of_the_neurons_gives_the_same()
    {
        foreach (var mean in new[] { 2.0, 12.0, 55.0 })
        {
            var source = new PoissonSource(Key, mean);
            var whole = Column<float>(source, 0, 1024, 5, 1);
            for (var first = 0; first < 1024; first += 160)
            {
                var count = Math.Min(160, 1024 - first);
                Assert.Equal(whole.AsSpan(first, count).ToArray(), Column<float>(source, first, count, 5, 1));
            }
        }
    }

    [Fact]
    public void A_neuron_with_its_own_mean_receives_what_it_would_receive_among_equals()
    {
        double[] kinds = [0, 0.7, 3, 12, 55];
        var means = Enumerable.Range(0, 500).Select(i => kinds[i % kinds.Length]).ToArray();
        var mixed = new PoissonSource(Key, means, 32);
        var column = Column<double>(mixed, 32, 512, 9, 1);
        for (var i = 0; i < 500; i++)
        {
            var expected = new PoissonSource(Key, means[i]).Count(32 + i, 9);
            Assert.Equal(expected, mixed.Count(32 + i, 9));
            Assert.Equal(3.0 + expected, column[i]);
        }

        Assert.All(column[500..], v => Assert.Equal(3.0, v));
    }

    [Fact]
    public void Weights_may_be_a_column()
    {
        foreach (var mean in new[] { 1.5, 12, 30 })
        {
            var source = new PoissonSource(Key, mean);
            var weights = Enumerable.Range(0, 96).Select(i => 0.25 * i).ToArray();
            var singles = Array.ConvertAll(weights, w => (float)w);
            var (wide, single) = (new double[96], new float[96]);
            fixed (double* to = wide, from = weights)
            fixed (float* toSingle = single, fromSingle = singles)
            {
                source.AddTo(to, true, 0, 96, 2, from);
                source.AddTo(toSingle, false, 0, 96, 2, fromSingle);
            }

            for (var i = 0; i < 96; i++)
            {
                Assert.Equal(source.Count(i, 2) * weights[i], wide[i]);
                Assert.Equal(source.Count(i, 2) * singles[i], single[i]);
            }
        }
    }

    [Fact]
    public void Numbers_are_independent_across_neurons_and_steps()
    {
        var source = new PoissonSource(Key, 2);
        var here = Column<double>(source, 0, 1 << 16, 1000, 1);
        foreach (var lag in new[] { 1, 2, 16, 32 })
        {
            Assert.InRange(Statistics.Correlation(here.AsSpan(0, 65_000), here.AsSpan(lag, 65_000)), Statistics.FalseAlarm, 1);
        }

        Assert.InRange(Statistics.Correlation(here, Column<double>(source, 0, 1 << 16, 1001, 1)), Statistics.FalseAlarm, 1);
        var other = new PoissonSource(StreamKey.Derive(12, "poisson"), 2);
        Assert.InRange(Statistics.Correlation(here, Column<double>(other, 0, 1 << 16, 1000, 1)), Statistics.FalseAlarm, 1);
    }

    [Fact]
    public void Means_out_of_range_are_errors_and_zero_adds_nothing()
    {
        Assert.All(Column<float>(new PoissonSource(Key, 0), 0, 64, 1, 1), v => Assert.Equal(3f, v));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonSource(Key, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonSource(Key, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonSource(Key, [1, 1e6]));
        Assert.Throws<ArgumentException>(() => Column<float>(new PoissonSource(Key, 1), 16, 32, 0, 1));
    }

    private static List<long> Draws(PoissonSource source, int neurons, int steps)
    {
        List<long> draws = [];
        for (var step = 0; step < steps; step++)
        {
            draws.AddRange(Array.ConvertAll(Column<double>(source, 0, neurons, step, 1), v => (long)v - 3));
        }

        return draws;
    }

    // A column that holds 3 before the spikes are added.
    private static T[] Column<T>(PoissonSource source, int first, int count, long step, double weight)
        where T : unmanaged
    {
        var column = new T[count];
        column.AsSpan().Fill((T)Convert.ChangeType(3, typeof(T), null));
        fixed (T* p = column)
        {
            source.AddTo(p, typeof(T) == typeof(double), first, count, step, weight);
        }

        return column;
    }
}
