using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Actors.Tests.Recording;
using Snn.Actors.Tests.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>A store that fails in every way that stores fail: what is lost is a snapshot, never a spike.</summary>
public sealed class FaultTests
{
    private static readonly Network _network = Runs.FromText("""
        { "snn": 1, "name": "loop", "dt": 0.1, "duration": 40, "seed": 3,
          "populations": { "E": { "size": 150, "model": "iaf_psc_exp", "params": { "I_e": 380 }, "initial": { "V_m": { "uniform": [-70, -56] } } },
                           "I": { "size": 70, "like": "E" } },
          "projections": [
            { "from": "E", "to": ["E", "I"], "rule": { "fixed_indegree": 12 }, "weight": 60, "delay": { "uniform": [0.3, 2.5] } },
            { "from": "I", "to": "E", "rule": { "fixed_indegree": 6 }, "weight": -120, "delay": 0.4 } ],
          "record": { "spikes": ["E"] } }
        """);

    /// <summary>
    /// A thousand histories: snapshots at random times into a store that fails at random, a crash of any actor at a random turn, a resume from the last sound
    /// snapshot on another number of shards in another order of messages, perhaps again and again: always the spikes of a run that nothing happened to.
    /// </summary>
    [Fact]
    public void AThousandHistoriesEndWithTheSameSpikes()
    {
        var expected = Runs.Run(_network).SpikeHash;
        var (crashes, resumes, faults) = (0, 0, 0);
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            using var store = new FaultyStore(new MemoryStore(), random);
            store.Save(SnapshotStoreTests.Run("run"));
            for (ulong attempt = 0; ; attempt++)
            {
                Assert.True(attempt < 100, $"history {seed} does not end");
                var resume = LastSound(store);
                resumes += resume is null ? 0 : 1;
                var options = new SimulationOptions
                {
                    Threads = 1 + random.Next(4),
                    DispatcherSeed = ((ulong)seed * 100) + attempt,
                    FailAtTurn = random.Next(3) == 0 ? -1 : random.Next(150),
                    Resume = resume,
                    Snapshots = Policy(store, everyMs: 1 + (random.NextDouble() * 9)),
                };
                try
                {
                    Assert.Equal(expected, Simulate(options).SpikeHash);
                    break;
                }
                catch (SimulationException)
                {
                    crashes++;
                }
            }

            faults += store.Faults;
        }

