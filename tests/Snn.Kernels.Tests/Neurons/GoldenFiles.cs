using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>What a golden file holds.</summary>
internal enum GoldenKind
{
    /// <summary>A single neuron driven by a current or by spikes.</summary>
    Neuron,

    /// <summary>A synapse between two spike trains: another test's matter.</summary>
    Synapse,

    /// <summary>Vectors of PySNN, snngrow or snnTorch, or the list of their files: another test's matter.</summary>
    Seeds,

    /// <summary>Nothing that a test knows: an error.</summary>
    Unknown,
}

/// <summary>The golden folder: SNN_GOLDEN_DIR where it is set, else the copy in tests/data.</summary>
internal static partial class GoldenFiles
{
    public static string Folder =>
        Environment.GetEnvironmentVariable("SNN_GOLDEN_DIR") is { Length: > 0 } folder ? folder : Path.Combine(TestData, "golden");

    /// <summary>tests/data of the checkout that the test assembly was built in.</summary>
    public static string TestData => Path.Combine(RepositoryRoot, "tests", "data");

    public static string RepositoryRoot
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Snn.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has Snn.sln.");
        }
    }

    public static IReadOnlyList<string> Descriptions() =>
        [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>By content, never by name.</summary>
    public static GoldenKind Kind(JsonElement root)
    {
        if (root.TryGetProperty("synapse_parameters", out _) && root.TryGetProperty("pre_spike_times_ms", out _))
        {
            return GoldenKind.Synapse;
        }

        if (Seeds.SeedCase.Is(root) || Seeds.SeedCase.IsManifest(root))
        {
            return GoldenKind.Seeds;
        }

        return root.TryGetProperty("model", out _) && root.TryGetProperty("stimulus", out _) && root.TryGetProperty("given_parameters", out _)
            && root.TryGetProperty("recordables", out _)
            ? GoldenKind.Neuron
            : GoldenKind.Unknown;
    }

    public static GoldenKind Kind(string path)
    {
        using var document = Parse(path);
        return Kind(document.RootElement);
    }

    /// <summary>Python writes infinities and NaN bare, which is not JSON: they are read as strings.</summary>
    public static JsonDocument Parse(string path) =>
        JsonDocument.Parse(BareNonFinite().Replace(File.ReadAllText(path), "$1\"$2\""));

    [GeneratedRegex(@"([:\[,]\s*)(-?Infinity|NaN)\b")]
    private static partial Regex BareNonFinite();
}

