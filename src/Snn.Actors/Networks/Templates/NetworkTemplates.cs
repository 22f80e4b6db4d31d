using System.Reflection;

namespace Snn.Actors.Networks.Templates;

/// <summary>The networks that `snn new` writes: the files of examples/, and the microcircuit at any scale.</summary>
public static class NetworkTemplates
{
    private const string Folder = "examples/";

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["adex"] = "adex-patterns",
        ["izhikevich"] = "izhikevich-1000",
    };

    /// <summary>Names of the templates, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Resources().Select(r => Files.FirstOrDefault(f => f.Value == r).Key ?? r).Order(StringComparer.Ordinal)];

    /// <summary>The text of a template, or null where there is none of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var stream = Assembly().GetManifestResourceStream(Folder + Files.GetValueOrDefault(name, name) + ".json");
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static IEnumerable<string> Resources() => Assembly().GetManifestResourceNames()
        .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
        .Select(n => Path.GetFileNameWithoutExtension(n));

    private static Assembly Assembly() => typeof(NetworkTemplates).Assembly;
}
