using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

public sealed class NirTests
{
    [Fact]
    public void Export_and_import_are_inverse()
    {
        foreach (var (alpha, beta, threshold) in new[] { (0.0, 0.5, 1.0), (0.9, 0.999, 0.3), (0.25, 0.0, -2.0) })
        {
            var leaky = NirLif.FromLeaky(beta, threshold).ToLeaky();
            Assert.Equal((beta, threshold), (leaky.Beta, leaky.Threshold), Near);
            var synaptic = NirCubaLif.FromSynaptic(alpha, beta, threshold, 1e-3).ToSynaptic(1e-3);
            Assert.Equal((beta, threshold), (synaptic.Beta, synaptic.Threshold), Near);
            Assert.Equal(alpha, synaptic.Alpha, 1e-12);
        }
    }

    [Fact]
    public void What_has_no_counterpart_says_so()
    {
        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
        Assert.Contains("beta = 1 in steps", Message(() => NirLif.FromLeaky(1, 1)), StringComparison.Ordinal);
        Assert.Contains("alpha = -0.1", Message(() => NirCubaLif.FromSynaptic(-0.1, 0.5, 1)), StringComparison.Ordinal);
        Assert.Contains("v_leak = 3", Message(() => new NirLif(1, 1, 3, 1, 0).ToLeaky()), StringComparison.Ordinal);
        Assert.Contains("that is not shorter", Message(() => new NirLif(1e-5, 1, 0, 1, 0).ToLeaky()), StringComparison.Ordinal);
        Assert.Contains("above 0", Message(() => new NirLif(1, 0, 0, 1, 0).ToLeaky()), StringComparison.Ordinal);
    }

    private static bool Near((double A, double B) x, (double A, double B) y) => Math.Abs(x.A - y.A) < 1e-12 && Math.Abs(x.B - y.B) < 1e-12;
}
