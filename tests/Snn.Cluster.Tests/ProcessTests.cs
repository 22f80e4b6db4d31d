using System.Diagnostics;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests;

/// <summary>The snn program as a process of its own, with the real engine.</summary>
public class ProcessTests
{
    [Fact]
    public async Task ARunEndsWithStatus0AndItsSummary()
    {
        using var session = new Session();
        var (status, output, error) = await Processes.Wait(Start("run", session.Network, "--out", session["out"], "--json"));
        Assert.Equal((ExitStatus.Done, ""), (status, error));
        Assert.Equal(File.ReadAllText(session["out/summary.json"]), output);
        var summary = RunSummary.Read(session["out/summary.json"]);
        Assert.Equal(100, summary.SimulatedMs);
        Assert.True(summary.Populations["E"].Spikes > 0);
    }

    [Fact]
    public async Task WrongInputIsStatus2()
    {
        var (status, _, error) = await Processes.Wait(Start("run", "no-such-network.json"));
        Assert.Equal(ExitStatus.WrongInput, status);
        Assert.StartsWith("no-such-network.json: ", error, StringComparison.Ordinal);
    }

    /// <summary>Ctrl-C, and SIGTERM as a batch system sends it: status 130, and the files hold what was recorded so far.</summary>
    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task ASignalStopsTheRunCleanly(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGNALS ARE MISSING: Windows cannot send SIGINT or SIGKILL to one process; run this test on Linux or macOS, or in WSL.");
        using var session = new Session();
        var process = Start("run", session.Network, "--out", session["out"], "--duration", "100000000");
        using (process)
        {
            await Processes.Until(() => Directory.Exists(session["out/parts"]) && Directory.GetFiles(session["out/parts"]).Length > 0, "the run records");
            Processes.Signal(process, signal);
            var (status, output, error) = await Processes.Wait(process);
            Assert.Equal(ExitStatus.Interrupted, status);
            Assert.Contains("stopping", error, StringComparison.Ordinal);
            Assert.Contains("Interrupted after", output, StringComparison.Ordinal);
        }

        var summary = RunSummary.Read(session["out/summary.json"]);
        Assert.Equal("interrupted", summary.Status);
        Assert.True(summary.SimulatedMs > 0);
        Assert.True(File.Exists(session["out/spikes/E.npz"]));

        // And it goes on where it stopped.
        var end = summary.SimulatedMs + 40;
        var (resumed, _, said) = await Processes.Wait(Start("resume", session["out"], "--duration", Number(end), "--threads", "1", "--progress", "none"));
        Assert.Equal((ExitStatus.Done, $"snn: going on from {Number(summary.SimulatedMs)} ms\n"), (resumed, said));
        await AssertSameAsUninterrupted(session, end);
    }

    /// <summary>Nothing is left that looks like a run: no directory, or the empty one that was given, and no run in a store.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASignalWhileTheNetworkIsBuiltLeavesNothing(bool directoryIsThere)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGNALS ARE MISSING: Windows cannot send SIGINT or SIGKILL to one process; run this test on Linux or macOS, or in WSL.");
        using var session = new Session("""
            { "snn": 1, "name": "large", "dt": 0.1, "duration": 10, "weight_precision": "half",
              "populations": { "E": { "size": 20000, "model": "iaf_psc_delta" } },
              "projections": [ { "from": "E", "to": "E", "rule": { "fixed_indegree": 10000 }, "weight": { "normal": { "mean": 1, "std": 0.1 } } } ] }
            """);
        var store = $"sqlite:{session["store.sqlite"]}";
        if (directoryIsThere)
        {
            Directory.CreateDirectory(session["out"]);
        }

