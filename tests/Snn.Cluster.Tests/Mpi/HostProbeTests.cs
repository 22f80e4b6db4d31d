using Snn.Cluster.Host.Mpi;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>Which machines a restart goes on with.</summary>
public sealed class HostProbeTests
{
    [Theory]
    [MemberData(nameof(MpiProgram.Families), MemberType = typeof(MpiProgram))]
    public void OnlyMachinesThatStartAProgramAnswer(string family)
    {
        var launcher = MpiProgram.LauncherOf(MpiProgram.EnvironmentOf(family))!;
        HostSlots[] hosts = [new("localhost", 2), new("no-such-machine.invalid", 1)];
        Assert.Equal(hosts[..1], HostProbe.Answering(launcher, hosts, HostProbe.Patience, Environment.GetEnvironmentVariable));
    }

    /// <summary>Nobody starts a program in no time at all.</summary>
    [Fact]
    public void WhoTakesTooLongDoesNotAnswer()
    {
        var launcher = MpiProgram.LauncherOf(MpiProgram.EnvironmentOf("Open MPI"))!;
        Assert.Empty(HostProbe.Answering(launcher, [new("localhost", 1)], TimeSpan.FromMilliseconds(1), Environment.GetEnvironmentVariable));
    }
}
