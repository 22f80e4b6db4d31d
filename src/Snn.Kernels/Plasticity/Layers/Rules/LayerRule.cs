using System.Runtime.InteropServices;
using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers.Rules;

/// <summary>Whose traces a rule of a layered network sees.</summary>
public enum TraceSource
{
    /// <summary>It keeps its own, of the spikes that leave the delay line and of the target's spikes.</summary>
    Own,

    /// <summary>Those of the source population.</summary>
    OfSource,

    /// <summary>Those of both populations.</summary>
    OfBoth,
}

/// <summary>A learning rule of layered networks.</summary>
public abstract class LayerRule : LearningRule
{
    private protected LayerRule(Type parameters)
        : base(StructDescription.Parameters(parameters))
    {
    }

    /// <inheritdoc/>
    public override string Place => "layered networks";

    /// <inheritdoc/>
    public override string Scheme => (Traces switch
    {
        TraceSource.Own => "The rule keeps traces of its own. ",
        TraceSource.OfSource => "The traces are those of the source population, whose model must have one. ",
        _ => "The traces are those of the two populations, whose models must have one. ",
    }) + "Once a step, after all populations have advanced; sums are taken in the order of batch items, then of positions.";

    /// <summary>What is wrong with a parameter set beyond the ranges of its single parameters; empty if nothing.</summary>
    /// <param name="parameters">[parameter]</param>
    public abstract IEnumerable<ParameterProblem> Check(double[] parameters);

    /// <summary>Whether a reward changes the weights.</summary>
    public virtual bool UsesReward => false;

    /// <summary>Whose traces it sees.</summary>
    public abstract TraceSource Traces { get; }

    /// <summary>The rule for some weights and batch items.</summary>
    /// <param name="parameters">[parameter]</param>
    /// <param name="weights">Weights; not owned.</param>
    /// <param name="items">Batch items.</param>
    /// <param name="lanes">As for <see cref="Lanes.LanePolicy.Choose"/>.</param>
    public abstract LayerRuleKernel CreateKernel(double[] parameters, LayerWeights weights, int items, int lanes = Lanes.LanePolicy.Auto);
}

/// <summary>The typed half of <see cref="LayerRule"/>.</summary>
/// <typeparam name="TParameters">What a user sets: only double fields, each with [Parameter].</typeparam>
public abstract class LayerRule<TParameters> : LayerRule
    where TParameters : unmanaged
{
    private protected LayerRule()
        : base(typeof(TParameters))
    {
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<ParameterProblem> Check(double[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return Check(MemoryMarshal.Cast<double, TParameters>(parameters)[0]);
    }

    /// <inheritdoc/>
    public sealed override LayerRuleKernel CreateKernel(double[] parameters, LayerWeights weights, int items, int lanes = Lanes.LanePolicy.Auto)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(weights);
        return Create(MemoryMarshal.Cast<double, TParameters>(parameters)[0], weights, items, lanes);
    }

    /// <inheritdoc cref="LayerRule.Check"/>
    private protected virtual IEnumerable<ParameterProblem> Check(TParameters p) => [];

    /// <inheritdoc cref="LayerRule.CreateKernel"/>
    private protected abstract LayerRuleKernel Create(TParameters p, LayerWeights weights, int items, int lanes);
}
