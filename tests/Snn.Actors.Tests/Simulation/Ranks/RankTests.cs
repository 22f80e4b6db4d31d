using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Actors.Tests.Networks;
using Snn.Actors.Tests.Recording;
using Xunit;

namespace Snn.Actors.Tests.Simulation.Ranks;

/// <summary>Promise 1 over processes: any number of ranks, with any number of threads each, gives the spikes, files, weights and snapshots of one.</summary>
public sealed class RankTests
{
    private static readonly (int Ranks, int[] Threads)[] _layouts = [(2, [1, 1]), (3, [1, 2, 1]), (4, [2, 1, 1, 2]), (1, [3])];

    public static TheoryData<string> Sparse => [.. Runs.Examples.Where(e => !Runs.Example(e).IsLayered)];

    public static TheoryData<string> Layered => [.. Runs.Examples.Where(e => Runs.Example(e) is { IsLayered: true } n && n.Projections.All(p => p.Learning is null))];

    [Theory]
    [MemberData(nameof(Sparse))]
    [MemberData(nameof(Layered))]
    public void AnExampleGivesTheSameFilesOnAnyNumberOfRanks(string file)
    {
        var whole = Runs.Example(file);
        AssertSameEverywhere(whole.IsLayered ? whole : Runs.Example(file, Math.Min(200, whole.DurationSteps * whole.DtMs)));
    }

    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    public void EverySynapseModelGivesTheSameWeightsOnAnyNumberOfRanks(string precision) => AssertSameEverywhere(Plastic(precision));

    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    public void ASnapshotIsTheSameOnAnyNumberOfRanksAndAnyNumberGoesOn(string precision)
    {
        var network = Plastic(precision);
        var everyMs = network.DurationSteps * network.DtMs / 3.4;
        using var directory = new TemporaryDirectory();
        var (expected, files) = Run(network, directory["one"], 1, _ => new SimulationOptions { Threads = 2 });
        var byOne = Snapshots(network, directory["snapshots"], 1, _ => 2, everyMs);
        Assert.Equal(3, byOne.Count);
        foreach (var (ranks, threads) in _layouts)
        {
            var snapshots = Snapshots(network, directory[$"by {ranks}"], ranks, r => threads[r], everyMs);
            Assert.All(byOne.Zip(snapshots), p => AssertSame(p.First, p.Second));
            Assert.Equal(byOne.Count, snapshots.Count);

            // And the other way: what one process kept goes on here, and what was recorded is whole.
            var run = RunDirectory.Create(directory[$"resumed by {ranks}"]);
            var kept = new List<Snapshot>();
            Simulate(network, run, 1, _ => new SimulationOptions { Threads = 1, Snapshots = Keep(kept, everyMs) });
            var (result, after) = Resume(network, run, ranks, r => threads[r], kept[1]);
            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.Equal(files, after);
        }
    }

    [Fact]
    public void AStopOnOneRankStopsAllAtOneStepAndKeepsASnapshot()
    {
        var network = Runs.Example("brunel-small.json", 1e6);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var snapshots = new List<Snapshot>();
        var results = new LocalCluster(3).Run(
            network,
            r => new SimulationOptions { Threads = 1, Snapshots = Keep(snapshots, 1e9, atEnd: true) },
            stop: r => r == 2 ? stop.Token : CancellationToken.None);
        Assert.All(results, r => Assert.True(r.Interrupted));
        Assert.Single(results.Select(r => r.Steps).Distinct());
        Assert.Equal(results[0].Steps, Assert.Single(snapshots).Manifest.Step);
        Assert.InRange(results[0].Steps, 1, network.DurationSteps - 1);
    }

