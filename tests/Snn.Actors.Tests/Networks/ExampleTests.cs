using System.Text;
using System.Text.Json;
using Snn.Actors.Networks;
using Snn.Actors.Networks.Templates;
using Xunit;

namespace Snn.Actors.Tests.Networks;

public sealed class ExampleTests
{
    public static TheoryData<string> Examples() => [.. TestFiles.ExampleFiles().Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_valid_and_survives_writing(string file)
    {
        var network = Read(file);
        var again = NetworkFile.Read(Encoding.UTF8.GetBytes(NetworkFile.ToText(network)), null, TestFiles.Examples);
        Assert.True(again.IsValid, again.Format(file));
        Assert.Null(Same.Difference(network, again.Network));
        Assert.Equal(NetworkFile.ToText(network), NetworkFile.ToText(again.Network));
        Assert.Equal(network.Hash(), again.Network.Hash());
    }

    [Fact]
    public void The_comparison_of_networks_sees_a_difference()
    {
        var network = Read("brunel.json");
        var other = network with { Projections = [network.Projections[0] with { Weight = 0.2 }, .. network.Projections.Skip(1)] };
        Assert.NotNull(Same.Difference(network, other));
        Assert.NotEqual(network.Hash(), other.Hash());
    }

    [Fact]
    public void Every_example_without_other_files_is_a_template_and_every_template_is_valid()
    {
        Assert.Equal(TestFiles.SelfContainedExamples().Count(), NetworkTemplates.Names.Count);
        Assert.Superset(new HashSet<string> { "brunel", "microcircuit", "cuba", "coba", "izhikevich", "adex" }, new HashSet<string>(NetworkTemplates.Names));
        Assert.All(NetworkTemplates.Names, name =>
            Assert.True(NetworkFile.Read(Encoding.UTF8.GetBytes(NetworkTemplates.Find(name)!)).IsValid, name));
        Assert.Null(NetworkTemplates.Find("there-is-none"));
    }

    [Fact]
    public void The_microcircuit_example_is_the_template_at_ten_percent()
    {
        var path = Path.Combine(TestFiles.Examples, "microcircuit-10pct.json");
        if (Environment.GetEnvironmentVariable("SNN_WRITE_EXPECTED") == "1")
        {
            File.WriteAllText(path, Microcircuit.Text(0.1));
        }

        Assert.Equal(File.ReadAllText(path), Microcircuit.Text(0.1));
    }

    /// <summary>Numbers of the reference implementation (INM-6 microcircuit-PD14-model), in microcircuit-expected.json.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("0.5")]
    [InlineData("0.2")]
    [InlineData("0.1")]
    public void The_microcircuit_has_the_numbers_of_its_reference_implementation(string scale)
    {
        var file = Path.Combine(TestFiles.Root, "tests", "data", "networks", "microcircuit-expected.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var expected = document.RootElement.GetProperty(scale);
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(Microcircuit.Text(double.Parse(scale, System.Globalization.CultureInfo.InvariantCulture))));
        Assert.True(reading.IsValid, reading.Format(null));
        var network = reading.Network;
        for (var i = 0; i < 8; i++)
        {
            var population = network.Populations[i];
            Assert.Equal(expected.GetProperty("sizes")[i].GetInt32(), population.Size);
            Assert.Equal(expected.GetProperty("I_e")[i].GetDouble(), ((Distribution.Constant)population.Parameters["I_e"][0]).Value, 1e-5);
            var rate = Assert.IsType<PoissonInput>(network.Inputs[i]).RateHz;
            Assert.Equal(expected.GetProperty("rates")[i].GetDouble(), ((Distribution.Constant)rate).Value);
            for (var j = 0; j < 8; j++)
            {
                var count = expected.GetProperty("synapses")[i][j].GetInt64();
                var projection = network.Projections.SingleOrDefault(p => p.Target == population && p.Source.Index == j);
                Assert.Equal(count, ((Connector.FixedTotalNumber?)projection?.Connector)?.Count ?? 0);
                if (projection is not null)
                {
                    Assert.Equal(expected.GetProperty("weights")[i][j].GetDouble(), ((Distribution.Normal)projection.Weight).Mean, 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_scale_out_of_range_is_refused(double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Microcircuit.Text(scale));

    [Fact]
    public void The_parameters_of_izhikevich_keep_the_relation_of_the_paper()
    {
        var network = Read("izhikevich-1000.json");
        for (var i = 0; i < 800; i++)
        {
            var r = (i + 0.5) / 800;
            Assert.Equal(-65 + (15 * r * r), Value(network.Populations[0], "c", i), 1e-4);
            Assert.Equal(8 - (6 * r * r), Value(network.Populations[0], "d", i), 1e-4);
        }

        for (var i = 0; i < 200; i++)
        {
            var r = (i + 0.5) / 200;
            Assert.Equal(0.02 + (0.08 * r), Value(network.Populations[1], "a", i), 1e-4);
            Assert.Equal(0.25 - (0.05 * r), Value(network.Populations[1], "b", i), 1e-4);
            Assert.Equal(-65 * Value(network.Populations[1], "b", i), ((Distribution.Array)network.Populations[1].Initial["U_m"]).Values[i], 1e-3);
        }
    }

    [Fact]
    public void Brunel_has_the_synapses_that_the_paper_says() =>
        Assert.Equal(15_625_000, NetworkEstimate.Of(Read("brunel.json")).Synapses);

    [Fact]
    public void Comments_and_order_of_words_do_not_change_the_hash()
    {
        var a = """{ "snn": 1, "duration": 10, "populations": { "E": { "size": 5, "model": "iaf_psc_exp" } } }""";
        var b = """
            { // the same in other words
              "populations": { "E": { "model": "iaf_psc_exp", "params": { "tau_m": 10.0 }, "size": 5 } },
              "dt": 1e-1, "duration": 10.0, "seed": 1, "snn": 1, "projections": [],
            }
            """;
        var c = a.Replace("10", "20", StringComparison.Ordinal);
        Assert.Equal(Read(a, "a").Hash(), Read(b, "b").Hash());
        Assert.NotEqual(Read(a, "a").Hash(), Read(c, "c").Hash());
    }

    private static double Value(Population population, string parameter, int neuron) =>
        ((Distribution.Array)population.Parameters[parameter][0]).Values[neuron];

    private static Network Read(string file) => Valid(NetworkFile.Read(Path.Combine(TestFiles.Examples, file)), file);

    private static Network Read(string text, string name) => Valid(NetworkFile.Read(Encoding.UTF8.GetBytes(text)), name);

    private static Network Valid(NetworkReading reading, string name)
    {
        Assert.True(reading.IsValid, reading.Format(name));
        return reading.Network;
    }
}
