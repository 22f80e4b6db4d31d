using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Spike-timing dependent plasticity with a power law for potentiation and depression proportional to the weight.
/// <code>
/// spike of the target:  w = w + lambda w^mu K_plus
/// spike of the source:  w = max(w - lambda alpha w K_minus, 0)
/// </code>
/// Morrison, Aertsen and Diesmann 2007, doi:10.1162/neco.2007.19.6.1437.
/// </summary>
public sealed class StdpPlSynapseHom : SynapseModel<StdpPlSynapseHom.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Trace of the source, ms.</summary>
        [Parameter(20, "ms", "Time constant of the presynaptic trace", Min = 0, MinExcluded = true)]
        public double tau_plus;

        /// <summary>Trace of the target, ms.</summary>
        [Parameter(20, "ms", "Time constant of the postsynaptic trace (in NEST a parameter of the postsynaptic neuron)", Min = 0, MinExcluded = true)]
        public double tau_minus;

        /// <summary>Learning rate, in units of the weight to the power of 1 - mu.</summary>
        [Parameter(0.1, "", "Learning rate", Min = 0)]
        public double lambda;

        /// <summary>Depression against potentiation.</summary>
        [Parameter(1, "", "Strength of depression relative to lambda", Min = 0)]
        public double alpha;

        /// <summary>Exponent of potentiation.</summary>
        [Parameter(0.4, "", "Exponent of the weight in potentiation", Min = 0)]
        public double mu;

        /// <summary>Which pairs count: see <see cref="Pairings"/>.</summary>
        [Parameter(0, "", "Which pairs of spikes count", Choices = [Pairings.AllToAll, Pairings.NearestSymmetric, Pairings.NearestRestricted, Pairings.PreCentered])]
        public double pairing;
    }

    /// <inheritdoc/>
    public override string Name => "stdp_pl_synapse_hom";

    /// <inheritdoc/>
    public override string Summary => "Spike-timing dependent plasticity with power-law potentiation.";

    /// <inheritdoc/>
    public override string Equations => """
        spike of the target: w = w + lambda w^mu K_plus
        spike of the source: w = max(w - lambda alpha w K_minus, 0)
        dK_plus/dt = -K_plus / tau_plus + sum of delta(t - t_source)
        dK_minus/dt = -K_minus / tau_minus + sum of delta(t - t_target)
        """;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.Stdp;

    /// <inheritdoc/>
    public override string Reference => "Morrison A, Aertsen A, Diesmann M (2007) Neural Comput 19:1437, doi:10.1162/neco.2007.19.6.1437.";

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight) =>
        WeightChecks.NotNegative(leastWeight);

    private protected override int WeightSign(Parameters p) => 1;

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) => p.mu switch
    {
        0 => CreateKernel<L, PowerOfZero>(p, dtMs),
        1 => CreateKernel<L, PowerOfOne>(p, dtMs),
        _ => CreateKernel<L, PowerOfAny>(p, dtMs),
    };

    private static PlasticKernel CreateKernel<L, TPower>(Parameters p, double dtMs)
        where L : unmanaged, ILanes<L>
        where TPower : struct, IPower => Pairings.CreateKernel<L, Rule<L, TPower>>(
            p.pairing, new Rule<L, TPower>(p), new StdpSlopes(dtMs / p.tau_plus, dtMs / p.tau_minus));

    /// <summary>The equations.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TPower">Kind of the exponent.</typeparam>
    internal readonly struct Rule<L, TPower>(Parameters p) : IStdpRule<L>
        where L : unmanaged, ILanes<L>
        where TPower : struct, IPower
    {
        private readonly L _lambda = L.Broadcast(p.lambda);
        private readonly L _lambdaAlpha = L.Broadcast(p.lambda * p.alpha);
        private readonly L _mu = L.Broadcast(p.mu);

        /// <inheritdoc/>
        public static bool HasSlowTraces => false;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Facilitate(L w, L log2KPlus, L kMinusSlow) => w + (_lambda * TPower.TimesTwoTo(w, _mu, log2KPlus));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Depress(L w, L kMinus, L kPlusSlow) => L.Max(w - (_lambdaAlpha * w * kMinus), L.Zero);
    }
}