        // The histories are histories.
        Assert.True(crashes > 500 && resumes > 300 && faults > 300, $"{crashes} crashes, {resumes} resumes, {faults} faults");
    }

    [Fact]
    public async Task ASlowStoreIsNotWaitedFor()
    {
        using var gate = new ManualResetEventSlim();
        var written = 0;
        var policy = new SnapshotPolicy
        {
            EveryMs = 1,
            AtEnd = false,
            Write = _ =>
            {
                gate.Wait(TestContext.Current.CancellationToken);
                written++;
            },
        };
        var run = Task.Run(() => Simulate(new SimulationOptions { Threads = 2, Snapshots = policy }), TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        gate.Set();
        var result = await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(Runs.Run(_network).SpikeHash, result.SpikeHash);
        Assert.InRange(written, 1, 30);
    }

    [Fact]
    public void AStoreThatIsGoneIsTriedAgainAndTheUserIsTold()
    {
        var attempts = 0;
        var warnings = new List<string>();
        var policy = new SnapshotPolicy
        {
            EveryMs = 5,
            Backoff = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(4)),
            Warn = warnings.Add,
            Write = _ =>
            {
                if (++attempts < 6)
                {
                    throw new SnapshotException("the server is gone");
                }
            },
        };
        var result = Simulate(new SimulationOptions { Threads = 2, Snapshots = policy });
        Assert.True(result.Snapshots > 0);
        Assert.Null(result.SnapshotProblem);
        Assert.Equal(5, warnings.Count);
        Assert.All(warnings, w => Assert.Contains("could not be written, and will be tried again: the server is gone", w, StringComparison.Ordinal));
    }

    [Fact]
    public void AStoreThatStaysAwayIsGivenUpAtTheEnd()
    {
        var warnings = new List<string>();
        var policy = new SnapshotPolicy
        {
            EveryMs = 5,
            Backoff = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(4)),
            Patience = TimeSpan.FromMilliseconds(20),
            Warn = warnings.Add,
            Write = _ => throw new SnapshotException("the server is gone"),
        };
        var result = Simulate(new SimulationOptions { Threads = 2, Snapshots = policy });
        Assert.Equal((0, "the server is gone"), (result.Snapshots, result.SnapshotProblem));
        Assert.Contains("is given up", warnings[^1], StringComparison.Ordinal);
        Assert.Equal(Runs.Run(_network).SpikeHash, result.SpikeHash);
    }

    [Fact]
    public void ARequestIsAnsweredAtTheNextBoundary()
    {
        var snapshots = new List<Snapshot>();
        var policy = new SnapshotPolicy { EveryMs = 1e9, AtEnd = false, Write = s => snapshots.Add(s.Copy()) };
        policy.Request();
        Simulate(new SimulationOptions { Threads = 2, Snapshots = policy });
        Assert.Equal(3, Assert.Single(snapshots).Manifest.Step);
    }

    [Fact]
    public void AFullDiskStopsTheRunAndLeavesTheSnapshot()
    {
        // A part that is a directory cannot be written: the recorder fails like on a full disk, in the middle of the run.
        using var directory = new TemporaryDirectory();
        var run = Snn.Actors.Recording.RunDirectory.Create(directory["run"]);
        var snapshots = new List<Snapshot>();
        var long100 = Runs.Example("brunel-small.json", 2000);
        var policy = new SnapshotPolicy
        {
            EveryMs = 100,
            SkipsWhileBusy = false,
            Write = s =>
            {
                snapshots.Add(s.Copy());
                if (snapshots.Count == 2)
                {
                    foreach (var part in Directory.EnumerateFiles(run.Parts).ToArray())
                    {
                        File.Move(part, part + ".gone");
                    }
                }
            },
        };
        var failure = Assert.Throws<Snn.Actors.Recording.RecordingException>(
            () => new Simulator().Run(long100, new SimulationOptions { Threads = 2, Snapshots = policy }, run, null, TestContext.Current.CancellationToken));
        Assert.Contains("the recording cannot be written", failure.Message, StringComparison.Ordinal);

        foreach (var part in Directory.EnumerateFiles(run.Parts, "*.gone").ToArray())
        {
            File.Move(part, part[..^5], overwrite: true);
        }

        var resumed = new Simulator().Run(
            long100, new SimulationOptions { Threads = 3, Resume = snapshots[1] }, run, null, TestContext.Current.CancellationToken);
        Assert.Equal(Runs.Run(long100, threads: 2).SpikeHash, resumed.SpikeHash);
    }

    private static SimulationResult Simulate(SimulationOptions options) =>
        new Simulator().Run(_network, options, null, null, TestContext.Current.CancellationToken);

    private static SnapshotPolicy Policy(FaultyStore store, double everyMs) => new()
    {
        EveryMs = everyMs,
        AtEnd = false,
        SkipsWhileBusy = false,
        Backoff = (TimeSpan.FromTicks(1), TimeSpan.FromTicks(1)),
        Patience = TimeSpan.Zero,
        Write = s =>
        {
            store.Write("run", s);
            store.Keep("run", 3);
        },
    };

    private static Snapshot? LastSound(FaultyStore store)
    {
        foreach (var stored in store.List("run").Reverse())
        {
            if (store.Verify("run", stored.Step).Count == 0)
            {
                return store.Read("run", stored.Step);
            }
        }

        return null;
    }
}
