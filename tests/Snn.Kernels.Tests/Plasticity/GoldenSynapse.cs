using System.Globalization;
using System.Text.Json;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Tests.Neurons;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>One recorded synapse between two spike trains: what was set, what came in, what it carried.</summary>
internal sealed class GoldenSynapse
{
    /// <summary>NEST delivers spikes at the end of slices of the shortest delay, that of the generators.</summary>
    private const double SliceMs = 1;

    private GoldenSynapse(string path, JsonElement root)
    {
        Name = Path.GetRelativePath(GoldenFiles.Folder, path);
        var model = root.GetProperty("model").GetString()!;
        Model = SynapseModels.Find(model) ?? throw new InvalidDataException($"{Name}: there is no synapse model '{model}'.");
        DtMs = root.GetProperty("resolution_ms").GetDouble();
        Given = root.GetProperty("synapse_parameters").EnumerateObject()
            .Concat(root.GetProperty("postsynaptic_parameters").EnumerateObject())
            .ToDictionary(p => p.Name, p => p.Value.GetDouble());
        PreSteps = Steps(root.GetProperty("pre_spike_times_ms"), 0);
        PostSteps = Steps(root.GetProperty("post_spike_times_ms"), 0);
        DopamineSteps = root.GetProperty("volume_transmitter") is { ValueKind: JsonValueKind.Object } transmitter
            ? Steps(root.GetProperty("dopa_spike_times_ms(parrot)"), transmitter.GetProperty("dopa_to_vt_delay_ms").GetDouble())
            : [];
        (Columns, State) = ReadTable(Path.ChangeExtension(path, ".state.csv"), keys: 2);
        EventWeights = [.. ReadTable(Path.ChangeExtension(path, ".csv"), keys: 1).Rows.Select(r => r[0])];
        VisibleSpikes = [.. File.ReadAllLines(Path.ChangeExtension(path, ".state.csv"))[1..].Where(l => l.Length > 0).Select(l => Visible(l.Split(',')))];
        if (EventWeights.Length != PreSteps.Length || State.Length != PreSteps.Length + 1)
        {
            throw new InvalidDataException($"{Name}: {EventWeights.Length} weights and {State.Length} states of {PreSteps.Length} spikes.");
        }
    }

    public string Name { get; }

    public SynapseModel Model { get; }

    public double DtMs { get; }

    /// <summary>What was set, of the synapse and of its target.</summary>
    public IReadOnlyDictionary<string, double> Given { get; private set; }

    /// <summary>Steps that end with a spike of the source, counted from 0.</summary>
    public int[] PreSteps { get; }

    /// <summary>The same for the target.</summary>
    public int[] PostSteps { get; }

    /// <summary>Steps in which dopamine spikes reach the synapse.</summary>
    public int[] DopamineSteps { get; }

    /// <summary>Weight that each spike of the source carried. [spike]</summary>
    public double[] EventWeights { get; private set; }

    /// <summary>Names of the state variables, and parameters.</summary>
    public string[] Columns { get; }

    /// <summary>[reading][column]: one reading after each spike of the source, and one at the end.</summary>
    public double[][] State { get; private set; }

    /// <summary>Spikes of the source that had been delivered when the state was read. [reading]</summary>
    public int[] VisibleSpikes { get; }

    /// <summary>Time of the last reading, as a step.</summary>
    public int EndStep { get; } = 3999;

    public double Weight => Given["weight"];

    public int DelaySteps => (int)Math.Round(Given["delay"] / DtMs);

    public static GoldenSynapse Read(string path)
    {
        using var document = GoldenFiles.Parse(path);
        return new GoldenSynapse(path, document.RootElement);
    }

    /// <summary>The same case with another number in its expectations.</summary>
    public GoldenSynapse WithEventWeight(int spike, double weight)
    {
        var other = (GoldenSynapse)MemberwiseClone();
        other.EventWeights = [.. EventWeights];
        other.EventWeights[spike] = weight;
        return other;
    }

    /// <summary>The same case with another number in its expectations.</summary>
    public GoldenSynapse WithState(int reading, int column, double value)
    {
        var other = (GoldenSynapse)MemberwiseClone();
        other.State = [.. State.Select(r => r.ToArray())];
        other.State[reading][column] = value;
        return other;
    }

    /// <summary>The same case with something else set.</summary>
    public GoldenSynapse WithGiven(string name, double value)
    {
        var other = (GoldenSynapse)MemberwiseClone();
        other.Given = new Dictionary<string, double>(Given) { [name] = value };
        return other;
    }

    /// <summary>The parameter set that was given. Traces start from 0 here, and must there.</summary>
    public double[] Parameters()
    {
        var values = Model.DefaultParameters();
        foreach (var (name, given) in Given)
        {
            if (Model.ParameterTable.FirstOrDefault(p => p.Name == name) is { } parameter)
            {
                values[parameter.Index] = given;
            }
            else if (name is not ("weight" or "delay") && (!name.StartsWith('K') || given != 0))
            {
                throw new InvalidDataException($"{Name}: {Model.Name} has no parameter '{name}'.");
            }
        }

        return values;
    }

    private int Visible(string[] line)
    {
        var at = Number(line[1]);
        return PreSteps.Count(s => Math.Ceiling(((s + 1) * DtMs / SliceMs) - 1e-9) * SliceMs <= at);
    }

    private int[] Steps(JsonElement timesMs, double delayMs) =>
        [.. timesMs.EnumerateArray().Select(t => (int)Math.Round((t.GetDouble() + delayMs) / DtMs) - 1)];

    private static (string[] Columns, double[][] Rows) ReadTable(string path, int keys)
    {
        var lines = File.ReadAllLines(path);
        return (lines[0].Split(',')[keys..], [.. lines[1..].Where(l => l.Length > 0).Select(l => l.Split(',')[keys..].Select(Number).ToArray())]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
