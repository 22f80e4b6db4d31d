using System.Diagnostics;
using System.Globalization;
using Snn.Actors.Recording;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>The whole command on several ranks under each MPI that is installed: the files of one process, whatever happens to the ranks.</summary>
public sealed class RankRunTests(RankRunTests.Uninterrupted uninterrupted) : IClassFixture<RankRunTests.Uninterrupted>
{
    /// <summary>From the death of a rank to the end of the run: the others are ended, all start again on a busy machine, and simulate the rest, some seconds.</summary>
    private static readonly TimeSpan MostToRecover = TimeSpan.FromSeconds(120);

    private const string Duration = "150";

    /// <summary>Long enough that it is killed in the middle.</summary>
    private const string LongDuration = "2000";

    public static TheoryData<string> Families => MpiProgram.Families;

    /// <summary>A start takes longer than the rest, so each network runs with half of the layouts under one MPI, and with the other half under the other.</summary>
    public static TheoryData<string, string, int, int, string> Layouts => new(
        from family in new[] { "Open MPI", "MPICH" }
        from ranks in new[] { 2, 3 }
        from threads in new[] { 1, 2 }
        from clock in new[] { "barrier", "async" }
        let isPlastic = (ranks + threads + (clock == "async" ? 1 : 0) + (family == "MPICH" ? 1 : 0)) % 2 == 0
        select (family, isPlastic ? "plastic" : "small", ranks, threads, clock));

    [Theory]
    [MemberData(nameof(Layouts))]
    public async Task EveryLayoutLeavesTheFilesOfOneProcess(string family, string network, int ranks, int threads, string clock)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        using var session = new Session();
        var file = network == "plastic" ? RankRuns.Plastic : RankRuns.Small;
        var whole = await uninterrupted.Of(file, Duration);
        var summary = await RankRuns.Run(
            environment, session["out"], ["run", .. RankRuns.Network(file), "--out", session["out"], "--duration", Duration, "--ranks", $"{ranks}", "--threads", $"{threads}", "--clock", clock]);
        Assert.Equal((ranks, threads, clock), (summary.Ranks, summary.Threads, summary.Clock));
        RankRuns.AssertSame(whole, session["out"]);
    }

    /// <summary>A snapshot when it is asked for, a stop in order, and what is left goes on on fewer ranks with the other clock.</summary>
    [Theory]
    [InlineData("Open MPI", "barrier", "async")]
    [InlineData("MPICH", "async", "barrier")]
    public async Task WhatThreeRanksStoppedGoesOnOnFewer(string family, string clock, string other)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        using var session = new Session();
        using (var process = MpiProgram.StartSnn(
            environment,
            ["run", .. RankRuns.Network(RankRuns.Plastic), "--out", session["out"], "--duration", "100000000", "--ranks", "3", "--threads", "1", "--clock", clock, "--progress", "none"]))
        {
            await Processes.Until(() => RankRuns.IsUnderWay(session["out"]), "spikes are recorded");
            Assert.Equal(0, Processes.SnapshotsOf(session["out"]));
            Processes.Signal(process, "-USR1");
            await Processes.Until(() => Processes.SnapshotsOf(session["out"]) == 1, "SIGUSR1 takes a snapshot");
            Processes.Signal(process, "-TERM");
            var (status, _, error) = await Processes.Wait(process);
            Assert.True(status == ExitStatus.Interrupted, $"status {status}: {error}");
        }

        var stopped = RunSummary.Read(session["out/summary.json"]);
        Assert.Equal(("interrupted", 3), (stopped.Status, stopped.Ranks));
        Assert.Equal(2, Processes.SnapshotsOf(session["out"]));
        RankRuns.Copy(session["out"], session["copy"]);
        var end = (stopped.SimulatedMs + 40).ToString("R", CultureInfo.InvariantCulture);
        var whole = await uninterrupted.Of(RankRuns.Plastic, end);
        foreach (var (run, ranks) in new[] { (session["out"], 1), (session["copy"], 2) })
        {
            var summary = await RankRuns.Run(environment, run, "resume", run, "--duration", end, "--ranks", $"{ranks}", "--threads", "1", "--clock", other);
            Assert.Equal((ranks, other, stopped.SimulatedMs), (summary.Ranks, summary.Clock, summary.ResumedFromMs));
            RankRuns.AssertSame(whole, run);
        }
    }

    [Theory]
    [InlineData("Open MPI", 2)]
    [InlineData("MPICH", 0)]
    public async Task ARunWhoseRankIsKilledEndsAsIfItWereNot(string family, int rank)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/PROC IS MISSING: the processes of ranks are found there; run this test on Linux.");
        var environment = MpiProgram.EnvironmentOf(family);
        using var session = new Session();
        var whole = await uninterrupted.Of(RankRuns.Plastic, LongDuration);
        using var process = MpiProgram.StartSnn(
            environment,
            [
                "run", .. RankRuns.Network(RankRuns.Plastic), "--out", session["out"], "--duration", LongDuration, "--ranks", "3", "--threads", "1",
                "--restarts", "2", "--snapshot-every", "50", "--progress", "none",
            ]);
        await Processes.Until(() => Processes.SnapshotsOf(session["out"]) > 0, "a snapshot");
        using (var victim = Process.GetProcessById(RankRuns.ProcessOf(session["out"], rank)!.Value))
        {
            victim.Kill();
        }

        var time = Stopwatch.StartNew();
        var (status, _, error) = await Processes.Wait(process);
        Assert.True(status == ExitStatus.Done, $"status {status}: {error}");
        Assert.True(time.Elapsed < MostToRecover, $"it took {time.Elapsed}");
        Assert.Contains("restart 1 of 2, from its last snapshot", error, StringComparison.Ordinal);
        Assert.DoesNotContain("restart 2", error, StringComparison.Ordinal);
        Assert.True(RunSummary.Read(session["out/summary.json"]).ResumedFromMs > 0);
        RankRuns.AssertSame(whole, session["out"]);
    }

    /// <summary>Runs of one process that nobody disturbs, each once.</summary>
    public sealed class Uninterrupted : IDisposable
    {
        private readonly Session _session = new();

        /// <summary>The directory of a run for this long, ms.</summary>
        public async Task<string> Of(string network, string duration)
        {
            var directory = _session[$"{Path.GetFileNameWithoutExtension(network)}-{duration}"];
            if (!Directory.Exists(directory))
            {
                await RankRuns.Run([], directory, ["run", .. RankRuns.Network(network), "--out", directory, "--duration", duration]);
            }

            return directory;
        }

        /// <inheritdoc/>
        public void Dispose() => _session.Dispose();
    }
}
