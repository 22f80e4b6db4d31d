using System.Globalization;

namespace Snn.Actors.Recording;

/// <summary>What a part holds.</summary>
internal enum PartKind
{
    /// <summary>Spikes of a population.</summary>
    Spikes,

    /// <summary>Samples of a state recording.</summary>
    State,
}

/// <summary>
/// The name of a part says all that is needed to merge it: what it holds, and of which neurons. A run that is resumed, perhaps with other
/// shards, writes parts of the next generation.
/// </summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Of">Index of the population or of the state recording.</param>
/// <param name="Generation">0 for a run that was never resumed.</param>
/// <param name="First">First neuron, or first column, of the shard.</param>
/// <param name="Count">Neurons, or columns, of the shard.</param>
internal readonly record struct PartName(PartKind Kind, int Of, int Generation, int First, int Count)
{
    private const string Extension = ".part";

    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{(Kind == PartKind.Spikes ? "spikes" : "state")}.{Of}.{Generation}.{First}.{Count}{Extension}");

    /// <summary>The parts of a directory, in the order of what they hold, generation and first neuron; other files are not ours.</summary>
    public static IReadOnlyList<PartName> In(string directory)
    {
        var parts = new List<PartName>();
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Extension))
        {
            if (TryParse(Path.GetFileName(path)) is { } part)
            {
                parts.Add(part);
            }
        }

        return [.. parts.OrderBy(p => p.Kind).ThenBy(p => p.Of).ThenBy(p => p.Generation).ThenBy(p => p.First)];
    }

    private static PartName? TryParse(string fileName)
    {
        var fields = fileName.Split('.');
        if (fields.Length != 6 || fields[0] is not ("spikes" or "state"))
        {
            return null;
        }

        Span<int> numbers = stackalloc int[4];
        for (var i = 0; i < 4; i++)
        {
            if (!int.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        var kind = fields[0] == "spikes" ? PartKind.Spikes : PartKind.State;
        return new PartName(kind, numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
