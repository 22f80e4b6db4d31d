namespace Snn.Kernels.Tests.Seeds;

/// <summary>
/// Runs the cases of one or more categories of golden vectors with the code of Snn. Found by reflection: a class with a constructor without
/// parameters is all that a new category needs.
/// </summary>
public interface ISeedRunner
{
    /// <summary>The categories, as library/category.</summary>
    IReadOnlyList<string> Categories { get; }

    /// <summary>Whether the case is run in single precision too, where its margin allows it.</summary>
    bool RunsInSingle => true;

    /// <summary>Names of outputs that belong to a part of the library that Snn does not have yet (gradients), and why.</summary>
    /// <param name="name">Name of the output.</param>
    string? NotYet(string name) => name.StartsWith("grad", StringComparison.Ordinal) ? "gradients come with training" : null;

    /// <summary>Why a whole case waits: it belongs to a part of the library that Snn does not have yet. Null: it runs.</summary>
    /// <param name="golden">The case.</param>
    string? NotYet(SeedCase golden) => null;

    /// <summary>Absolute tolerance of an output besides that of the case: where a case holds random draws.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="name">Name of the output.</param>
    double Slack(SeedCase golden, string name) => 0;

    /// <summary>Whether a case that is far enough from every threshold may be run in single precision.</summary>
    /// <param name="golden">The case.</param>
    bool AllowsSingle(SeedCase golden) => RunsInSingle;

    /// <summary>
    /// Runs a case. Every output that the case has, literal or intended, is to be given by name; one that differs between the two is given as intended,
    /// and a second time under "literal:NAME" where Snn offers both.
    /// </summary>
    /// <param name="golden">The case.</param>
    /// <param name="isDouble">Whether state is in double precision.</param>
    /// <exception cref="Exception">The input is refused: right where the case <see cref="SeedCase.Raises"/>.</exception>
    IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble);
}
