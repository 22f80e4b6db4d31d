using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

#pragma warning disable CA1708 // U and u are two quantities, and those are their names.

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Short-term depression and facilitation.
/// <code>
/// x = 1 + (x - x u - 1) e^(-h / tau_rec)
/// u = U + u (1 - U) e^(-h / tau_fac)         h: time since the last spike of the source
/// transmitted: w x u
/// </code>
/// Maass and Markram 2002, doi:10.1016/S0893-6080(01)00144-7; Tsodyks, Pawelzik and Markram 1998, doi:10.1162/089976698300017502.
/// </summary>
public sealed class Tsodyks2Synapse : SynapseModel<Tsodyks2Synapse.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Increase of u at a spike.</summary>
        [Parameter(0.5, "", "Probability of release increases by U (1 - u) at a spike", Min = 0, Max = 1)]
        public double U;

        /// <summary>Recovery, ms.</summary>
        [Parameter(800, "ms", "Time constant of recovery from depression", Min = 0, MinExcluded = true)]
        public double tau_rec;

        /// <summary>Facilitation, ms.</summary>
        [Parameter(0, "ms", "Time constant of facilitation; 0: none", Min = 0)]
        public double tau_fac;

        /// <summary>Release probability of the first spike.</summary>
        [Parameter(0.5, "", "Probability of release of the first spike; U for a synapse at rest", Min = 0, Max = 1)]
        public double u;

        /// <summary>Resources at the first spike.</summary>
        [Parameter(1, "", "Part of the resources that is there at the first spike", Min = 0, Max = 1)]
        public double x;
    }

    /// <inheritdoc/>
    public override string Name => "tsodyks2_synapse";

    /// <inheritdoc/>
    public override string Summary => "Short-term depression and facilitation.";

    /// <inheritdoc/>
    public override string Equations => """
        x = 1 + (x - x u - 1) e^(-h / tau_rec), h the time since the last spike of the source
        u = U + u (1 - U) e^(-h / tau_fac)
        transmitted: w x u
        """;

    /// <inheritdoc/>
    public override bool LooksAtTargets => false;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.ShortTerm;

    /// <inheritdoc/>
    public override string Reference =>
        "Maass W, Markram H (2002) Neural Netw 15:155, doi:10.1016/S0893-6080(01)00144-7; Tsodyks M, Pawelzik K, Markram H (1998) Neural Comput 10:821.";

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight) => [];

    private protected override int WeightSign(Parameters p) => 0;

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) => new ShortTermKernel<L, Rule>(new Rule(p, dtMs));

    /// <summary>The equations; the state is (x, u).</summary>
    internal readonly struct Rule(Parameters p, double dtMs) : IShortTermRule
    {
        private readonly double _recovery = -dtMs / p.tau_rec;
        private readonly double _facilitation = p.tau_fac == 0 ? double.NegativeInfinity : -dtMs / p.tau_fac;

        /// <inheritdoc/>
        public static int Numbers => 2;

        /// <inheritdoc/>
        public double Spike(Span<double> state, bool hasSpiked, double steps)
        {
            var (x, u) = (p.x, p.u);
            if (hasSpiked)
            {
                (x, u) = (state[0], state[1]);
                x = 1 + ((x - (x * u) - 1) * LaneMath.Exp(steps * _recovery));
                u = p.U + (u * (1 - p.U) * LaneMath.Exp(steps * _facilitation));
            }

            (state[0], state[1]) = (x, u);
            return x * u;
        }
    }
}
