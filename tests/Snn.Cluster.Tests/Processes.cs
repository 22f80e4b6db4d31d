using System.Diagnostics;
using System.Globalization;
using Snn.Actors.Snapshots;
using Xunit;

namespace Snn.Cluster.Tests;

/// <summary>Programs as processes of their own, and what tests do with them.</summary>
internal static class Processes
{
    /// <summary>The longest that anything here may take on a busy machine; where a test states a shorter time, it says so itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Starts a program with its output to be read.</summary>
    public static Process Start(string program, Dictionary<string, string?> environment, params string[] args)
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

    /// <summary>How many snapshots a run has; 0 while its store is being written.</summary>
    public static int SnapshotsOf(string run)
    {
        var file = Path.Combine(run, "snapshots.sqlite");
        if (!File.Exists(file) || !File.Exists(Path.Combine(run, "run.json")))
        {
            return 0;
        }

        try
        {
            using var store = SnapshotStores.Open($"sqlite:{file}", TimeProvider.System);
            return store.Runs().Sum(r => store.List(r.Id).Count);
        }
        catch (SnapshotException)
        {
            return 0;
        }
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
