using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>When spikes arrive, and what they add.</summary>
public sealed class SpikeDeliveryTests
{
    /// <summary>
    /// A relay: its spike at t reaches the next neuron at t + delay, which spikes in that very step; so a chain shows every delay exactly.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AChainSpikesAfterEachOfItsDelays(int threads)
    {
        var network = Runs.FromText("""
            { "snn": 1, "name": "chain", "dt": 0.1, "duration": 40, "seed": 1,
              "populations": { "N": { "size": 200, "model": "iaf_psc_delta", "params": { "E_L": 0, "V_th": 10, "V_reset": 0, "t_ref": 1 }, "initial": { "V_m": 0 } } },
              "inputs": { "kick": { "model": "spike_times", "times": [2.0], "weight": 20, "delay": 1.0, "to": "N", "neurons": [0] } },
              "projections": [ { "from": "N", "to": "N", "weight": 20, "delay": [0.1, 1.5, 12.3, 0.7],
                "rule": { "list": { "sources": [0, 70, 140, 3], "targets": [70, 140, 3, 199] } } } ],
              "record": { "spikes": ["N"] } }
            """);
        var log = new SpikeLog();
        Runs.Run(network, threads, log: log);

        // A spike given at 2.0 ms with a delay of 1.0 ms acts in the step that ends at 3.0 ms: step 29.
        Assert.Equal([(29, 0), (30, 70), (45, 140), (168, 3), (175, 199)], log.Of(0));
    }

