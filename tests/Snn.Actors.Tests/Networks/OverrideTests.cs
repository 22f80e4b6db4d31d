using System.Text;
using Snn.Actors.Networks;
using Xunit;

namespace Snn.Actors.Tests.Networks;

public sealed class OverrideTests
{
    private const string Text = """
        {
          "snn": 1, "duration": 100,
          "populations": { "E": { "size": 10, "model": "iaf_psc_exp" }, "I": { "size": 5, "like": "E" } },
          "inputs": { "external": { "model": "poisson", "rate": 100, "to": ["E", "I"], "weight": 1 } },
          "projections": [{ "from": "E", "to": "I", "rule": "all_to_all", "weight": 1 }],
        }
        """;

    [Fact]
    public void Settings_replace_values_of_the_file()
    {
        var reading = Read(
            "inputs.external.rate=15000", "projections[0].weight=0.2", "populations.E.params.tau_m=20", "precision=double", "name=\"two words\"",
            "projections[0].delay={\"uniform\": [1, 2]}", "populations[\"I\"].size=7", "record.spikes=[]", "inputs.external.neurons=[1, 2]",
            "inputs.external.neurons[1]=3", "populations.X={\"size\": 3, \"like\": \"E\"}");
        Assert.True(reading.IsValid, reading.Format("f"));
        var network = reading.Network;
        Assert.Equal(new Distribution.Constant(15000), ((PoissonInput)network.Inputs[0]).RateHz);
        Assert.Equal(new Distribution.Constant(0.2), network.Projections[0].Weight);
        Assert.Equal(new Distribution.Uniform(1, 2), network.Projections[0].DelayMs);
        Assert.Equal(new Distribution.Constant(20), network.Populations[1].Parameters["tau_m"][0]);
        Assert.Equal(Precision.Double, network.Precision);
        Assert.Equal("two words", network.Name);
        Assert.Equal(7, network.Populations[1].Size);
        Assert.Equal(3, network.Populations[2].Size);
        Assert.Empty(network.Record.Spikes);
        Assert.Equal([1, 3], network.Inputs[0].Neurons.List!);
    }

    [Fact]
    public void Duration_and_seed_have_options_of_their_own()
    {
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(Text), new NetworkOverrides { Duration = "5", Seed = "18446744073709551615" });
        Assert.True(reading.IsValid, reading.Format("f"));
        Assert.Equal(50, reading.Network.DurationSteps);
        Assert.Equal(ulong.MaxValue, reading.Network.Seed);
    }

    [Theory]
    [InlineData("inputs.external.rate=fast", "--set inputs.external.rate=fast: inputs.external.rate: expected a number (rate in Hz, >= 0 Hz and <= 1e9 Hz (a hundred thousand spikes a step)), a distribution such as {\"uniform\": [1, 2]} or an array with one value a neuron, got the text \"fast\"")]
    [InlineData("inputs.externl.rate=5", "--set inputs.externl.rate=5: inputs.externl: there is no \"externl\" in inputs; did you mean \"external\"? allowed: \"external\"")]
    [InlineData("projections[3].weight=5", "--set projections[3].weight=5: projections[3]: there is no such element: projections has 1 element, the first of which is [0]")]
    [InlineData("populations.E.params.taum=5", "--set populations.E.params.taum=5: populations.E.params.taum: unknown key \"taum\"; did you mean \"tau_m\"? allowed: \"E_L\", \"C_m\", \"tau_m\", \"tau_syn_ex\", \"tau_syn_in\", \"t_ref\", \"V_th\", \"V_reset\" or \"I_e\"")]
    [InlineData("dt", "--set dt: a setting is path=value, as in inputs.external.rate=15000 or projections[0].weight=0.2")]
    [InlineData("=5", "--set =5: a setting is path=value, as in inputs.external.rate=15000 or projections[0].weight=0.2")]
    [InlineData("a..b=5", "--set a..b=5: \"a..b\" is no path; write keys with dots and places of an array in brackets, as in projections[0].weight")]
    [InlineData("seed=", "--set seed=: seed: the value is missing after the =")]
    [InlineData("seed={", "--set seed={: seed: the value \"{\" is not JSON: the text ends here in the middle of a value; a bracket } or ] or a quote \" is missing")]
    [InlineData("dt.x=5", "--set dt.x=5: dt: there is no \"dt\" in the file; allowed: \"snn\", \"duration\", \"populations\", \"inputs\" or \"projections\"")]
    [InlineData("duration.x=5", "--set duration.x=5: duration.x: duration is the number 100, which has no keys")]
    public void A_wrong_setting_says_that_it_is_a_setting(string setting, string expected) =>
        Assert.Equal(expected, Read(setting).Format("f"));

    private static NetworkReading Read(params string[] settings) =>
        NetworkFile.Read(Encoding.UTF8.GetBytes(Text), new NetworkOverrides { Set = settings });
}
