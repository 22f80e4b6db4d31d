using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Spike-timing dependent plasticity of triplets of spikes.
/// <code>
/// spike of the target:  |w| = min(|w| + K_plus (Aplus + Aplus_triplet K_minus_triplet), |Wmax|)
/// spike of the source:  |w| = max(|w| - K_minus (Aminus + Aminus_triplet K_plus_triplet), 0)
/// </code>
/// with the slow traces (triplet) just before the spike. Pfister and Gerstner 2006, doi:10.1523/JNEUROSCI.1425-06.2006.
/// </summary>
public sealed class StdpTripletSynapse : SynapseModel<StdpTripletSynapse.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Trace of the source, ms.</summary>
        [Parameter(16.8, "ms", "Time constant of the presynaptic trace", Min = 0, MinExcluded = true)]
        public double tau_plus;

        /// <summary>Slow trace of the source, ms.</summary>
        [Parameter(101, "ms", "Time constant of the slow presynaptic trace", Min = 0, MinExcluded = true)]
        public double tau_plus_triplet;

        /// <summary>Trace of the target, ms.</summary>
        [Parameter(20, "ms", "Time constant of the postsynaptic trace (in NEST a parameter of the postsynaptic neuron)", Min = 0, MinExcluded = true)]
        public double tau_minus;

        /// <summary>Slow trace of the target, ms.</summary>
        [Parameter(110, "ms", "Time constant of the slow postsynaptic trace (in NEST a parameter of the postsynaptic neuron)", Min = 0, MinExcluded = true)]
        public double tau_minus_triplet;

        /// <summary>Potentiation by pairs.</summary>
        [Parameter(5e-10, "", "Potentiation by pairs, in the unit of the weights", Min = 0)]
        public double Aplus;

        /// <summary>Depression by pairs.</summary>
        [Parameter(7e-3, "", "Depression by pairs, in the unit of the weights", Min = 0)]
        public double Aminus;

        /// <summary>Potentiation by triplets.</summary>
        [Parameter(6.2e-3, "", "Potentiation by triplets, in the unit of the weights", Min = 0)]
        public double Aplus_triplet;

        /// <summary>Depression by triplets.</summary>
        [Parameter(2.3e-4, "", "Depression by triplets, in the unit of the weights", Min = 0)]
        public double Aminus_triplet;

        /// <summary>Bound of the weights.</summary>
        [Parameter(100, "", "Greatest weight, with the sign and in the unit of the weights")]
        public double Wmax;
    }

    /// <inheritdoc/>
    public override string Name => "stdp_triplet_synapse";

    /// <inheritdoc/>
    public override string Summary => "Spike-timing dependent plasticity of triplets of spikes.";

    /// <inheritdoc/>
    public override string Equations => """
        spike of the target: |w| = min(|w| + K_plus (Aplus + Aplus_triplet K_minus_triplet), |Wmax|)
        spike of the source: |w| = max(|w| - K_minus (Aminus + Aminus_triplet K_plus_triplet), 0)
        dK_x/dt = -K_x / tau_x + sum of delta(t - t_spike); triplet traces as they are just before the spike
        """;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.Stdp;

    /// <inheritdoc/>
    public override string Reference => "Pfister JP, Gerstner W (2006) J Neurosci 26:9673, doi:10.1523/JNEUROSCI.1425-06.2006.";

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight) =>
        WeightChecks.Within(p.Wmax, leastWeight, greatestWeight);

    private protected override int WeightSign(Parameters p) => Math.Sign(p.Wmax);

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) => new StdpKernel<L, Rule<L>, AllToAll>(
        new Rule<L>(p), new StdpSlopes(dtMs / p.tau_plus, dtMs / p.tau_minus, dtMs / p.tau_plus_triplet, dtMs / p.tau_minus_triplet));

    /// <summary>The equations.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    internal readonly struct Rule<L>(Parameters p) : IStdpRule<L>
        where L : unmanaged, ILanes<L>
    {
        private readonly L _plus = L.Broadcast(p.Aplus);
        private readonly L _plusTriplet = L.Broadcast(p.Aplus_triplet);
        private readonly L _minus = L.Broadcast(p.Aminus);
        private readonly L _minusTriplet = L.Broadcast(p.Aminus_triplet);
        private readonly L _greatest = L.Broadcast(Math.Abs(p.Wmax));
        private readonly L _sign = L.Broadcast(Math.Sign(p.Wmax));

        /// <inheritdoc/>
        public static bool HasSlowTraces => true;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Facilitate(L w, L log2KPlus, L kMinusSlow)
        {
            var strength = L.FusedMultiplyAdd(_plusTriplet, kMinusSlow, _plus);
            return L.Min(L.FusedMultiplyAdd(LaneMath.TwoTo(log2KPlus), strength, L.Abs(w)), _greatest) * _sign;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Depress(L w, L kMinus, L kPlusSlow)
        {
            var strength = L.FusedMultiplyAdd(_minusTriplet, kPlusSlow, _minus);
            return L.Max(L.FusedMultiplyAdd(-kMinus, strength, L.Abs(w)), L.Zero) * _sign;
        }
    }
}
