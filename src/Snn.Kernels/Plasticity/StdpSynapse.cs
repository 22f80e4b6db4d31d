using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// Spike-timing dependent plasticity from additive (exponents 0) to multiplicative (exponents 1).
/// <code>
/// spike of the target:  w = min(w + lambda Wmax (1 - w / Wmax)^mu_plus K_plus, Wmax)
/// spike of the source:  w = max(w - lambda alpha Wmax (w / Wmax)^mu_minus K_minus, 0)
/// </code>
/// Gütig, Aharonov, Rotter and Sompolinsky 2003, doi:10.1523/JNEUROSCI.23-09-03697.2003. Under its other names it starts from another pairing.
/// </summary>
public sealed class StdpSynapse : SynapseModel<StdpSynapse.Parameters>
{
    private readonly int _pairing;

    /// <summary>The model under a name of NEST's.</summary>
    /// <param name="name">Name.</param>
    /// <param name="pairing">The pairing that a user gets who gives none: index of a choice.</param>
    internal StdpSynapse(string name, int pairing)
        : base(("pairing", pairing))
    {
        Name = name;
        _pairing = pairing;
    }

    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Trace of the source, ms.</summary>
        [Parameter(20, "ms", "Time constant of the presynaptic trace", Min = 0, MinExcluded = true)]
        public double tau_plus;

        /// <summary>Trace of the target, ms.</summary>
        [Parameter(20, "ms", "Time constant of the postsynaptic trace (in NEST a parameter of the postsynaptic neuron)", Min = 0, MinExcluded = true)]
        public double tau_minus;

        /// <summary>Learning rate.</summary>
        [Parameter(0.01, "", "Learning rate, as a part of Wmax", Min = 0)]
        public double lambda;

        /// <summary>Depression against potentiation.</summary>
        [Parameter(1, "", "Strength of depression relative to lambda", Min = 0)]
        public double alpha;

        /// <summary>Exponent of potentiation.</summary>
        [Parameter(1, "", "Exponent of the distance from Wmax in potentiation", Min = 0)]
        public double mu_plus;

        /// <summary>Exponent of depression.</summary>
        [Parameter(1, "", "Exponent of the weight in depression", Min = 0)]
        public double mu_minus;

        /// <summary>Bound of the weights.</summary>
        [Parameter(100, "", "Greatest weight, with the sign and in the unit of the weights")]
        public double Wmax;

        /// <summary>Which pairs count: see <see cref="Pairings"/>.</summary>
        [Parameter(
            0,
            "",
            "Which pairs of spikes count",
            Choices = [Pairings.AllToAll, Pairings.NearestSymmetric, Pairings.NearestRestricted, Pairings.PreCentered])]
        public double pairing;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Summary => _pairing switch
    {
        1 => "Spike-timing dependent plasticity of nearest spikes, symmetric.",
        2 => "Spike-timing dependent plasticity of nearest spikes, restricted.",
        3 => "Spike-timing dependent plasticity of nearest spikes, presynaptically centred.",
        _ => "Spike-timing dependent plasticity, additive to multiplicative.",
    };

    /// <inheritdoc/>
    public override string Equations => """
        spike of the target: w = min(w + lambda Wmax (1 - w / Wmax)^mu_plus K_plus, Wmax)
        spike of the source: w = max(w - lambda alpha Wmax (w / Wmax)^mu_minus K_minus, 0)
        dK_plus/dt = -K_plus / tau_plus + sum of delta(t - t_source)
        dK_minus/dt = -K_minus / tau_minus + sum of delta(t - t_target)
        """;

    /// <inheritdoc/>
    public override string Scheme => SchemeText.Stdp;

    /// <inheritdoc/>
    public override string Reference =>
        "Gütig R, Aharonov R, Rotter S, Sompolinsky H (2003) J Neurosci 23:3697, doi:10.1523/JNEUROSCI.23-09-03697.2003; Morrison A, Diesmann M, "
        + "Gerstner W (2008) Biol Cybern 98:459, doi:10.1007/s00422-008-0233-1.";

    private protected override IEnumerable<ParameterProblem> Check(Parameters p, double leastWeight, double greatestWeight) =>
        WeightChecks.Within(p.Wmax, leastWeight, greatestWeight);

    private protected override int WeightSign(Parameters p) => Math.Sign(p.Wmax);

    private protected override PlasticKernel CreateKernel<L>(Parameters p, double dtMs) => p.mu_plus switch
    {
        0 => CreateKernel<L, PowerOfZero>(p, dtMs),
        1 => CreateKernel<L, PowerOfOne>(p, dtMs),
        _ => CreateKernel<L, PowerOfAny>(p, dtMs),
    };

    private static PlasticKernel CreateKernel<L, TPlus>(Parameters p, double dtMs)
        where L : unmanaged, ILanes<L>
        where TPlus : struct, IPower => p.mu_minus switch
        {
            0 => CreateKernel<L, TPlus, PowerOfZero>(p, dtMs),
            1 => CreateKernel<L, TPlus, PowerOfOne>(p, dtMs),
            _ => CreateKernel<L, TPlus, PowerOfAny>(p, dtMs),
        };

    private static PlasticKernel CreateKernel<L, TPlus, TMinus>(Parameters p, double dtMs)
        where L : unmanaged, ILanes<L>
        where TPlus : struct, IPower
        where TMinus : struct, IPower => Pairings.CreateKernel<L, Rule<L, TPlus, TMinus>>(
            p.pairing, new Rule<L, TPlus, TMinus>(p), new StdpSlopes(dtMs / p.tau_plus, dtMs / p.tau_minus));

    /// <summary>The equations, for the weight as a part of Wmax.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TPlus">Kind of the exponent of potentiation.</typeparam>
    /// <typeparam name="TMinus">Kind of the exponent of depression.</typeparam>
    internal readonly struct Rule<L, TPlus, TMinus>(Parameters p) : IStdpRule<L>
        where L : unmanaged, ILanes<L>
        where TPlus : struct, IPower
        where TMinus : struct, IPower
    {
        private readonly L _lambda = L.Broadcast(p.lambda);
        private readonly L _lambdaAlpha = L.Broadcast(p.lambda * p.alpha);
        private readonly L _perWmax = L.Broadcast(1 / p.Wmax);
        private readonly L _wmax = L.Broadcast(p.Wmax);
        private readonly L _plus = L.Broadcast(p.mu_plus);
        private readonly L _minus = L.Broadcast(p.mu_minus);

        /// <inheritdoc/>
        public static bool HasSlowTraces => false;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Facilitate(L w, L log2KPlus, L kMinusSlow)
        {
            var one = L.Broadcast(1);
            var part = w * _perWmax;
            return L.Min(part + (_lambda * TPlus.TimesTwoTo(one - part, _plus, log2KPlus)), one) * _wmax;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Depress(L w, L kMinus, L kPlusSlow)
        {
            var part = w * _perWmax;
            return L.Max(part - (_lambdaAlpha * TMinus.Of(part, _minus) * kMinus), L.Zero) * _wmax;
        }
    }
}