        using var process = Start("run", session.Network, "--out", session["out"], "--store", store);
        await Processes.Until(() => File.Exists(session["out/network.json"]), "the run records");
        Processes.Signal(process, "-INT");
        var (status, output, error) = await Processes.Wait(process);
        Assert.Equal((ExitStatus.Interrupted, ""), (status, output));
        Assert.EndsWith($"snn: interrupted while the network was being built: no step was taken, and {session["out"]} holds nothing\n", error, StringComparison.Ordinal);
        Assert.Equal(directoryIsThere, Directory.Exists(session["out"]));
        Assert.Equal(0, directoryIsThere ? Directory.GetFileSystemEntries(session["out"]).Length : 0);
        using var opened = SnapshotStores.Open(store, TimeProvider.System);
        Assert.Empty(opened.Runs());
    }

    /// <summary>kill -9 in the middle of the run: the last snapshot takes it up, to the very files of a run that nobody killed.</summary>
    [Fact]
    public async Task ARunThatWasKilledGoesOnFromItsLastSnapshot()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill -9 on Windows.");
        using var session = new Session();
        using (var process = Start("run", session.Network, "--out", session["out"], "--duration", "100000000", "--snapshot-every", "50"))
        {
            await Processes.Until(() => Processes.SnapshotsOf(session["out"]) > 1, "the run records");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var (listed, table, _) = await Processes.Wait(Start("snapshots", session["out"], "--verify"));
        Assert.Equal(ExitStatus.Done, listed);
        Assert.Contains("sound", table, StringComparison.Ordinal);

        // What the killed run had recorded after its snapshot is cut off, and recorded again.
        var end = Math.Round((LastSnapshotStep(session["out"]) * Session.TinyDtMs) + 30, 3);
        var (status, _, error) = await Processes.Wait(Start("resume", session["out"], "--duration", Number(end), "--progress", "none"));
        Assert.Equal((ExitStatus.Done, true), (status, error.StartsWith("snn: going on from ", StringComparison.Ordinal)));
        await AssertSameAsUninterrupted(session, end);
    }

    /// <summary>The watcher resumes a crashed run by itself. The run has no end of its own: it is there to be killed, and goes on until it is stopped.</summary>
    [Fact]
    public async Task AWatchedRunIsRestarted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill -9 on Windows.");
        using var session = new Session();
        var watcher = Start(
            "run", session.Network, "--out", session["out"], "--duration", "100000000", "--snapshot-every", "500", "--restarts", "3", "--progress", "none");
        using (watcher)
        {
            var id = watcher.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Processes.Until(() => Processes.SnapshotsOf(session["out"]) > 0, "the run records");
            using (var kill = Process.Start("pkill", ["-KILL", "-P", id]))
            {
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.Equal(0, kill.ExitCode);
            }

            // The second process writes snapshots, so it takes signals in order.
            var killedAt = LastSnapshotStep(session["out"]);
            await Processes.Until(() => LastSnapshotStep(session["out"]) > killedAt + 10_000, "the run records");
            Processes.Signal(watcher, "-TERM");
            var (status, _, error) = await Processes.Wait(watcher);
            Assert.Equal(ExitStatus.Interrupted, status);
            Assert.Contains("restart 1 of 3, from its last snapshot", error, StringComparison.Ordinal);
            Assert.DoesNotContain("restart 2", error, StringComparison.Ordinal);
        }

        await AssertSameAsUninterrupted(session, RunSummary.Read(session["out/summary.json"]).SimulatedMs);
    }

    [Fact]
    public async Task ABranchRemembersItsParentAndLeavesItAlone()
    {
        using var session = new Session();
        await Processes.Wait(Start("run", session.Network, "--out", session["out"], "--duration", "60", "--snapshot-every", "20"));
        var before = File.ReadAllBytes(session["out/spikes/E.npz"]);

        var (refused, _, why) = await Processes.Wait(Start("resume", session["out"], "--duration", "90", "--set", "record.spikes=[]"));
        Assert.Equal(ExitStatus.WrongInput, refused);
        Assert.Contains("give --out DIR, where the branch goes", why, StringComparison.Ordinal);

        var (status, _, _) = await Processes.Wait(Start("resume", session["out"], "--duration", "90", "--out", session["branch"], "--at", "45"));
        Assert.Equal(ExitStatus.Done, status);
        var summary = RunSummary.Read(session["branch/summary.json"]);
        Assert.Contains(" at step ", summary.Parent, StringComparison.Ordinal);
        Assert.InRange(summary.ResumedFromMs, 20, 45);
        Assert.Equal(before, File.ReadAllBytes(session["out/spikes/E.npz"]));
        await Processes.Wait(Start("run", session.Network, "--out", session["whole"], "--duration", "90"));
        Assert.Equal(RunSummary.Read(session["whole/summary.json"]).SpikeHash, summary.SpikeHash);
    }

    private static string Number(double ms) => ms.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static long LastSnapshotStep(string run)
    {
        using var store = SnapshotStores.Open($"sqlite:{Path.Combine(run, "snapshots.sqlite")}", TimeProvider.System);
        return store.List(Assert.Single(store.Runs()).Id)[^1].Step;
    }

    private static async Task AssertSameAsUninterrupted(Session session, double durationMs)
    {
        await Processes.Wait(Start("run", session.Network, "--out", session["whole"], "--duration", Number(durationMs)));
        var (whole, resumed) = (RunSummary.Read(session["whole/summary.json"]), RunSummary.Read(session["out/summary.json"]));
        Assert.Equal((whole.SpikeHash, whole.SimulatedMs), (resumed.SpikeHash, resumed.SimulatedMs));
        Assert.Equal(whole.Populations, resumed.Populations);
        Assert.Equal(File.ReadAllBytes(session["whole/spikes/E.npz"]), File.ReadAllBytes(session["out/spikes/E.npz"]));
    }

    private static Process Start(params string[] args) => Processes.Start("snn", [], args);
}
