using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Networks;
using Snn.Kernels.Lanes;
using Snn.Kernels.Plasticity;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Sparse networks whose synapses learn: one answer for any partition, and the right one.</summary>
public sealed class PlasticTests
{
    private static readonly string _file = Path.Combine(TestFiles.Root, "tests", "data", "networks", "plastic.json");

    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    public void SpikesAndWeightsAreOneAnswerForAnyNumberOfThreadsAndLanes(string precision)
    {
        var network = Read($"precision={precision}");
        var (expected, weights) = Runs.RunForWeights(network, new SimulationOptions { Threads = 1 });
        Assert.Equal(0, expected.AllocatedBytes);
        Assert.All(expected.Populations, p => Assert.True(p.Spikes > 20, $"{p.Name} has {p.Spikes} spikes"));
        var initial = Runs.RunForWeights(Read($"precision={precision}", "duration=1"), new SimulationOptions()).Weights;
        // What short-term plasticity changes is what a spike does, not the weight.
        var stay = new[] { "static.I->D", "tsodyks", "tsodyks2" };
        Assert.All(weights, w => Assert.Equal(stay.Contains(w.Key), w.Value.SequenceEqual(initial[w.Key])));
        foreach (var (threads, lanes) in new[] { (2, 0), (3, 1), (5, 8), (4, 16) })
        {
            var (result, learned) = Runs.RunForWeights(network, new SimulationOptions { Threads = threads, Lanes = lanes });
            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.Equal(expected.SynapticEvents, result.SynapticEvents);
            Assert.All(weights, w => Assert.Equal(w.Value, learned[w.Key]));
        }

        for (ulong seed = 0; seed < 10; seed++)
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(network, 1 + (int)(seed % 5), dispatcherSeed: seed).SpikeHash);
        }
    }

    /// <summary>Every rule is in the network of these tests.</summary>
    [Fact]
    public void NoRuleIsMissing() => Assert.Equal(
        SynapseModels.All.Select(m => m.Name).Order(StringComparer.Ordinal),
        Read().Projections.Select(p => p.Learning).OfType<SynapseLearning>().Select(l => l.Rule.Name).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Synapses that could learn but do not are static ones: sums of whole numbers have no order.</summary>
    [Fact]
    public void WithoutLearningRateSynapsesAreStatic()
    {
        static ulong Hash(string learning) => Runs.Run(
            Runs.FromText($$"""
                { "snn": 1, "duration": 300, "seed": 4,
                  "populations": { "E": { "size": 100, "model": "iaf_psc_exp" } },
                  "inputs": { "drive": { "model": "poisson", "to": "E", "rate": 9000, "weight": 45 } },
                  "projections": [ { "from": "E", "to": "E", "rule": { "fixed_indegree": 20 }, "weight": 32, "delay": { "uniform": [0.5, 5] }{{learning}} } ] }
                """),
            threads: 2).SpikeHash;
        var isStatic = Hash(string.Empty);
        Assert.Equal(isStatic, Hash(", \"learning\": { \"rule\": \"stdp_synapse\", \"lambda\": 0, \"Wmax\": 128 }"));
        Assert.NotEqual(isStatic, Hash(", \"learning\": { \"rule\": \"stdp_synapse\", \"lambda\": 0.05, \"Wmax\": 128 }"));
    }

    /// <summary>Two neurons that are made to spike: the weight follows from the equations.</summary>
    [Theory]
    [InlineData(10, 15)]
    [InlineData(10, 40)]
    [InlineData(30, 21)]
    public void PairsOfSpikesChangeAWeightByTheEquation(double preMs, double postMs)
    {
        var network = Runs.FromText(FormattableString.Invariant($$"""
            { "snn": 1, "duration": 100, "precision": "double",
              "populations": { "A": { "size": 1, "model": "iaf_psc_delta" }, "B": { "size": 1, "model": "iaf_psc_delta" } },
              "inputs": { "pre": { "model": "spike_times", "to": "A", "times": [{{preMs - 1}}, 79], "weight": 100 }, "post": { "model": "spike_times", "to": "B", "times": [{{postMs - 1}}], "weight": 100 } },
              "projections": [ { "from": "A", "to": "B", "rule": "all_to_all", "weight": 4, "delay": 1, "learning": { "rule": "stdp_synapse", "Wmax": 10, "lambda": 0.1, "alpha": 0.5, "mu_plus": 0, "mu_minus": 0 } } ],
              "record": { "weights": "A->B" } }
            """));
        var weight = Assert.Single(Runs.RunForWeights(network, new SimulationOptions { Threads = 2 }).Weights["A->B"]);
        // The delay is dendritic: a spike of B reaches the synapse 1 ms after it, one of A at once.
        double Depression(double sourceMs) => sourceMs > postMs + 1 ? 0.5 * LaneMath.Exp(-(sourceMs - 1 - postMs) / 20) : 0;
        var potentiation = postMs + 1 > preMs ? LaneMath.Exp(-(postMs + 1 - preMs) / 20) : 0;
        Assert.Equal(4 - Depression(preMs) + potentiation - Depression(80), weight, 1e-9);
    }

    [Fact]
    public void DopamineLearns()
    {
        var expected = Runs.RunForWeights(Read(), new SimulationOptions { Threads = 2 }).Weights["dopamine"];
        Assert.NotEqual(expected, Runs.RunForWeights(Read("projections[9].learning.dopamine=I"), new SimulationOptions { Threads = 2 }).Weights["dopamine"]);
        Assert.NotEqual(expected, Runs.RunForWeights(Read("projections[9].learning.dopamine_delay=5"), new SimulationOptions { Threads = 2 }).Weights["dopamine"]);
    }

    [Fact]
    public void AFileOfThemIsWrittenAndReadBack()
    {
        var network = Read();
        var again = NetworkFile.Read(System.Text.Encoding.UTF8.GetBytes(NetworkFile.ToText(network)));
        Assert.True(again.IsValid, again.Format("again"));
        Assert.Null(Same.Difference(network, again.Network));
        Assert.Equal(network.Hash(), again.Network!.Hash());
    }

    private static Network Read(params string[] settings)
    {
        var reading = NetworkFile.Read(_file, new NetworkOverrides { Set = settings });
        return reading.Network ?? throw new InvalidOperationException(reading.Format("plastic.json"));
    }
}
