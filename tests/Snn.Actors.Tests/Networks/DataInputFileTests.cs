using System.Text;
using Snn.Actors.Data;
using Snn.Actors.Networks;
using Snn.Actors.Tests.Data;
using Xunit;

namespace Snn.Actors.Tests.Networks;

/// <summary>Inputs that show data, in files and in the builder.</summary>
public sealed class DataInputFileTests
{
    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        using var folder = new DataFolder();
        folder.Npy("a.npy", DataFolder.Numbers(12), 3, 4);
        folder.Idx("a-idx3-ubyte", new byte[12], 3, 2, 2);
        var network = Read(folder, """
            "r": { "model": "encode", "encoder": "rate", "file": "a.npy", "present": 2, "to": "E", "weight": 1 },
            "l": { "model": "encode", "encoder": "latency", "file": "a-idx3-ubyte", "bypass": true, "present": 2, "to": "E", "weight": 1 },
            "d": { "model": "encode", "encoder": "delta", "file": "a.npy", "first": 1, "present": 2, "to": "E", "weight": 1 },
            "p": { "model": "encode", "encoder": "poisson_intervals", "file": "a.npy", "count": 2, "present": 2, "to": "E", "weight": 1 }
            """);
        var inputs = network.Inputs.Cast<EncodedInput>().ToArray();
        Assert.Equal(new SpikeEncoder.Rate(1, 0, 0), inputs[0].Encoder);
        Assert.Equal(
            new SpikeEncoder.Latency { TauMs = 1, Threshold = 0.01, FirstSpikeStep = 0, Normalize = false, Linear = false, Clip = false, Bypass = true }, inputs[1].Encoder);
        Assert.Equal(new SpikeEncoder.Delta(0.1, false, false), inputs[2].Encoder);
        Assert.Equal(new SpikeEncoder.PoissonIntervals(1), inputs[3].Encoder);
        Assert.Equal([(0, 3), (0, 3), (1, 2), (0, 2)], inputs.Select(i => (i.FirstSample, i.Samples)));
        Assert.Equal([1, 1.0 / 255, 1, 1], inputs.Select(i => i.Scale));
        Assert.All(inputs, i => Assert.Equal((20, 0, false), (i.PresentSteps, i.RestSteps, i.Repeat)));
        Assert.Equal(DataFolder.Numbers(12)[4..], inputs[2].Values.ToArray());
    }

    [Fact]
    public void A_rate_is_a_gain_a_step()
    {
        using var folder = new DataFolder();
        folder.Npy("a.npy", DataFolder.Numbers(12), 3, 4);
        var network = Read(folder, """ "r": { "model": "encode", "encoder": "rate", "rate": 200, "file": "a.npy", "present": 2, "to": "E", "weight": 1 } """);
        Assert.Equal(0.02, ((SpikeEncoder.Rate)((EncodedInput)network.Inputs[0]).Encoder).Gain, 1e-15);
    }

    [Fact]
    public void Every_word_of_the_builder_arrives_and_survives_writing()
    {
        using var folder = new DataFolder();
        folder.Npy("a.npy", DataFolder.Numbers(20), 5, 2, 2);
        folder.Events("e.bin", DataFolder.SomeEvents(50, 2, 2, 1, 8), EventFormat.TwoD);
        folder.Events("l.bin", DataFolder.SomeEvents(50, 2, null, 2, 8), EventFormat.OneD);
        var builder = new NetworkBuilder { Duration = 10, Directory = folder.Path };
        builder.Population("A", 4, "iaf_psc_exp");
        builder.Population("B", 6, "iaf_psc_exp");
        builder.Encode("r", "A", "B").File("a.npy").Encoder("rate").Gain(0.3).Offset(-0.1).FirstSpikeTime(0.2).Present(1).Rest(0.5).Samples(1, 3).Scale(2).Repeat()
            .Weight("A", 1).Weight("B", new Distribution.Uniform(1, 2)).Delay(0.3).Neurons([0, 1, 2, 3]);
        builder.Encode("l", "A").File("a.npy").Encoder("latency").Tau(0.4).Threshold(0.2).FirstSpikeTime(0.1).Normalize().Linear().Clip().Bypass().Present(2).Weight(1).Receptor("ex");
        builder.Encode("d", "A").File("a.npy").Encoder("delta").Threshold(0.2).Padding().OffSpike().Present(2).Weight(1);
        builder.Encode("p", "A").File("a.npy").Encoder("poisson_intervals").Rate(70).Present(2).Weight(1).Start(1).Stop(5);
        builder.Events("e", "B").File("e.bin").Format(EventFormat.TwoD).Shape(1, 2, 2).Neurons(2..6).Weight(3);
        builder.Events("f", "A").File("l.bin").Format(EventFormat.OneD).Shape(2, 2).Weight(3);
        var network = builder.Build();

        var rate = (EncodedInput)network.Inputs[0];
        Assert.Equal(new SpikeEncoder.Rate(0.3, -0.1, 2), rate.Encoder);
        Assert.Equal((1, 3, 2.0, 10, 5, true), (rate.FirstSample, rate.Samples, rate.Scale, rate.PresentSteps, rate.RestSteps, rate.Repeat));
        Assert.Equal(
            new SpikeEncoder.Latency { TauMs = 0.4, Threshold = 0.2, FirstSpikeStep = 1, Normalize = true, Linear = true, Clip = true, Bypass = true }, ((EncodedInput)network.Inputs[2]).Encoder);
        Assert.Equal(new SpikeEncoder.Delta(0.2, true, true), ((EncodedInput)network.Inputs[3]).Encoder);
        Assert.Equal(new SpikeEncoder.PoissonIntervals(70), ((EncodedInput)network.Inputs[4]).Encoder);
        Assert.Equal([1, 2, 2], ((EventsInput)network.Inputs[5]).Shape);
        Assert.Equal(EventFormat.OneD, ((EventsInput)network.Inputs[6]).Format);

        var again = NetworkFile.Read(Encoding.UTF8.GetBytes(NetworkFile.ToText(network)));
        Assert.True(again.IsValid, again.Format("written"));
        Assert.Null(Same.Difference(network, again.Network));
        Assert.Equal(network.Hash(), again.Network.Hash());
        Assert.True(NetworkEstimate.Of(network).InputBytes > 5 * 12 * 4);
    }

    /// <summary>The network is what the files hold, not where they lie.</summary>
    [Theory]
    [InlineData("a.npy", """ "x": { "model": "encode", "encoder": "rate", "file": "FILE", "present": 2, "to": "E", "weight": 1 } """)]
    [InlineData("a.bin", """ "x": { "model": "events", "format": "2d", "shape": [1, 2, 2], "file": "FILE", "to": "E", "weight": 1 } """)]
    public void The_hash_is_that_of_the_content(string file, string input)
    {
        using var folder = new DataFolder();
        folder.Npy("a.npy", DataFolder.Numbers(12), 3, 4);
        folder.Events("a.bin", new Events([0, 1], [1, 1], [0, 0], [1, 7]), EventFormat.TwoD);
        Network Read(string name) => DataInputFileTests.Read(folder, input.Replace("FILE", name, StringComparison.Ordinal));
        var hash = Read(file).Hash();
        File.Copy(folder[file], folder["b"]);
        Assert.Equal(hash, Read("b").Hash());
        Assert.Equal(Read(file).DynamicsHash(), Read("b").DynamicsHash());
        var bytes = File.ReadAllBytes(folder["b"]);
        bytes[^2] ^= 1;
        File.WriteAllBytes(folder["b"], bytes);
        Assert.NotEqual(hash, Read("b").Hash());
    }

    private static Network Read(DataFolder folder, string inputs)
    {
        var text = """{ "snn": 1, "duration": 10, "populations": { "E": { "size": 4, "model": "iaf_psc_exp" } }, "inputs": {""" + inputs + "} }";
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(text), null, folder.Path);
        Assert.True(reading.IsValid, reading.Format("network"));
        return reading.Network;
    }
}
