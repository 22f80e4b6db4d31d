using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Actors.Tests.Networks;
using Snn.Actors.Tests.Recording;
using Snn.Actors.Tests.Snapshots;
using Xunit;

namespace Snn.Actors.Tests.Simulation.Ranks;

/// <summary>Promise 1 over processes: any number of ranks, with any number of threads each, gives the spikes, files, weights and snapshots of one.</summary>
public sealed class RankTests
{
    private static readonly (int Ranks, int[] Threads, ClockPolicy Clock)[] _layouts =
    [
        (2, [1, 1], ClockPolicy.Barrier), (3, [1, 2, 1], ClockPolicy.Barrier), (4, [2, 1, 1, 2], ClockPolicy.Barrier), (1, [3], ClockPolicy.Async),
        (2, [1, 1], ClockPolicy.Async), (3, [1, 2, 1], ClockPolicy.Async), (4, [2, 1, 1, 2], ClockPolicy.Async),
    ];

    public static TheoryData<string> Sparse => [.. Runs.Examples.Where(e => !Runs.Example(e).IsLayered)];

    public static TheoryData<string> Layered => [.. Runs.Examples.Where(e => Runs.Example(e) is { IsLayered: true } n && n.Projections.All(p => p.Learning is null))];

    [Theory]
    [MemberData(nameof(Sparse))]
    [MemberData(nameof(Layered))]
    public void AnExampleGivesTheSameFilesOnAnyNumberOfRanks(string file)
    {
        var whole = Runs.Example(file);
        AssertSameEverywhere(whole.IsLayered ? whole : Runs.Example(file, Math.Min(100, whole.DurationSteps * whole.DtMs)));
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
        foreach (var (ranks, threads, clock) in _layouts)
        {
            // The asynchronous clock does not wait for a snapshot to be written: it may take the next one later, or not at all.
            var snapshots = Snapshots(network, directory[$"by {ranks} {clock}"], ranks, r => threads[r], everyMs, clock);
            Assert.NotEmpty(snapshots);
            Assert.True(clock == ClockPolicy.Async || byOne.Count == snapshots.Count);
            Assert.All(byOne.Zip(snapshots).Where(p => p.First.Manifest.Step == p.Second.Manifest.Step), p => KeptSnapshots.AssertSame(p.First, p.Second));

            // What these ranks kept goes on in one process, and the other way; what was recorded is whole.
            AssertGoesOn(snapshots[^1], directory[$"by {ranks} {clock}"], _ => new SimulationOptions { Threads = 2 }, 1);
            var other = directory[$"for {ranks} {clock}"];
            AssertGoesOn(Snapshots(network, other, 1, _ => 1, everyMs)[1], other, r => new SimulationOptions { Threads = threads[r], Clock = clock }, ranks);
        }

        void AssertGoesOn(Snapshot snapshot, string path, Func<int, SimulationOptions> options, int ranks)
        {
            using var run = RunDirectory.Open(path);
            var result = Simulate(network, run, ranks, r => options(r) with { Resume = snapshot });
            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.Equal(files, RunFiles.Of(run));
        }
    }

    [Theory]
    [InlineData(ClockPolicy.Barrier)]
    [InlineData(ClockPolicy.Async)]
    public void AStopOnOneRankStopsAllAtOneStepAndKeepsASnapshot(ClockPolicy clock)
    {
        var network = Runs.Example("brunel-small.json", 1e6);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var snapshots = new List<Snapshot>();
        var results = new LocalCluster(3).Run(
            network,
            r => new SimulationOptions { Threads = 1, Clock = clock, Snapshots = KeptSnapshots.Policy(snapshots, 1e9, atEnd: true) },
            stop: r => r == 2 ? stop.Token : CancellationToken.None);
        Assert.All(results, r => Assert.True(r.Interrupted));
        Assert.Single(results.Select(r => r.Steps).Distinct());
        Assert.Equal(results[0].Steps, Assert.Single(snapshots).Manifest.Step);
        Assert.InRange(results[0].Steps, 1, network.DurationSteps - 1);
    }

