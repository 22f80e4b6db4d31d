using System.Runtime.CompilerServices;
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

/// <summary>
/// A learning rule of layered networks, as the rest of Snn sees it: names, units and ranges read from its parameters struct. Validation, documentation and kernels
/// all come from here.
/// </summary>
public abstract class LayerRule
{
    private protected LayerRule(Type parameters, int parameterCount)
    {
        ParameterTable = StructDescription.Parameters(parameters);
        ParameterCount = parameterCount;
    }

    /// <summary>The name in a network file: mstdpet.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>The equations, one a line, in plain text.</summary>
    public abstract string Equations { get; }

    /// <summary>The papers, and the library that it comes from.</summary>
    public abstract string Reference { get; }

    /// <summary>What a user sets.</summary>
    public IReadOnlyList<ParameterDescription> ParameterTable { get; }

    /// <summary>Numbers in a parameter set.</summary>
    public int ParameterCount { get; }

    /// <summary>Whether a reward changes the weights.</summary>
    public virtual bool UsesReward => false;

    /// <summary>Whose traces it sees.</summary>
    public abstract TraceSource Traces { get; }

    /// <summary>The default parameter set.</summary>
    public double[] DefaultParameters() => [.. ParameterTable.Select(p => p.Info.Default)];

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
        : base(typeof(TParameters), Unsafe.SizeOf<TParameters>() / sizeof(double))
    {
    }

    /// <inheritdoc/>
    public sealed override LayerRuleKernel CreateKernel(double[] parameters, LayerWeights weights, int items, int lanes = Lanes.LanePolicy.Auto)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(weights);
        return Create(MemoryMarshal.Cast<double, TParameters>(parameters)[0], weights, items, lanes);
    }

    /// <inheritdoc cref="LayerRule.CreateKernel"/>
    private protected abstract LayerRuleKernel Create(TParameters p, LayerWeights weights, int items, int lanes);
}
