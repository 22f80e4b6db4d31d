using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>The models of PySNN, snngrow and snnTorch in the simulator: the answer depends on nothing but network and seed.</summary>
public sealed class LibraryModelTests
{
    private const int Size = 200;

    /// <summary>One population of every model, and of those options that change how a step is made.</summary>
    public static readonly (string Model, (string Name, string Json)[] Parameters)[] Populations =
    [
        .. NeuronModels.All.Where(m => m.Library != "NEST").Select(m => (m.Name, m.Name == "pysnn_fede" ? [("alpha_v", "8")] : Array.Empty<(string, string)>())),
        ("leaky", [("inhibition", "true")]),
        ("synaptic", [("quant_bits", "4"), ("reset_delay", "false"), ("reset_mechanism", "\"zero\"")]),
        ("leaky", [("graded_spikes_factor", "{ \"uniform\": [1, 2] }")]),
        ("state_leaky", [("kernel_truncation_steps", "5"), ("beta", "0.99")]),
        ("snngrow_lif", [("v_reset", "null"), ("spiking", "false")]),
        ("pysnn_lif", [("update_type", "\"exponential\""), ("tau_v", "2"), ("tau_t", "5"), ("duration_refrac", "0.3")]),
    ];

    /// <summary>Each on its own, driven by noise and spikes.</summary>
    public static Network Network(double durationMs)
    {
        var populations = Populations.Select((p, i) => $"\"P{i}\": {{ \"size\": {Size}, \"model\": \"{p.Model}\", \"params\": {{ {string.Join(", ", p.Parameters.Select(x => $"\"{x.Name}\": {x.Json}"))} }} }}");
        var names = string.Join(", ", Populations.Select((_, i) => $"\"P{i}\""));
        return Runs.FromText(FormattableString.Invariant($$"""
            { "snn": 1, "duration": {{durationMs}}, "seed": 3,
              "populations": { {{string.Join(", ", populations)}} },
              "inputs": {
                "noise": { "model": "noise", "to": [{{names}}], "mean": 0.2, "std": 1 },
                "spikes": { "model": "poisson", "to": [{{names}}], "rate": 2000, "weight": 0.8, "delay": 0.1 }
              },
              "projections": [{ "from": "P0", "to": [{{names}}], "rule": { "fixed_indegree": 20 }, "weight": 0.1, "delay": 0.1 }],
              "record": { "state": [ { "of": "P{{Find("state_leaky", "kernel_truncation_steps")}}", "variables": "mem" }, { "of": "P{{Find("pysnn_adaptive_lif")}}", "variables": ["thresh", "trace"] } ] } }
            """));
    }

    [Fact]
    public void Threads_and_lanes_change_nothing()
    {
        var network = Network(30);
        var expected = Runs.Run(network, threads: 1);
        Assert.All(expected.Populations, p => Assert.True(p.Spikes > 10, $"{p.Name} has {p.Spikes} spikes"));
        Assert.Equal(0, expected.AllocatedBytes);
        foreach (var (threads, lanes) in new[] { (2, 8), (3, 16), (5, 1) })
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(network, threads, lanes).SpikeHash);
        }
    }

    /// <summary>Neurons that compete are on one shard, whatever the number of them: one spike a step at most.</summary>
    [Fact]
    public void The_winner_takes_all_on_any_number_of_threads()
    {
        var place = Find("leaky", "inhibition");
        var log = new SpikeLog();
        Runs.Run(Network(30), threads: 3, log: log);
        var steps = log.Of(place).Select(s => s.Step).ToList();
        Assert.True(steps.Count > 10);
        Assert.Equal(steps.Count, steps.Distinct().Count());
    }

    /// <summary>Indivisible populations are spread over the shards, and divisible ones make up for them.</summary>
    [Fact]
    public void A_population_that_cannot_be_cut_is_whole()
    {
        var network = Runs.FromText("""
            { "snn": 1, "duration": 1, "populations": {
              "A": { "size": 1000, "model": "leaky", "params": { "inhibition": true } },
              "B": { "size": 1000, "model": "leaky", "params": { "inhibition": true } },
              "C": { "size": 1000, "model": "leaky" } } }
            """);
        var partition = Partition.Even(network.Populations, [1, 1, 1], 3);
        int[] Counts(int population) => [.. Enumerable.Range(0, 3).Select(s => partition.Count(population, s))];
        Assert.Equal([1000, 0, 0], Counts(0));
        Assert.Equal([0, 1000, 0], Counts(1));
        Assert.Equal([0, 0, 1000], Counts(2));
    }

    private static int Find(string model, string? parameter = null) =>
        Array.FindIndex(Populations, p => p.Model == model && (parameter is null || p.Parameters.Any(x => x.Name == parameter)));
}