    [Fact]
    public void AStopWhileOneRankBuildsStopsAllBeforeTheFirstStep()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var outcomes = new LocalCluster(3).Outcomes(
            Runs.Example("brunel-small.json"), _ => new SimulationOptions { Threads = 2 }, stop: r => r == 1 ? stop.Token : CancellationToken.None);
        Assert.All(outcomes, o => Assert.True(o.Failure is OperationCanceledException || o.Result is { Steps: 0, Interrupted: true }, $"{o}"));
    }

    [Fact]
    public void ARankThatFailsEndsTheOthers()
    {
        // Its snapshots fail in a way that no store does.
        var outcomes = new LocalCluster(3).Outcomes(
            Runs.Example("brunel-small.json", 1e6),
            r => new SimulationOptions
            {
                Threads = 2,
                Snapshots = new SnapshotPolicy { EveryMs = 20, Write = _ => throw new InvalidOperationException("a bug") },
            });
        Assert.All(outcomes, o => Assert.NotNull(o.Failure));
        Assert.Contains("a bug", outcomes[0].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherNetworkOnOneRankIsRefused()
    {
        var cluster = new LocalCluster(2);
        var networks = new[] { Runs.Example("brunel-small.json"), Runs.Example("brunel-small.json", seed: "7") };
        var failures = new string?[2];
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, r =>
            failures[r] = cluster.OutcomeOf(r, networks[r], new SimulationOptions { Threads = 1 }).Failure?.Message);
        Assert.All(failures, f => Assert.Contains("rank 1 has another network", f, StringComparison.Ordinal));
    }

    [Fact]
    public void ALayeredNetworkThatLearnsIsRefused()
    {
        var outcomes = new LocalCluster(2).Outcomes(Runs.Example("mstdpet-xor.json"), _ => new SimulationOptions { Threads = 1 });
        Assert.All(outcomes, o => Assert.Contains("runs in one process in this version", o.Failure!.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NoDelayOfMessagesChangesAnything(int batch)
    {
        var network = Plastic("single");
        var expected = Runs.Run(network);
        var delayed = 0;
        for (var seed = batch * 100; seed < (batch * 100) + 25; seed++)
        {
            var cluster = new LocalCluster(2 + (seed % 3), seed);
            Assert.Equal(expected.SpikeHash, cluster.Run(network, r => new SimulationOptions { Threads = 1 + ((seed + r) % 2) })[0].SpikeHash);
            delayed += cluster.Delayed;
        }

        Assert.True(delayed > 100);
    }

    private static Network Plastic(string precision) => NetworkFile.Read(
        Path.Combine(TestFiles.Root, "tests", "data", "networks", "plastic.json"), new NetworkOverrides { Set = [$"precision=\"{precision}\""] }).Network!;

    private static void AssertSameEverywhere(Network network)
    {
        using var directory = new TemporaryDirectory();
        var (expected, files) = Run(network, directory["one"], 1, _ => new SimulationOptions { Threads = 1 });
        Assert.NotEmpty(files);
        Assert.Contains(expected.Populations, p => p.Spikes > 0);
        foreach (var (ranks, threads) in _layouts)
        {
            var (result, same) = Run(network, directory[$"{ranks} ranks"], ranks, r => new SimulationOptions { Threads = threads[r] });
            Assert.Equal(ranks, result.Ranks);
            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.Equal(expected.Populations, result.Populations);
            Assert.Equal(expected.Synapses, network.IsLayered ? expected.Synapses : result.Synapses);
            Assert.Equal(expected.SynapticEvents, result.SynapticEvents);
            Assert.Equal(0, result.AllocatedBytes);
            Assert.Equal(files, same);
        }
    }

    private static (SimulationResult Result, (string, string)[] Files) Run(Network network, string path, int ranks, Func<int, SimulationOptions> options)
    {
        using var run = RunDirectory.Create(path);
        return (Simulate(network, run, ranks, options), RunFiles.Of(run));
    }

    private static (SimulationResult Result, (string, string)[] Files) Resume(Network network, RunDirectory run, int ranks, Func<int, int> threads, Snapshot from) =>
        (Simulate(network, run, ranks, r => new SimulationOptions { Threads = threads(r), Resume = from }), RunFiles.Of(run));

    private static List<Snapshot> Snapshots(Network network, string path, int ranks, Func<int, int> threads, double everyMs)
    {
        var snapshots = new List<Snapshot>();
        using var run = RunDirectory.Create(path);
        Simulate(network, run, ranks, r => new SimulationOptions { Threads = threads(r), Snapshots = Keep(snapshots, everyMs) });
        return snapshots;
    }

    private static SimulationResult Simulate(Network network, RunDirectory run, int ranks, Func<int, SimulationOptions> options) =>
        new LocalCluster(ranks).Run(network, options, run)[0];

    private static void AssertSame(Snapshot expected, Snapshot actual)
    {
        // Which parts of recordings there are depends on the shards.
        Assert.Equal((expected.Manifest with { Recording = new Dictionary<string, long>() }).ToJson(), (actual.Manifest with { Recording = new Dictionary<string, long>() }).ToJson());
        Assert.Equal(expected.Arrays.Keys.Order(), actual.Arrays.Keys.Order());
        Assert.All(expected.Arrays, a => Assert.Equal(a.Value.NpyChunks(int.MaxValue).Single(), actual[a.Key].NpyChunks(int.MaxValue).Single()));
    }

    private static SnapshotPolicy Keep(List<Snapshot> snapshots, double everyMs, bool atEnd = false) => new()
    {
        EveryMs = everyMs,
        AtEnd = atEnd,
        SkipsWhileBusy = false,
        Write = s =>
        {
            lock (snapshots)
            {
                snapshots.Add(s.Copy());
            }
        },
    };
}
