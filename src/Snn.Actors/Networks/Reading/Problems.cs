using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Collects what is wrong, so that a user sees all of it at once.</summary>
internal sealed class Problems
{
    /// <summary>Most problems that are shown; nobody reads more.</summary>
    public const int MaxShown = 100;

    private readonly Dictionary<(string Path, string Message), NetworkProblem> _problems = [];
    private int _left;

    /// <summary>How many there are so far.</summary>
    public int Count => _problems.Count;

    /// <summary>Whether there are so many that the wording of a further one does not matter: it is only counted.</summary>
    public bool IsFull => _problems.Count > 5 * MaxShown;

    /// <summary>Adds one; the same message about the same path counts once.</summary>
    public void Add(SourceText? source, int offset, string path, string message)
    {
        if (IsFull)
        {
            _left++;
            return;
        }

        var (line, column) = source?.Place(offset) ?? (0, 0);
        _problems.TryAdd((path, message), new NetworkProblem(path, line, column, message) { Origin = source?.Origin });
    }

    /// <summary>Adds one about a value.</summary>
    public void Add(At at, string message) => Add(at.Value.Source, at.Value.Offset, at.Path, message);

    /// <summary>Adds one about a key.</summary>
    public void AddKey(At parent, SourceMember member, string message) =>
        Add(member.Source, member.Offset, SourcePath.Append(parent.Path, SourcePath.Key(member.Key)), message);

    /// <summary>Whether anything is wrong with a value itself, whatever is within it.</summary>
    public bool Mentions(At at) => _problems.Keys.Any(k => k.Path == at.Path);

    /// <summary>All, in the order of the file, those of the command line last.</summary>
    public IReadOnlyList<NetworkProblem> Sorted()
    {
        var sorted = _problems.Values
            .OrderBy(p => p.Origin is null ? 0 : 1).ThenBy(p => p.Line).ThenBy(p => p.Column)
            .ToList();
        var left = _left + Math.Max(0, sorted.Count - MaxShown);
        if (left > 0)
        {
            sorted.RemoveRange(MaxShown, sorted.Count - MaxShown);
            sorted.Add(new NetworkProblem(SourcePath.Root, sorted[^1].Line, sorted[^1].Column, $"... and {left} more problems; mend these first"));
        }

        return sorted;
    }
}
