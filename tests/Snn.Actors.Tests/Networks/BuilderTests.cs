using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Snn.Actors.Networks;
using Xunit;

namespace Snn.Actors.Tests.Networks;

public sealed class BuilderTests
{
    [Fact]
    public void The_builder_says_what_a_file_says()
    {
        var built = Brunel().Build();
        var read = NetworkFile.Read(Path.Combine(TestFiles.Examples, "brunel.json"));
        Assert.True(read.IsValid, read.Format("brunel.json"));
        Assert.Null(Same.Difference(read.Network, built));
        Assert.Equal(read.Network.Hash(), built.Hash());
    }

    [Fact]
    public void Mistakes_are_reported_all_at_once_with_paths()
    {
        var builder = new NetworkBuilder { Duration = 100, Dt = 0.1 };
        builder.Population("E", 0, "iaf_psc_exp").Param("tau_m", double.NaN).Param("taum", 3);
        builder.Population("E", 10, "iaf_psc_exp");
        builder.Poisson("x", "E", "Q").Rate(-1).Weight(1);
        var error = Assert.Throws<NetworkException>(builder.Build);
        Assert.Equal(
            ["populations.E", "populations.E.size", "populations.E.params.tau_m", "populations.E.params.taum", "inputs.x.to[1]", "inputs.x.rate"],
            error.Problems.Select(p => p.Path));
        Assert.StartsWith("populations.E: \"E\" is declared twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_word_of_the_builder_arrives()
    {
        var builder = new NetworkBuilder("all") { Duration = 10, Precision = Precision.Double, WeightPrecision = WeightPrecision.Half };
        builder.Population("A", 3, "iaf_psc_exp").Param("tau_m", new Distribution.Normal(10, 1, 5)).Initial("V_m", new Distribution.Array([1, 2, 3]));
        builder.Population("B", 2).Like("A").Initial("V_m", new Distribution.Lognormal(0, 1)).Place(3);
        builder.Population("G", 2, "gif_psc_exp").Param("tau_sfa", [10, new Distribution.Array([1, 2])]).Param("q_sfa", [1, 2]);
        builder.Population("D", 2, "iaf_psc_delta").Param("refractory_input", true);
        builder.Population("L", 2, "leaky").Param("reset_mechanism", "zero").Param("reset_delay", false).Param("quant_bits", 3).Param("threshold", [1, 2]);
        builder.Population("N", 2, "snngrow_lif").ParamNull("v_reset").Param("decay_input", false);
        builder.Poisson("p", "A", "B").Rate("A", 5).Rate("B", new Distribution.Exponential(3)).Weight("A", 1).Weight("B", 2).Delay(0.5).Receptor("ex");
        builder.Dc("d", "A").Amplitude(5).Start(1).Stop(2).Neurons(1..3);
        builder.Dc("e", "A").Times([1, 2]).Amplitudes([3, 4]).Neurons([0, 2]);
        builder.SpikeTimes("s", "B").Times([1, 1, 2]).Weights([1, 2, -3]);
        builder.Noise("n", "A").Mean(1).Std(2).Dt(0.5);
        builder.Noise("m", "A", "B").Mean("A", 1).Mean("B", 2).Std("A", 3).Std("B", 4);
        builder.SpikeTimes("t", "A", "B").Times([1]).Weight(1).Delay("A", 2).Delay("B", 3);
        builder.Projection("A", "B").AllToAll().Weight(new Distribution.Uniform(1, 2)).Delay(new Distribution.Uniform(1, 2)).Name("ab");
        builder.Projection("A", "A").OneToOne().Weight(1);
        builder.Projection(["A", "B"], ["A", "B"]).FixedIndegree(2).Weight(1).AllowAutapses(true).AllowMultapses(true).Name("many");
        builder.Projection("A", "B").FixedOutdegree(2).Weight(-1).Receptor("in");
        builder.Projection("A", "B").FixedTotalNumber(4).Weight(1);
        builder.Projection("A", "B").PairwiseBernoulli(0.5).Weight(1);
        builder.Projection("A", "B").List([0, 1], [1, 1]).Weight(new Distribution.Array([1, 2])).Delay(new Distribution.Array([1, 2.04]));
        builder.RecordSpikes("A").RecordState("A", ["V_m", "I_syn_ex"], 0.5, [0, 2]).RecordWeights("ab", "many");
        var network = builder.Build();

        Assert.Equal(["ab", "A->A", "many.A->A", "many.A->B", "many.B->A", "many.B->B", "A->B#3", "A->B#4", "A->B#5", "A->B#6"], network.Projections.Select(p => p.Name));
        Assert.Equal([true, false, true, true, true, true, false, false, false, false], network.Projections.Select(p => p.RecordWeights));
        Assert.Equal([new Distribution.Constant(1)], network.Populations[4].Parameters["reset_mechanism"]);
        Assert.Equal([new Distribution.Constant(double.NaN)], network.Populations[5].Parameters["v_reset"]);
        Assert.Equal([null, 3, null, null, null, null], network.Populations.Select(p => p.Place));
        Assert.Equal(1, network.Projections[6].Port);
        Assert.Equal([0, 2], network.Record.State[0].Neurons.List!);
        Assert.Equal(5, network.Record.State[0].EverySteps);
        Assert.Equal(5, Assert.IsType<NoiseInput>(network.Inputs[^5]).EverySteps);
        Assert.Equal([10L, 10L, 20L], Assert.IsType<SpikeTimesInput>(network.Inputs[^6]).Steps);
        Assert.Equal([(1.0, 3.0), (2, 4)], network.Inputs.Where(i => i.Name == "m").Cast<NoiseInput>().Select(n => (n.MeanPa, n.StdPa)));
        Assert.Equal([20, 30], network.Inputs.Where(i => i.Name == "t").Cast<SpikeTimesInput>().Select(s => s.DelaySteps));
        AssertSurvivesWriting(network);
    }

    [Fact]
    public void What_is_written_reads_back_equal_whatever_it_is()
    {
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var text = File.ReadAllText(Path.Combine(TestFiles.Examples, (seed % 3) switch { 0 => "brunel-small.json", 1 => "coba.json", _ => "adex-patterns.json" }));
            var reading = NetworkFile.Read(NetworkMutator.Mutate(text, seed));
            if (reading.IsValid)
            {
                AssertSurvivesWriting(reading.Network);
            }
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(7, 1));
    }

    private static void AssertSurvivesWriting(Network network)
    {
        var text = NetworkFile.ToText(network);
        var again = NetworkFile.Read(Encoding.UTF8.GetBytes(text));
        Assert.True(again.IsValid, again.Format("written") + text);
        Assert.Null(Same.Difference(network, again.Network));
        Assert.Equal(network.Hash(), again.Network.Hash());
    }

    private static NetworkBuilder Brunel()
    {
        var builder = new NetworkBuilder("brunel") { Duration = 1000, Seed = 12345 };
        builder.Population("E", 10000, "iaf_psc_delta")
            .Param("tau_m", 20).Param("C_m", 1).Param("E_L", 0).Param("V_th", 20).Param("V_reset", 10).Param("t_ref", 2).Initial("V_m", 0);
        builder.Population("I", 2500).Like("E");
        builder.Poisson("external", "E", "I").Rate(20000).Weight(0.1).Delay(1.5);
        builder.Projection("E", "E", "I").FixedIndegree(1000).Weight(0.1).Delay(1.5);
        builder.Projection("I", "E", "I").FixedIndegree(250).Weight(-0.5).Delay(1.5);
        return builder;
    }
}
