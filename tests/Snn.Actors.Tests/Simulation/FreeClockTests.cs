using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>The clock with which nobody waits: what comes late is delivered at once, counted, and nothing is lost silently.</summary>
public sealed class FreeClockTests
{
    /// <summary>What A does depends on no spike of another shard, so that every clock gives the same spikes of A, and it can be said how many synaptic events there must be.</summary>
    private static readonly Network _forward = Runs.FromText("""
        { "snn": 1, "dt": 0.1, "duration": 400, "seed": 8,
          "populations": {
            "A": { "size": 1200, "model": "iaf_psc_exp" },
            "B": { "size": 640, "model": "iaf_psc_exp" } },
          "inputs": { "external": { "model": "poisson", "rate": 9000, "to": "A", "weight": 60, "delay": 1.5 } },
          "projections": [
            { "from": "A", "to": "B", "rule": { "fixed_indegree": 100 }, "weight": 20, "delay": { "uniform": [0.1, 2] } } ] }
        """);

    [Theory]
    [InlineData("brunel-small.json")]
    [InlineData("cuba.json")]
    public void OneShardIsNeverLate(string example)
    {
        var network = Runs.Example(example, 100);
        var result = Runs.Run(network, new SimulationOptions { Threads = 1, Clock = ClockPolicy.Free });
        Assert.Equal(Runs.Run(network).SpikeHash, result.SpikeHash);
        Assert.Equal((0L, 0L), (result.LateEvents!.Total, result.NeverDelivered));
        Assert.Equal(ClockPolicy.Free, result.Clock);
    }

    /// <summary>Every event of the run that waits is there too, in time or late, or is told to be missing at the end.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void NoEventIsLost(int threads)
    {
        var expected = Runs.Run(_forward);
        Assert.True(expected.SynapticEvents > 100_000);
        var result = Runs.Run(_forward, new SimulationOptions { Threads = threads, Clock = ClockPolicy.Free });
        Assert.Equal(expected.Populations[0].Spikes, result.Populations[0].Spikes);
        Assert.Equal(expected.SynapticEvents, result.SynapticEvents + result.NeverDelivered);
        Assert.InRange(result.LateEvents!.Total, 0, result.SynapticEvents);
        Assert.Equal(0, result.AllocatedBytes);
    }

    /// <summary>The canary: with more workers than cores, spikes do come late.</summary>
    [Fact]
    public void ShardsThatDoNotWaitAreLate()
    {
        var result = Runs.Run(_forward, new SimulationOptions { Threads = (2 * Environment.ProcessorCount) + 1, Clock = ClockPolicy.Free });
        Assert.True(result.LateEvents!.Total > 0, "nothing was late");
    }

    [Fact]
    public async Task AStopEndsAllShardsAtOneStep()
    {
        // Longer than the patience below: who tells how far the run is shares the pool's threads with all tests that run beside this one, and may be late by seconds.
        const int DurationMs = 10_000_000;
        for (var ms = 5; ms <= 80; ms += 25)
        {
            using var stop = new CancellationTokenSource();
            var network = Runs.Example("brunel-small.json", DurationMs);
            var progress = new SimulationProgress(network.Populations.Count);
            var run = Task.Run(() => new Simulator().Run(network, new SimulationOptions { Threads = 3, Clock = ClockPolicy.Free }, null, progress, stop.Token), CancellationToken.None);
            Assert.True(SpinWait.SpinUntil(() => progress.Step > ms * 10 || run.IsCompleted, TimeSpan.FromMinutes(1)));
            await stop.CancelAsync();
            var result = await run;
            Assert.True(result.Interrupted);
            Assert.InRange(result.Steps, ms * 10, (DurationMs * 10) - 1);
            Assert.Equal(result.Steps * network.Populations.Sum(p => p.Size), result.NeuronUpdates);
        }
    }

    [Fact]
    public void AStopWhileItIsBuiltTakesNoStep()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => new Simulator().Run(_forward, new SimulationOptions { Threads = 3, Clock = ClockPolicy.Free }, null, null, stop.Token));
    }

    [Fact]
    public void AFailureEndsAll()
    {
        var failure = Assert.Throws<SimulationException>(() => Runs.Run(DivergenceTests.Absurd(100, ""), new SimulationOptions { Threads = 3, Clock = ClockPolicy.Free }));
        Assert.Contains("population \"N\", neuron 17", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNeedsARunThatCanBeRepeatedIsRefused()
    {
        void Refuses(string expected, SimulationOptions options, Network? network = null) => Assert.Equal(
            $"the free clock is not for this run: {expected}; use the clock 'barrier' or 'async'",
            Assert.Throws<SimulationException>(() => Runs.Run(network ?? _forward, options with { Clock = ClockPolicy.Free })).Message);

        Refuses("a run that cannot be repeated has no snapshots to go on from", new SimulationOptions { Snapshots = new SnapshotPolicy { Write = _ => { } } });
        Refuses("the seeded dispatcher has a clock of its own", new SimulationOptions { DispatcherSeed = 1 });
        Refuses("a network that learns needs the spikes in their order", new SimulationOptions(), Runs.Example("stdp-balanced.json"));
    }

    [Fact]
    public void TheSummaryTellsHowLate()
    {
        var late = new Snn.Kernels.Synapses.LateEvents();
        late.Add(1, 10);
        late.Add(7, 5);
        late.Add(4, 1);
        var result = Runs.Run(_forward) with { Clock = ClockPolicy.Free, LateEvents = late, NeverDelivered = 3 };
        var summary = LateSummary.Of(result, 0.1)!;
        Assert.Equal((16L, 3L), (summary.Events, summary.NeverDelivered));
        Assert.Equal([(0.1, 0.1, 10L), (0.2, 0.3, 0L), (0.4, 0.7, 6L)], summary.Histogram.Select(b => (b.FromMs, b.ToMs, b.Events)));
        Assert.Null(LateSummary.Of(Runs.Run(_forward), 0.1));
    }
}
