using System.Globalization;
using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>
/// Reward-modulated STDP with eligibility traces.
/// <code>
/// e = e_trace_decay e + a_pre (x_pre s_post) - a_post (s_pre x_post)       for every batch item and synapse
/// w = w + lr mean over items (reward e), held within w_min and w_max
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

        /// <summary>Least weight.</summary>
        [Parameter(double.NaN, "", "Least weight; null: none", AllowsNull = true)]
        public double w_min;

        /// <summary>Greatest weight.</summary>
        [Parameter(double.NaN, "", "Greatest weight; null: none", AllowsNull = true)]
        public double w_max;
    }

    /// <inheritdoc/>
    public override string Name => "mstdpet";

    /// <inheritdoc/>
    public override string Summary => "STDP modulated by a reward, with eligibility traces (PySNN's MSTDPET).";

    /// <inheritdoc/>
    public override string Equations => """
        e = e_trace_decay e + a_pre (trace of the source) (spike of the target) - a_post (spike of the source) (trace of the target)
        w = w + lr mean over batch items, and positions of a kernel, of (reward e), held within w_min and w_max
        """;

    /// <inheritdoc/>
    public override string Reference => "Florian RV (2007) Neural Comput 19:1468, doi:10.1162/neco.2007.19.6.1468; PySNN. The bounds are Florian's; PySNN has none.";

    /// <inheritdoc/>
    public override bool UsesReward => true;

    /// <inheritdoc/>
    public override TraceSource Traces => TraceSource.OfBoth;

    private protected override IEnumerable<ParameterProblem> Check(Parameters p)
    {
        if (p.w_min >= p.w_max)
        {
            yield return new ParameterProblem("w_min", string.Create(
                CultureInfo.InvariantCulture, $"w_min = {p.w_min} is not below w_max = {p.w_max}; use w_min < w_max"));
        }
    }

    private protected override LayerRuleKernel Create(Parameters p, LayerWeights weights, int items, int lanes) => new Kernel(p, weights, items, lanes);

    private sealed unsafe class Kernel : LayerRuleKernel
    {
        private readonly Parameters _p;
        private readonly bool _isBounded;
        private readonly bool[] _hasPairs;
        private readonly void* _eligibility;

        public Kernel(Parameters p, LayerWeights weights, int items, int lanes)
            : base(weights, items, lanes)
        {
            _p = p;
            _isBounded = !double.IsNaN(p.w_min) || !double.IsNaN(p.w_max);
            _hasPairs = new bool[items];
            _eligibility = StateArray("eligibility", Arithmetic.SynapseNumbers, isByRow: true);
        }

        public override void Observe(int item, in LayerActivity activity)
        {
            base.Observe(item, activity);
            _hasPairs[item] = _p.e_trace_decay != 0 || Arithmetic.AnySpike(activity.PostSpikes, Weights.Shape.Locations * (long)Weights.Stride)
                || (_p.a_post != 0 && Arithmetic.AnySpike(activity.PreSpikes, Weights.DelayCount * (long)Weights.Shape.SourceCount));
        }

        public override void Learn(ReadOnlySpan<double> rewards, bool changesWeights, int firstRow, int lastRow)
        {
            // An eligibility that does not outlive its step is one of this step's pairs: without any, nothing changes.
            if (!_hasPairs.Contains(true))
            {
                return;
            }

            for (var item = 0; item < Items; item++)
            {
                var own = At(_eligibility, item * Arithmetic.SynapseNumbers);
                Arithmetic.UpdateEligibility(in Activity[item], own, _p.e_trace_decay, _p.a_pre, _p.a_post, firstRow, lastRow);
            }

            if (!changesWeights)
            {
                return;
            }

            Arithmetic.Reward(_eligibility, rewards, Items, _p.lr, firstRow, lastRow);
            if (_isBounded)
            {
                Arithmetic.Hold(Or(_p.w_min, double.NegativeInfinity), Or(_p.w_max, double.PositiveInfinity), firstRow, lastRow);
            }
        }

        private static double Or(double bound, double none) => double.IsNaN(bound) ? none : bound;
    }
}
