using Snn.Kernels.Lanes;
using Xunit;

namespace Snn.Kernels.Tests.Lanes;

// The runtime's functions are the reference here, and only here: they are right to about one unit in the last place, whichever routine runs.
#pragma warning disable RS0030
public class LaneMathTests
{
    private const int Count = 200_000;

    [Fact]
    public void Exp_of_doubles() => Assert.InRange(Worst(-708, 709, LaneMath.Exp, Math.Exp), 0, 2.5);

    [Fact]
    public void Exp_near_zero() => Assert.InRange(Worst(-1, 1, LaneMath.Exp, Math.Exp), 0, 2);

    [Fact]
    public void Exp_of_floats() => Assert.InRange(WorstSingle(-87.2, 88.2, x => LaneMath.Exp(new F32x1(x)).Value, x => (float)Math.Exp(x)), 0, 1.5);

    [Fact]
    public void ExpMinusOne_of_doubles_where_exp_cancels()
    {
        // e^x - 1 = 2 e^(x/2) sinh(x/2) does not cancel.
        Assert.InRange(Worst(-0.5, 0.5, LaneMath.ExpMinusOne, x => 2 * Math.Exp(x / 2) * Math.Sinh(x / 2)), 0, 6);
        Assert.InRange(Worst(-1e-9, 1e-9, LaneMath.ExpMinusOne, x => x + (x * x / 2)), 0, 2);
        Assert.InRange(Worst(0.5, 700, LaneMath.ExpMinusOne, x => Math.Exp(x) - 1), 0, 4);
        Assert.Equal(-1, LaneMath.ExpMinusOne(-1e3));
    }

    [Fact]
    public void ExpMinusOne_of_floats() =>
        Assert.InRange(WorstSingle(-2, 2, x => LaneMath.ExpMinusOne(new F32x1(x)).Value, x => (float)(2 * Math.Exp(x / 2.0) * Math.Sinh(x / 2.0))), 0, 3);

    [Fact]
    public void Log_of_doubles()
    {
        Assert.InRange(Worst(1e-3, 1e3, LaneMath.Log, Math.Log), 0, 3);
        Assert.InRange(Worst(1e300, 1e308, LaneMath.Log, Math.Log), 0, 2);
        Assert.InRange(Worst(0.999, 1.001, LaneMath.Log, Math.Log), 0, 3);
        Assert.Equal(0, LaneMath.Log(1));
    }

    [Fact]
    public void Log_of_floats() => Assert.InRange(WorstSingle(1e-3, 1e3, x => LaneMath.Log(new F32x1(x)).Value, x => (float)Math.Log(x)), 0, 2);

    [Fact]
    public void Atan_of_doubles()
    {
        Assert.InRange(Worst(-3, 3, LaneMath.Atan, Math.Atan), 0, 5);
        Assert.InRange(Worst(-1e-3, 1e-3, LaneMath.Atan, Math.Atan), 0, 5);
        Assert.InRange(Worst(-1e6, 1e6, LaneMath.Atan, Math.Atan), 0, 5);
        Assert.Equal(Math.PI / 2, LaneMath.Atan(double.PositiveInfinity));
        Assert.Equal(0, LaneMath.Atan(0));
    }

    [Fact]
    public void Atan_of_floats() => Assert.InRange(WorstSingle(-10, 10, x => LaneMath.Atan(new F32x1(x)).Value, x => (float)Math.Atan(x)), 0, 5);

    [Fact]
    public void Logistic_is_right_and_saturates()
    {
        Assert.InRange(Worst(-30, 30, LaneMath.Logistic, x => 1 / (1 + Math.Exp(-x))), 0, 5);
        Assert.Equal(1, LaneMath.Logistic(1e4));
        Assert.InRange(LaneMath.Logistic(-1e4), 0, 1e-307);
    }

