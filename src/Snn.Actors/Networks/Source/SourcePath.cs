using System.Globalization;

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

    /// <summary>Keys and indices of a path such as projections[0].weight or populations["my E"].size; null where it is none.</summary>
    public static List<object>? Parse(string path)
    {
        var parts = new List<object>();
        for (var i = 0; i < path.Length;)
        {
            if (path[i] == '[')
            {
                var end = path.IndexOf(']', i);
                if (end < 0)
                {
                    return null;
                }

                var inner = path[(i + 1)..end];
                if (inner is ['"', .., '"'])
                {
                    parts.Add(inner[1..^1]);
                }
                else if (int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                {
                    parts.Add(index);
                }
                else
                {
                    return null;
                }

                i = end + 1;
                continue;
            }

            var start = path[i] == '.' ? i + 1 : i;
            var isMissingDot = i > 0 && path[i] != '.';
            var stop = path.IndexOfAny(['.', '['], start);
            stop = stop < 0 ? path.Length : stop;
            if (isMissingDot || stop == start || (i == 0 && path[0] == '.'))
            {
                return null;
            }

            parts.Add(path[start..stop]);
            i = stop;
        }

        return parts;
    }
}
