using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>An actor that throws stops the run with a message that names it; never a hang.</summary>
public sealed class SupervisionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task AKernelThatThrowsEndsTheRun(int threads)
    {
        var run = Task.Run(() => Runs.Run(Faulty(), threads), TestContext.Current.CancellationToken);
        var ended = await Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.True(ended == run, "the run hangs after an actor has failed");
        var error = await Assert.ThrowsAsync<SimulationException>(() => run);
        Assert.Matches(@"^shard \d failed: broken kernel$", error.Message);
    }

    [Fact]
    public void AFailureAtAnyTurnOfTheTestDispatcherEndsTheRun()
    {
        var network = Runs.Example("brunel-small.json", durationMs: 20);
        for (var turn = 0; turn < 40; turn++)
        {
            var options = new SimulationOptions { Threads = 3, DispatcherSeed = (ulong)turn, FailAtTurn = turn };
            var error = Assert.Throws<SimulationException>(() => new Simulator().Run(network, options, null, null, TestContext.Current.CancellationToken));
            Assert.Contains($"failure injected at turn {turn}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ACancelledRunStopsAtASliceAndKeepsWhatItHas()
    {
        var network = Runs.Example("brunel-small.json", durationMs: 1e7);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var log = new SpikeLog();
        var progress = new SimulationProgress(network.Populations.Count);
        var run = Task.Run(() => new Simulator().Run(network, new SimulationOptions { Threads = 2, Log = log }, null, progress, stop.Token));
        while (progress.Step == 0 && !run.IsCompleted)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        var result = await run;
        Assert.True(result.Interrupted);
        Assert.InRange(result.Steps, 1, network.DurationSteps - 1);
        Assert.Equal(result.Populations.Sum(p => p.Spikes), log.Of(0).Count + log.Of(1).Count);

        // The same steps, run to their end, give the same spikes.
        var again = Runs.Run(network with { DurationSteps = result.Steps }, threads: 1);
        Assert.Equal(again.SpikeHash, result.SpikeHash);
    }

    /// <summary>Each of these takes half a minute and more to build.</summary>
    [Theory]
    [InlineData("fixed_indegree", null)]
    [InlineData("fixed_indegree", 1)]
    [InlineData("fixed_outdegree", null)]
    public async Task ABuildThatIsCancelledEndsAtOnce(string rule, int? dispatcherSeed)
    {
        await CancelWhileBuilding(
            $$$"""
            { "snn": 1, "name": "large", "dt": 0.1, "duration": 10,
              "populations": { "E": { "size": 60000, "model": "iaf_psc_delta" } },
              "projections": [ { "from": "E", "to": "E", "rule": { "{{{rule}}}": 50000 }, "weight": { "normal": { "mean": 1, "std": 0.1 } } } ] }
            """,
            new SimulationOptions { Threads = 2, DispatcherSeed = (ulong?)dispatcherSeed });
    }

    /// <summary>A connection of a layered network is made once, for all shards; a table of random numbers for each of many rates.</summary>
    [Theory]
    [InlineData("\"batch\": 2,", "{ \"from\": \"E\", \"to\": \"E\", \"rule\": { \"fixed_indegree\": 20000 }, \"weight\": 1, \"delay\": 1 }", "", 30000)]
    [InlineData("", "", "\"p\": { \"model\": \"poisson\", \"rate\": { \"uniform\": [1e4, 1e5] }, \"to\": \"E\", \"weight\": 1 }", 1000000)]
    public async Task OtherThingsThatAreBuiltAreGivenUpToo(string batch, string projection, string input, int size)
    {
        await CancelWhileBuilding(
            $$$"""
            { "snn": 1, "name": "large", "dt": 0.1, "duration": 10, {{{batch}}}
              "populations": { "E": { "size": {{{size}}}, "model": "iaf_psc_delta" } },
              "inputs": { {{{input}}} }, "projections": [ {{{projection}}} ] }
            """,
            new SimulationOptions { Threads = 2 });
    }

    /// <summary>Neurons that compete are on one shard, with all synapses; the other is built at once, would spike at once, and does not begin without it.</summary>
    [Theory]
    [InlineData(ClockPolicy.Barrier)]
    [InlineData(ClockPolicy.Async)]
    [InlineData(ClockPolicy.Free)]
    public async Task NobodyBeginsBeforeAllAreBuilt(ClockPolicy clock)
    {
        var log = new SpikeLog();
        await CancelWhileBuilding(
            """
            { "snn": 1, "name": "uneven", "dt": 0.1, "duration": 10,
              "populations": { "E": { "size": 60000, "model": "iaf_psc_delta" }, "W": { "size": 20000, "model": "leaky", "params": { "inhibition": true } } },
              "inputs": { "strong": { "model": "dc", "amplitude": 1e5, "to": "E" } },
              "projections": [ { "from": "E", "to": "W", "rule": { "fixed_indegree": 50000 }, "weight": { "normal": { "mean": 1, "std": 0.1 } } } ] }
            """,
            new SimulationOptions { Threads = 2, Clock = clock, Log = log });
        Assert.Empty(log.Of(0));
    }

    private static async Task CancelWhileBuilding(string text, SimulationOptions options)
    {
        var network = Runs.FromText(text);
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => new Simulator().Run(network, options, null, null, stop.Token), CancellationToken.None);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(run.IsCompleted, "this network is built too fast to be interrupted");
        await stop.CancelAsync();
        var ended = await Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
        Assert.True(ended == run, "the build does not notice that it is to stop");
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
    }

    private static Network Faulty()
    {
        var population = new Population
        {
            Name = "N",
            Index = 0,
            Size = 1000,
            Model = new FaultyModel(),
            Parameters = new Dictionary<string, IReadOnlyList<Distribution>>(),
            Initial = new Dictionary<string, Distribution>(),
        };
        return new Network
        {
            Name = "faulty",
            DtMs = 0.1,
            DurationSteps = 100_000,
            Seed = 1,
            Populations = [population],
            Inputs = [],
            Projections = [],
            Record = new Recordings { Spikes = [], State = [] },
        };
    }

    /// <summary>Counts steps and throws at the 500th.</summary>
#pragma warning disable CS0649 // Fields of a description are set through flat arrays.
    private sealed class FaultyModel : NeuronModel<FaultyModel.Parameters, FaultyModel.State<double>, FaultyModel.Derived<double>, FaultyModel.Input<double>>
    {
        public override string Name => "faulty";

        public override string Summary => "Throws.";

        public override string Equations => "none";

        public override string Scheme => "none";

        public override string Reference => "none";

        public override string Library => "none";

        public override NeuronKernel CreateKernel<L>() => new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

        protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => [];

        protected override Derived<double> Derive(in Parameters p, double dtMs) => new() { Last = p.Last };

        protected override State<double> Initialize(in Parameters p) => default;

        public struct Parameters
        {
            [Parameter(500, "steps", "Step that fails")]
            public double Last;
        }

        public struct State<T>
        {
            [StateVariable("steps", "Steps so far")]
            public T Steps;
        }

        public struct Derived<T>
        {
            public T Last;
        }

        public struct Input<T>
        {
            [Port("spikes", PortKind.Spikes, "mV", "Spikes")]
            public T Spikes;
        }

        public readonly struct Kernel<L> : INeuronKernel<L, State<L>, Derived<L>, Input<L>>
            where L : unmanaged, ILanes<L>
        {
            public static L Advance(ref State<L> s, in Derived<L> d, in Input<L> x)
            {
                s.Steps += L.Broadcast(1);
                return L.MoveMask(s.Steps >= d.Last) == 0 ? L.Zero : throw new InvalidOperationException("broken kernel");
            }
        }
    }
}
