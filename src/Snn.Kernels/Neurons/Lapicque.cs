using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// snnTorch's Lapicque: a membrane of a resistor and a capacitor, by forward Euler.
/// <code>
/// reset = 1 if mem &gt; threshold else 0
/// mem = k R x + (1 - k) mem - reset threshold, k = time_step / (R C)
/// </code>
/// </summary>
public sealed class Lapicque
    : NeuronModel<Lapicque.Parameters, MembraneState<double>, FirstOrderMembrane<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Decay rate, from which what is missing of R and C is derived.</summary>
        [Parameter(0.9, "", "Decay from which what is not given of R and C follows; without effect where both are given", Min = 0, MinExcluded = true, Max = 1, AllowsNull = true)]
        public double beta;

        /// <summary>Resistance.</summary>
        [Parameter(double.NaN, "", "Resistance; null: 1, or by C and beta", Min = 0, MinExcluded = true, AllowsNull = true)]
        public double R;

        /// <summary>Capacitance.</summary>
        [Parameter(double.NaN, "", "Capacitance; null: by R and beta", Min = 0, MinExcluded = true, AllowsNull = true)]
        public double C;

        /// <summary>Time of a step, in units of R C.</summary>
        [Parameter(1, "", "Time of a step, in units of R C", Min = 0, MinExcluded = true)]
        public double time_step;

        /// <summary>What a reset does.</summary>
        [Parameter(0, "", "What a reset does: takes off the threshold, sets to zero, nothing", Choices = ["subtract", "zero", "none"])]
        public double reset_mechanism;

        /// <summary>Threshold and spikes.</summary>
        public SnnTorchSpike spike;
    }

    /// <inheritdoc/>
    public override string Name => "lapicque";

    /// <inheritdoc/>
    public override string Summary => "Lapicque: a membrane of a resistor and a capacitor, by forward Euler.";

    /// <inheritdoc/>
    public override string Equations => """
        reset = 1 if mem > threshold else 0, k = time_step / (R C)
        subtract: mem = k R x + (1 - k) mem - reset threshold
        zero:     mem = (k R x + (1 - k) mem) (1 - reset)
        none:     mem = k R x + (1 - k) mem
        mem > threshold: spike of value graded_spikes_factor
        only beta given: R = 1, C = time_step / (R ln(1 / beta)), as for beta and R; beta and C: R = time_step / (C ln(1 / beta))
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Forward Euler with the step time_step, order 1: beta is what the exact solution would keep of the potential in a step, 1 + ln(beta) what this one keeps.";

    /// <inheritdoc/>
    public override string Library => "snnTorch";

    /// <inheritdoc/>
    public override string Reference => "Lapicque L (1907) J Physiol Pathol Gen 9:620; " + SnnTorch.Paper;

    /// <inheritdoc/>
    public override bool EmitsValues => Common.spike.EmitsValues;

    /// <inheritdoc/>
    public override bool IsIndivisible => Common.spike.inhibition != 0;

    /// <summary>The R, C and beta of a parameter set, what is not given derived from the rest.</summary>
    public static (double R, double C, double Beta) Resolve(in Parameters p)
    {
        if (!double.IsNaN(p.R) && !double.IsNaN(p.C))
        {
            return (p.R, p.C, LaneMath.Exp(-p.time_step / (p.R * p.C)));
        }

        var rate = LaneMath.Log(1 / p.beta);
        if (!double.IsNaN(p.C))
        {
            return (p.time_step / (p.C * rate), p.C, p.beta);
        }

        var r = double.IsNaN(p.R) ? 1 : p.R;
        return (r, p.time_step / (r * rate), p.beta);
    }

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => SnnTorch.CreateKernel<L, MembraneState<L>, FirstOrderMembrane<L>, FirstOrderKernel<L>>(this, Common.spike, 1);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs)
    {
        var isGiven = !double.IsNaN(p.R) && !double.IsNaN(p.C);
        if (!isGiven && double.IsNaN(p.beta))
        {
            yield return new ParameterProblem("beta", "beta is null, and R and C are not both given; give beta, or R and C");
        }
        else if (!isGiven && p.beta == 1)
        {
            yield return new ParameterProblem("beta", "beta = 1 does not decay, for which R C would be infinite; use beta < 1, or give R and C");
        }

        foreach (var problem in SnnTorchReset.Check(p.spike))
        {
            yield return problem;
        }
    }

    /// <inheritdoc/>
    protected override FirstOrderMembrane<double> Derive(in Parameters p, double dtMs)
    {
        var (r, c, _) = Resolve(p);
        var k = p.time_step / (r * c);
        return new FirstOrderMembrane<double>
        {
            Decay = 1 - k,
            Gain = k * r,
            ZeroesInput = p.reset_mechanism == SnnTorchReset.Zero ? 1 : 0,
            Reset = SnnTorchReset.Derive(p.spike, p.reset_mechanism),
        };
    }

    /// <inheritdoc/>
    protected override MembraneState<double> Initialize(in Parameters p) => default;
}
