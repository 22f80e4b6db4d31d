using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>How far a shard may run without hearing of another.</summary>
public sealed class LookaheadTests
{
    /// <summary>Two modules of two shards each, if there are four: 0.5 ms within a module, 4 ms from A to B, nothing back.</summary>
    private static readonly Network _modules = Runs.FromText("""
        { "snn": 1, "dt": 0.1, "duration": 100, "seed": 5,
          "populations": {
            "A": { "size": 128, "model": "iaf_psc_exp", "initial": { "V_m": { "uniform": [-70, -50] } } },
            "B": { "size": 128, "like": "A" } },
          "inputs": { "external": { "model": "poisson", "rate": 9000, "to": ["A", "B"], "weight": 45, "delay": 1.5 } },
          "projections": [
            { "from": "A", "to": "A", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": 0.5 },
            { "from": "A", "to": "B", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": 4 },
            { "name": "plastic", "from": "B", "to": "B", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": 1.3, "learning": { "rule": "stdp_synapse", "Wmax": 90 } } ] }
        """);

    [Fact]
    public void TurnsFollowFromTheDelaysOfAShardsOwnConnections()
    {
        var plan = new SimulationPlan(_modules);
        Assert.Equal(5, plan.SliceSteps);
        var layout = RankLayout.Single(1);
        var lookahead = new Lookahead(plan, layout, Partition.Even(_modules.Populations, [1, 1], 1));
        var (a, b) = (_modules.Populations[0], _modules.Populations[1]);

        // The shortest delay of the network at once; of 40 steps, 39 may have passed before what is delivered ahead is due; of 13 that are not, all.
        Assert.Equal([1], lookahead.Of(0));
        Assert.Equal(1, lookahead.OfStatic(a, 0));
        Assert.Equal(Lookahead.Never, lookahead.OfStatic(b, 0));
        Assert.Equal(2, lookahead.OfPlastic(_modules.Projections[2], 0));
    }

    [Fact]
    public void AShardHearsOfThoseOnlyThatHaveSourcesOfIts()
    {
        // Populations larger than the unit of sharing out, so that a shard can be given one of them alone: a stage after another.
        var stages = Runs.FromText("""
            { "snn": 1, "dt": 0.1, "duration": 100, "seed": 5,
              "populations": {
                "A": { "size": 64, "model": "iaf_psc_exp", "initial": { "V_m": { "uniform": [-70, -50] } } },
                "B": { "size": 64, "like": "A" } },
              "inputs": { "external": { "model": "poisson", "rate": 9000, "to": ["A", "B"], "weight": 45, "delay": 1.5 } },
              "projections": [
                { "from": "A", "to": "A", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": 0.5 },
                { "from": "A", "to": "B", "rule": { "fixed_indegree": 10 }, "weight": 60, "delay": 4 } ] }
            """);
        var partition = Partition.Even(stages.Populations, [1, 1], 2);
        var (ofA, ofB) = partition.Count(0, 0) == 64 ? (0, 1) : (1, 0);
        Assert.Equal(64, partition.Count(1, ofB));
        var lookahead = new Lookahead(new SimulationPlan(stages), RankLayout.Single(2), partition);
        Assert.Equal(Lookahead.Never, lookahead.Of(ofA)[ofB]);
        Assert.Equal(7, lookahead.Of(ofB)[ofA]);
        Assert.Equal(1, lookahead.Of(ofA)[ofA]);
    }

    [Fact]
    public void LongDelaysAndMissingOnesChangeNothing()
    {
        var expected = Runs.Run(_modules).SpikeHash;
        for (var threads = 1; threads <= 5; threads++)
        {
            Assert.Equal(expected, Runs.Run(_modules, new SimulationOptions { Threads = threads, Clock = ClockPolicy.Async }).SpikeHash);
            Assert.Equal(expected, Runs.Run(_modules, threads).SpikeHash);
        }
    }
}
