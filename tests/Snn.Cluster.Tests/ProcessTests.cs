using System.Diagnostics;
using Snn.Actors.Recording;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests;

/// <summary>The snn program as a process of its own, with the real engine.</summary>
public class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task ARunEndsWithStatus0AndItsSummary()
    {
        using var session = new Session();
        var (status, output, error) = await Wait(Start("run", session.Network, "--out", session["out"], "--json"));
        Assert.Equal((ExitStatus.Done, ""), (status, error));
        Assert.Equal(File.ReadAllText(session["out/summary.json"]), output);
        var summary = RunSummary.Read(session["out/summary.json"]);
        Assert.Equal(100, summary.SimulatedMs);
        Assert.True(summary.Populations["E"].Spikes > 0);
    }

    [Fact]
    public async Task WrongInputIsStatus2()
    {
        var (status, _, error) = await Wait(Start("run", "no-such-network.json"));
        Assert.Equal(ExitStatus.WrongInput, status);
        Assert.StartsWith("no-such-network.json: ", error, StringComparison.Ordinal);
    }

    /// <summary>Ctrl-C, and SIGTERM as a batch system sends it: status 130, and the files hold what was recorded so far.</summary>
    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task ASignalStopsTheRunCleanly(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send to one process.");
        using var session = new Session();
        var process = Start("run", session.Network, "--out", session["out"], "--duration", "100000000");
        using (process)
        {
            await Until(() => Directory.Exists(session["out/parts"]) && Directory.GetFiles(session["out/parts"]).Length > 0);
            using var kill = Process.Start("kill", [signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            var (status, output, error) = await Wait(process);
            Assert.Equal(ExitStatus.Interrupted, status);
            Assert.Contains("stopping", error, StringComparison.Ordinal);
            Assert.Contains("Interrupted after", output, StringComparison.Ordinal);
        }

        var summary = RunSummary.Read(session["out/summary.json"]);
        Assert.Equal("interrupted", summary.Status);
        Assert.True(summary.SimulatedMs > 0);
        Assert.True(File.Exists(session["out/spikes/E.npz"]));
        Assert.False(Directory.Exists(session["out/parts"]));
    }

    private static Process Start(params string[] args) => Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "snn.exe" : "snn"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task<(int Status, string Output, string Error)> Wait(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(waited.Elapsed < Patience, "the run recorded nothing");
        }
    }
}
