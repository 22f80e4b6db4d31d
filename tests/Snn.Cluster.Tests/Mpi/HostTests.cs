using System.Diagnostics;
using System.Text;
using Snn.Actors.Recording;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>The whole command over several hosts: the files of one process, whatever happens to a rank, and under Open MPI to a wire.</summary>
/// <remarks>MPICH's launcher never notices that a host is gone, so there is no test of a cut wire with it.</remarks>
public sealed class HostTests(TestHosts hosts, RankRunTests.Uninterrupted uninterrupted) : IClassFixture<TestHosts>, IClassFixture<RankRunTests.Uninterrupted>
{
    /// <summary>
    /// From the death of a rank, or the cut of a wire, to the end of the run: up to 20 s until a cut is noticed, a start, and the rest of the run, some seconds each on an
    /// idle machine. docs/command-line.md states it.
    /// </summary>
    private static readonly TimeSpan MostToRecover = TimeSpan.FromSeconds(120);

    private const string Duration = "150";

    /// <summary>Long enough that it is disturbed in the middle.</summary>
    private const string LongDuration = "1000";

    /// <summary>On two hosts, two of the three ranks share one. One host shows that ranks which are not on several are seen.</summary>
    [Theory]
    [InlineData("Open MPI", 1, "async")]
    [InlineData("Open MPI", 2, "barrier")]
    [InlineData("Open MPI", 3, "async")]
    [InlineData("MPICH", 2, "async")]
    [InlineData("MPICH", 3, "barrier")]
    public async Task ARunOverHostsLeavesTheFilesOfOneProcess(string family, int count, string clock)
    {
        hosts.OrSkip();
        var environment = MpiProgram.EnvironmentOf(family);
        using var session = new Session();
        var whole = await uninterrupted.Of(RankRuns.Plastic, Duration);
        using var process = Start(environment, session["out"], count, "--duration", Duration, "--clock", clock);
        await HasRanksOn(process, session["out"], count switch
        {
            1 => ["host1", "host1", "host1"],
            2 => ["host1", "host1", "host2"],
            _ => ["host1", "host2", "host3"],
        });
        var summary = await RankRuns.End(process, session["out"]);
        Assert.Equal((3, clock), (summary.Ranks, summary.Clock));
        RankRuns.AssertSame(whole, session["out"]);
    }

    [Theory]
    [InlineData("Open MPI")]
    [InlineData("MPICH")]
    public async Task ARankThatIsKilledOnAnotherHostIsRecovered(string family)
    {
        hosts.OrSkip();
        using var session = new Session();
        var whole = await uninterrupted.Of(RankRuns.Plastic, LongDuration);
        using var process = await StartToItsFirstSnapshot(family, session["out"]);
        using (var victim = Process.GetProcessById(RankRuns.ProcessOf(session["out"], 2)!.Value))
        {
            victim.Kill();
        }

        await Recovers(process, Stopwatch.StartNew(), "", whole, session["out"]);
    }

    /// <summary>The run stands still until the launcher notices. The wire is put back then: else the restart would leave the host out.</summary>
    [Fact]
    public async Task AWireThatIsCutIsNoticedAndTheRunRecovers()
    {
        hosts.OrSkip();
        using var session = new Session();
        var whole = await uninterrupted.Of(RankRuns.Plastic, LongDuration);
        using var process = await StartToItsFirstSnapshot("Open MPI", session["out"]);
        hosts.Cut("host3");
        var time = Stopwatch.StartNew();
        try
        {
            var error = await ReadUntil(process.StandardError, "restart 1 of 2");
            hosts.Mend("host3");
            await Recovers(process, time, error, whole, session["out"]);
        }
        finally
        {
            hosts.Mend("host3");
        }
    }

