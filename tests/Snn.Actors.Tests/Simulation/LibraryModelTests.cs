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
    /// <param name="durationMs">Duration in ms.</param>
    /// <param name="batch">Batch items of a layered network; 0: a sparse network of the models that can be in one.</param>
    public static Network Network(double durationMs, int batch = 0)
    {
        var chosen = Populations.Where(p => batch > 0 || !NeedsLayers(p)).ToArray();
        var populations = chosen.Select((p, i) => $"\"P{i}\": {{ \"size\": {Size}, \"model\": \"{p.Model}\", \"params\": {{ {string.Join(", ", p.Parameters.Select(x => $"\"{x.Name}\": {x.Json}"))} }} }}");
        var names = string.Join(", ", chosen.Select((_, i) => $"\"P{i}\""));
        var receivers = string.Join(", ", chosen.Select((p, i) => (p.Model, i)).Where(p => p.Model is not ("pysnn_input" or "relay")).Select(p => $"\"P{p.i}\""));
        return Runs.FromText(FormattableString.Invariant($$"""
            { "snn": 1, "duration": {{durationMs}}, "seed": 3, {{(batch > 0 ? $"\"batch\": {batch}," : "")}}
              "populations": { {{string.Join(", ", populations)}} },
              "inputs": {
                "noise": { "model": "noise", "to": [{{receivers}}], "mean": 0.2, "std": 1 },
                "spikes": { "model": "poisson", "to": [{{names}}], "rate": 2000, "weight": 0.8, "delay": 0.1 }
              },
              "projections": [{ "from": "P0", "to": [{{receivers}}], "rule": {{(batch > 0 ? "\"linear\"" : "{ \"fixed_indegree\": 20 }")}}, "weight": {{(batch > 0 ? 0.01 : 0.1)}}, "delay": 0.1 }],
              "record": { "state": [ { "of": "P{{Find(chosen, "state_leaky", "kernel_truncation_steps")}}", "variables": "mem" }, { "of": "P{{Find(chosen, "pysnn_adaptive_lif")}}", "variables": ["thresh", "trace"] } ] } }
            """));
    }

    /// <summary>How many threads and lanes there are, and how the model's neurons are shared out, changes nothing.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Threads_and_lanes_change_nothing(int batch)
    {
        var network = Network(30, batch);
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
        var network = Network(30);
        var place = network.Populations.First(p => p.Model.IsIndivisible).Index;
        var log = new SpikeLog();
        Runs.Run(network, threads: 3, log: log);
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

    /// <summary>Their spikes have values, or they take what only layers give.</summary>
    private static bool NeedsLayers((string Model, (string Name, string Json)[] Parameters) population) =>
        population.Model is "pysnn_fede" or "pysnn_input" or "relay" || population.Parameters.Any(p => p.Name is "graded_spikes_factor" or "spiking");

    private static int Find((string Model, (string Name, string Json)[] Parameters)[] populations, string model, string? parameter = null) =>
        Array.FindIndex(populations, p => p.Model == model && (parameter is null || p.Parameters.Any(x => x.Name == parameter)));
}
