using System.Diagnostics;

namespace Snn.Cluster.Host.Mpi;

/// <summary>Finds out which machines MPI's launcher can start a program on, so that a run that has lost one goes on with the others.</summary>
internal static class HostProbe
{
    /// <summary>Who has not started a program that does nothing by then is taken for lost: a machine that is switched off says nothing for minutes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Those of some machines that answer, asked all at once.</summary>
    /// <param name="launcher">Asks them.</param>
    /// <param name="hosts">The machines.</param>
    /// <param name="patience">How long each may take.</param>
    /// <param name="variable">The environment.</param>
    public static IReadOnlyList<HostSlots> Answering(MpiLauncher launcher, IReadOnlyList<HostSlots> hosts, TimeSpan patience, Func<string, string?> variable)
    {
        var asked = hosts.Select(h => Task.Run(() => Answers(launcher, h, patience, variable))).ToArray();
        Task.WaitAll(asked);
        return [.. hosts.Where((_, i) => asked[i].Result)];
    }

    private static bool Answers(MpiLauncher launcher, HostSlots host, TimeSpan patience, Func<string, string?> variable)
    {
        string[] words = [.. launcher.Arguments(1, [host with { Slots = 1 }], Environment.ProcessorCount, []), "true"];
        var start = MpiLaunch.StartOf(launcher, words, variable);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start);
        if (process is null)
        {
            return false;
        }

        // What it says is thrown away, but read: a full pipe would stop it.
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(patience))
        {
            return process.ExitCode == 0;
        }

        process.Kill(entireProcessTree: true);
        return false;
    }
}