    /// <summary>The restart asks the hosts, and goes on with the ranks of those that answer.</summary>
    [Fact]
    public async Task AHostThatStaysGoneIsLeftOut()
    {
        hosts.OrSkip();
        using var session = new Session();
        var whole = await uninterrupted.Of(RankRuns.Plastic, LongDuration);
        using var process = await StartToItsFirstSnapshot("Open MPI", session["out"]);
        hosts.Cut("host3");
        try
        {
            var (status, _, error) = await Processes.Wait(process);
            Assert.True(status == ExitStatus.Done, $"status {status}: {error}");
            Assert.Contains("snn: no answer from host3: the run goes on with 2 ranks on host1, host2\n", error, StringComparison.Ordinal);
            Assert.DoesNotContain("restart 2", error, StringComparison.Ordinal);
            var summary = RunSummary.Read(session["out/summary.json"]);
            Assert.Equal(2, summary.Ranks);
            Assert.True(summary.ResumedFromMs > 0);
            RankRuns.AssertSame(whole, session["out"]);
        }
        finally
        {
            hosts.Mend("host3");
        }

        await Processes.Until(() => hosts.ProcessesOnHosts().Count == 0, "no process is left on a host");
    }

    /// <summary>What a stream says, up to the line with this in it, or to its end.</summary>
    private static async Task<string> ReadUntil(StreamReader stream, string words)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(MostToRecover);
        var said = new StringBuilder();
        try
        {
            while (await stream.ReadLineAsync(patience.Token) is { } line)
            {
                said.AppendLine(line);
                if (line.Contains(words, StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"'{words}' was not said within {MostToRecover}, but: {said}");
        }

        return said.ToString();
    }

    /// <summary>The run ends in time as if nothing had happened, and leaves no process on any host.</summary>
    private async Task Recovers(Process process, Stopwatch time, string saidBefore, string whole, string run)
    {
        var (status, _, rest) = await Processes.Wait(process);
        var error = saidBefore + rest;
        Assert.True(status == ExitStatus.Done, $"status {status}: {error}");
        Assert.True(time.Elapsed < MostToRecover, $"it took {time.Elapsed}");
        Assert.Contains("restart 1 of 2, from its last snapshot", error, StringComparison.Ordinal);
        Assert.DoesNotContain("restart 2", error, StringComparison.Ordinal);
        Assert.DoesNotContain("no answer from", error, StringComparison.Ordinal);
        Assert.True(RunSummary.Read(Path.Combine(run, "summary.json")).ResumedFromMs > 0);
        RankRuns.AssertSame(whole, run);
        await Processes.Until(() => hosts.ProcessesOnHosts().Count == 0, "no process is left on a host");
    }

    /// <summary>Starts a run that is to be disturbed, a rank on each host, and waits until it can be recovered.</summary>
    private async Task<Process> StartToItsFirstSnapshot(string family, string run)
    {
        var process = Start(MpiProgram.EnvironmentOf(family), run, 3, "--duration", LongDuration, "--restarts", "2", "--snapshot-every", "50");
        await HasRanksOn(process, run, TestHosts.Names);
        await Processes.Until(() => Processes.SnapshotsOf(run) > 0, "a snapshot");
        return process;
    }

    private Process Start(Dictionary<string, string?> environment, string run, int count, params string[] options) => hosts.StartSnn(
        environment,
        [
            "run", .. RankRuns.Network(RankRuns.Plastic), "--out", run, "--ranks", "3", "--hosts", string.Join(',', TestHosts.Names.Take(count)), "--threads", "1",
            "--progress", "none", .. options,
        ]);

    /// <summary>Waits until every rank has a process, and makes sure that it is on its host.</summary>
    private async Task HasRanksOn(Process process, string run, IReadOnlyList<string> expected)
    {
        var found = new string?[expected.Count];
        await Processes.Until(
            () =>
            {
                for (var rank = 0; rank < found.Length; rank++)
                {
                    found[rank] ??= RankRuns.ProcessOf(run, rank) is { } id ? hosts.HostOf(id) : null;
                }

                return process.HasExited || found.All(h => h is not null);
            },
            "every rank has a process on a host");
        if (found.Contains(null))
        {
            var (status, _, error) = await Processes.Wait(process);
            Assert.Fail($"it ended with status {status} before all ranks were seen: {error}");
        }

        Assert.Equal(expected, found.OfType<string>());
    }
}