/// <summary>One recorded neuron: what was set, what came in, what came out.</summary>
internal sealed class GoldenCase
{
    private GoldenCase(string path, JsonElement root)
    {
        Name = Path.GetRelativePath(GoldenFiles.Folder, path);
        var model = root.GetProperty("model").GetString()!;
        Model = NeuronModels.Find(model) ?? throw new InvalidDataException($"{Name}: there is no model '{model}'.");
        DtMs = root.GetProperty("resolution_ms").GetDouble();
        Given = root.GetProperty("given_parameters").EnumerateObject().ToDictionary(p => p.Name, p => Numbers(p.Value));
        Status = root.GetProperty("status_before_simulation").EnumerateObject()
            .Where(p => p.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False || p.Value.ToString().EndsWith("Infinity", StringComparison.Ordinal))
            .ToDictionary(p => p.Name, p => Numbers(p.Value)[0]);
        SpikeSteps = [.. Numbers(root.GetProperty("spike_times_ms")).Select(t => (int)Math.Round(t / DtMs) - 1)];
        Stimulus = root.GetProperty("stimulus").Clone();
        var lines = File.ReadAllLines(Path.ChangeExtension(path, ".csv"));
        Columns = lines[0].Split(',')[1..];
        Rows = [.. lines[1..].Where(l => l.Length > 0).Select(l => l.Split(',')[1..].Select(Number).ToArray())];
        var recordables = root.GetProperty("recordables").EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal);
        if (!recordables.SequenceEqual(Columns.Order(StringComparer.Ordinal)))
        {
            throw new InvalidDataException($"{Name}: the columns of the .csv are not the recordables of the .json.");
        }
    }

    public string Name { get; }

    public NeuronModel Model { get; }

    public double DtMs { get; }

    /// <summary>What was set, parameters and initial state; lists have several numbers.</summary>
    public IReadOnlyDictionary<string, double[]> Given { get; private set; }

    /// <summary>Every number that NEST showed before it ran.</summary>
    public IReadOnlyDictionary<string, double> Status { get; }

    /// <summary>Steps that end with a spike, counted from 0.</summary>
    public int[] SpikeSteps { get; }

    public JsonElement Stimulus { get; }

    public string[] Columns { get; }

    /// <summary>[step][column], the state at the end of the step.</summary>
    public double[][] Rows { get; }

    public static GoldenCase Read(string path)
    {
        using var document = GoldenFiles.Parse(path);
        return new GoldenCase(path, document.RootElement);
    }

    /// <summary>The same case from another potential: wrong on purpose.</summary>
    public GoldenCase WithInitialPotential(double potentialMv)
    {
        var other = (GoldenCase)MemberwiseClone();
        other.Given = new Dictionary<string, double[]>(Given) { ["V_m"] = [potentialMv] };
        return other;
    }

    /// <summary>The parameter set that was given. gsl_error_tol belongs to NEST's integrator and has no counterpart.</summary>
    public double[] Parameters()
    {
        var values = Model.DefaultParameters();
        foreach (var (name, given) in Given)
        {
            if (Model.ParameterTable.FirstOrDefault(p => p.Name == name) is { } parameter)
            {
                given.CopyTo(values, parameter.Index);
            }
            else if (name != "gsl_error_tol" && Model.StateTable.All(v => v.Name != name))
            {
                throw new InvalidDataException($"{Name}: {Model.Name} has neither a parameter nor a state variable '{name}'.");
            }
        }

        return values;
    }

    /// <summary>
    /// What arrives in every step, [step][port]. NEST's times on this grid: a current that changes at t, sent with delay d, flows from the step
    /// (t + d, t + d + dt] on, which is step (t + d) / dt counted from 0: what a kernel's current port is for. A spike that arrives at t + d shows in the state at
    /// t + d, which the step before that, (t + d) / dt - 1, leaves behind.
    /// </summary>
    public double[][] Inputs()
    {
        var inputs = Rows.Select(_ => new double[Model.PortTable.Count]).ToArray();
        var delay = Stimulus.GetProperty("connection_delay_ms").GetDouble();
        var weight = Stimulus.GetProperty("connection_weight").GetDouble();
        switch (Stimulus.GetProperty("type").GetString())
        {
            case "step_current_generator":
                var amplitudes = Numbers(Stimulus.GetProperty("amplitude_values_pA"));
                foreach (var (t, k) in Numbers(Stimulus.GetProperty("amplitude_times_ms")).Select((t, k) => (t, k)))
                {
                    for (var step = Step(t + delay); step < inputs.Length; step++)
                    {
                        inputs[step][Port(PortKind.Current)] = weight * amplitudes[k];
                    }
                }

                break;
            case "spike_generator":
                var weights = Numbers(Stimulus.GetProperty("spike_weights"));
                foreach (var (t, k) in Numbers(Stimulus.GetProperty("spike_times_ms")).Select((t, k) => (t, k)))
                {
                    var w = weight * weights[k];
                    inputs[Step(t + delay) - 1][SpikePort(w)] += w;
                }

                break;
            case var other:
                throw new InvalidDataException($"{Name}: stimulus '{other}' is not understood.");
        }

        return inputs;
    }

    public int Port(PortKind kind) => Model.PortTable.First(p => p.Info.Kind == kind).Column;

    /// <summary>The port for a weight: the only spike port, or by sign.</summary>
    private int SpikePort(double weight) =>
        Model.SpikePorts == 1 ? Port(PortKind.Spikes) : Port(weight < 0 ? PortKind.InhibitorySpikes : PortKind.ExcitatorySpikes);

    private int Step(double tMs) => (int)Math.Round(tMs / DtMs);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double[] Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Numbers)],
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        JsonValueKind.String => [Number(element.GetString()!)],
        _ => [element.GetDouble()],
    };
}
