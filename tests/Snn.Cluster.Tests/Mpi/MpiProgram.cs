using System.Diagnostics;
using Snn.Cluster.Host.Mpi;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>The test program under each MPI of this machine, and snn, as processes of their own.</summary>
internal static class MpiProgram
{
    /// <summary>Names of both families, for theories.</summary>
    public static TheoryData<string> Families { get; } = ["Open MPI", "MPICH"];

    /// <summary>The environment in which a family is the one that is found, or skips the test where there is none.</summary>
    public static Dictionary<string, string?> EnvironmentOf(string family)
    {
        var (library, package) = family == "MPICH" ? ("libmpich.so.12", "mpich") : ("libmpi.so.40", "openmpi-bin");
        var environment = new Dictionary<string, string?> { [MpiLibrary.Variable] = library };
        Assert.SkipWhen(
            LauncherOf(environment) is null,
            $"{family.ToUpperInvariant()} IS MISSING: its tests of --ranks did not run. On Debian: apt-get install {package}");
        return environment;
    }

    /// <summary>Its launcher.</summary>
    public static MpiLauncher? LauncherOf(Dictionary<string, string?> environment)
    {
        try
        {
            return MpiLauncher.Find("", name => environment.TryGetValue(name, out var value) ? value : Environment.GetEnvironmentVariable(name));
        }
        catch (MpiException)
        {
            return null;
        }
    }

    /// <summary>Starts the test program.</summary>
    public static Process Start(Dictionary<string, string?> environment, params string[] args) => Processes.Start("Snn.MpiTest", environment, args);

    /// <summary>Starts snn.</summary>
    public static Process StartSnn(Dictionary<string, string?> environment, params string[] args) => Processes.Start("snn", environment, args);

    /// <summary>Starts the test program and waits for its end.</summary>
    public static async Task<(int Status, string Output, string Error)> Run(Dictionary<string, string?> environment, params string[] args)
    {
        using var process = Start(environment, args);
        return await Processes.Wait(process);
    }
}
