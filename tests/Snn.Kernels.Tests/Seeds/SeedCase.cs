using System.Text.Json;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>One case of the golden vectors of PySNN, snngrow and snnTorch (tests/data/golden/README.md).</summary>
public sealed class SeedCase
{
    private readonly JsonElement _root;

    private SeedCase(string library, string category, JsonElement root)
    {
        Library = library;
        Category = category;
        _root = root;
        Id = root.GetProperty("id").GetString()!;
        Kind = root.GetProperty("kind").GetString()!;
        var tolerance = root.GetProperty("tolerance");
        AbsoluteTolerance = tolerance.TryGetProperty("abs", out var abs) ? abs.GetDouble() : 0;
        RelativeTolerance = tolerance.TryGetProperty("rel", out var rel) ? rel.GetDouble() : 0;
        IsStatistical = tolerance.TryGetProperty("statistical", out var statistical) && statistical.GetBoolean();
        Margin = root.TryGetProperty("min_threshold_margin", out var margin) && margin.ValueKind == JsonValueKind.Number ? margin.GetDouble() : null;
        Raises = root.TryGetProperty("raises", out var raises) && raises.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
    }

    /// <summary>pysnn, snngrow or snntorch.</summary>
    public string Library { get; }

    /// <summary>What it is about.</summary>
    public string Category { get; }

    /// <summary>Unique within library and category.</summary>
    public string Id { get; }

    /// <summary>Class or function under test.</summary>
    public string Kind { get; }

    /// <summary>Absolute part of the tolerance in double precision.</summary>
    public double AbsoluteTolerance { get; }

    /// <summary>Relative part of the tolerance in double precision.</summary>
    public double RelativeTolerance { get; }

    /// <summary>Whether it holds draws: a loose bound only.</summary>
    public bool IsStatistical { get; }

    /// <summary>Smallest distance to a threshold met during the run, if it is known.</summary>
    public double? Margin { get; }

    /// <summary>Whether the input is one that must be refused.</summary>
    public bool Raises { get; }

    /// <summary>Constructor and call parameters.</summary>
    public JsonElement Params => _root.GetProperty("params");

    /// <summary>Inputs: tensors, or objects of tensors.</summary>
    public JsonElement Inputs => _root.GetProperty("inputs");

    /// <summary>Values of the library, as it stands.</summary>
    public JsonElement Expected => _root.GetProperty("expected");

    /// <summary>Values where a corrected implementation differs, or null.</summary>
    public JsonElement? Intended => _root.TryGetProperty("intended", out var intended) && intended.ValueKind == JsonValueKind.Object ? intended : null;

    /// <summary>All cases of a file of golden vectors; null if it is another kind of file.</summary>
    public static IReadOnlyList<SeedCase>? ReadFile(string path)
    {
        using var document = Neurons.GoldenFiles.Parse(path);
        var root = document.RootElement;
        if (!Is(root))
        {
            return null;
        }

        var (library, category) = (root.GetProperty("library").GetString()!, root.GetProperty("category").GetString()!);
        return [.. root.GetProperty("cases").EnumerateArray().Select(c => new SeedCase(library, category, c.Clone()))];
    }

    /// <summary>By content: whether a file holds cases.</summary>
    public static bool Is(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("format", out var format) && format.ValueEquals("snn-golden-1") && root.TryGetProperty("cases", out _);

    /// <summary>By content: whether a file is the list of the others.</summary>
    public static bool IsManifest(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("format", out var format) && format.ValueEquals("snn-golden-1") && root.TryGetProperty("files", out _);

    /// <summary>An input tensor.</summary>
    public SeedTensor Input(string name) => SeedTensor.Of(Inputs.GetProperty(name));

    /// <summary>An input tensor, or null.</summary>
    public SeedTensor? OptionalInput(string name) => Inputs.TryGetProperty(name, out var input) ? SeedTensor.Of(input) : null;

    /// <summary>A parameter that is a number or a tensor; the default where it is not given or None.</summary>
    public SeedTensor Param(string name, double byDefault = double.NaN) =>
        Params.TryGetProperty(name, out var p) && p.ValueKind is JsonValueKind.Number or JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False
            ? SeedTensor.Of(Params.GetProperty(name))
            : new SeedTensor([], [byDefault]);

    /// <summary>A switch.</summary>
    public bool Flag(string name, bool byDefault = false) =>
        Params.TryGetProperty(name, out var p) ? p.ValueKind == JsonValueKind.True : byDefault;

    /// <summary>A word.</summary>
    public string Word(string name, string byDefault = "") =>
        Params.TryGetProperty(name, out var p) && p.ValueKind == JsonValueKind.String ? p.GetString()! : byDefault;

    /// <summary>
    /// Every array that must come out, flat: nested objects have names such as grad.weight. Where the case says what was intended, that replaces
    /// what the library gives, unless <paramref name="literal"/>.
    /// </summary>
    public IReadOnlyDictionary<string, SeedTensor> Outputs(bool literal = false)
    {
        var outputs = new SortedDictionary<string, SeedTensor>(StringComparer.Ordinal);
        Collect(Expected, string.Empty, outputs);
        if (!literal && Intended is { } intended)
        {
            Collect(intended, string.Empty, outputs);
        }

        return outputs;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Library}/{Category}: {Id}";

    private static void Collect(JsonElement element, string prefix, SortedDictionary<string, SeedTensor> outputs)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (SeedTensor.Is(member.Value) || member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                outputs[prefix + member.Name] = SeedTensor.Of(member.Value);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object)
            {
                Collect(member.Value, prefix + member.Name + ".", outputs);
            }
        }
    }
}
