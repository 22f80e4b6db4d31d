using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Networks;
using Snn.Actors.Tests.Recording;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Layered networks on the engine: one answer for any split of the batch, and the right one.</summary>
public sealed class LayerTests
{
    private static readonly string _file = Path.Combine(TestFiles.Root, "tests", "data", "networks", "layers.json");

    [Fact]
    public void ThreadsLanesAndOrderChangeNothing()
    {
        var network = Read(_file);
        var expected = Runs.Run(network);
        Assert.All(expected.Populations, p => Assert.True(p.Spikes > 20, $"{p.Name} has {p.Spikes} spikes"));
        Assert.Equal(0, expected.AllocatedBytes);
        foreach (var (threads, lanes) in new[] { (2, 0), (3, 1), (5, 8), (7, 16), (20, 0) })
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(network, threads, lanes).SpikeHash);
        }

        for (ulong seed = 0; seed < 30; seed++)
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(network, 1 + (int)(seed % 4), dispatcherSeed: seed).SpikeHash);
        }
    }

    [Fact]
    public void ThereAreNotMoreWorkersThanItems() => Assert.Equal(7, Runs.Run(Read(_file), threads: 20).Threads);

    /// <summary>An item does what it does alone: items are independent, and the first draws the same numbers whatever the batch.</summary>
    [Fact]
    public void TheFirstItemDoesNotSeeTheOthers()
    {
        var all = Read(_file);
        var alone = Read(_file, "batch=1");
        var (many, one) = (new SpikeLog(), new SpikeLog());
        Runs.Run(all, threads: 2, log: many);
        Runs.Run(alone, log: one);
        foreach (var population in all.Populations)
        {
            Assert.Equal(one.Of(population.Index), many.Of(population.Index).Where(s => s.Neuron < population.Size));
            Assert.NotEqual(
                one.Of(population.Index),
                many.Of(population.Index).Where(s => s.Neuron / population.Size == 1).Select(s => (s.Step, s.Neuron % population.Size)));
        }
    }

    [Fact]
    public void RecordingsHaveItems()
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var network = Read(_file);
        var log = new SpikeLog();
        new Simulator().Run(network, new SimulationOptions { Threads = 3, Log = log }, run, null, TestContext.Current.CancellationToken);

        var spikes = Npz.Read(run.SpikesFile("hidden"));
        var expected = log.Of(network.Populations.Single(p => p.Name == "hidden").Index);
        Assert.Equal(expected.Select(s => (long)(s.Neuron % 70)), spikes["senders"].As<long>());
        Assert.Equal(expected.Select(s => (long)(s.Neuron / 70)), spikes["items"].As<long>());
        Assert.Equal([60, 7, 3], Npz.Read(run.StateFile("out", 0))["V_m"].Shape);
        Assert.Equal([24, 7, 2], Npz.Read(run.StateFile("hidden", 0))["V_m"].Shape);
    }

    [Fact]
    public void AFileOfThemIsWrittenAndReadBack()
    {
        var network = Read(_file);
        var again = NetworkFile.Read(System.Text.Encoding.UTF8.GetBytes(NetworkFile.ToText(network)));
        Assert.True(again.IsValid, again.Format("again"));
        Assert.Null(Same.Difference(network, again.Network));
        Assert.Equal(network.Hash(), again.Network!.Hash());
    }

    private static Network Read(string file, params string[] set)
    {
        var reading = NetworkFile.Read(file, new NetworkOverrides { Set = set });
        return reading.Network ?? throw new InvalidOperationException(reading.Format(file));
    }
}
