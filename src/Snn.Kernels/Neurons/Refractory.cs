namespace Snn.Kernels.Neurons;

/// <summary>How a refractory period falls on the grid of dt.</summary>
internal static class Refractory
{
    /// <summary>
    /// Whole steps that cover a refractory period, rounded up as NEST does. The thousandth of a step is for periods that are whole steps
    /// but for the rounding of the division: 0.6 / 0.2 is a little more than 3 for some binary fractions, a little less for others.
    /// </summary>
    public static double Steps(double refractoryMs, double dtMs) => Math.Ceiling((refractoryMs / dtMs) - 1e-3);
}
