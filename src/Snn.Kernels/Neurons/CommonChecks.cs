using System.Globalization;

namespace Snn.Kernels.Neurons;

/// <summary>Conditions between parameters that several models share.</summary>
internal static class CommonChecks
{
    /// <summary>A reset at or above the threshold would spike without end.</summary>
    public static IEnumerable<ParameterProblem> ResetBelowThreshold(double resetMv, double thresholdMv) =>
        ResetBelowThreshold("V_reset", resetMv, thresholdMv);

    /// <summary>The same where the reset potential has another name.</summary>
    public static IEnumerable<ParameterProblem> ResetBelowThreshold(string name, double resetMv, double thresholdMv)
    {
        if (!(resetMv < thresholdMv))
        {
            yield return new ParameterProblem(name, string.Create(
                CultureInfo.InvariantCulture,
                $"{name} = {resetMv} mV is not below V_th = {thresholdMv} mV; use {name} < V_th"));
        }
    }

    /// <summary>A refractory period that is not zero lasts at least a step.</summary>
    public static IEnumerable<ParameterProblem> RefractoryPeriod(double refractoryMs, double dtMs)
    {
        if (refractoryMs > 0 && refractoryMs < dtMs * 0.999)
        {
            yield return new ParameterProblem("t_ref", string.Create(
                CultureInfo.InvariantCulture,
                $"t_ref = {refractoryMs} ms is shorter than dt = {dtMs} ms; use t_ref >= dt, t_ref = 0 or a smaller dt"));
        }
    }

    /// <summary>A number that counts something.</summary>
    public static IEnumerable<ParameterProblem> WholeNumber(string name, double value)
    {
        if (value != Math.Floor(value))
        {
            yield return new ParameterProblem(name, string.Create(CultureInfo.InvariantCulture, $"{name} = {value} is not a whole number; round it"));
        }
    }

    /// <summary>Two lists whose elements belong together have the same length: an element without a time constant has infinity there.</summary>
    public static IEnumerable<ParameterProblem> PairedLists(
        string timeConstants, ReadOnlySpan<double> tauMs, string jumps, ReadOnlySpan<double> jump)
    {
        var problems = new List<ParameterProblem>();
        for (var k = 0; k < tauMs.Length; k++)
        {
            if (double.IsPositiveInfinity(tauMs[k]) && jump[k] != 0)
            {
                problems.Add(new ParameterProblem(jumps, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{jumps}[{k}] = {jump[k]} has no time constant; give {timeConstants} as many elements as {jumps}")));
            }
        }

        return problems;
    }
}
