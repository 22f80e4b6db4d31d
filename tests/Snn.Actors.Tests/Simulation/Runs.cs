using System.Text;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Networks;
using Snn.Actors.Tests.Recording;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Short ways to run a network in a test.</summary>
internal static class Runs
{
    /// <summary>Most synapses of an example that tests run many times.</summary>
    private const double MostSynapses = 1e8;

    /// <summary>Examples that come with Snn, but for those that are too large to be run many times.</summary>
    public static readonly string[] Examples =
    [
        .. TestFiles.ExampleFiles().Where(f => NetworkEstimate.Of(NetworkFile.Read(f).Network!).Synapses < MostSynapses).Select(f => Path.GetFileName(f)),
    ];

    /// <summary>The others, which are run once, and for a short time.</summary>
    public static readonly string[] LargeExamples = [.. TestFiles.ExampleFiles().Select(f => Path.GetFileName(f)).Except(Examples)];

    /// <summary>An example, with another duration if one is given, ms.</summary>
    public static Network Example(string file, double? durationMs = null, string? seed = null)
    {
        var overrides = new NetworkOverrides { Duration = durationMs is { } d ? FormattableString.Invariant($"{d}") : null, Seed = seed };
        return Checked(NetworkFile.Read(TestData.Example(file), overrides));
    }

    /// <summary>A network from the text of its file.</summary>
    public static Network FromText(string text, string? directory = null) => Checked(NetworkFile.Read(Encoding.UTF8.GetBytes(text), null, directory));

    /// <summary>Runs a network in memory.</summary>
    public static SimulationResult Run(Network network, int threads = 1, int lanes = 0, ulong? dispatcherSeed = null, SpikeLog? log = null) =>
        Run(network, new SimulationOptions { Threads = threads, Lanes = lanes, DispatcherSeed = dispatcherSeed, Log = log });

    /// <summary>Runs a network in memory.</summary>
    public static SimulationResult Run(Network network, SimulationOptions options) =>
        new Simulator().Run(network, options, null, null, TestContext.Current.CancellationToken);

    /// <summary>Runs a network and reads the weights that it records from their files.</summary>
    public static (SimulationResult Result, Dictionary<string, double[]> Weights) RunForWeights(Network network, SimulationOptions options)
    {
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        var result = new Simulator().Run(network, options, run, null, TestContext.Current.CancellationToken);
        return (result, network.Projections.Where(p => p.RecordWeights).ToDictionary(p => p.Name, p => Widened(Npz.Read(run.WeightsFile(p.Name))["weights"])));
    }

    private static double[] Widened(Recording.Npy array) => array.TypeCode == "<f8" ? array.As<double>() : Array.ConvertAll(array.As<float>(), v => (double)v);

    private static Network Checked(NetworkReading reading) =>
        reading.Network ?? throw new InvalidOperationException(reading.Format("network"));
}
