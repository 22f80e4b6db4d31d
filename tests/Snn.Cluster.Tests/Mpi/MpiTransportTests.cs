using System.Diagnostics;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>Ranks as processes of their own, under each MPI that is installed.</summary>
public class MpiTransportTests
{
    /// <summary>From the failure of a rank to the end of all, with the start of the processes on a busy machine.</summary>
    private static readonly TimeSpan MostToEndAll = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Families => MpiProgram.Families;

    public static TheoryData<string, int, string> Exchanges => new(
        from family in new[] { "Open MPI", "MPICH" }
        from ranks in new[] { 2, 3, 4 }
        select (family, ranks, ranks == 2 ? "80" : "25"));

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task MessagesOfAnySizeArriveAsTheyAreInAnyOrder(string family, int ranks, string messages)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        var (status, output, error) = await MpiProgram.Run(environment, "launch", $"{ranks}", "exchange", "1", messages);
        Assert.Equal((ExitStatus.Done, ""), (status, error));
        Assert.StartsWith($"{ranks} ranks, {(ranks - 1) * 6 * int.Parse(messages, System.Globalization.CultureInfo.InvariantCulture)} messages of rank 0, ", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task WhatRank0SaysAllHear(string family)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        Assert.Equal((ExitStatus.Done, "heard\n", ""), await MpiProgram.Run(environment, "launch", "7", "broadcast", "1000001"));
        Assert.Equal((ExitStatus.Done, "heard\n", ""), await MpiProgram.Run(environment, "launch", "2", "broadcast", "0"));
    }

    /// <summary>MPI and what is below it take SIGSEGV for a crash; the runtime makes an exception of it.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task ANullReferenceStaysAnException(string family)
    {
        Assert.Equal((ExitStatus.Done, "an exception\n", ""), await MpiProgram.Run(MpiProgram.EnvironmentOf(family), "launch", "2", "null"));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task AMessageThatIsTooLongIsAnError(string family)
    {
        var (status, _, error) = await MpiProgram.Run(MpiProgram.EnvironmentOf(family), "launch", "2", "truncate");
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Contains("the run failed: MPI: receiving, rank 1 with rank 0: ", error, StringComparison.Ordinal);
    }

    /// <summary>The others wait for a message that never comes.</summary>
    [Theory]
    [InlineData("Open MPI", "0")]
    [InlineData("Open MPI", "2")]
    [InlineData("MPICH", "0")]
    [InlineData("MPICH", "2")]
    public async Task ARankThatThrowsEndsAll(string family, string rank)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        var time = Stopwatch.StartNew();
        var (status, _, error) = await MpiProgram.Run(environment, "launch", "3", "throw", rank);
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Contains($"snn: rank {rank} on ", error, StringComparison.Ordinal);
        Assert.Contains(": the run failed: thrown on purpose\n", error, StringComparison.Ordinal);
        Assert.True(time.Elapsed < MostToEndAll, $"it took {time.Elapsed}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task ARankThatIsKilledEndsAll(string family)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        var time = Stopwatch.StartNew();
        var (status, _, error) = await MpiProgram.Run(environment, "launch", "3", "kill", "1");
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Contains("snn: the run failed: a rank crashed or was killed, and the others were ended", error, StringComparison.Ordinal);
        Assert.True(time.Elapsed < MostToEndAll, $"it took {time.Elapsed}");
    }

    [Theory]
    [InlineData("Open MPI", ExitStatus.Done)]
    [InlineData("Open MPI", ExitStatus.Failed)]
    [InlineData("Open MPI", ExitStatus.WrongInput)]
    [InlineData("Open MPI", ExitStatus.Interrupted)]
    [InlineData("MPICH", ExitStatus.Done)]
    [InlineData("MPICH", ExitStatus.Failed)]
    [InlineData("MPICH", ExitStatus.WrongInput)]
    [InlineData("MPICH", ExitStatus.Interrupted)]
    public async Task TheStatusOfTheRanksIsThatOfTheLaunch(string family, int status)
    {
        Assert.Equal(status, (await MpiProgram.Run(MpiProgram.EnvironmentOf(family), "launch", "2", "end", $"{status}")).Status);
    }

    /// <summary>All end with its status, in order, and nobody says more than it.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task WhatRank0RefusesAllRefuse(string family)
    {
        Assert.Equal((ExitStatus.WrongInput, "", "refused\n"), await MpiProgram.Run(MpiProgram.EnvironmentOf(family), "launch", "3", "refuse"));
    }

    /// <summary>The ranks write for three seconds after the signal: longer than Open MPI's launcher waits before it kills.</summary>
    [Theory]
    [InlineData("Open MPI", "-INT")]
    [InlineData("Open MPI", "-TERM")]
    [InlineData("MPICH", "-INT")]
    [InlineData("MPICH", "-TERM")]
    public async Task ASignalGivesTheRanksTheTimeThatTheyNeed(string family, string signal)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        using var folder = new Session();
        Directory.CreateDirectory(folder["stop"]);
        using var process = MpiProgram.Start(environment, "launch", "2", "stop", folder["stop"]);
        await Processes.Until(() => Directory.GetFiles(folder["stop"], "*.began").Length == 2, "both ranks begin");
        Processes.Signal(process, signal);
        var (status, output, error) = await Processes.Wait(process);
        Assert.Equal((ExitStatus.Interrupted, ""), (status, output));
        Assert.Equal("\nsnn: stopping, and writing what was recorded so far; once more to stop at once\n", error);
        Assert.Equal(2, Directory.GetFiles(folder["stop"], "*.wrote").Length);
    }

