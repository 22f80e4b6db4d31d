using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Snn.Actors.Tests.Networks;

/// <summary>
/// Makes wrong, odd and extreme network files of right ones: one seed, one mutant, the same on every machine. A mutant is a pure
/// function of (text, seed), so that a failure is reproduced by its seed.
/// </summary>
public sealed class NetworkMutator
{
    private static readonly string[] Extremes =
    [
        "0", "-0.0", "-1", "1", "0.5", "1e-320", "1e-15", "1e15", "1e18", "1e308", "1e999", "-1e999", "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e-9", "0.05", "0.049999999999", "1.0000000001",
        "123456789012345678901234567890", "3.4028236e38", "65535", "65536",
    ];

    private static readonly string[] Texts =
    [
        "\"\"", "\"NaN\"", "\"Infinity\"", "\"E\"", "\"I\"", "\"all_to_all\"", "\"one_to_one\"", "\"poisson\"", "\"dc\"", "\"iaf_psc_exp\"", "\"izhikevich\"",
        "\"..\\\\..\\\\x\"", "\"/\"", "\"\\u0000\"", "\"\\ud800\"", "\"\u00e9\u4e2d\ud83d\ude00\u202e\"", "\"in\"", "\"ex\"", "\"static\"", "\"array\"", "\"double\"",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "[]", "{}", "[[]]", "[null]", "[1, 2]", "[2, 1]", "[0.5]", "{ \"range\": [0, 1] }", "{ \"normal\": {} }",
        "{ \"normal\": { \"mean\": 1, \"std\": 1 } }", "{ \"uniform\": [0, 1] }", "{ \"lognormal\": { \"mu\": 0, \"sigma\": 1 } }",
        "{ \"exponential\": { \"mean\": 1 } }", "{ \"array\": [1] }", "{ \"fixed_indegree\": 1e9 }", "{ \"pairwise_bernoulli\": 1 }",
        "{ \"list\": { \"sources\": [0], \"targets\": [0] } }", "{ \"list\": { \"sources\": [], \"targets\": [] } }", "{ \"fixed_outdegree\": 3 }", "{ \"fixed_total_number\": 1e12 }", "{ \"E\": 1 }",
    ];

    private static readonly string[] Keys =
        ["size", "model", "like", "params", "initial", "rate", "to", "from", "weight", "delay", "neurons", "rule", "start", "stop", "x", "", "normal", "\u202e", "a.b"];

    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private ulong _state;

    private NetworkMutator(ulong seed) => _state = seed;

    /// <summary>A mutant of a network file, as the bytes of a file.</summary>
    /// <param name="text">A right file.</param>
    /// <param name="seed">Which mutant.</param>
    public static byte[] Mutate(string text, int seed)
    {
        var mutator = new NetworkMutator((ulong)(uint)seed);
        var root = JsonNode.Parse(text, documentOptions: Reading)!;
        var times = 1 + mutator.Next(3);
        for (var i = 0; i < times; i++)
        {
            root = mutator.MutateTree(root);
        }

        var bytes = Encoding.UTF8.GetBytes(Print(root));
        return mutator.Next(8) == 0 ? mutator.MutateBytes(bytes) : bytes;
    }

    /// <summary>
    /// The same network, so small that it runs in milliseconds: sizes and numbers of synapses divided and bounded, at most some steps.
    /// What a mutant got wrong stays wrong: only numbers that are right in their places change, and a text that is no JSON comes back as
    /// it is.
    /// </summary>
    /// <param name="text">A network file.</param>
    /// <param name="divisor">By what to divide sizes, in-degrees and out-degrees; numbers of synapses are divided by its square.</param>
    /// <param name="durationMs">Longest duration.</param>
    public static string Shrink(string text, int divisor, double durationMs)
    {
        try
        {
            return Shrink(JsonNode.Parse(text, documentOptions: Reading) ?? new JsonObject(), divisor, durationMs);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // Not JSON, or a key twice, which the library finds only when it comes to it.
            return text;
        }
    }

    private static string Shrink(JsonNode root, int divisor, double durationMs)
    {
        Visit(root, (parent, key, value) =>
        {
            if (value is not JsonValue number || !number.TryGetValue<double>(out var x) || x is < 1 or > int.MaxValue)
            {
                return;
            }

            var smaller = key switch
            {
                "size" or "fixed_indegree" or "fixed_outdegree" => Math.Clamp(Math.Floor(x / divisor), 1, 300),
                "fixed_total_number" => Math.Clamp(Math.Floor(x / divisor / divisor), 1, 20_000),
                "duration" => Math.Min(x, durationMs),
                "batch" => Math.Min(x, 16),
                _ => x,
            };
            if (smaller != x)
            {
                parent[key] = smaller;
            }
        });
        return Print(ShrinkArrays(root, divisor));
    }

    /// <summary>Arrays with one value a neuron shrink with the population, ranges of neurons too.</summary>
    private static JsonNode ShrinkArrays(JsonNode root, int divisor)
    {
        Visit(root, (parent, key, value) =>
        {
            if (value is JsonArray array && array.Count >= divisor && array.Count > 8 && array.All(e => e is JsonValue v && v.TryGetValue<double>(out _)))
            {
                parent[key] = new JsonArray([.. array.Take(Math.Max(1, array.Count / divisor)).Select(e => e!.DeepClone())]);
            }
            else if (key == "range" && value is JsonArray { Count: 2 } range && range[1] is JsonValue end && end.TryGetValue<int>(out var last) && last > divisor)
            {
                range[1] = Math.Max(1, last / divisor);
            }
        });
        return root;
    }

