using System.Globalization;

namespace Snn.Kernels.Neurons;

/// <summary>Conditions between parameters that several models share.</summary>
internal static class CommonChecks
{
    /// <summary>A reset at or above the threshold would spike without end.</summary>
    public static IEnumerable<ParameterProblem> ResetBelowThreshold(double resetMv, double thresholdMv)
    {
        if (!(resetMv < thresholdMv))
        {
            yield return new ParameterProblem("V_reset", string.Create(
                CultureInfo.InvariantCulture,
                $"V_reset = {resetMv} mV is not below V_th = {thresholdMv} mV; use V_reset < V_th"));
        }
    }

    /// <summary>A refractory period that is not zero lasts at least a step.</summary>
    public static IEnumerable<ParameterProblem> RefractoryPeriod(double refractoryMs, double dtMs)
    {
        if (refractoryMs > 0 && refractoryMs < dtMs / 2)
        {
            yield return new ParameterProblem("t_ref", string.Create(
                CultureInfo.InvariantCulture,
                $"t_ref = {refractoryMs} ms is shorter than dt = {dtMs} ms; use t_ref >= dt, t_ref = 0 or a smaller dt"));
        }
    }
}
