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
    public static string Folder { get; } = Find(Environment.GetEnvironmentVariable("SNN_GOLDEN_DIR"));

    /// <summary>The copy in tests/data.</summary>
    public static string Copy => Path.Combine(TestData, "golden");

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

    /// <summary>
    /// The folder that a variable names. A runner starts the tests in the folder of their assembly, so that a path which was right for the caller need not
    /// be right here: it is tried from the working directory and from the root of the checkout.
    /// </summary>
    /// <param name="given">The variable; null or empty: the copy in tests/data.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static string Find(string? given)
    {
        if (string.IsNullOrEmpty(given))
        {
            return Copy;
        }

        string[] candidates = [Path.GetFullPath(given), Path.GetFullPath(given, RepositoryRoot)];
        return candidates.FirstOrDefault(Directory.Exists)
            ?? throw new DirectoryNotFoundException($"SNN_GOLDEN_DIR={given}: there is neither {string.Join(" nor ", candidates.Distinct())}.");
    }

    /// <summary>All .json files of a folder.</summary>
    /// <param name="folder">Null: <see cref="Folder"/>.</param>
    public static IReadOnlyList<string> Descriptions(string? folder = null) =>
        [.. Directory.EnumerateFiles(folder ?? Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The .csv that has the trace of a neuron's description: with its recordables as columns; where several have, that of the same name.</summary>
    /// <param name="description">A .json of kind <see cref="GoldenKind.Neuron"/>.</param>
    /// <param name="folder">Where to look.</param>
    /// <exception cref="InvalidDataException">There is none, or several that nothing tells apart.</exception>
    public static string TraceOf(string description, string folder)
    {
        using var document = Parse(description);
        var recordables = document.RootElement.GetProperty("recordables").EnumerateArray().Select(r => r.GetString()!).Order(StringComparer.Ordinal).ToArray();
        bool Fits(string csv) => File.ReadLines(csv).FirstOrDefault()?.Split(',')[1..].Order(StringComparer.Ordinal).SequenceEqual(recordables) == true;
        var named = Path.ChangeExtension(description, ".csv");
        if (File.Exists(named) && Fits(named))
        {
            return named;
        }

        // What belongs to another description by its name is not this one's.
        var free = Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
            .Where(csv => !File.Exists(Path.ChangeExtension(csv, ".json")) && Fits(csv))
            .ToArray();
        return free.Length == 1
            ? free[0]
            : throw new InvalidDataException(
                $"{description}: {free.Length} .csv files have the columns {string.Join(", ", recordables)} and belong to no other description; name the right one {Path.GetFileName(named)}");
    }

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
    private GoldenCase(string path, JsonElement root, string folder)
    {
        Name = Path.GetRelativePath(folder, path);
        var model = root.GetProperty("model").GetString()!;
        Model = NeuronModels.Find(model) ?? throw new InvalidDataException($"{Name}: there is no model '{model}'.");
        DtMs = root.GetProperty("resolution_ms").GetDouble();
        Given = root.GetProperty("given_parameters").EnumerateObject().ToDictionary(p => p.Name, p => Numbers(p.Value));
        Status = root.GetProperty("status_before_simulation").EnumerateObject()
            .Where(p => p.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False || p.Value.ToString().EndsWith("Infinity", StringComparison.Ordinal))
            .ToDictionary(p => p.Name, p => Numbers(p.Value)[0]);
        SpikeSteps = [.. Numbers(root.GetProperty("spike_times_ms")).Select(t => (int)Math.Round(t / DtMs) - 1)];
        Stimulus = root.GetProperty("stimulus").Clone();
        // Where a model of NEST takes no tolerance, it was changed in NEST, and the note says so.
        IsTight = Given.TryGetValue("gsl_error_tol", out var error) ? error[0] <= 1e-9
            : root.TryGetProperty("note", out var note) && note.ValueKind == JsonValueKind.String && note.GetString()!.Contains("(1e-12, 1e-12)", StringComparison.Ordinal);
        var lines = File.ReadAllLines(GoldenFiles.TraceOf(path, folder));
        Columns = lines[0].Split(',')[1..];
        Rows = [.. lines[1..].Where(l => l.Length > 0).Select(l => l.Split(',')[1..].Select(Number).ToArray())];
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

    /// <summary>Whether NEST integrated far more exactly than it does by itself.</summary>
    public bool IsTight { get; }

    public string[] Columns { get; }

    /// <summary>[step][column], the state at the end of the step.</summary>
    public double[][] Rows { get; }

    /// <param name="path">A description.</param>
    /// <param name="folder">Where its trace is; null: <see cref="GoldenFiles.Folder"/>.</param>
    public static GoldenCase Read(string path, string? folder = null)
    {
        using var document = GoldenFiles.Parse(path);
        return new GoldenCase(path, document.RootElement, folder ?? GoldenFiles.Folder);
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
