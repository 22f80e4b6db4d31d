using System.Globalization;
using Snn.Cluster.Host;
using Snn.Cluster.Host.Mpi;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>--ranks and --hosts: what is refused, and what the launchers are told.</summary>
public class RanksOptionTests
{
    public static TheoryData<string> Families => MpiProgram.Families;

    [Fact]
    public void WithoutMpiThatIsWhatIsSaid()
    {
        using var session = In("PATH=/nowhere");
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network, "--ranks", "2"));
        Assert.Equal(
            "snn: --ranks 2: MPI is not installed here: install Open MPI (Debian: apt install openmpi-bin) or MPICH (apt install mpich), or leave --ranks out\n",
            session.Error.ToString());
        Assert.False(Directory.Exists(session["runs"]));
    }

    [Fact]
    public void ALibraryThatIsNoneIsRefusedByItsName()
    {
        using var session = In($"PATH={Environment.GetEnvironmentVariable("PATH")} SNN_MPI_LIBRARY=libc.so.6");
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network, "--ranks", "2"));
        Assert.StartsWith("snn: SNN_MPI_LIBRARY=libc.so.6: is no MPI library that can be loaded here: give the path of ", session.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void OneRankNeedsNoMpi()
    {
        using var session = In("PATH=/nowhere");
        Assert.Equal(ExitStatus.Done, session.Run("run", session.Network, "--ranks", "1", "--out", session["out"]));
        using var launched = In("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 SNN_MPI_LIBRARY=/nowhere");
        Assert.Equal(ExitStatus.Done, launched.Run("run", launched.Network, "--ranks", "1", "--out", launched["out"]));
    }

    [Theory]
    [InlineData("--ranks 0", "", "--ranks 0: give a whole number from 1 to 65536")]
    [InlineData("--ranks 65537", "", "--ranks 65537: give a whole number from 1 to 65536")]
    [InlineData("--hosts a,b", "", "--hosts a,b: needs --ranks N: how many ranks to start there")]
    [InlineData("--ranks 4 --hosts a,,b", "", "--hosts a,,b: give names or IPv4 addresses of machines, ")]
    [InlineData("--ranks 4 --hosts -x", "", "--hosts -x: give names or IPv4 addresses of machines, ")]
    [InlineData("--ranks 4 --hosts a:99999999999", "", "--hosts a:99999999999: give names or IPv4 addresses of machines, ")]
    [InlineData("--ranks 4 --hosts a,a", "", "--hosts a,a: names a machine twice; ")]
    [InlineData("--ranks 4 --hosts a:3,b", "", "--hosts a:3,b: give a number of ranks for every machine, or for none")]
    [InlineData("--ranks 4 --hosts a:3,b:2", "", "--hosts a:3,b:2: has 5 ranks, --ranks has 4; give as many")]
    [InlineData("--ranks 4 --hosts a:4,b:0", "", "--hosts a:4,b:0: has 4 ranks, --ranks has 4; give as many")]
    [InlineData("--ranks 2 --hosts a,b,c", "", "--hosts a,b,c: has 3 machines, --ranks has 2; give as many, or more ranks than machines")]
    [InlineData("--ranks 4", "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0", "--ranks 4: mpirun started 2; leave --ranks out, or start 4 with mpirun -n 4")]
    [InlineData("--hosts a", "PMI_SIZE=2 PMI_RANK=0", "--hosts a: mpiexec has started the ranks already; ")]
    [InlineData("--restarts 1", "PMI_SIZE=2 PMI_RANK=0", "--restarts: a rank that mpiexec started cannot start the others again; ")]
    public void WhatDoesNotGoTogetherIsRefused(string options, string environment, string message)
    {
        using var session = In(environment);
        Assert.Equal(ExitStatus.WrongInput, session.Run(["run", session.Network, .. options.Split(' ')]));
        Assert.StartsWith($"snn: {message}", session.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(session["runs"]));
    }

    [Fact]
    public void WorkersAreTheCoresOfAMachineSharedByItsRanks()
    {
        using var session = In("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=100000");
        Assert.Equal(ExitStatus.Done, session.Run("run", session.Network));
        Assert.Equal(1, session.Simulator.Options!.Threads);
        using var alone = In("");
        Assert.Equal(ExitStatus.Done, alone.Run("run", alone.Network));
        Assert.Equal(Environment.ProcessorCount, alone.Simulator.Options!.Threads);
    }

    [Theory]
    [InlineData("a,b", 5, "a:3,b:2")]
    [InlineData("node-1.x", 2, "node-1.x:2")]
    [InlineData("10.0.0.1:1,b:3", 4, "10.0.0.1:1,b:3")]
    public void HostsAreSharedOutEvenlyUnlessTheyAreNot(string given, int ranks, string meant) =>
        Assert.Equal(meant, string.Join(',', HostSlots.Parse(given, ranks).Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Host}:{h.Slots}"))));

    [Fact]
    public void TheLaunchersAreToldInTheirWords()
    {
        string Words(MpiFamily family, int ranks, string? hosts) =>
            string.Join(' ', new MpiLauncher("mpirun", family).Arguments(ranks, hosts is null ? [] : HostSlots.Parse(hosts, ranks), cores: 2, exported: ["X"]));
        Assert.Equal("--quiet -n 2 --oversubscribe --bind-to none -x X", Words(MpiFamily.OpenMpi, 2, null));
        Assert.Equal("--quiet -n 3 --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 -x X", Words(MpiFamily.OpenMpi, 3, null));
        Assert.Equal(
            "--quiet -n 4 --host a:2,b:2 --oversubscribe --bind-to none --mca oob_tcp_keepalive_time 5 --mca oob_tcp_keepalive_intvl 5 --mca oob_tcp_keepalive_probes 3 -x X",
            Words(MpiFamily.OpenMpi, 4, "a,b"));
        Assert.Equal("-n 3 -hosts a:2,b:1 -bind-to none", Words(MpiFamily.Mpich, 3, "a,b"));
        Assert.Equal("-n 3 -bind-to none", Words(MpiFamily.Mpich, 3, null));
    }

    [Theory]
    [InlineData("mpirun (Open MPI) 4.1.4", "OpenMpi")]
    [InlineData("HYDRA build details:\n    Version: 4.0.2", "Mpich")]
    [InlineData("Intel(R) MPI Library for Linux* OS, Version 2021.9", "Mpich")]
    [InlineData("GNU bash, version 5.2", "")]
    public void ALauncherSaysWhoseItIs(string version, string family) => Assert.Equal(family, $"{MpiLauncher.FamilyThatSays(version)}");

    /// <summary>What is wrong with a file is said once, by the first of the ranks, and the status comes through.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task AWrongFileIsRefusedOnce(string family)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        using var process = MpiProgram.StartSnn(environment, "run", "no-such-network.json", "--ranks", "3");
        var (status, output, error) = await Processes.Wait(process);
        Assert.Equal((ExitStatus.WrongInput, ""), (status, output));
        Assert.StartsWith("no-such-network.json: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Split('\n').Count(l => l.Contains("nothing was run", StringComparison.Ordinal)));
    }

    /// <summary>One rank under a launcher writes what a run without one does, and nothing but it.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public async Task TheOutputIsTheSummaryAlone(string family)
    {
        var environment = MpiProgram.EnvironmentOf(family);
        environment["OMPI_ALLOW_RUN_AS_ROOT"] = environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        using var session = new Session();
        using var process = Processes.Start(
            MpiProgram.LauncherOf(environment)!.Program, environment, "-n", "1", Path.Combine(AppContext.BaseDirectory, "snn"), "run", session.Network, "--out", session["out"], "--json");
        var (status, output, error) = await Processes.Wait(process);
        Assert.Equal((ExitStatus.Done, ""), (status, error));
        Assert.Equal(File.ReadAllText(session["out/summary.json"]), output);
    }

    /// <summary>A session with this environment and no other.</summary>
    private static Session In(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        var session = new Session();
        session.Context = session.Context with { Variable = name => variables.GetValueOrDefault(name) };
        return session;
    }
}
