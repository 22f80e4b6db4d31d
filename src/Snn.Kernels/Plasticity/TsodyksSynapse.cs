using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

#pragma warning disable CA1708 // U and u are two quantities, and those are their names.

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Short-term depression and facilitation, with the time that resources stay active.
/// <code>
/// between spikes:  dx/dt = z / tau_rec, dy/dt = -y / tau_psc, z = 1 - x - y, du/dt = -u / tau_fac
/// at a spike:      u = u + U (1 - u), then u x moves from x to y
/// transmitted:     w times what moves
/// </code>
/// Tsodyks, Uziel and Markram 2000, J Neurosci 20:RC50.
/// </summary>
public sealed class TsodyksSynapse : SynapseModel<TsodyksSynapse.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Increase of u at a spike.</summary>
        [Parameter(0.5, "", "Utilisation increases by U (1 - u) at a spike", Min = 0, Max = 1)]
        public double U;

        /// <summary>Time that resources are active, ms.</summary>
        [Parameter(3, "ms", "Time constant of the synaptic current, which the target's should equal", Min = 0, MinExcluded = true)]
        public double tau_psc;

        /// <summary>Recovery, ms.</summary>
        [Parameter(800, "ms", "Time constant of recovery from depression", Min = 0, MinExcluded = true)]
        public double tau_rec;

        /// <summary>Facilitation, ms.</summary>
        [Parameter(0, "ms", "Time constant of facilitation; 0: none", Min = 0)]
        public double tau_fac;

        /// <summary>Utilisation at time 0.</summary>
        [Parameter(0, "", "Utilisation at time 0", Min = 0, Max = 1)]
        public double u;

        /// <summary>Recovered resources at time 0.</summary>
        [Parameter(1, "", "Part of the resources that is recovered at time 0", Min = 0, Max = 1)]
        public double x;

        /// <summary>Active resources at time 0.</summary>
        [Parameter(0, "", "Part of the resources that is active at time 0", Min = 0, Max = 1)]
        public double y;
    }

    /// <inheritdoc/>
    public override string Name => "tsodyks_synapse";

    /// <inheritdoc/>
    public override string Summary => "Short-term depression and facilitation, with the time that resources stay active.";

    /// <inheritdoc/>
    public override string Equations => """
        between spikes: dx/dt = z / tau_rec, dy/dt = -y / tau_psc, z = 1 - x - y, du/dt = -u / tau_fac
        at a spike of the source: u = u + U (1 - u), then u x moves from x to y
        transmitted: w times what moves
        """;

    /// <inheritdoc/>
    public override bool LooksAtTargets => false;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.ShortTerm;

    /// <inheritdoc/>
    public override string Reference => "Tsodyks M, Uziel A, Markram H (2000) J Neurosci 20:RC50.";

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight)
    {
        if (p.x + p.y > 1)
        {
            yield return WeightChecks.Problem("x", $"x + y = {p.x + p.y} is more than all resources; use x + y of at most 1");
        }

        if (p.tau_psc == p.tau_rec)
        {
            yield return WeightChecks.Problem("tau_rec", $"tau_rec = tau_psc = {p.tau_psc} ms is a singular case; use values that differ");
        }
    }

    private protected override int WeightSign(Parameters p) => 0;

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) => new ShortTermKernel<L, Rule>(new Rule(p, dtMs));

    /// <summary>The equations; the state is (x, y, u).</summary>
    internal readonly struct Rule(Parameters p, double dtMs) : IShortTermRule
    {
        private readonly double _current = -dtMs / p.tau_psc;
        private readonly double _recovery = -dtMs / p.tau_rec;
        private readonly double _facilitation = p.tau_fac == 0 ? double.NegativeInfinity : -dtMs / p.tau_fac;

        /// <inheritdoc/>
        public static int Numbers => 3;

        /// <inheritdoc/>
        public double Spike(Span<double> state, bool hasSpiked, double steps)
        {
            var (x, y, u) = hasSpiked ? (state[0], state[1], state[2]) : (p.x, p.y, p.u);
            var pyy = LaneMath.Exp(steps * _current);
            var pzz = LaneMath.ExpMinusOne(steps * _recovery);
            var pxy = ((pzz * p.tau_rec) - ((pyy - 1) * p.tau_psc)) / (p.tau_psc - p.tau_rec);
            var z = 1 - x - y;
            u *= LaneMath.Exp(steps * _facilitation);
            x += (pxy * y) - (pzz * z);
            y *= pyy;

            u += p.U * (1 - u);
            var moved = u * x;
            (state[0], state[1], state[2]) = (x - moved, y + moved, u);
            return moved;
        }
    }
}
