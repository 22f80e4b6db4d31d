using System.Text.Json;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Recording;

public class RunDirectoryTests
{
    [Fact]
    public void ANonEmptyDirectoryThatIsNoRunIsRefusedEvenWithForce()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["thesis.tex"], "years of work");
        foreach (var force in new[] { false, true })
        {
            var error = Assert.Throws<RunDirectoryException>(() => RunDirectory.Create(directory.Path, force));
            Assert.Contains("not empty", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["thesis.tex"], Directory.GetFileSystemEntries(directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void ForceReplacesARunAndLeavesWhatTheUserPutThere()
    {
        using var directory = new TemporaryDirectory();
        var old = RunDirectory.Create(directory["run"]);
        File.WriteAllText(old.SpikesFile("E"), "old");
        File.WriteAllText(old.SummaryFile, "old");
        File.WriteAllText(Path.Combine(old.Root, "notes.txt"), "mine");
        Assert.Contains("--force", Assert.Throws<RunDirectoryException>(() => RunDirectory.Create(old.Root)).Message, StringComparison.Ordinal);

        var run = RunDirectory.Create(old.Root, force: true);
        Assert.False(File.Exists(run.SummaryFile));
        Assert.False(File.Exists(run.SpikesFile("E")));
        Assert.True(File.Exists(Path.Combine(run.Root, "notes.txt")));
    }

    [Fact]
    public void RunsAreNumberedAndTwoProcessesNeverShareOne()
    {
        using var directory = new TemporaryDirectory();
        var runs = new RunDirectory[24];
        Parallel.For(0, runs.Length, i => runs[i] = RunDirectory.CreateNext(directory["runs"], "a/b"));
        Assert.Equal(runs.Length, runs.Select(r => r.Root).Distinct().Count());
        Assert.Equal("a%2Fb-001", Path.GetFileName(runs.Select(r => r.Root).Order(StringComparer.Ordinal).First()));
        Assert.Equal(runs.Length, RunDirectory.In(directory["runs"]).Count);
    }

    [Fact]
    public void ADirectoryThatCannotBeMadeIsTheUsersMistake()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["file"], "");
        Assert.Contains("cannot be written", Assert.Throws<RunDirectoryException>(() => RunDirectory.Create(directory["file/run"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void AnEmptyNameIsTheUsersMistake(string path) =>
        Assert.Contains("--out", Assert.Throws<RunDirectoryException>(() => RunDirectory.Create(path)).Message, StringComparison.Ordinal);

    [Fact]
    public void NamesThatAreNoFileNamesAreEscaped()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        Assert.Equal("..%2F..%2Fetc.npz"["..".Length..], Path.GetFileName(run.SpikesFile("../../etc"))["%2E.".Length..]);
        Assert.Equal(Path.Combine(run.Root, "spikes"), Path.GetDirectoryName(run.SpikesFile("../../etc")));
        Assert.NotEqual(run.SpikesFile("a/b"), run.SpikesFile("a%2Fb"));
    }

    [Fact]
    public void ASummaryHasItsKeysInOrderAndIsReadBack()
    {
        using var directory = new TemporaryDirectory();
        var result = new SimulationResult
        {
            Interrupted = false,
            Steps = 1000,
            Threads = 2,
            Workers = 2,
            Lanes = 8,
            Synapses = 100,
            SynapseBytes = 600,
            SynapticEvents = 4_000_000,
            NeuronUpdates = 0,
            Seconds = new SimulationSeconds { Build = 0.5, Simulate = 0.05, Deliver = 0.02 },
            Populations = [new PopulationResult("E->é", 20, 100, 0.75, 5), new PopulationResult("A", 1, 0, null, 1)],
            SpikeHash = 0xAB,
        };
        var summary = RunSummary.Of(TestNetwork.Of(20), result, MachineDescription.Read(), DateTimeOffset.UnixEpoch);
        File.WriteAllText(directory["summary.json"], summary.ToJson());

        using var json = JsonDocument.Parse(File.ReadAllText(directory["summary.json"]));
        var root = json.RootElement;
        Assert.Equal(
            ["status", "started", "network", "versions", "machine", "threads", "ranks", "lanes", "clock", "backend", "simulated_ms", "resumed_from_ms",
             "parent", "snapshots", "neurons", "batch", "synapses", "bytes_per_synapse", "seconds", "real_time_factor", "synaptic_events", "ns_per_event", "late", "neuron_updates",
             "ns_per_update", "peak_memory_bytes", "recorder_waits", "spike_hash", "populations"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("1970-01-01T00:00:00Z", root.GetProperty("started").GetString());
        Assert.Equal("00000000000000ab", root.GetProperty("spike_hash").GetString());
        Assert.Equal(0.5, root.GetProperty("real_time_factor").GetDouble());
        Assert.Equal(10, root.GetProperty("ns_per_event").GetDouble(), 1e-9);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("ns_per_update").ValueKind);
        Assert.Equal(["E->é", "A"], root.GetProperty("populations").EnumerateObject().Select(p => p.Name));
        Assert.Equal(50, root.GetProperty("populations").GetProperty("E->é").GetProperty("rate_hz").GetDouble());
        Assert.Equal(
            ["neurons", "spikes", "rate_hz", "cv_isi", "silent"], root.GetProperty("populations").GetProperty("E->é").EnumerateObject().Select(p => p.Name));
        Assert.Equal(0.25, root.GetProperty("populations").GetProperty("E->é").GetProperty("silent").GetDouble());
        Assert.Equal(1, root.GetProperty("populations").GetProperty("A").GetProperty("silent").GetDouble());
        Assert.Contains("E->é", summary.ToJson(), StringComparison.Ordinal);
        Assert.Equal(summary.ToJson(), RunSummary.Read(directory["summary.json"]).ToJson());

        Assert.Equal(JsonValueKind.Null, root.GetProperty("late").ValueKind);
        var late = summary with { Late = new LateSummary(7, 1, [new LateBin(0.1, 0.1, 7)]) };
        File.WriteAllText(directory["late.json"], late.ToJson());
        Assert.Contains("\"never_delivered\": 1", late.ToJson(), StringComparison.Ordinal);
        Assert.Equal(late.ToJson(), RunSummary.Read(directory["late.json"]).ToJson());
        Assert.True(root.GetProperty("peak_memory_bytes").GetInt64() > 1_000_000);
    }
}
