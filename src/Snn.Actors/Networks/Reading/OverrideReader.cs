using System.Text;
using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Applies what the command line sets to the tree of a file, before it is checked.</summary>
internal static class OverrideReader
{
    /// <summary>Objects that a setting may create on its way, because they are optional in a file.</summary>
    private static readonly string[] Creatable = ["params", "initial", "record"];

    /// <summary>The tree with all settings.</summary>
    public static SourceValue Apply(SourceValue root, NetworkOverrides overrides, Problems problems)
    {
        foreach (var setting in overrides.Set)
        {
            root = ApplySetting(root, setting, problems);
        }

        root = ApplyOption(root, "duration", overrides.Duration, problems);
        return ApplyOption(root, "seed", overrides.Seed, problems);
    }

    private static SourceValue ApplyOption(SourceValue root, string key, string? value, Problems problems) =>
        value is null ? root : ApplyAt(root, key, value, $"--{key} {Short(value)}", problems);

    private static SourceValue ApplySetting(SourceValue root, string setting, Problems problems)
    {
        var origin = "--set " + Short(setting);
        var equals = IndexOfEquals(setting);
        if (equals <= 0)
        {
            problems.Add(new SourceText([], origin), 0, SourcePath.Root, "a setting is path=value, as in inputs.external.rate=15000 or projections[0].weight=0.2");
            return root;
        }

        return ApplyAt(root, setting[..equals].Trim(), setting[(equals + 1)..].Trim(), origin, problems);
    }

    private static SourceValue ApplyAt(SourceValue root, string path, string value, string origin, Problems problems)
    {
        var source = new SourceText(Encoding.UTF8.GetBytes(value), origin);
        if (SourcePath.Parse(path) is not { Count: > 0 } parts)
        {
            problems.Add(source, 0, SourcePath.Root, $"{Say.Quote(path)} is no path; write keys with dots and places of an array in brackets, as in projections[0].weight");
            return root;
        }

        return ParseValue(source, value, path, problems) is { } parsed
            ? Put(root, parts, 0, parsed, SourcePath.Root, source, problems)
            : root;
    }

    /// <summary>The value: JSON, or a bare word, because shells take quotes away.</summary>
    private static SourceValue? ParseValue(SourceText source, string value, string path, Problems problems)
    {
        var isWord = value.Length > 0 && char.IsLetter(value[0]) && value is not ("true" or "false" or "null")
            && value.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '+' or '.' or '>' or '#' or '/');
        if (isWord)
        {
            return SourceValue.OfText(value, source, 0);
        }

        var ownProblems = new Problems();
        var parsed = SourceParser.Parse(source, ownProblems);
        foreach (var problem in ownProblems.Sorted().Take(1))
        {
            problems.Add(source, 0, path, value.Length == 0 ? "the value is missing after the =" : $"the value {Say.Quote(value)} is not JSON: {problem.Message}");
        }

        return parsed;
    }

    private static SourceValue Put(
        SourceValue node, List<object> parts, int depth, SourceValue value, string path, SourceText source, Problems problems)
    {
        if (depth == parts.Count)
        {
            return value;
        }

        if (parts[depth] is int index)
        {
            var itemPath = SourcePath.Append(path, SourcePath.Index(index));
            if (node.Kind == SourceKind.Array && index < node.Count)
            {
                return node.WithItem(index, Put(node[index], parts, depth + 1, value, itemPath, source, problems));
            }

            var has = node.Kind == SourceKind.Array ? $"has {Say.Some(node.Count, "element")}, the first of which is [0]" : "is no array";
            problems.Add(source, 0, itemPath, $"there is no such element: {(path.Length == 0 ? "the file" : path)} {has}");
            return node;
        }

        var key = (string)parts[depth];
        var keyPath = SourcePath.Append(path, SourcePath.Key(key));
        if (node.Kind != SourceKind.Object)
        {
            problems.Add(source, 0, keyPath, $"{(path.Length == 0 ? "the file" : path)} is {Say.Given(node)}, which has no keys");
            return node;
        }

        var isLast = depth == parts.Count - 1;
        if (node.Find(key) is null && !isLast && !Creatable.Contains(key))
        {
            problems.Add(source, 0, keyPath, $"there is no {Say.Quote(key)} in {(path.Length == 0 ? "the file" : path)}{Say.Instead(key, [.. node.Members.Select(m => m.Key)])}");
            return node;
        }

        var child = node.Find(key)?.Value ?? SourceValue.OfObject(source, 0);
        node.Set(key, Put(child, parts, depth + 1, value, keyPath, source, problems));
        return node;
    }

    /// <summary>The = between path and value: the first one outside brackets.</summary>
    private static int IndexOfEquals(string setting)
    {
        var depth = 0;
        for (var i = 0; i < setting.Length; i++)
        {
            depth += setting[i] == '[' ? 1 : setting[i] == ']' ? -1 : 0;
            if (setting[i] == '=' && depth <= 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static string Short(string text)
    {
        var quoted = Say.Quote(text);
        return quoted[1..^1];
    }
}
