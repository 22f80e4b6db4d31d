using Snn.Kernels.Neurons;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// A rule by which weights change, as a network file and a reader of documentation see it: names, units and ranges read from its parameters struct, and numbers
/// in flat arrays in the order of that struct. Validation, documentation and kernels all come from here.
/// </summary>
public abstract class LearningRule
{
    private protected LearningRule(IReadOnlyList<ParameterDescription> parameterTable) => ParameterTable = parameterTable;

    /// <summary>The name in a network file: mstdpet.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>The equations, one a line, in plain text.</summary>
    public abstract string Equations { get; }

    /// <summary>How it is computed, and where it differs from the library that it comes from.</summary>
    public abstract string Scheme { get; }

    /// <summary>The papers, and the library that it comes from.</summary>
    public abstract string Reference { get; }

    /// <summary>Where it learns: "layered networks" or "sparse networks".</summary>
    public abstract string Place { get; }

    /// <summary>What a user sets, for a whole projection.</summary>
    public IReadOnlyList<ParameterDescription> ParameterTable { get; }

    /// <summary>Numbers in a parameter set.</summary>
    public int ParameterCount => ParameterTable.Count;

    /// <summary>The default parameter set.</summary>
    public double[] DefaultParameters() => [.. ParameterTable.Select(p => p.Info.Default)];

    /// <summary>What is wrong with a parameter set beyond the ranges of its single parameters; empty if nothing.</summary>
    /// <param name="parameters">[parameter]</param>
    public abstract IEnumerable<ParameterProblem> Check(double[] parameters);
}
