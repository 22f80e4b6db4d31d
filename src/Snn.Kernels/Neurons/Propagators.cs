using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Entries of the exact propagator of a leaky membrane over one step (Rotter and Diesmann 1999), computed so that they stay exact where
/// two time constants meet.
/// </summary>
internal static class Propagators
{
    /// <summary>Constant current -&gt; V_m: tau_m / C_m (1 - e^(-h / tau_m)), mV/pA.</summary>
    public static double Constant(double tauMembraneMs, double capacitancePf, double dtMs) =>
        -tauMembraneMs / capacitancePf * LaneMath.ExpMinusOne(-dtMs / tauMembraneMs);

    /// <summary>
    /// Exponentially decaying current -&gt; V_m: (1/C_m) e^(-h/tau_m) integral over (0, h) of e^(s (1/tau_m - 1/tau_syn)) ds, mV/pA.
    /// </summary>
    public static double Exponential(double tauSynapseMs, double tauMembraneMs, double capacitancePf, double dtMs)
    {
        var difference = (1 / tauMembraneMs) - (1 / tauSynapseMs);
        var x = difference * dtMs;
        // (e^x - 1) / x h, whose value at x = 0 is h.
        var integral = Math.Abs(x) < 1e-12 ? dtMs * (1 + (x / 2)) : LaneMath.ExpMinusOne(x) / difference;
        return LaneMath.Exp(-dtMs / tauMembraneMs) * integral / capacitancePf;
    }

    /// <summary>
    /// Slope dI of an alpha-shaped current -&gt; V_m: (1/C_m) e^(-h/tau_m) integral over (0, h) of s e^(s (1/tau_m - 1/tau_syn)) ds, mV ms/pA.
    /// </summary>
    public static double Alpha(double tauSynapseMs, double tauMembraneMs, double capacitancePf, double dtMs)
    {
        var x = ((1 / tauMembraneMs) - (1 / tauSynapseMs)) * dtMs;
        return LaneMath.Exp(-dtMs / tauMembraneMs) * dtMs * dtMs * FirstMoment(x) / capacitancePf;
    }

    /// <summary>
    /// Integral over (0, 1) of u e^(x u) du = (1 + e^x (x - 1)) / x^2. The closed form cancels near zero; the series, sum of
    /// x^k / (k! (k + 2)), does not.
    /// </summary>
    private static double FirstMoment(double x)
    {
        if (Math.Abs(x) > 1)
        {
            return (1 + (LaneMath.Exp(x) * (x - 1))) / (x * x);
        }

        var term = 1.0;
        var sum = 0.5;
        for (var k = 1; k <= 18; k++)
        {
            term *= x / k;
            sum += term / (k + 2);
        }

        return sum;
    }
}
