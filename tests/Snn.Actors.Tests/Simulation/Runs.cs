using System.Text;
using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Short ways to run a network in a test.</summary>
internal static class Runs
{
    /// <summary>Examples that come with Snn.</summary>
    public static readonly string[] Examples =
    [
        "adex-patterns.json", "brunel-small.json", "brunel.json", "coba.json", "cuba.json", "izhikevich-1000.json", "microcircuit-10pct.json",
        "mstdpet-xor.json", "pysnn-mlp.json", "synaptic-layers.json",
    ];

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

    private static Network Checked(NetworkReading reading) =>
        reading.Network ?? throw new InvalidOperationException(reading.Format("network"));
}
