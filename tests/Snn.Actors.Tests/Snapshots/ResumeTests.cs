using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Actors.Tests.Recording;
using Snn.Actors.Tests.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>Promise 3: a run that goes on from a snapshot gives the very files of one that never stopped.</summary>
public sealed class ResumeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly int[] _threads = [1, 2, 5];

    public static TheoryData<string, double, string> Examples
    {
        get
        {
            var data = new TheoryData<string, double, string>();
            foreach (var store in new[] { "sqlite", "postgres" })
            {
                data.Add("adex-patterns.json", 200, store);
                data.Add("brunel-small.json", 150, store);
                data.Add("brunel.json", 45, store);
                data.Add("coba.json", 120, store);
                data.Add("cuba.json", 120, store);
                data.Add("izhikevich-1000.json", 150, store);
                data.Add("microcircuit-10pct.json", 60, store);
                data.Add("mstdpet-xor.json", 1200, store);
                data.Add("pysnn-mlp.json", 1000, store);
                data.Add("stdp-balanced.json", 45, store);
                data.Add("synaptic-layers.json", 1000, store);
                data.Add("../tests/data/networks/layers.json", 1200, store);
                data.Add("../tests/data/networks/learning.json", 120, store);
                data.Add("../tests/data/networks/plastic.json", 300, store);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void ResumedEqualsUninterruptedToTheLastByte(string file, double durationMs, string store)
    {
        var network = Runs.Example(file, durationMs);
        using var directory = new TemporaryDirectory();
        var whole = RunDirectory.Create(directory["whole"]);
        var expected = Simulate(network, whole, new SimulationOptions { Threads = 2 });
        using var kept = SnapshotStores.Open(
            store == "sqlite" ? $"sqlite:{directory["store.sqlite"]}" : postgres.Server.Store, TimeProvider.System);
        kept.Save(new StoredRun(file, network.Name, NetworkFile.ToText(network), null, ""));
        var snapshots = new List<Snapshot>();
        var cut = RunDirectory.Create(directory["cut"]);
        Simulate(network, cut, new SimulationOptions { Threads = 3, Snapshots = KeptSnapshots.Policy(snapshots, durationMs / 11) });
        Assert.InRange(snapshots.Count, 5, 12);

        // From the last to the first: a recording is cut back, never out.
        foreach (var (snapshot, threads) in Five(snapshots, new Random(file.Length)).Zip([3, 1, 4, 3, 2]))
        {
            kept.Write(file, snapshot);
            var result = Simulate(network, cut, new SimulationOptions { Threads = threads, Resume = kept.Read(file, snapshot.Manifest.Step) });

            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.Equal(expected.Populations, result.Populations);
            Assert.Equal(0, result.AllocatedBytes);
            Assert.Equal(RunFiles.Of(whole), RunFiles.Of(cut));
        }
    }

    /// <summary>All state of every model is in a snapshot, also what only some parameters make.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void EveryLibraryModelGoesOn(int batch)
    {
        var network = LibraryModelTests.Network(40, batch);
        using var directory = new TemporaryDirectory();
        var whole = RunDirectory.Create(directory["whole"]);
        var expected = Simulate(network, whole, new SimulationOptions { Threads = 1 });
        var snapshots = new List<Snapshot>();
        var cut = RunDirectory.Create(directory["cut"]);
        Simulate(network, cut, new SimulationOptions { Threads = 3, Snapshots = KeptSnapshots.Policy(snapshots, 10) });
        foreach (var snapshot in snapshots.AsEnumerable().Reverse())
        {
            Assert.Equal(expected.SpikeHash, Simulate(network, cut, new SimulationOptions { Threads = 2, Resume = snapshot }).SpikeHash);
            Assert.Equal(RunFiles.Of(whole), RunFiles.Of(cut));
        }
    }

    /// <summary>Every rule by itself: what one forgets, another one would hide.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void ARuleGoesOn(string rule)
    {
        var network = Runs.FromText($$"""
            { "snn": 1, "duration": 200, "seed": 2,
              "populations": { "E": { "size": 60, "model": "iaf_psc_exp" } },
              "inputs": { "drive": { "model": "poisson", "to": "E", "rate": 9000, "weight": 48 } },
              "projections": [ { "from": "E", "to": "E", "rule": { "fixed_indegree": 10 }, "weight": 40, "delay": { "uniform": [0.5, 5] },
                "learning": { "rule": "{{rule}}"{{(rule == "stdp_dopamine_synapse" ? ", \"dopamine\": \"E\", \"A_plus\": 0.05, \"A_minus\": 0.05" : "")}} } } ],
              "record": { "weights": "E->E" } }
            """);
        using var directory = new TemporaryDirectory();
        var whole = RunDirectory.Create(directory["whole"]);
        var expected = Simulate(network, whole, new SimulationOptions { Threads = 1 });
        Assert.Equal(0, expected.AllocatedBytes);
        var snapshots = new List<Snapshot>();
        var cut = RunDirectory.Create(directory["cut"]);
        Assert.Equal(expected.SpikeHash, Simulate(network, cut, new SimulationOptions { Threads = 3, Snapshots = KeptSnapshots.Policy(snapshots, 30) }).SpikeHash);
        foreach (var snapshot in snapshots.AsEnumerable().Reverse())
        {
            Assert.Equal(expected.SpikeHash, Simulate(network, cut, new SimulationOptions { Threads = 2, Resume = snapshot }).SpikeHash);
            Assert.Equal(RunFiles.Of(whole), RunFiles.Of(cut));
        }
    }

    public static TheoryData<string> Rules() => [.. Kernels.Plasticity.SynapseModels.All.Where(m => m.Name != "vogels_sprekeler_synapse").Select(m => m.Name)];

    [Theory]
    [InlineData(100.3)]
    [InlineData(100.5)]
    [InlineData(1.2)]
    public void ARunGoesOnForLongerThanPlanned(double firstMs)
    {
        var network = Runs.Example("brunel-small.json", firstMs);
        using var directory = new TemporaryDirectory();
        var whole = RunDirectory.Create(directory["whole"]);
        var expected = Simulate(Runs.Example("brunel-small.json", 171), whole, new SimulationOptions { Threads = 1 });
        var snapshots = new List<Snapshot>();
        var run = RunDirectory.Create(directory["run"]);
        Simulate(network, run, new SimulationOptions { Threads = 2, Snapshots = KeptSnapshots.Policy(snapshots, 1e9, atEnd: true) });

        var last = Assert.Single(snapshots);
        // A slice has 15 steps: most of these ends are within one.
        Assert.Equal(network.DurationSteps, last.Manifest.Step);
        var result = Simulate(Runs.Example("brunel-small.json", 171), run, new SimulationOptions { Threads = 3, Resume = last, Snapshots = KeptSnapshots.Policy([], 1e9) });

        Assert.Equal(expected.SpikeHash, result.SpikeHash);
        Assert.Equal(RunFiles.Of(whole), RunFiles.Of(run));
    }

    [Fact]
    public void ASnapshotIsTheSameForAnyNumberOfThreads()
    {
        var network = Runs.Example("brunel-small.json", 60);
        var all = _threads.Select(threads =>
        {
            var snapshots = new List<Snapshot>();
            Simulate(network, null, new SimulationOptions { Threads = threads, Snapshots = KeptSnapshots.Policy(snapshots, 1e9, atEnd: true) });
            return snapshots[0];
        }).ToArray();

        foreach (var other in all[1..])
        {
            KeptSnapshots.AssertSame(all[0], other);
        }
    }

    [Fact]
    public void AFlippedBitOfTheStateChangesTheSpikes()
    {
        // The canary of this class: state that was not restored would be noticed.
        var network = Runs.Example("brunel-small.json", 120);
        var snapshots = new List<Snapshot>();
        var expected = Simulate(network, null, new SimulationOptions { Threads = 2, Snapshots = KeptSnapshots.Policy(snapshots, 30) });
        foreach (var name in new[] { "state/E/V_m", "spikes/E/neurons" })
        {
            var array = snapshots[1][name];
            var data = array.Data.ToArray();
            data[array.Name.StartsWith("state", StringComparison.Ordinal) ? 2 : 0] ^= 0x40; // a bit of a potential; another neuron
            var arrays = new Dictionary<string, SnapshotArray>(snapshots[1].Arrays) { [name] = array with { Data = data } };

            var result = Simulate(network, null, new SimulationOptions { Threads = 2, Resume = snapshots[1] with { Arrays = arrays } });

            Assert.NotEqual(expected.SpikeHash, result.SpikeHash);
        }
    }

    [Fact]
    public void ASnapshotOfAnotherNetworkIsRefused()
    {
        var snapshots = new List<Snapshot>();
        Simulate(Runs.Example("brunel-small.json", 60), null, new SimulationOptions { Snapshots = KeptSnapshots.Policy(snapshots, 20) });
        string Refusal(Network network, bool continues = true) => Assert.Throws<SnapshotException>(
            () => Simulate(network, null, new SimulationOptions { Resume = snapshots[0], ContinuesRecording = continues })).Message;

        Assert.Contains("of another network: its parameters hash to", Refusal(Runs.Example("brunel-small.json", 60, seed: "7")), StringComparison.Ordinal);
        Assert.Contains("its population 'E' has", Refusal(Runs.Example("brunel.json", 60), continues: false), StringComparison.Ordinal);
        Assert.Contains("after the end at 10 ms; give a longer --duration", Refusal(Runs.Example("brunel-small.json", 10)), StringComparison.Ordinal);
    }

    private static SimulationResult Simulate(Network network, RunDirectory? run, SimulationOptions options) =>
        new Simulator().Run(network, options, run, null, TestContext.Current.CancellationToken);

    /// <summary>Five of them, the last first.</summary>
    private static Snapshot[] Five(List<Snapshot> snapshots, Random random) =>
        [.. snapshots.OrderBy(_ => random.Next()).Take(5).OrderByDescending(s => s.Manifest.Step)];
}