    private static void Visit(JsonNode node, Action<JsonObject, string, JsonNode?> action)
    {
        if (node is JsonObject parent)
        {
            foreach (var (key, value) in parent.ToList())
            {
                action(parent, key, value);
                if (parent[key] is { } child)
                {
                    Visit(child, action);
                }
            }
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array.Where(i => i is not null and not JsonValue).ToList())
            {
                Visit(item!, action);
            }
        }
    }

    private JsonNode MutateTree(JsonNode root)
    {
        var nodes = new List<JsonNode>();
        Collect(root, nodes, Next(3));
        var node = nodes[Next(nodes.Count)];
        switch (Next(10))
        {
            case 0:
                return Delete(node, root);
            case 1:
                Rename(node);
                return root;
            case 2:
                Duplicate(node);
                return root;
            case 3:
                Swap(node, nodes[Next(nodes.Count)]);
                return root;
            case 4 or 5 or 6:
                return Replace(node, root, Raw(Extremes[Next(Extremes.Length)]));
            case 7:
                return Replace(node, root, Raw(Texts[Next(Texts.Length)]));
            case 8:
                return Replace(node, root, Raw(Others[Next(Others.Length)]));
            default:
                return node is JsonValue v && v.TryGetValue<double>(out var x) && double.IsFinite(x)
                    ? Replace(node, root, Raw((x * (Next(2) == 0 ? -1 : 1.37)).ToString("R", CultureInfo.InvariantCulture)))
                    : Replace(node, root, Raw(Texts[Next(Texts.Length)]));
        }
    }

    private byte[] MutateBytes(byte[] bytes)
    {
        var at = Next(bytes.Length);
        switch (Next(4))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes[at] = (byte)Next(256);
                return bytes;
            case 2:
                return [.. bytes[..at], (byte)Next(256), .. bytes[at..]];
            default:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + Next(20))..]];
        }
    }

    private JsonNode Delete(JsonNode node, JsonNode root)
    {
        if (node.Parent is JsonObject parent)
        {
            parent.Remove(node.GetPropertyName());
        }
        else if (node.Parent is JsonArray array)
        {
            array.Remove(node);
        }

        return root;
    }

    private void Rename(JsonNode node)
    {
        if (node.Parent is not JsonObject parent)
        {
            return;
        }

        var old = node.GetPropertyName();
        var name = Next(2) == 0 || old.Length == 0 ? Keys[Next(Keys.Length)] : old.Remove(Next(old.Length), 1);
        parent.Remove(old);
        parent.TryAdd(name, node);
    }

    /// <summary>Objects of the library cannot hold a key twice, so the copy gets a marked key, which is taken away from the text.</summary>
    private void Duplicate(JsonNode node)
    {
        if (node.Parent is JsonObject parent)
        {
            parent.TryAdd(node.GetPropertyName() + (Next(2) == 0 ? Twice : "2"), node.DeepClone());
        }
        else if (node.Parent is JsonArray array)
        {
            array.Add(node.DeepClone());
        }
    }

    private static void Swap(JsonNode a, JsonNode b)
    {
        if (a.Parent is JsonObject pa && b.Parent is JsonObject pb && a is JsonValue && b is JsonValue)
        {
            var (ka, kb) = (a.GetPropertyName(), b.GetPropertyName());
            var (ca, cb) = (a.DeepClone(), b.DeepClone());
            pa[ka] = cb;
            pb[kb] = ca;
        }
    }

    private static JsonNode Replace(JsonNode node, JsonNode root, JsonNode with)
    {
        if (node.Parent is null)
        {
            return with is JsonObject or JsonArray ? with : root;
        }

        node.ReplaceWith(with);
        return root;
    }

    /// <summary>Extreme numbers and broken texts are no JSON values of the library: they travel as marked texts.</summary>
    private static JsonValue Raw(string json) => JsonValue.Create(Marker + json);

    private const string Marker = "~raw~";
    private const string Twice = "~twice~";

    private static string Print(JsonNode root)
    {
        var text = new StringBuilder();
        Print(text, root);
        return text.ToString();
    }

    private static void Print(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parent:
                text.Append('{');
                foreach (var (key, value) in parent)
                {
                    text.Append(text[^1] == '{' ? "" : ",").Append('\n').Append(JsonSerializer.Serialize(key.Replace(Twice, "", StringComparison.Ordinal))).Append(':');
                    Print(text, value);
                }

                text.Append('}');
                break;
            case JsonArray array:
                text.Append('[');
                for (var i = 0; i < array.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    Print(text, array[i]);
                }

                text.Append(']');
                break;
            case JsonValue value when value.TryGetValue<string>(out var s) && s.StartsWith(Marker, StringComparison.Ordinal):
                text.Append(s, Marker.Length, s.Length - Marker.Length);
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    /// <summary>All nodes; of long arrays of numbers only the first ones, or nearly every mutation would hit them.</summary>
    private static void Collect(JsonNode node, List<JsonNode> nodes, int most)
    {
        nodes.Add(node);
        if (node is JsonObject parent)
        {
            foreach (var (_, value) in parent)
            {
                if (value is not null)
                {
                    Collect(value, nodes, most);
                }
            }
        }
        else if (node is JsonArray array)
        {
            var isLong = array.Count > 16 && array[0] is JsonValue;
            foreach (var item in array.Take(isLong ? most : int.MaxValue).Where(i => i is not null))
            {
                Collect(item!, nodes, most);
            }
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): the tests need numbers that stay the same, not good ones.</summary>
    private int Next(int below)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }
}
