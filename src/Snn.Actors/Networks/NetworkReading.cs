using System.Diagnostics.CodeAnalysis;
using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks;

/// <summary>What reading a declaration gave: a network, or everything that is wrong with it.</summary>
/// <param name="Network">The network; null where anything is wrong.</param>
/// <param name="Problems">What is wrong, in the order of the file; empty if nothing.</param>
public sealed record NetworkReading(Network? Network, IReadOnlyList<NetworkProblem> Problems)
{
    /// <summary>Whether there is a network.</summary>
    [MemberNotNullWhen(true, nameof(Network))]
    public bool IsValid => Network is not null;

    /// <summary>What was read, for problems that are found later; null where it could not be read.</summary>
    internal SourceValue? Root { get; init; }

    /// <summary>Problems that were found in the network later, each with the place in the file that it is about: its path, as far as the file has it.</summary>
    /// <param name="problems">Problems with paths, such as those of a simulator.</param>
    public IReadOnlyList<NetworkProblem> Locate(IReadOnlyList<NetworkProblem> problems) => [.. problems.Select(Locate)];

    /// <summary>All problems, one a line, as compilers print them.</summary>
    /// <param name="file">Name of the file as the user gave it; null where there is none.</param>
    public string Format(string? file) => string.Join('\n', Problems.Select(p => p.Format(file)));

    private NetworkProblem Locate(NetworkProblem problem)
    {
        var at = Root;
        foreach (var part in problem.Line > 0 ? [] : SourcePath.Parse(problem.Path) ?? [])
        {
            var next = part is int index
                ? at?.Kind == SourceKind.Array && index < at.Count ? at[index] : null
                : at?.Kind == SourceKind.Object ? at.Find((string)part)?.Value : null;
            if (next is null)
            {
                break;
            }

            at = next;
        }

        if (problem.Line > 0 || at?.Source is not { } source)
        {
            return problem;
        }

        var (line, column) = source.Place(at.Offset);
        return problem with { Line = line, Column = column, Origin = source.Origin };
    }
}

/// <summary>A network was declared in C# with mistakes.</summary>
/// <param name="problems">All of them.</param>
public sealed class NetworkException(IReadOnlyList<NetworkProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems.Select(p => p.Format(null))))
{
    /// <summary>All mistakes.</summary>
    public IReadOnlyList<NetworkProblem> Problems { get; } = problems;
}

/// <summary>What the command line changes in a network file before it is checked.</summary>
public sealed record NetworkOverrides
{
    /// <summary>Settings "path=value", applied in order: inputs.external.rate=15000, projections[0].weight=0.2.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Duration in ms in place of the file's, as the user typed it; null: the file's.</summary>
    public string? Duration { get; init; }

    /// <summary>Seed in place of the file's, as the user typed it; null: the file's.</summary>
    public string? Seed { get; init; }
}
