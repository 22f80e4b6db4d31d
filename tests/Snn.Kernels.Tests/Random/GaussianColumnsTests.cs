using MathNet.Numerics.Distributions;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed unsafe class GaussianColumnsTests
{
    private static readonly StreamKey Key = StreamKey.Derive(21, "noise");

    [Fact]
    public void Numbers_are_normal_and_cut_independent()
    {
        var wide = Doubles(0, 1 << 16, 4);
        var single = Array.ConvertAll(Singles(0, 1 << 16, 4), f => (double)f);

        Assert.InRange(Statistics.KolmogorovSmirnov(wide, x => Normal.CDF(10, 2, x)), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.KolmogorovSmirnov(single, x => Normal.CDF(10, 2, x)), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.KolmogorovSmirnov(wide, x => Normal.CDF(10.1, 2, x)), 0, Statistics.FalseAlarm);
        Assert.Equal(wide[96..160], Doubles(96, 64, 4));
        Assert.InRange(Statistics.Correlation(wide, Doubles(0, 1 << 16, 5)), Statistics.FalseAlarm, 1);
        for (var i = 0; i < wide.Length; i++)
        {
            Assert.InRange(Math.Abs(wide[i] - single[i]), 0, 2e-6 + 1e-6);
        }
    }

    [Fact]
    public void A_number_is_the_quantile_of_the_neurons_word()
    {
        var wide = Doubles(32, 64, 8);
        var distribution = ValueDistribution.Normal(10, 2);
        for (var i = 0; i < wide.Length; i++)
        {
            Assert.Equal(distribution.Quantile(UniformColumns.Word(Key, 8, 32 + i)), wide[i]);
        }
    }

    [Fact]
    public void Adding_adds()
    {
        var filled = Doubles(0, 64, 3);
        var added = Enumerable.Range(0, 64).Select(i => (double)i).ToArray();
        fixed (double* p = added)
        {
            GaussianColumns.AddTo(Key, 3, 0, 64, p, true, 10, 2);
        }

        for (var i = 0; i < 64; i++)
        {
            Assert.Equal(i + filled[i], added[i]);
        }
    }

    private static double[] Doubles(int first, int count, long step)
    {
        var column = new double[count];
        fixed (double* p = column)
        {
            GaussianColumns.Fill(Key, step, first, count, p, true, 10, 2);
        }

        return column;
    }

    private static float[] Singles(int first, int count, long step)
    {
        var column = new float[count];
        fixed (float* p = column)
        {
            GaussianColumns.Fill(Key, step, first, count, p, false, 10, 2);
        }

        return column;
    }
}
