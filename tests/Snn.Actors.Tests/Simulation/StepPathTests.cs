using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Nothing on the step path allocates: every kind of input and of recording at once, by the runtime's own counter.</summary>
public sealed class StepPathTests
{
    private const string Everything = """
        { "snn": 1, "name": "everything", "dt": 0.1, "duration": 200, "seed": 1,
          "populations": {
            "A": { "size": 500, "model": "iaf_psc_exp" },
            "B": { "size": 100, "model": "gif_psc_exp", "params": { "I_e": { "normal": { "mean": 300, "std": 10 } } } } },
          "inputs": {
            "poisson": { "model": "poisson", "rate": { "uniform": [5000, 9000] }, "weight": 30, "to": ["A", "B"] },
            "some": { "model": "poisson", "rate": 900, "weight": -20, "to": "A", "neurons": [3, 77, 400] },
            "times": { "model": "spike_times", "times": [5, 5, 70], "weights": [1, -2, 3], "weight": 40, "to": "A" },
            "step": { "model": "dc", "times": [10, 50], "amplitudes": [100, -50], "to": "A" },
            "noise": { "model": "noise", "mean": 0, "std": 50, "dt": 1, "to": "A" } },
          "projections": [
            { "from": "A", "to": ["A", "B"], "rule": { "fixed_indegree": 50 }, "weight": { "normal": { "mean": 20, "std": 5 } }, "delay": { "uniform": [0.5, 4] } },
            { "from": "B", "to": "A", "rule": { "pairwise_bernoulli": 0.1 }, "weight": -60, "delay": 1.2 } ],
          "record": { "spikes": ["A", "B"], "state": [ { "of": "A", "variables": ["V_m", "I_syn_ex"], "neurons": { "range": [10, 400] }, "every": 0.1 } ] } }
        """;

    [Theory]
    [InlineData(1, "single")]
    [InlineData(3, "single")]
    [InlineData(2, "double")]
    public void NothingIsAllocated(int threads, string precision)
    {
        var network = Runs.FromText(Everything.Replace("\"seed\": 1,", $"\"seed\": 1, \"precision\": \"{precision}\",", StringComparison.Ordinal));
        var folder = Directory.CreateTempSubdirectory("snn-step-path").FullName;
        try
        {
            var run = RunDirectory.Create(Path.Combine(folder, "run"));
            var options = new SimulationOptions { Threads = threads };
            var result = new Simulator().Run(network, options, run, null, TestContext.Current.CancellationToken);
            Assert.Equal(0, result.AllocatedBytes);
            Assert.All(result.Populations, p => Assert.True(p.Spikes > 0));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A log in memory grows its lists on the worker: the counter sees it.</summary>
    [Fact]
    public void TheCounterSeesAnAllocation() => Assert.True(Runs.Run(Runs.FromText(Everything), log: new SpikeLog()).AllocatedBytes > 0);
}
