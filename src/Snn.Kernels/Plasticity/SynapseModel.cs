using System.Runtime.InteropServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>The learning rule of synapses of sparse networks: a synapse model, in NEST's words, that is not static.</summary>
public abstract class SynapseModel : LearningRule
{
    private protected SynapseModel(Type parameters, (string Name, double Value)? otherDefault)
        : base(Table(parameters, otherDefault))
    {
    }

    /// <inheritdoc/>
    public override string Place => "sparse networks";

    /// <summary>Whether spikes of a third population, the dopamine neurons, change its weights.</summary>
    public virtual bool UsesDopamine => false;

    /// <summary>Whether spikes of targets change its weights.</summary>
    public virtual bool LooksAtTargets => true;

    /// <summary>Whether every synapse has a number of its own beside its weight.</summary>
    /// <param name="parameters">[parameter]</param>
    public bool HasSecondNumber(IReadOnlyList<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var kernel = CreateKernel<F32x1>([.. parameters], 1);
        return kernel.HasSecondNumber;
    }

    /// <summary>What is wrong with a parameter set that is in range, number by number, and the weights to start from; empty if nothing.</summary>
    /// <param name="parameters">[parameter]</param>
    /// <param name="leastWeight">Least weight that a synapse may start from.</param>
    /// <param name="greatestWeight">Greatest weight that a synapse may start from.</param>
    public abstract IEnumerable<ParameterProblem> Check(double[] parameters, double leastWeight, double greatestWeight);

    /// <summary>The sign that all weights keep: 1, -1, or 0 where a synapse may change it or every synapse has its own.</summary>
    /// <param name="parameters">[parameter]</param>
    public abstract int WeightSign(double[] parameters);

    /// <summary>The kernel over some lanes, with its own state where the model has any for the whole projection.</summary>
    internal abstract PlasticKernel CreateKernel<L>(double[] parameters, double dtMs)
        where L : unmanaged, ILanes<L>;

    private static IReadOnlyList<ParameterDescription> Table(Type parameters, (string Name, double Value)? otherDefault)
    {
        var table = StructDescription.Parameters(parameters);
        return otherDefault is { } other ? [.. table.Select(p => p.Name == other.Name ? p with { Info = p.Info.WithDefault(other.Value) } : p)] : table;
    }
}

/// <summary>The typed half of <see cref="SynapseModel"/>.</summary>
/// <typeparam name="TParameters">What a user sets: only double fields, each with [Parameter].</typeparam>
public abstract class SynapseModel<TParameters> : SynapseModel
    where TParameters : unmanaged
{
    /// <param name="otherDefault">A parameter whose default is another one under this name of the model.</param>
    private protected SynapseModel((string Name, double Value)? otherDefault = null)
        : base(typeof(TParameters), otherDefault)
    {
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<ParameterProblem> Check(double[] parameters, double leastWeight, double greatestWeight) =>
        Check(Of(parameters), leastWeight, greatestWeight);

    /// <inheritdoc/>
    public sealed override int WeightSign(double[] parameters) => WeightSign(Of(parameters));

    /// <inheritdoc/>
    internal sealed override PlasticKernel CreateKernel<L>(double[] parameters, double dtMs) => CreateKernel<L>(Of(parameters), dtMs);

    /// <inheritdoc cref="SynapseModel.Check"/>
    private protected abstract IEnumerable<ParameterProblem> Check(TParameters p, double leastWeight, double greatestWeight);

    /// <inheritdoc cref="SynapseModel.WeightSign"/>
    private protected abstract int WeightSign(TParameters p);

    /// <inheritdoc cref="SynapseModel.CreateKernel"/>
    private protected abstract PlasticKernel CreateKernel<L>(TParameters p, double dtMs)
        where L : unmanaged, ILanes<L>;

    private static TParameters Of(double[] parameters) => MemoryMarshal.Cast<double, TParameters>(parameters)[0];
}
