using MathNet.Numerics;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class NormalFunctionsTests
{
    // 30 digits, computed with mpmath 1.3 at 50 digits: erfc(x).
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.5, 0.479500122186953462317253346108)]
    [InlineData(1.0, 0.157299207050285130658779364917)]
    [InlineData(1.5, 0.0338948535246892729330237383541)]
    [InlineData(2.0, 0.00467773498104726583793074363275)]
    [InlineData(5.0, 1.53745979442803485018834348538e-12)]
    [InlineData(10.0, 2.08848758376254475700078629496e-45)]
    [InlineData(20.0, 5.39586561160790092893499916791e-176)]
    [InlineData(26.0, 5.66319240885614284647572789693e-296)]
    [InlineData(-1.0, 1.84270079294971486934122063508)]
    [InlineData(-3.0, 1.99997790950300141455862722387)]
    public void Erfc_has_its_stated_error(double x, double expected) =>
        Assert.InRange(Math.Abs((NormalFunctions.Erfc(x) / expected) - 1), 0, 2e-14);

    [Fact]
    public void Erf_agrees_with_an_independent_implementation()
    {
        for (var x = -6.0; x <= 6; x += 0.0123)
        {
            Assert.InRange(Math.Abs(NormalFunctions.Erf(x) - SpecialFunctions.Erf(x)), 0, 4e-15);
        }
    }

    // 25 digits, computed with mpmath at 50 digits: sqrt(2) erfinv(2 (word + 1/2) / 2^32 - 1).
    [Theory]
    [InlineData(0u, -6.337957754553789252493251)]
    [InlineData(1u, -6.166429517819750246995799)]
    [InlineData(12345u, -4.535422762090428056311335)]
    [InlineData(1000000u, -3.499768988758381428790495)]
    [InlineData(1073741824u, -0.6744897498297384321480251)]
    [InlineData(2147483647u, -2.918099372916622672289773e-10)]
    [InlineData(2147483648u, 2.918099372916622672289773e-10)]
    [InlineData(3000000000u, 0.5200680618488762178941682)]
    [InlineData(4294967295u, 6.337957754553789252493251)]
    public void The_normal_quantile_has_its_stated_error(uint word, double expected)
    {
        var values = new float[1];
        var standard = ValueDistribution.Normal(0, 1);

        standard.Fill([word], values.AsSpan());

        Assert.InRange(Math.Abs((standard.Quantile(word) / expected) - 1), 0, 4e-15);
        Assert.InRange(Math.Abs((values[0] / expected) - 1), 0, 4e-7);
    }

    [Fact]
    public void The_quantile_inverts_the_distribution_function()
    {
        var standard = ValueDistribution.Normal(0, 1);
        for (var word = 0UL; word < 1UL << 32; word += 9_999_991)
        {
            var u = (word + 0.5) / 4294967296.0;
            var z = standard.Quantile((uint)word);
            var back = z < 0 ? NormalFunctions.Cdf(z) / u : NormalFunctions.Cdf(-z) / (1 - u);

            // An error e of z moves the tail probability by e z: 40 is z^2 at the last word.
            Assert.InRange(Math.Abs(back - 1), 0, 3e-13);
        }
    }
}
