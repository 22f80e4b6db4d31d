using System.Text;
using Snn.Actors.Networks;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Actors.Tests.Networks;

public sealed class NetworkFileTests
{
    private const string Small = """{ "snn": 1, "duration": 10, "populations": { "E": { "size": 5, "model": "iaf_psc_exp" } } }""";

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var network = Read(Small).Network!;
        Assert.Equal((0.1, 100L, 1UL, "network"), (network.DtMs, network.DurationSteps, network.Seed, network.Name));
        Assert.Equal((Precision.Single, WeightPrecision.Full), (network.Precision, network.WeightPrecision));
        Assert.Equal(["E"], network.Record.Spikes.Select(p => p.Name));
        Assert.Equal(network.Populations[0].Model.ParameterTable.Select(p => p.Name), network.Populations[0].Parameters.Keys);
    }

    /// <summary>As understood, a network says where its neurons start, whatever the user left out.</summary>
    [Fact]
    public void Initial_values_that_are_not_given_are_filled_in()
    {
        var network = Read("""
            { "snn": 1, "duration": 10, "populations": {
              "A": { "size": 2, "model": "iaf_psc_exp", "params": { "E_L": 0, "V_th": 10, "V_reset": -1 }, "initial": { "I_syn_in": [1, 2] } },
              "B": { "size": 2, "like": "A", "params": { "E_L": { "uniform": [0, 1] } }, "initial": { "V_m": 3 } } } }
            """).Network!;
        Assert.Equal([("V_m", -70.0), ("I_syn_ex", 0)], Constants(network.Populations[0]));
        Assert.Equal([("V_m", 3.0), ("I_syn_ex", 0)], Constants(network.Populations[1]));
        Assert.Contains("\"initial\": { \"V_m\": -70, \"I_syn_ex\": 0, \"I_syn_in\": [1, 2] }", string.Join(' ', NetworkFile.ToText(network).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        static IEnumerable<(string, double)> Constants(Population p) =>
            p.Model.StateTable.Where(s => p.Initial.GetValueOrDefault(s.Name) is Distribution.Constant).Select(s => (s.Name, ((Distribution.Constant)p.Initial[s.Name]).Value));
    }

    /// <summary>Names that are made leave out those that are given before them.</summary>
    [Fact]
    public void An_unnamed_projection_does_not_take_a_name_that_is_given()
    {
        var network = Read("""
            { "snn": 1, "duration": 10, "populations": { "E": { "size": 5, "model": "iaf_psc_exp" } },
              "projections": [
                { "from": "E", "to": "E", "rule": "all_to_all", "weight": 1, "name": "E->E#2" },
                { "from": "E", "to": "E", "rule": "all_to_all", "weight": 1 },
                { "from": "E", "to": "E", "rule": "all_to_all", "weight": 1 } ] }
            """).Network!;
        Assert.Equal(["E->E#2", "E->E#3", "E->E#4"], network.Projections.Select(p => p.Name));
    }

    [Fact]
    public void A_delay_that_is_not_given_is_one_millisecond()
    {
        var network = Read("""
            { "snn": 1, "dt": 0.5, "duration": 10, "populations": { "E": { "size": 5, "model": "iaf_psc_exp" } },
              "inputs": { "p": { "model": "poisson", "rate": 1, "to": "E", "weight": 1 } },
              "projections": [{ "from": "E", "to": "E", "rule": "all_to_all", "weight": 1 }] }
            """).Network!;
        Assert.Equal(new Distribution.Constant(1), network.Projections[0].DelayMs);
        Assert.Equal(2, ((PoissonInput)network.Inputs[0]).DelaySteps);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_problem_not_an_exception()
    {
        Assert.Equal("no/such.json: there is no such file; `snn new brunel` writes a network to start from", NetworkFile.Read("no/such.json").Format("no/such.json"));
        Assert.Equal("x: this cannot be read; check that it is a file and that you may read it", NetworkFile.Read(TestFiles.Examples).Format("x"));
        Assert.False(NetworkFile.Read("\0").IsValid);
        Assert.False(NetworkFile.Read("").IsValid);
    }

    [Fact]
    public void A_byte_order_mark_does_not_move_the_columns()
    {
        var wrong = Encoding.UTF8.GetBytes("\ufeff" + Small.Replace("size", "siez", StringComparison.Ordinal));
        Assert.Equal(1, NetworkFile.Read(wrong).Problems[0].Line);
        Assert.True(NetworkFile.Read(Encoding.UTF8.GetBytes("\ufeff" + Small)).IsValid);
    }

    [Fact]
    public void Columns_count_characters()
    {
        var problem = Read("""{ "snn": 1, "name": "中文é😀", "sed": 1, "duration": 10, "populations": { "E": { "size": 5, "model": "iaf_psc_exp" } } }""").Problems.Single();
        Assert.Equal((1, 29), (problem.Line, problem.Column));
    }

    [Fact]
    public void Hundreds_of_mistakes_are_cut_off_with_their_number()
    {
        var populations = string.Join(",\n", Enumerable.Range(0, 500).Select(i => $"\"P{i}\": {{ \"size\": 0, \"model\": \"iaf_psc_exp\" }}"));
        var problems = Read("{ \"snn\": 1, \"duration\": 10, \"populations\": {" + populations + "} }").Problems;
        Assert.Equal(101, problems.Count);
        Assert.Equal("... and 400 more problems; mend these first", problems[^1].Message);
    }

    [Fact]
    public void Ten_thousand_populations_in_a_chain_of_like_are_read()
    {
        var chain = string.Join(",\n", Enumerable.Range(0, 9_999).Select(i => $"\"P{i}\": {{ \"size\": 1, \"like\": \"P{i + 1}\" }}"));
        var reading = Read("{ \"snn\": 1, \"duration\": 10, \"record\": { \"spikes\": [] }, \"populations\": {" + chain + ", \"P9999\": { \"size\": 1, \"model\": \"iaf_psc_exp\" } } }");
        Assert.True(reading.IsValid, reading.Format("chain"));
        Assert.Equal(10_000, reading.Network.Populations.Count);
    }

    [Fact]
    public void An_input_into_thousands_of_populations_is_read_in_seconds()
    {
        const int Count = 9_000;
        var names = Enumerable.Range(0, Count).Select(i => $"Population{i}").ToList();
        var text = "{ \"snn\": 1, \"duration\": 10, \"populations\": {"
            + string.Join(",", names.Select(n => $"\"{n}\": {{ \"size\": 1, \"model\": \"iaf_psc_exp\" }}"))
            + "}, \"inputs\": { \"x\": { \"model\": \"poisson\", \"weight\": 1, \"to\": [" + string.Join(",", names.Select(n => $"\"{n}\""))
            + "], \"rate\": {" + string.Join(",", names.Select((n, i) => $"\"{n}\": {i}")) + "} }, \"y\": { \"model\": \"dc\", \"amplitude\": 1, \"to\": ["
            + string.Join(",", names.Select(n => $"\"{n}x\"")) + "] } } }";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var reading = Read(text);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        Assert.Equal(101, reading.Problems.Count);
    }

    [Fact]
    public void The_estimate_refuses_what_does_not_fit_and_does_not_overflow()
    {
        var network = Read("""
            { "snn": 1, "duration": 10, "populations": { "E": { "size": 2147483647, "model": "iaf_psc_exp" } },
              "projections": [{ "from": "E", "to": "E", "rule": { "fixed_indegree": 4000 }, "weight": 1 }] }
            """).Network!;
        var estimate = NetworkEstimate.Of(network);
        Assert.Equal(2147483647.0 * 4000, estimate.Synapses);
        Assert.Equal(
            "this network has 2.15e9 neurons and about 8.59e12 synapses, which take about 318536 GiB; 16 GiB are available: use fewer different delays (a narrower distribution, or a larger dt), fewer neurons, fewer --threads, or more machines",
            estimate.Refusal(16.0 * (1 << 30)));
        Assert.Null(NetworkEstimate.Of(Read(Small).Network!).Refusal(1 << 30));
    }

    [Fact]
    public void The_estimate_counts_the_rows_of_every_delay_and_shard()
    {
        var network = Read("""
            { "snn": 1, "duration": 1, "populations": { "A": { "size": 20000, "model": "iaf_psc_exp" } },
              "projections": [{ "from": "A", "to": "A", "rule": { "fixed_indegree": 1 }, "weight": 1, "delay": { "uniform": [0.1, 6500] } }] }
            """).Network!;
        Assert.InRange(NetworkEstimate.Of(network, shards: 2).RowBytes, 2 * 20_000.0 * 64_990 * 4, 2 * 20_000.0 * 65_001 * 4);
        Assert.Contains("fewer different delays", NetworkEstimate.Of(network).Refusal(1 << 30), StringComparison.Ordinal);
    }

    [Fact]
    public void The_estimate_counts_spikes_in_flight()
    {
        var network = Read("""
            { "snn": 1, "duration": 1, "populations": { "A": { "size": 1000000, "model": "iaf_psc_exp" } },
              "projections": [{ "from": "A", "to": "A", "rule": { "fixed_indegree": 1 }, "weight": 1, "delay": 6553.5 }] }
            """).Network!;
        var estimate = NetworkEstimate.Of(network, shards: 2);
        Assert.InRange(estimate.SpikeBytes, 1e6 * 65_535 * 4, 1e6 * 66_000 * 4);
        Assert.Contains("use shorter delays", estimate.Refusal(32.0 * (1 << 30)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_an_end_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "this system has no /dev/zero");
        Assert.Contains("more than the 256 MiB", NetworkFile.Read("/dev/zero").Format(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Drawn_parameters_are_checked_neuron_by_neuron()
    {
        var network = Read(Small.Replace("\"iaf_psc_exp\"", "\"iaf_psc_exp\", \"params\": { \"V_th\": { \"normal\": { \"mean\": -55, \"std\": 10 } } }", StringComparison.Ordinal)).Network!;
        var population = network.Populations[0];
        Assert.True(ParameterCheck.HasDrawnParameters(population));
        var drawn = population.Model.DefaultParameters();
        Assert.Empty(ParameterCheck.AfterDrawing(population, 3, drawn, 0.1, Precision.Single));
        drawn[population.Model.ParameterTable.First(p => p.Name == "V_th").Index] = -71;
        var problem = Assert.Single(ParameterCheck.AfterDrawing(population, 3, drawn, 0.1, Precision.Single));
        Assert.Equal("populations.E.params.V_reset: neuron 3, as drawn: V_reset = -70 mV is not below V_th = -71 mV; use V_reset < V_th; narrow the distributions with min and max, or change the seed", problem.Format(null));
    }

    private static NetworkReading Read(string text) => NetworkFile.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Words, null and what all neurons share: read, written out in full, and told apart by the hash.</summary>
    [Theory]
    [InlineData("""{ "model": "leaky", "params": { "reset_mechanism": "zero" } }""", "reset_mechanism", "\"zero\"")]
    [InlineData("""{ "model": "leaky" }""", "reset_mechanism", "\"subtract\"")]
    [InlineData("""{ "model": "snngrow_if", "params": { "v_reset": null } }""", "v_reset", "null")]
    [InlineData("""{ "model": "snngrow_if" }""", "v_reset", "0")]
    [InlineData("""{ "model": "synaptic", "params": { "quant_bits": 4 } }""", "quant_bits", "4")]
    [InlineData("""{ "model": "synaptic", "params": { "quant_bits": 4 } }""", "quant_multiplier", "null")]
    [InlineData("""{ "model": "state_leaky", "params": { "kernel_truncation_steps": 5 } }""", "kernel_truncation_steps", "5")]
    public void Choices_null_and_shared_parameters_survive(string population, string parameter, string written)
    {
        var network = Read(Around(population)).Network!;
        var text = NetworkFile.ToText(network);
        Assert.Matches($"\"{parameter}\": {written}[, \n]", text);
        Assert.Equal(network.Hash(), Read(text).Network!.Hash());
        Assert.NotEqual(network.Hash(), Read(Around("""{ "model": "snngrow_lif" }""")).Network!.Hash());

        static string Around(string population) =>
            $$"""{ "snn": 1, "duration": 10, "populations": { "E": {{population.Replace("{ \"model\"", "{ \"size\": 5, \"model\"", StringComparison.Ordinal)}} } }""";
    }

    /// <summary>What the neurons have in common decides what the model of the population is.</summary>
    [Fact]
    public void A_population_has_the_model_of_its_parameters()
    {
        NeuronModel Model(string rest) => Read($$"""{ "snn": 1, "duration": 10, "batch": 1, "populations": { "E": { "size": 2, {{rest}} } } }""").Network!.Populations[0].Model;
        Assert.False(Model("\"model\": \"leaky\"").EmitsValues);
        Assert.True(Model("\"model\": \"leaky\", \"params\": { \"graded_spikes_factor\": 2 }").EmitsValues);
        Assert.True(Model("\"model\": \"leaky\", \"params\": { \"graded_spikes_factor\": [1, 1] }").EmitsValues);
        Assert.False(Model("\"model\": \"leaky\", \"params\": { \"graded_spikes_factor\": 2, \"inhibition\": true }").EmitsValues);
        Assert.True(Model("\"model\": \"leaky\", \"params\": { \"inhibition\": true }").IsIndivisible);
        Assert.False(Model("\"model\": \"snngrow_lif\"").EmitsValues);
        Assert.True(Model("\"model\": \"snngrow_lif\", \"params\": { \"spiking\": false }").EmitsValues);
        Assert.Equal(1, Model("\"model\": \"state_leaky\"").StateColumns);
        Assert.Equal(7, Model("\"model\": \"state_leaky\", \"params\": { \"kernel_truncation_steps\": 5 }").StateColumns);
    }
}