    [Fact]
    public void Powers_of_two_and_logarithms_to_base_two()
    {
        Assert.InRange(Worst(-1020, 1020, x => LaneMath.TwoTo(new F64x1(x)).Value, x => Math.Pow(2, x)), 0, 3);
        Assert.InRange(Worst(-1, 1, x => LaneMath.TwoTo(new F64x1(x)).Value, x => Math.Pow(2, x)), 0, 3);
        Assert.InRange(Worst(1e-3, 1e3, x => LaneMath.Log2(new F64x1(x)).Value, Math.Log2), 0, 3);
        // All mantissas where the logarithm is smallest, so that rounding weighs most; every 2^-23 of a power's fraction.
        var (logarithm, power) = (0.0, 0.0);
        for (var bits = BitConverter.SingleToUInt32Bits(0.25f); bits < BitConverter.SingleToUInt32Bits(4f); bits++)
        {
            var x = BitConverter.UInt32BitsToSingle(bits);
            logarithm = x == 1 ? logarithm : Math.Max(logarithm, Math.Abs((LaneMath.Log2(new F32x1(x)).Value / Math.Log2(x)) - 1));
        }

        for (var i = -(1 << 22); i <= 1 << 22; i++)
        {
            var x = i / (float)(1 << 23);
            power = Math.Max(power, Math.Abs((LaneMath.TwoTo(new F32x1(x)).Value / Math.Pow(2, x)) - 1));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"log2 {logarithm:g4}, 2^x {power:g4}"));
        Assert.InRange(logarithm, 0, 4.1e-7);
        Assert.InRange(power, 0, 2.5e-7);
        Assert.Equal(0, LaneMath.Log2(new F32x1(1)).Value);
        Assert.Equal(1f, LaneMath.TwoTo(new F32x1(0)).Value, 2.5e-7f);
        Assert.True(float.IsNormal(LaneMath.TwoTo(new F32x1(-1e9f)).Value));
    }

    [Fact]
    public void Pow_loses_what_its_exponent_magnifies()
    {
        // The error of y log x, in units of its own last place, becomes a relative error of e^(y log x): |y log x| units.
        var random = new TestRandom(3);
        for (var i = 0; i < Count / 10; i++)
        {
            var (x, y) = (0.01 + (random.Next() * 100), (random.Next() - 0.5) * 20);
            Assert.InRange(Math.Abs((LaneMath.Pow(x, y) / Math.Pow(x, y)) - 1), 0, 4e-16 * (4 + Math.Abs(y * Math.Log(x))));
        }
    }

    [Fact]
    public void Exp_beyond_its_range_saturates()
    {
        Assert.Equal(0, LaneMath.Exp(-708.4));
        Assert.Equal(0, LaneMath.Exp(double.NegativeInfinity));
        Assert.True(double.IsFinite(LaneMath.Exp(double.PositiveInfinity)) && LaneMath.Exp(double.PositiveInfinity) > 1e308);
        Assert.Equal(0f, LaneMath.Exp(new F32x1(-87.4f)).Value);
        Assert.True(float.IsFinite(LaneMath.Exp(new F32x1(float.PositiveInfinity)).Value));
        Assert.Equal(1, LaneMath.Exp(0));
    }

    [Fact]
    public void Round_goes_to_even()
    {
        Assert.Equal([-2, 0, 0, 2, 2, 4], new[] { -2.5, -0.5, 0.5, 1.5, 2.5, 3.5 }.Select(x => LaneMath.Round(new F64x1(x)).Value));
        Assert.Equal([-2, 0, 2, 2], new[] { -2.5f, 0.5f, 1.5f, 2.5f }.Select(x => LaneMath.Round(new F32x1(x)).Value));
    }

    /// <summary>Greatest error, in units of the last place of the reference.</summary>
    private static double Worst(double from, double to, Func<double, double> mine, Func<double, double> reference)
    {
        var random = new TestRandom(1);
        var worst = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var x = from + (random.Next() * (to - from));
            var right = reference(x);
            worst = Math.Max(worst, Math.Abs(mine(x) - right) / (Math.BitIncrement(Math.Abs(right)) - Math.Abs(right)));
        }

        return worst;
    }

    private static double WorstSingle(double from, double to, Func<float, float> mine, Func<float, float> reference)
    {
        var random = new TestRandom(1);
        var worst = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var x = (float)(from + (random.Next() * (to - from)));
            var right = reference(x);
            worst = Math.Max(worst, Math.Abs(mine(x) - (double)right) / (MathF.BitIncrement(MathF.Abs(right)) - MathF.Abs(right)));
        }

        return worst;
    }
}
#pragma warning restore RS0030
