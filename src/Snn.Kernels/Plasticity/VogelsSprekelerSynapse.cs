using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Symmetric plasticity of inhibitory synapses, which balances excitation.
/// <code>
/// spike of the target:  |w| = min(|w| + eta K_plus, |Wmax|)
/// spike of the source:  |w| = max(min(|w| + eta K_minus, |Wmax|) - eta alpha, 0)
/// </code>
/// Vogels, Sprekeler, Zenke, Clopath and Gerstner 2011, doi:10.1126/science.1211095.
/// </summary>
public sealed class VogelsSprekelerSynapse : SynapseModel<VogelsSprekelerSynapse.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Trace of the source, ms.</summary>
        [Parameter(20, "ms", "Time constant of the presynaptic trace", Min = 0, MinExcluded = true)]
        public double tau;

        /// <summary>Trace of the target, ms.</summary>
        [Parameter(
            20, "ms", "Time constant of the postsynaptic trace (in NEST a parameter of the postsynaptic neuron); tau for the published rule", Min = 0, MinExcluded = true)]
        public double tau_minus;

        /// <summary>Depression at every presynaptic spike.</summary>
        [Parameter(0.12, "", "Depression at every presynaptic spike, relative to eta: twice the target rate times tau", Min = 0)]
        public double alpha;

        /// <summary>Learning rate.</summary>
        [Parameter(0.001, "", "Learning rate, in the unit of the weights", Min = 0)]
        public double eta;

        /// <summary>Bound of the weights.</summary>
        [Parameter(1, "", "Greatest weight, with the sign and in the unit of the weights")]
        public double Wmax;
    }

    /// <inheritdoc/>
    public override string Name => "vogels_sprekeler_synapse";

    /// <inheritdoc/>
    public override string Summary => "Symmetric plasticity of inhibitory synapses, which balances excitation.";

    /// <inheritdoc/>
    public override string Equations => """
        spike of the target: |w| = min(|w| + eta K_plus, |Wmax|)
        spike of the source: |w| = max(min(|w| + eta K_minus, |Wmax|) - eta alpha, 0)
        dK_plus/dt = -K_plus / tau + sum of delta(t - t_source)
        dK_minus/dt = -K_minus / tau_minus + sum of delta(t - t_target)
        """;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.Stdp;

    /// <inheritdoc/>
    public override string Reference =>
        "Vogels TP, Sprekeler H, Zenke F, Clopath C, Gerstner W (2011) Science 334:1569, doi:10.1126/science.1211095.";

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight) =>
        WeightChecks.Within(p.Wmax, leastWeight, greatestWeight);

    private protected override int WeightSign(Parameters p) => Math.Sign(p.Wmax);

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) =>
        new StdpKernel<L, Rule<L>, AllToAll>(new Rule<L>(p), new StdpSlopes(dtMs / p.tau, dtMs / p.tau_minus));

    /// <summary>The equations.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    internal readonly struct Rule<L>(Parameters p) : IStdpRule<L>
        where L : unmanaged, ILanes<L>
    {
        private readonly L _eta = L.Broadcast(p.eta);
        private readonly L _etaAlpha = L.Broadcast(p.eta * p.alpha);
        private readonly L _greatest = L.Broadcast(Math.Abs(p.Wmax));
        private readonly L _sign = L.Broadcast(Math.Sign(p.Wmax));

        /// <inheritdoc/>
        public static bool HasSlowTraces => false;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Facilitate(L w, L log2KPlus, L kMinusSlow) => Grow(w, LaneMath.TwoTo(log2KPlus)) * _sign;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Depress(L w, L kMinus, L kPlusSlow) => L.Max(Grow(w, kMinus) - _etaAlpha, L.Zero) * _sign;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private L Grow(L w, L trace) => L.Min(L.FusedMultiplyAdd(_eta, trace, L.Abs(w)), _greatest);
    }
}