    /// <summary>Ranks that do not come to an end are ended by the second signal.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task ASecondSignalEndsTheRanksAtOnce(string family)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        using var folder = new Session();
        Directory.CreateDirectory(folder["stop"]);
        using var process = MpiProgram.Start(environment, "launch", "2", "stop", folder["stop"]);
        await Processes.Until(() => Directory.GetFiles(folder["stop"], "*.began").Length == 2, "both ranks begin");
        Processes.Signal(process, "-TERM");
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        Processes.Signal(process, "-TERM");
        Assert.Equal(ExitStatus.Interrupted, (await Processes.Wait(process)).Status);
        Assert.Empty(Directory.GetFiles(folder["stop"], "*.wrote"));
    }

    /// <summary>No rank is left behind that would hold the run's directory.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task IfTheLaunchIsKilledTheRanksEnd(string family)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "THE PARENT'S DEATH IS NOT SIGNALLED: only Linux tells a process that its parent is gone; run this test there.");
        var environment = MpiProgram.EnvironmentOf(family);
        using var folder = new Session();
        Directory.CreateDirectory(folder["stop"]);
        using var process = MpiProgram.Start(environment, "launch", "2", "stop", folder["stop"]);
        await Processes.Until(() => Directory.GetFiles(folder["stop"], "*.began").Length == 2, "both ranks begin");
        process.Kill();
        await Processes.Until(() => !AnyProcessHas(folder["stop"]), "the ranks end");
    }

    [Fact]
    public async Task ALibraryThatIsNotTheLaunchersIsRefused()
    {
        var open = MpiProgram.EnvironmentOf("Open MPI");
        var mpich = MpiProgram.EnvironmentOf("MPICH");
        open["OMPI_ALLOW_RUN_AS_ROOT"] = open["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        var launcher = MpiProgram.LauncherOf(open)!.Program;
        open["SNN_MPI_LIBRARY"] = mpich["SNN_MPI_LIBRARY"];
        using var process = Processes.Start(launcher, open, "--quiet", "--oversubscribe", "-n", "2", Path.Combine(AppContext.BaseDirectory, "Snn.MpiTest"), "null");
        var (status, output, error) = await Processes.Wait(process);
        Assert.Equal((ExitStatus.WrongInput, ""), (status, output));
        Assert.StartsWith("mpi: mpirun started 2 ranks, but libmpich.so.12 sees 1: it belongs to another MPI than the launcher", error, StringComparison.Ordinal);
    }

    private static bool AnyProcessHas(string argument) =>
        Directory.EnumerateDirectories("/proc").Any(folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(argument, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        });
}
