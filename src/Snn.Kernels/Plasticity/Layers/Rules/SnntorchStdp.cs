using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>How a change depends on the weight, as words of a network file.</summary>
internal static class WeightFactor
{
    /// <summary>The words: f(w) = w, w within [-1, 1], 1.</summary>
    public const string Proportional = "proportional", Clamped = "clamped", None = "none";

    /// <summary>The factor of a word's index.</summary>
    public static WeightDependence Of(double choice) =>
        choice == 0 ? WeightDependence.Proportional : choice == 1 ? WeightDependence.Clamped : WeightDependence.None;
}

/// <summary>
/// STDP of pairs as snnTorch's learner computes it.
/// <code>
/// x_pre = x_pre - x_pre / tau_pre + s_pre,  x_post = x_post - x_post / tau_post + s_post
/// w = w + lr sum over items (f_post(w) x_pre s_post - f_pre(w) s_pre x_post)
/// </code>
/// </summary>
public sealed class SnntorchStdp : LayerRule<SnntorchStdp.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Time constant of the source's trace, steps.</summary>
        [Parameter(2, "steps", "Time constant of the source's trace", Min = 1)]
        public double tau_pre;

        /// <summary>Time constant of the target's trace, steps.</summary>
        [Parameter(2, "steps", "Time constant of the target's trace", Min = 1)]
        public double tau_post;

        /// <summary>Factor of depression.</summary>
        [Parameter(0, "", "Factor of depression: the weight, the weight within [-1, 1], or 1", Choices = [WeightFactor.Proportional, WeightFactor.Clamped, WeightFactor.None])]
        public double f_pre;

        /// <summary>Factor of potentiation.</summary>
        [Parameter(0, "", "Factor of potentiation: the weight, the weight within [-1, 1], or 1", Choices = [WeightFactor.Proportional, WeightFactor.Clamped, WeightFactor.None])]
        public double f_post;

        /// <summary>Learning rate.</summary>
        [Parameter(0.01, "", "Learning rate")]
        public double lr;
    }

    /// <inheritdoc/>
    public override string Name => "snntorch_stdp";

    /// <inheritdoc/>
    public override string Summary => "STDP of pairs of spikes with a chosen dependence on the weight (snnTorch's stdp helpers).";

    /// <inheritdoc/>
    public override string Equations => """
        x_pre = x_pre - x_pre / tau_pre + s_pre, x_post = x_post - x_post / tau_post + s_post
        w = w + lr sum over batch items, and positions of a kernel, of (f_post(w) x_pre s_post - f_pre(w) s_pre x_post)
        """;

    /// <inheritdoc/>
    public override string Reference => "snnTorch.";

    /// <inheritdoc/>
    public override TraceSource Traces => TraceSource.Own;

    private protected override LayerRuleKernel Create(Parameters p, LayerWeights weights, int items, int lanes) => new PlainPairKernel(
        new PairRule(1 - (1 / p.tau_pre), 1 - (1 / p.tau_post), WeightFactor.Of(p.f_pre), WeightFactor.Of(p.f_post), p.lr), weights, items, lanes);
}

/// <summary>
/// Reward-modulated STDP of pairs as in snnTorch's helpers: traces that decay by exp(-1 / tau), and, with tau_trace above 0, an eligibility that does.
/// <code>
/// e = exp(-1 / tau_trace) e + f_post(w) x_pre s_post - f_pre(w) s_pre x_post       for every batch item
/// w = w + lr mean over items (reward e)
/// </code>
/// </summary>
public sealed class SnntorchMstdpet : LayerRule<SnntorchMstdpet.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Time constant of the source's trace, steps.</summary>
        [Parameter(2, "steps", "Time constant of the source's trace", Min = 0, MinExcluded = true)]
        public double tau_pre;

        /// <summary>Time constant of the target's trace, steps.</summary>
        [Parameter(2, "steps", "Time constant of the target's trace", Min = 0, MinExcluded = true)]
        public double tau_post;

        /// <summary>Time constant of the eligibility, steps.</summary>
        [Parameter(0, "steps", "Time constant of the eligibility; 0: it is that of the step alone (mstdp)", Min = 0)]
        public double tau_trace;

        /// <summary>Factor of depression.</summary>
        [Parameter(0, "", "Factor of depression: the weight, the weight within [-1, 1], or 1", Choices = [WeightFactor.Proportional, WeightFactor.Clamped, WeightFactor.None])]
        public double f_pre;

        /// <summary>Factor of potentiation.</summary>
        [Parameter(0, "", "Factor of potentiation: the weight, the weight within [-1, 1], or 1", Choices = [WeightFactor.Proportional, WeightFactor.Clamped, WeightFactor.None])]
        public double f_post;

        /// <summary>Learning rate.</summary>
        [Parameter(0.01, "", "Learning rate")]
        public double lr;
    }

    /// <inheritdoc/>
    public override string Name => "snntorch_mstdpet";

    /// <inheritdoc/>
    public override string Summary => "STDP of pairs of spikes modulated by a reward, with or without eligibility (snnTorch's mstdp and mstdpet helpers).";

    /// <inheritdoc/>
    public override string Equations => """
        x_pre = exp(-1 / tau_pre) x_pre + s_pre, x_post = exp(-1 / tau_post) x_post + s_post
        e = exp(-1 / tau_trace) e + (sum over positions of a kernel of f_post(w) x_pre s_post - f_pre(w) s_pre x_post)
        w = w + lr mean over batch items of (reward e)
        """;

    /// <inheritdoc/>
    public override string Reference => "Florian RV (2007) Neural Comput 19:1468, doi:10.1162/neco.2007.19.6.1468; snnTorch.";

    /// <inheritdoc/>
    public override bool UsesReward => true;

    /// <inheritdoc/>
    public override TraceSource Traces => TraceSource.Own;

    private protected override LayerRuleKernel Create(Parameters p, LayerWeights weights, int items, int lanes) => new RewardedPairKernel(
        new PairRule(LaneMath.Exp(-1 / p.tau_pre), LaneMath.Exp(-1 / p.tau_post), WeightFactor.Of(p.f_pre), WeightFactor.Of(p.f_post), p.lr),
        p.tau_trace > 0 ? LaneMath.Exp(-1 / p.tau_trace) : 0,
        weights,
        items,
        lanes);
}
