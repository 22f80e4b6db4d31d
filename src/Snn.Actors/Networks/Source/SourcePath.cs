namespace Snn.Actors.Networks.Source;

/// <summary>JSON paths as messages and overrides write them: populations.E.params.tau_m, projections[0].weight.</summary>
internal static class SourcePath
{
    /// <summary>The root.</summary>
    public const string Root = "";

    /// <summary>A key as part of a path; quoted where it is no plain name.</summary>
    public static string Key(string key) =>
        key.Length is > 0 and <= 64 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '$')
            ? key
            : "[" + Reading.Say.Quote(key) + "]";

    /// <summary>An index as part of a path.</summary>
    public static string Index(int index) => "[" + Reading.Say.Number(index) + "]";

    /// <summary>A path one part longer.</summary>
    public static string Append(string path, string part) =>
        path.Length == 0 || part.Length == 0 || part[0] == '[' ? path + part : path + "." + part;

    /// <summary>The path of those parts.</summary>
    public static string Join(IEnumerable<string> parts) => parts.Aggregate(Root, Append);
}
