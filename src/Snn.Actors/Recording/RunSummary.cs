using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snn.Actors.Networks;
using Snn.Actors.Simulation;

namespace Snn.Actors.Recording;

/// <summary>
/// summary.json: what was run, where, how fast and what came out. Keys come in the order of the properties below, in snake_case; a later
/// version adds keys, and renames none.
/// </summary>
public sealed record RunSummary
{
    /// <summary>done, or interrupted.</summary>
    public required string Status { get; init; }

    /// <summary>When the run began: UTC, ISO 8601.</summary>
    public required string Started { get; init; }

    /// <summary>What was run.</summary>
    public required NetworkSummary Network { get; init; }

    /// <summary>Versions of the simulator and of its runtime.</summary>
    public required VersionSummary Versions { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Workers of a process.</summary>
    public required int Threads { get; init; }

    /// <summary>Processes.</summary>
    public required int Ranks { get; init; }

    /// <summary>Lanes of a vector.</summary>
    public required int Lanes { get; init; }

    /// <summary>Policy of the clock: barrier, async or free.</summary>
    public required string Clock { get; init; }

    /// <summary>What computed: cpu.</summary>
    public required string Backend { get; init; }

    /// <summary>Biological time that was simulated, ms; what was simulated before a resume included.</summary>
    public required double SimulatedMs { get; init; }

    /// <summary>Where this process took the run up, ms; 0 if it began it. Seconds, events and updates count from here.</summary>
    public required double ResumedFromMs { get; init; }

    /// <summary>The run and step of the snapshot that this run branched off from, or null.</summary>
    public string? Parent { get; init; }

    /// <summary>Snapshots that were written.</summary>
    public required int Snapshots { get; init; }

    /// <summary>Neurons, of one batch item.</summary>
    public required long Neurons { get; init; }

    /// <summary>Batch items; null where the network is not layered.</summary>
    public int? Batch { get; init; }

    /// <summary>Synapses.</summary>
    public required long Synapses { get; init; }

    /// <summary>Memory of the synapse tables over the number of synapses; null without synapses.</summary>
    public required double? BytesPerSynapse { get; init; }

    /// <summary>Where the time went, s: see <see cref="SimulationSeconds"/>.</summary>
    public required SimulationSeconds Seconds { get; init; }

    /// <summary>Wall-clock seconds of simulation for a second of biological time: below 1 is faster than nature. Null if no step was taken.</summary>
    public required double? RealTimeFactor { get; init; }

    /// <summary>Weights added to an input.</summary>
    public required long SynapticEvents { get; init; }

    /// <summary>Time of a worker for a synaptic event, ns: seconds.deliver times threads over events; null without events.</summary>
    public required double? NsPerEvent { get; init; }

    /// <summary>What came too late, with the free clock; else null.</summary>
    public LateSummary? Late { get; init; }

    /// <summary>Neurons times steps.</summary>
    public required long NeuronUpdates { get; init; }

    /// <summary>Time of a worker for a neuron and step, ns: seconds.advance times threads over updates; null without updates.</summary>
    public required double? NsPerUpdate { get; init; }

    /// <summary>The most memory the process used, bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>How often a worker waited for the recorder: above zero, the disk was too slow for what was recorded.</summary>
    public required long RecorderWaits { get; init; }

    /// <summary>All spikes in one 64-bit number, 16 hexadecimal digits: see <see cref="Recording.SpikeHash"/>.</summary>
    public required string SpikeHash { get; init; }

    /// <summary>By name, in the order of the network.</summary>
    public required OrderedDictionary<string, PopulationSummary> Populations { get; init; }

    /// <summary>Puts a summary together.</summary>
    /// <param name="network">What was run.</param>
    /// <param name="result">What came out.</param>
    /// <param name="machine">Described before the run.</param>
    /// <param name="started">When it began.</param>
    public static RunSummary Of(Network network, SimulationResult result, MachineDescription machine, DateTimeOffset started)
    {
        var simulatedMs = new StepTimes(network.DtMs).At(result.Steps);
        var resumedFromMs = new StepTimes(network.DtMs).At(result.FirstStep);
        var seconds = result.Seconds;
        return new RunSummary
        {
            Status = result.Interrupted ? "interrupted" : "done",
            Started = started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            Network = NetworkSummary.Of(network, Hex(network.Hash())),
            Versions = VersionSummary.Current,
            Machine = machine,
            Threads = result.Threads,
            Ranks = result.Ranks,
            Lanes = result.Lanes,
            Clock = result.Clock switch { ClockPolicy.Async => "async", ClockPolicy.Free => "free", _ => "barrier" },
            Backend = "cpu",
            SimulatedMs = simulatedMs,
            ResumedFromMs = resumedFromMs,
            Snapshots = result.Snapshots,
            Neurons = network.Populations.Sum(p => (long)p.Size),
            Batch = network.Batch,
            Synapses = result.Synapses,
            BytesPerSynapse = Ratio(result.SynapseBytes, result.Synapses),
            Seconds = seconds,
            RealTimeFactor = Ratio(seconds.Simulate, (simulatedMs - resumedFromMs) / 1000),
            SynapticEvents = result.SynapticEvents,
            NsPerEvent = Ratio(seconds.Deliver * result.Workers * 1e9, result.SynapticEvents),
            Late = LateSummary.Of(result, network.DtMs),
            NeuronUpdates = result.NeuronUpdates,
            NsPerUpdate = Ratio(seconds.Advance * result.Workers * 1e9, result.NeuronUpdates),
            PeakMemoryBytes = MachineDescription.PeakMemoryBytes(),
            RecorderWaits = result.RecorderWaits,
            SpikeHash = Hex(result.SpikeHash),
            Populations = ByName(result.Populations, network.Items, simulatedMs),
        };
    }

    /// <summary>The text of summary.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Readable.RunSummary) + "\n";

    /// <summary>Reads a summary.json.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="JsonException">It is no summary.</exception>
    public static RunSummary Read(string path)
    {
        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize(file, SummaryJson.Readable.RunSummary) ?? throw new JsonException($"{path}: is empty.");
    }

    private static double? Ratio(double numerator, double denominator) => denominator > 0 ? numerator / denominator : null;

    private static string Hex(ulong value) => value.ToString("x16", CultureInfo.InvariantCulture);

    private static OrderedDictionary<string, PopulationSummary> ByName(IReadOnlyList<PopulationResult> results, int items, double simulatedMs)
    {
        var populations = new OrderedDictionary<string, PopulationSummary>(StringComparer.Ordinal);
        foreach (var p in results)
        {
            var rate = Ratio(p.Spikes * 1000.0, (double)p.Neurons * items * simulatedMs);
            populations.Add(p.Name, new PopulationSummary(p.Neurons, p.Spikes, rate, p.CvIsi, (double)p.Silent / p.Neurons));
        }

        return populations;
    }
}

/// <summary>What was run.</summary>
/// <param name="Name">Name of the network.</param>
/// <param name="Hash">From <see cref="Networks.Network.Hash"/>: of all that it declares, 16 hexadecimal digits.</param>
/// <param name="Seed">Seed of every random number.</param>
/// <param name="DtMs">Time step, ms.</param>
/// <param name="DurationMs">Biological time that was asked for, ms.</param>
public sealed record NetworkSummary(string Name, string Hash, ulong Seed, double DtMs, double DurationMs)
{
    internal static NetworkSummary Of(Network network, string hash) =>
        new(network.Name, hash, network.Seed, network.DtMs, new StepTimes(network.DtMs).At(network.DurationSteps));
}

/// <summary>Versions.</summary>
/// <param name="Snn">Of the simulator.</param>
/// <param name="Dotnet">Of the runtime.</param>
public sealed record VersionSummary(string Snn, string Dotnet)
{
    internal static VersionSummary Current { get; } =
        new(typeof(VersionSummary).Assembly.GetName().Version?.ToString(3) ?? "unknown", Environment.Version.ToString());
}

/// <summary>What came out of a population.</summary>
/// <param name="Neurons">Its size.</param>
/// <param name="Spikes">Its spikes.</param>
/// <param name="RateHz">Mean rate of a neuron, Hz; null if no step was taken.</param>
/// <param name="CvIsi">Mean coefficient of variation of the inter-spike intervals; null if no neuron has two of them.</param>
/// <param name="Silent">Share of the neurons that never spiked, in no batch item.</param>
public sealed record PopulationSummary(int Neurons, long Spikes, double? RateHz, double? CvIsi, double Silent);

/// <summary>Serialisation without reflection: it starts faster.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext
{
    /// <summary>With names as they are: "E->I", not its escapes.</summary>
    public static SummaryJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