    /// <summary>A list without synapses, its weights and delays listed too, is a projection like any other.</summary>
    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("[]", "1.5")]
    [InlineData("2", "[]")]
    public void AnEmptyListConnectsNothing(string weight, string delay)
    {
        var network = Runs.FromText($$"""
            { "snn": 1, "dt": 0.1, "duration": 5, "seed": 1,
              "populations": { "N": { "size": 3, "model": "iaf_psc_delta", "params": { "E_L": 0, "V_th": 10, "V_reset": 0 }, "initial": { "V_m": 0 } } },
              "inputs": { "kick": { "model": "spike_times", "times": [2.0], "weight": 20, "to": "N" } },
              "projections": [ { "from": "N", "to": "N", "rule": { "list": { "sources": [], "targets": [] } }, "weight": {{weight}}, "delay": {{delay}} } ] }
            """);
        var result = Runs.Run(network, threads: 2);
        Assert.Equal((0, 3), (result.Synapses, result.Populations[0].Spikes));
    }

    /// <summary>A hundred thousand spikes a step, as a rate in Hz and back, come to a hundred thousand and a rounding here.</summary>
    [Theory]
    [InlineData("2e10")]
    [InlineData("[2e10, 1]")]
    public void TheGreatestRateRuns(string rate)
    {
        var network = Runs.FromText($$"""
            { "snn": 1, "dt": 0.005, "duration": 0.1, "populations": { "N": { "size": 2, "model": "iaf_psc_exp" } },
              "inputs": { "p": { "model": "poisson", "rate": {{rate}}, "weight": 1, "delay": 0.005, "to": "N" } } }
            """);
        Assert.Equal(20, Runs.Run(network).Steps);
    }

    [Fact]
    public void WeightsOfOneStepAddUp()
    {
        // Three sources of weight 4 reach the threshold of 10 together, two do not.
        var network = Runs.FromText("""
            { "snn": 1, "name": "sum", "dt": 0.1, "duration": 10, "seed": 1,
              "populations": {
                "S": { "size": 3, "model": "iaf_psc_delta", "params": { "E_L": 0, "V_th": 10, "V_reset": 0 }, "initial": { "V_m": 0 } },
                "T": { "size": 1, "model": "iaf_psc_delta", "params": { "E_L": 0, "V_th": 10, "V_reset": 0 }, "initial": { "V_m": 0 } } },
              "inputs": {
                "two": { "model": "spike_times", "times": [1.0], "weight": 20, "delay": 0.1, "to": "S", "neurons": [0, 1] },
                "three": { "model": "spike_times", "times": [6.0], "weight": 20, "delay": 0.1, "to": "S" } },
              "projections": [ { "from": "S", "to": "T", "rule": "all_to_all", "weight": 4, "delay": 1.0 } ] }
            """);
        var log = new SpikeLog();
        Runs.Run(network, log: log);
        Assert.Equal([(70, 0)], log.Of(1));
    }

    /// <summary>In single precision (1e8 - 1e8) + 10 is 10 and (10 - 1e8) + 1e8 is 0 or 8: the order of the inputs decides a spike.</summary>
    [Fact]
    public void InputsAddUpInTheOrderOfDeclaration()
    {
        var directory = Directory.CreateTempSubdirectory("snn-test-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(directory, "one.npy"), [.. NpyFormat.Header("<f4", [1, 1]), .. BitConverter.GetBytes(1f)]);
            var builder = new NetworkBuilder { Duration = 10, Directory = directory };
            builder.Population("N", 1, "iaf_psc_delta").Param("E_L", 0).Param("V_th", 10).Param("V_reset", 0).Initial("V_m", 0);
            builder.Array("up", "N").File("one.npy").Kind(ArrayKind.Spikes).Weight(1e8).Delay(1);
            builder.SpikeTimes("down", "N").Times([0.1]).Weight(-1e8).Delay(1);
            builder.SpikeTimes("rest", "N").Times([0.1]).Weight(10).Delay(1);
            Assert.Equal(1, Runs.Run(builder.Build()).Populations[0].Spikes);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void NegativeWeightsGoToTheInhibitoryPort()
    {
        var network = Runs.FromText("""
            { "snn": 1, "name": "inhibition", "dt": 0.1, "duration": 100, "seed": 1,
              "populations": { "N": { "size": 2, "model": "iaf_cond_exp", "params": { "I_e": 800 } } },
              "inputs": { "brake": { "model": "poisson", "rate": 5000, "weight": -20, "delay": 0.1, "to": "N", "neurons": [1] } } }
            """);
        var log = new SpikeLog();
        Runs.Run(network, log: log);
        Assert.True(log.Of(0).Count(s => s.Neuron == 0) > 3);
        Assert.DoesNotContain(log.Of(0), s => s.Neuron == 1);
    }

    [Theory]
    [InlineData("single", "full")]
    [InlineData("single", "half")]
    [InlineData("double", "full")]
    public void EveryPrecisionIsOneAnswerAndGivesTheSameRates(string precision, string weights)
    {
        var network = Runs.FromText($$"""
            { "snn": 1, "name": "precision", "dt": 0.1, "duration": 300, "seed": 3, "precision": "{{precision}}", "weight_precision": "{{weights}}",
              "populations": { "E": { "size": 800, "model": "iaf_psc_exp" }, "I": { "size": 200, "model": "iaf_psc_exp" } },
              "inputs": { "drive": { "model": "poisson", "rate": 8000, "weight": 30, "delay": 1.5, "to": ["E", "I"] } },
              "projections": [
                { "from": "E", "to": ["E", "I"], "rule": { "fixed_indegree": 80 }, "weight": { "normal": { "mean": 40, "std": 4, "min": 0 } }, "delay": { "uniform": [0.5, 3] } },
                { "from": "I", "to": ["E", "I"], "rule": { "fixed_indegree": 20 }, "weight": { "normal": { "mean": -200, "std": 20, "max": 0 } }, "delay": 0.8 } ] }
            """);
        var one = Runs.Run(network, threads: 1);
        var three = Runs.Run(network, threads: 3, lanes: 1);
        Assert.Equal(one.SpikeHash, three.SpikeHash);
        Assert.Equal(0, three.AllocatedBytes);
        Assert.InRange(one.Populations[0].Spikes / 800.0 / 0.3, 10, 100);
    }
}
