using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>
/// STDP of pairs with traces that jump by one, in the form of snngrow.
/// <code>
/// x_pre = x_pre - x_pre / tau_pre + s_pre,  x_post = x_post - x_post / tau_post + s_post
/// w = w + lr c sum over items (x_pre s_post - s_pre x_post),  c = w within [-1, 1]
/// </code>
/// A weight of 0 never changes, and the rule changes its sign with the weight.
/// </summary>
public sealed class SnngrowStdp : LayerRule<SnngrowStdp.Parameters>
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

        /// <summary>Learning rate.</summary>
        [Parameter(0.01, "", "Learning rate")]
        public double lr;
    }

    /// <inheritdoc/>
    public override string Name => "snngrow_stdp";

    /// <inheritdoc/>
    public override string Summary => "STDP of pairs of spikes, proportional to the weight within [-1, 1] (snngrow's STDP).";

    /// <inheritdoc/>
    public override string Equations => """
        x_pre = x_pre - x_pre / tau_pre + s_pre, x_post = x_post - x_post / tau_post + s_post
        w = w + lr c (sum over batch items of x_pre s_post - s_pre x_post), c = w within [-1, 1]
        """;

    /// <inheritdoc/>
    public override string Reference => "snngrow.";

    /// <inheritdoc/>
    public override TraceSource Traces => TraceSource.Own;

    private protected override LayerRuleKernel Create(Parameters p, LayerWeights weights, int items, int lanes) => new PlainPairKernel(
        new PairRule(1 - (1 / p.tau_pre), 1 - (1 / p.tau_post), WeightDependence.Clamped, WeightDependence.Clamped, p.lr), weights, items, lanes);
}
