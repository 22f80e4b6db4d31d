using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Xunit;

namespace Snn.Actors.Tests.Simulation.Ranks;

/// <summary>
/// Promise 3 over processes, by seeds: messages are late and overtake each other as far as MPI allows, a rank is lost at any message, and the run goes on from its last
/// snapshot on other ranks, with another clock, which may be lost in turn; in the end the spikes are those of a run that nothing happened to.
/// </summary>
public sealed class LostRankTests
{
    private const int SeedsOfABatch = 100;

    /// <summary>Short slices, one delay that is longer, synapses that learn, dopamine: small, since it is run thousands of times.</summary>
    private static readonly Network _network = Runs.FromText("""
        { "snn": 1, "dt": 0.1, "duration": 15, "seed": 3,
          "populations": {
            "E": { "size": 192, "model": "iaf_psc_exp", "initial": { "V_m": { "uniform": [-70, -50] } } },
            "I": { "size": 64, "like": "E" } },
          "inputs": { "external": { "model": "poisson", "rate": 9000, "to": ["E", "I"], "weight": 60, "delay": 1.5 } },
          "projections": [
            { "from": "I", "to": "E", "rule": { "fixed_indegree": 5 }, "weight": -100, "delay": 0.5 },
            { "from": "E", "to": "I", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": 2 },
            { "name": "learning", "from": "E", "to": "E", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": { "uniform": [0.8, 1.6] },
              "learning": { "rule": "stdp_dopamine_synapse", "dopamine": "I", "dopamine_delay": 1 } } ] }
        """);

    private static readonly Lazy<SimulationResult> _expected = new(() => Runs.Run(_network));

    /// <summary>SNN_SEEDS=100000 runs as many; by default 1000.</summary>
    public static TheoryData<int> Batches =>
        [.. Enumerable.Range(0, int.TryParse(Environment.GetEnvironmentVariable("SNN_SEEDS"), out var seeds) ? Math.Max(1, seeds / SeedsOfABatch) : 10)];

    [Theory]
    [MemberData(nameof(Batches))]
    public void ALostRankLosesNothing(int batch)
    {
        var (lost, resumed, delayed) = (0, 0, 0);
        var expected = _expected.Value;
        // Most of their time ranks wait for each other.
        Parallel.For(batch * SeedsOfABatch, (batch + 1) * SeedsOfABatch, new ParallelOptions { MaxDegreeOfParallelism = 6 }, seed =>
        {
            var history = Live(seed);
            Assert.True(expected.SpikeHash == history.Result.SpikeHash, $"seed {seed}: other spikes");
            Assert.True(expected.Populations.SequenceEqual(history.Result.Populations), $"seed {seed}: other statistics");
            Interlocked.Add(ref lost, history.Lost);
            Interlocked.Add(ref resumed, history.Resumed);
            Interlocked.Add(ref delayed, history.Delayed);
        });

        // The canary: there were losses, many of them after a snapshot, and messages did overtake others.
        Assert.InRange(lost, SeedsOfABatch / 2, 2 * SeedsOfABatch);
        Assert.InRange(resumed, SeedsOfABatch / 10, lost);
        Assert.True(delayed > 10 * SeedsOfABatch);
    }

    private static (SimulationResult Result, int Lost, int Resumed, int Delayed) Live(int seed)
    {
        var random = new Random(seed);
        var (lost, resumed, delayed) = (0, 0, 0);
        Snapshot? last = null;
        for (var life = 0; ; life++)
        {
            var ranks = 2 + random.Next(3);
            var clock = (ClockPolicy)random.Next(2);
            var everyMs = 1 + (random.NextDouble() * 5);
            var threads = Enumerable.Range(0, ranks).Select(_ => 1 + random.Next(2)).ToArray();
            (int, int)? loses = life < 2 ? (random.Next(ranks), random.Next(80)) : null;
            var cluster = new LocalCluster(ranks, random.Next(), loses);
            var written = last;
            var from = last;
            var outcomes = cluster.Outcomes(_network, r => new SimulationOptions
            {
                Threads = threads[r],
                Clock = clock,
                Resume = from,
                Snapshots = new SnapshotPolicy { EveryMs = everyMs, AtEnd = false, SkipsWhileBusy = false, Write = s => written = s.Copy() },
            });
            delayed += cluster.Delayed;
            if (outcomes.All(o => o.Failure is null))
            {
                return (outcomes[0].Result!, lost, resumed, delayed);
            }

            // Nothing but the loss, and what follows from it.
            Assert.All(outcomes, o => Assert.True(
                o.Failure is null || o.Failure.Message.Contains("is lost", StringComparison.Ordinal) || o.Failure.Message.EndsWith("is gone", StringComparison.Ordinal), $"seed {seed}: {o.Failure}"));
            lost++;
            resumed += written is null ? 0 : 1;
            last = written;
        }
    }
}
