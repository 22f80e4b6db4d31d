using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>
/// Reward-modulated STDP with eligibility traces.
/// <code>
/// e = e_trace_decay e + a_pre (x_pre s_post) - a_post (s_pre x_post)       for every batch item and synapse
/// w = w + lr mean over items (reward e)
/// </code>
/// x: traces of the populations, s: spikes; s_pre those that leave the delay line. Florian 2007, doi:10.1162/neco.2007.19.6.1468, as PySNN has it.
/// </summary>
public sealed class Mstdpet : LayerRule<Mstdpet.Parameters>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Strength of the causal term.</summary>
        [Parameter(1, "", "Strength of pairs in which the source's spike comes first")]
        public double a_pre;

        /// <summary>Strength of the acausal term.</summary>
        [Parameter(1, "", "Strength of pairs in which the target's spike comes first")]
        public double a_post;

        /// <summary>Learning rate.</summary>
        [Parameter(0.01, "", "Learning rate")]
        public double lr;

        /// <summary>Factor of the eligibility a step.</summary>
        [Parameter(0.9, "", "Factor of the eligibility in every step", Min = 0, Max = 1)]
        public double e_trace_decay;
    }

    /// <inheritdoc/>
    public override string Name => "mstdpet";

    /// <inheritdoc/>
    public override string Summary => "STDP modulated by a reward, with eligibility traces (PySNN's MSTDPET).";

    /// <inheritdoc/>
    public override string Equations => """
        e = e_trace_decay e + a_pre (trace of the source) (spike of the target) - a_post (spike of the source) (trace of the target)
        w = w + lr mean over batch items, and positions of a kernel, of (reward e)
        """;

    /// <inheritdoc/>
    public override string Reference => "Florian RV (2007) Neural Comput 19:1468, doi:10.1162/neco.2007.19.6.1468; PySNN.";

    /// <inheritdoc/>
    public override bool UsesReward => true;

    /// <inheritdoc/>
    public override TraceSource Traces => TraceSource.OfBoth;

    private protected override LayerRuleKernel Create(Parameters p, LayerWeights weights, int items, int lanes) => new Kernel(p, weights, items, lanes);

    private sealed unsafe class Kernel : LayerRuleKernel
    {
        private readonly Parameters _p;
        private readonly void* _eligibility;

        public Kernel(Parameters p, LayerWeights weights, int items, int lanes)
            : base(weights, items, lanes)
        {
            _p = p;
            _eligibility = StateArray("eligibility", Arithmetic.SynapseNumbers, isByRow: true);
        }

        public override void Learn(ReadOnlySpan<double> rewards, bool changesWeights, int firstRow, int lastRow)
        {
            for (var item = 0; item < Items; item++)
            {
                var own = At(_eligibility, item * Arithmetic.SynapseNumbers);
                Arithmetic.UpdateEligibility(in Activity[item], own, _p.e_trace_decay, _p.a_pre, _p.a_post, firstRow, lastRow);
            }

            if (changesWeights)
            {
                Arithmetic.Reward(_eligibility, rewards, Items, _p.lr, firstRow, lastRow);
            }
        }
    }
}
