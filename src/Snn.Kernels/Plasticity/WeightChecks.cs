using System.Globalization;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>Conditions between the weights to start from and the parameters of a rule.</summary>
internal static class WeightChecks
{
    /// <summary>Name under which a problem of the weights is reported.</summary>
    private const string Weight = "weight";

    /// <summary>For rules of positive weights.</summary>
    public static IEnumerable<ParameterProblem> NotNegative(double leastWeight)
    {
        if (leastWeight < 0)
        {
            yield return Problem(Weight, $"a weight can be as low as {leastWeight:G6}; use weights of at least 0");
        }
    }

    /// <summary>A bound of the weights has their sign, and weights start within it.</summary>
    public static IEnumerable<ParameterProblem> Within(double greatest, double leastWeight, double greatestWeight)
    {
        if (greatest == 0)
        {
            yield return new ParameterProblem("Wmax", "Wmax = 0 lets no weight grow; use a bound with the sign of the weights");
        }
        else if (greatest > 0 ? leastWeight < 0 : greatestWeight > 0)
        {
            yield return Problem(
                "Wmax", $"Wmax = {greatest} and weights from {leastWeight:G6} to {greatestWeight:G6} differ in sign; give both one sign");
        }
    }

    /// <summary>A problem, with numbers as everywhere in the world.</summary>
    public static ParameterProblem Problem(string parameter, FormattableString message) =>
        new(parameter, message.ToString(CultureInfo.InvariantCulture));
}
