using System.Diagnostics;
using System.Globalization;
using Snn.Cluster.Host.Mpi;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>The test program under each MPI of this machine, and snn, as processes of their own.</summary>
internal static class MpiProgram
{
    /// <summary>The longest that anything here may take on a busy machine; where a test states a shorter time, it says so itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

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
    public static string? LauncherOf(Dictionary<string, string?> environment)
    {
        try
        {
            return MpiLauncher.Find("", name => environment.TryGetValue(name, out var value) ? value : Environment.GetEnvironmentVariable(name)).Program;
        }
        catch (MpiException)
        {
            return null;
        }
    }

    /// <summary>Starts the test program.</summary>
    public static Process Start(Dictionary<string, string?> environment, params string[] args) => StartProgram("Snn.MpiTest", environment, args);

    /// <summary>Starts snn.</summary>
    public static Process StartSnn(Dictionary<string, string?> environment, params string[] args) => StartProgram("snn", environment, args);

    /// <summary>Starts a program with its output to be read.</summary>
    public static Process StartProgram(string program, Dictionary<string, string?> environment, params string[] args)
    {
        var path = program.Contains('/', StringComparison.Ordinal) ? program : Path.Combine(AppContext.BaseDirectory, program);

        // As a terminal starts it: in the background of a shell, SIGINT would be ignored.
        var (file, words) = OperatingSystem.IsLinux() ? ("/usr/bin/env", ["--default-signal=INT", path, .. args]) : (path, args);
        var start = new ProcessStartInfo(file, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for the end.</summary>
    public static async Task<(int Status, string Output, string Error)> Wait(Process process, TimeSpan? most = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(most ?? Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Starts the test program and waits for its end.</summary>
    public static async Task<(int Status, string Output, string Error)> Run(Dictionary<string, string?> environment, params string[] args)
    {
        using var process = Start(environment, args);
        return await Wait(process);
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for something to be so.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(waited.Elapsed < Patience, $"this did not come about: {what}");
        }
    }
}
