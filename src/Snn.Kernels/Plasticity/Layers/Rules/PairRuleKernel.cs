using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>What rules of pairs of spikes with traces of their own have in common.</summary>
/// <param name="KeepPre">Factor of the source's trace a step.</param>
/// <param name="KeepPost">Factor of the target's trace a step.</param>
/// <param name="Pre">How the acausal term depends on the weight.</param>
/// <param name="Post">How the causal term depends on the weight.</param>
/// <param name="Rate">Learning rate.</param>
internal readonly record struct PairRule(double KeepPre, double KeepPost, WeightDependence Pre, WeightDependence Post, double Rate);

/// <summary>A rule of pairs of spikes: trace += spike in every step, and the change f_post(w) (x_pre s_post) - f_pre(w) (s_pre x_post).</summary>
internal abstract unsafe class PairRuleKernel : LayerRuleKernel
{
    private readonly long _preNumbers;
    private readonly long _postNumbers;
    private readonly void* _preTraces;
    private readonly void* _postTraces;

    private protected PairRuleKernel(PairRule rule, LayerWeights weights, int items, int lanes)
        : base(weights, items, lanes)
    {
        Rule = rule;
        // Whole vectors are read and written.
        _preNumbers = (weights.Shape.SourceCount + LayerWeights.Pad - 1) / LayerWeights.Pad * LayerWeights.Pad;
        _postNumbers = weights.Shape.Locations * (long)weights.Stride;
        _preTraces = StateArray("pre_trace", _preNumbers, isByRow: false);
        _postTraces = StateArray("post_trace", _postNumbers, isByRow: false);
        Causal = Scratch(Arithmetic.SynapseNumbers);
        Acausal = Scratch(Arithmetic.SynapseNumbers);
    }

    /// <summary>Its constants.</summary>
    private protected PairRule Rule { get; }

    /// <summary>Receives the causal term, then the change.</summary>
    private protected void* Causal { get; }

    /// <summary>Receives the acausal term.</summary>
    private protected void* Acausal { get; }

    /// <summary>Both traces with the spikes of the step in them.</summary>
    public override void Observe(int item, in LayerActivity activity)
    {
        var own = activity;
        own.PreTraces = At(_preTraces, item * _preNumbers);
        own.PostTraces = At(_postTraces, item * _postNumbers);
        Arithmetic.UpdateTraces(own.PreTraces, own.PreSpikes, (int)_preNumbers, Rule.KeepPre, 1);
        Arithmetic.UpdateTraces(own.PostTraces, own.PostSpikes, (int)_postNumbers, Rule.KeepPost, 1);
        base.Observe(item, own);
    }

    /// <summary>The change by some items, in <see cref="Causal"/>.</summary>
    private protected void Change(int firstItem, int items, int firstRow, int lastRow)
    {
        Arithmetic.SumPairs(Activity + firstItem, items, firstRow, lastRow, Causal, Acausal);
        Arithmetic.PairChange(Causal, Acausal, Rule.Post, Rule.Pre, firstRow, lastRow);
    }
}

/// <summary>A rule of pairs whose change is applied as it is.</summary>
internal sealed class PlainPairKernel(PairRule rule, LayerWeights weights, int items, int lanes) : PairRuleKernel(rule, weights, items, lanes)
{
    /// <inheritdoc/>
    public override unsafe void Learn(ReadOnlySpan<double> rewards, bool changesWeights, int firstRow, int lastRow)
    {
        if (changesWeights)
        {
            Change(0, Items, firstRow, lastRow);
            Arithmetic.Add(Causal, Rule.Rate, firstRow, lastRow);
        }
    }
}

/// <summary>A rule of pairs whose change becomes an eligibility that a reward makes use of.</summary>
internal sealed unsafe class RewardedPairKernel : PairRuleKernel
{
    private readonly double _decay;
    private readonly void* _eligibility;

    public RewardedPairKernel(PairRule rule, double decay, LayerWeights weights, int items, int lanes)
        : base(rule, weights, items, lanes)
    {
        _decay = decay;
        _eligibility = StateArray("eligibility", Arithmetic.SynapseNumbers, isByRow: true);
    }

    /// <inheritdoc/>
    public override void Learn(ReadOnlySpan<double> rewards, bool changesWeights, int firstRow, int lastRow)
    {
        for (var item = 0; item < Items; item++)
        {
            Change(item, 1, firstRow, lastRow);
            Arithmetic.Gather(At(_eligibility, item * Arithmetic.SynapseNumbers), _decay, Causal, firstRow, lastRow);
        }

        if (changesWeights)
        {
            Arithmetic.Reward(_eligibility, rewards, Items, Rule.Rate * Weights.Shape.Locations, firstRow, lastRow);
        }
    }
}