    [Theory]
    [InlineData(ClockPolicy.Barrier)]
    [InlineData(ClockPolicy.Async)]
    public void AStopWhileOneRankBuildsStopsAllBeforeTheFirstStep(ClockPolicy clock)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var outcomes = new LocalCluster(3).Outcomes(
            Runs.Example("brunel-small.json"), _ => new SimulationOptions { Threads = 2, Clock = clock }, stop: r => r == 1 ? stop.Token : CancellationToken.None);
        Assert.All(outcomes, o => Assert.True(o.Failure is OperationCanceledException || o.Result is { Steps: 0, Interrupted: true }, $"{o}"));
    }

    [Theory]
    [InlineData(ClockPolicy.Barrier)]
    [InlineData(ClockPolicy.Async)]
    public void ARankThatFailsEndsTheOthers(ClockPolicy clock)
    {
        // Its snapshots fail in a way that no store does.
        var outcomes = new LocalCluster(3).Outcomes(
            Runs.Example("brunel-small.json", 1e6),
            r => new SimulationOptions
            {
                Threads = 2,
                Clock = clock,
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
    public void OtherHintsOnOneRankAreRefused()
    {
        var cluster = new LocalCluster(2);
        var networks = new[] { Modules.Of(2, 400, m => m), Modules.Of(2, 400) };
        var failures = new string?[2];
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, r =>
            failures[r] = cluster.OutcomeOf(r, networks[r], new SimulationOptions { Threads = 1 }).Failure?.Message);
        Assert.All(failures, f => Assert.Contains("rank 1 has another network", f, StringComparison.Ordinal));
    }

    /// <summary>Modules that stay together, hints that keep them together, hints that tear them apart, and hints for some.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("modules")]
    [InlineData("across")]
    [InlineData("one")]
    public void WherePopulationsArePlacedChangesNothing(string hints)
    {
        Func<int, int?> place = hints switch { "modules" => m => m, "across" => m => m % 2, "one" => m => m == 2 ? 0 : null, _ => _ => null };
        var network = Modules.Of(4, 400, place, plastic: true);
        Assert.Equal(Runs.Run(Modules.Of(4, 400, plastic: true)).SpikeHash, Runs.Run(network).SpikeHash);
        AssertSameEverywhere(network);
    }

    /// <summary>With a hint for one module the others are cut evenly, and nearly every spike of theirs is sent.</summary>
    [Fact]
    public void ModulesThatAreKeptTogetherSendLess()
    {
        long BytesOf(Func<int, int?> place) => new LocalCluster(2).Run(Modules.Of(4, 400, place), _ => new SimulationOptions { Threads = 1 }).Sum(r => r.BytesSent);
        var (found, hinted, even) = (BytesOf(_ => null), BytesOf(m => m / 2), BytesOf(m => m == 0 ? 0 : null));
        Assert.True(found < 0.7 * even && hinted < 0.7 * even, $"{found}, {hinted} and {even} bytes");
    }

    [Fact]
    public void ASnapshotGoesOnWithOtherHintsOnOtherRanks()
    {
        var (one, other) = (Modules.Of(4, 400, m => m, plastic: true), Modules.Of(4, 400, m => 3 - m, plastic: true));
        using var directory = new TemporaryDirectory();
        var expected = Runs.Run(one);
        var snapshots = Snapshots(one, directory["kept"], 2, _ => 1, 15);
        Assert.Equal(2, snapshots.Count);
        foreach (var ranks in new[] { 1, 3, 4 })
        {
            var results = new LocalCluster(ranks).Run(other, r => new SimulationOptions { Threads = 1 + (r % 2), Resume = snapshots[0] });
            Assert.Equal(expected.SpikeHash, results[0].SpikeHash);
        }
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
            Assert.Equal(expected.SpikeHash, cluster.Run(network, r => new SimulationOptions { Threads = 1 + ((seed + r) % 2), Clock = (ClockPolicy)(seed / 3 % 2) })[0].SpikeHash);
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
        // Large ones take their time to build.
        foreach (var (ranks, threads, clock) in expected.Synapses > 1_000_000 ? _layouts.Where(l => l is { Ranks: 3 } or { Ranks: 2, Clock: ClockPolicy.Async }) : _layouts)
        {
            var (result, same) = Run(network, directory[$"{ranks} ranks {clock}"], ranks, r => new SimulationOptions { Threads = threads[r], Clock = clock });
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

    private static List<Snapshot> Snapshots(
        Network network, string path, int ranks, Func<int, int> threads, double everyMs, ClockPolicy clock = ClockPolicy.Barrier)
    {
        var snapshots = new List<Snapshot>();
        using var run = RunDirectory.Create(path);
        Simulate(network, run, ranks, r => new SimulationOptions { Threads = threads(r), Clock = clock, Snapshots = KeptSnapshots.Policy(snapshots, everyMs) });
        return snapshots;
    }

    private static SimulationResult Simulate(Network network, RunDirectory run, int ranks, Func<int, SimulationOptions> options) =>
        new LocalCluster(ranks).Run(network, options, run)[0];
}
