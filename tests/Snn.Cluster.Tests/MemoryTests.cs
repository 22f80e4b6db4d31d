using System.Diagnostics;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests;

/// <summary>What a network is said to take before it is built, against what the process that ran it has taken.</summary>
public sealed class MemoryTests
{
    private const int Threads = 2;

    [Theory]
    [InlineData("rates that differ by neuron", """
        "populations": { "E": { "size": 200000, "model": "iaf_psc_exp" } },
        "inputs": { "p": { "model": "poisson", "to": "E", "rate": { "uniform": [0, 40000] }, "weight": { "normal": { "mean": 1, "std": 0.1 } } } }
        """)]
    [InlineData("synapses that wait to be sorted", """
        "populations": { "E": { "size": 20000, "model": "iaf_psc_exp" } },
        "projections": [ { "from": "E", "to": "E", "rule": { "fixed_outdegree": 1000 }, "weight": { "uniform": [1, 2] }, "delay": { "uniform": [1, 3] } } ]
        """)]
    public async Task TheEstimateIsNearThePeak(string what, string network)
    {
        using var session = new Session("{ \"snn\": 1, \"dt\": 0.1, \"duration\": 1, \"record\": { \"spikes\": [] }, " + network + " }");
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "snn.exe" : "snn"),
            ["run", session.Network, "--out", session["out"], "--threads", $"{Threads}", "--progress", "none"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitStatus.Done, process.ExitCode);

        var estimate = NetworkEstimate.Of(NetworkFile.Read(session.Network).Network!, Threads).Bytes;
        var peak = RunSummary.Read(session["out/summary.json"]).PeakMemoryBytes;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{what}: {estimate / 1e6:0} MB estimated, {peak / 1e6:0} MB taken"));
        Assert.True(peak < 1.2 * estimate, $"{what}: {peak / 1e6:0} MB taken, but {estimate / 1e6:0} MB estimated");
        Assert.True(peak > 0.5 * estimate, $"{what}: {peak / 1e6:0} MB taken of {estimate / 1e6:0} MB estimated");
    }
}
