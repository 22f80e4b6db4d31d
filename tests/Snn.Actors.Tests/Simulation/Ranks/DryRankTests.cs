using Snn.Actors.Networks;
using Snn.Actors.Networks.Templates;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Xunit;

namespace Snn.Actors.Tests.Simulation.Ranks;

/// <summary>A rank that is alone does what it does among others, and hears what it was said to hear.</summary>
public sealed class DryRankTests
{
    private const double DtMs = 0.1;

    [Theory]
    [InlineData(1, ClockPolicy.Barrier)]
    [InlineData(2, ClockPolicy.Async)]
    public void SharesAddUpToTheNetwork(int threads, ClockPolicy clock)
    {
        var network = Small();
        var whole = Runs.Run(network);
        var shares = Enumerable.Range(0, 5).Select(k => Run(network, 5, k, 5, threads, clock)).ToArray();
        Assert.Equal(whole.Synapses, shares.Sum(s => s.Result.Synapses));
        Assert.Equal(whole.NeuronUpdates, shares.Sum(s => s.Result.NeuronUpdates));
        Assert.Equal(network.Populations.Sum(p => p.Size), shares.Sum(s => s.Dry.Neurons));
        Assert.All(shares, s => Assert.Equal(network.DurationSteps, s.Result.Steps));
        Assert.All(shares, s => Assert.True(s.Result.Synapses > 0 && s.Dry.Messages == 4 * (Slices(network) + 1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(30)]
    public void WhatIsHeardHasTheRateAndReachesEveryTarget(double hz)
    {
        // Every neuron of A reaches every one of B; nobody spikes here, so events are what was heard, but for what is on its way in the end.
        var network = AllToB(drivePa: 0);
        var (dry, result) = Run(network, 4, 1, hz);
        var expected = dry.NeuronsHeard * hz * network.DurationSteps * DtMs * 1e-3;
        var own = dry.Neurons / 2;
        Assert.Equal(3 * own, dry.NeuronsHeard);
        Assert.InRange(dry.SpikesHeard, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        Assert.Equal(0, result.Populations.Sum(p => p.Spikes));
        Assert.Equal(0, result.SynapticEvents % own);
        Assert.InRange(result.SynapticEvents / own, dry.SpikesHeard * 0.97, dry.SpikesHeard);
        Assert.True(hz == 0 || dry.SpikesHeard > 0);
    }

    [Fact]
    public void ItsOwnSpikesAreSentToAllThatHaveTargets()
    {
        var network = AllToB(drivePa: 500);
        var log = new SpikeLog();
        var (dry, result) = Run(network, 4, 2, 0, log: log);
        var spikes = result.Populations[0].Spikes;
        Assert.True(spikes > 1000);
        // A message a slice with its head; of a slice with spikes the population and a count a step; two bytes a spike; to rank 0 sometimes two totals.
        var slices = Slices(network);
        var totals = (slices / 128) + 1;
        var steps = new SimulationPlan(network).SliceSteps;
        var spiking = log.Of(0).Select(s => s.Step / steps).Distinct().Count();
        Assert.InRange(spiking, 1, slices - 1);
        Assert.Equal((3 * ((16 * (slices + 1)) + (spiking * (4 + (2 * steps))) + (2 * spikes))) + (totals * 16), result.BytesSent);
        Assert.Equal(3 * 16 * (slices + 1), dry.BytesReceived);
    }

    [Theory]
    [InlineData(ClockPolicy.Barrier)]
    [InlineData(ClockPolicy.Async)]
    public void TwoRunsAreOneAndAnotherRateIsAnother(ClockPolicy clock)
    {
        var network = Small();
        var hashes = new[] { 5.0, 5, 20 }.Select(hz => Run(network, 3, 1, hz, clock: clock)).Select(r => (r.Result.SpikeHash, r.Dry.SpikesHeard, r.Result.BytesSent)).ToArray();
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0].SpikeHash, hashes[2].SpikeHash);
        Assert.Equal(hashes[0].SpikeHash, Run(network, 3, 1, 5, threads: 1, clock: ClockPolicy.Barrier).Result.SpikeHash);
    }

    [Fact]
    public void OnlySourcesWithTargetsAreHeard()
    {
        // Twelve synapses a rank and target, few targets: a good part of the sources has none here.
        var network = Runs.FromText("""
            { "snn": 1, "dt": 0.1, "duration": 20,
              "populations": { "A": { "size": 20000, "model": "iaf_psc_exp" }, "B": { "size": 640, "model": "iaf_psc_exp" } },
              "projections": [ { "from": "A", "to": "B", "rule": { "fixed_indegree": 12 }, "weight": 1, "delay": 1 } ] }
            """);
        var (dry, _) = Run(network, 10, 3, 5);
        // 64 targets of 12 synapses each have at most 768 sources, a tenth of them here.
        Assert.InRange(dry.NeuronsHeard, 600, 768);
    }

    [Fact]
    public void PlasticNetworksRunToo()
    {
        var network = NetworkFile.Read(Path.Combine(TestData.Folder, "networks", "plastic.json")).Network!;
        Assert.Equal(Runs.Run(network).Synapses, Enumerable.Range(0, 2).Sum(k => Run(network, 2, k, 10).Result.Synapses));
    }

    [Fact]
    public void WhatMakesNoSenseIsRefused()
    {
        var layered = Runs.Example(Runs.Examples.First(e => Runs.Example(e).IsLayered));
        Assert.Throws<ArgumentException>(() => new DryRanks(layered, 2, 0, [.. layered.Populations.Select(_ => 5.0)]));
        var network = Small();
        Assert.Throws<ArgumentException>(() => new DryRanks(network, 2, 0, [.. network.Populations.Select(_ => 1e4)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DryRanks(network, 2, 2, [.. network.Populations.Select(_ => 5.0)]));
    }

    private static Network Small() => Runs.FromText(Microcircuit.Text(0.03).Replace("\"duration\": 1000", "\"duration\": 30", StringComparison.Ordinal));

    private static Network AllToB(double drivePa) => Runs.FromText(FormattableString.Invariant($$"""
        { "snn": 1, "dt": {{DtMs}}, "duration": 300,
          "populations": { "A": { "size": 512, "model": "iaf_psc_exp", "params": { "I_e": {{drivePa}} } }, "B": { "size": 512, "model": "iaf_psc_exp" } },
          "projections": [ { "from": "A", "to": "B", "rule": "all_to_all", "weight": 0.001, "delay": 2 } ] }
        """));

    private static long Slices(Network network) => new SimulationPlan(network).Slices;

    private static (DryRanks Dry, SimulationResult Result) Run(Network network, int ranks, int rank, double hz, int threads = 1, ClockPolicy clock = ClockPolicy.Barrier, SpikeLog? log = null)
    {
        var dry = new DryRanks(network, ranks, rank, [.. network.Populations.Select(_ => hz)]);
        return (dry, Runs.Run(network, new SimulationOptions { Threads = threads, Clock = clock, Log = log, Transport = dry }));
    }
}
