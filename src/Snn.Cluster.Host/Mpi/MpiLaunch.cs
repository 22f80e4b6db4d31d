using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Snn.Cluster.Host.Mpi;

/// <summary>
/// This program, started anew as several ranks by MPI's launcher. The process that was asked for waits, passes signals on, and ends as the ranks do.
/// </summary>
/// <remarks>
/// A launcher makes of Ctrl-C what suits it: Open MPI's kills the ranks a second later, MPICH's prints to standard output. So it gets a session of its own, where
/// no Ctrl-C reaches it, and we send it what it passes on unchanged. If this process dies, the system tells the launcher to end.
/// </remarks>
/// <param name="ranks">How many.</param>
/// <param name="hosts">Where; empty: on this machine, or on those of the job that we are in.</param>
/// <param name="context">Where it runs.</param>
internal sealed class MpiLaunch(int ranks, IReadOnlyList<HostSlots> hosts, HostContext context)
{
    /// <summary>Names a file in which rank 0 writes its status, if it is on this machine: MPICH's launcher may forget it if it passed on a signal.</summary>
    public const string StatusVariable = "SNN_STATUS_FILE";

    private readonly Lock _gate = new();
    private int _stops;

    /// <summary>Starts the ranks and waits for them.</summary>
    /// <param name="arguments">Of each.</param>
    /// <returns>Their exit status.</returns>
    /// <exception cref="MpiException">There is no launcher.</exception>
    public int Run(IReadOnlyList<string> arguments)
    {
        var launcher = MpiLauncher.Find(string.Create(CultureInfo.InvariantCulture, $"--ranks {ranks}"), context.Variable);
        var statusFile = Path.GetTempFileName();
        try
        {
            return Run(launcher, arguments, statusFile);
        }
        finally
        {
            File.Delete(statusFile);
        }
    }

    /// <summary>How a launcher is started: in a session of its own, as far as this system has that, and with nothing to read.</summary>
    /// <param name="launcher">The launcher.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variable">The environment, where the programs that make a session are looked for.</param>
    public static ProcessStartInfo StartOf(MpiLauncher launcher, IEnumerable<string> arguments, Func<string, string?> variable)
    {
        string[] words = [.. Wrapper(variable), launcher.Program, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardInput = true };
        if (launcher.Family == MpiFamily.OpenMpi && OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            // Whoever runs snn as root has decided that; Open MPI asks once more.
            start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1";
            start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        }

        return start;
    }

    private static int? StatusIn(string file) =>
        int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    /// <summary>What starts a program in a session of its own, and ends it if this process dies.</summary>
    private static IEnumerable<string> Wrapper(Func<string, string?> variable)
    {
        if (OperatingSystem.IsLinux() && MpiLauncher.OnPath("setpriv", variable) is { } setpriv)
        {
            foreach (var word in new[] { setpriv, "--pdeathsig", "TERM" })
            {
                yield return word;
            }
        }

        if (OperatingSystem.IsLinux() && MpiLauncher.OnPath("setsid", variable) is { } setsid)
        {
            yield return setsid;
        }
    }

    private int Run(MpiLauncher launcher, IReadOnlyList<string> arguments, string statusFile)
    {
        using var child = Process.Start(StartOf(launcher, arguments, statusFile)) ?? throw new MpiException($"{launcher.Program}: cannot be started");
        child.StandardInput.Close();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Stop(s, child.Id, launcher));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Stop(s, child.Id, launcher));
        using var stop = PosixSignalRegistration.Create((PosixSignal)Posix.UserSignal2, s => Stop(s, child.Id, launcher));
        using var snapshot = PosixSignalRegistration.Create((PosixSignal)Posix.UserSignal1, s =>
        {
            s.Cancel = true;
            _ = Posix.Kill(child.Id, Posix.UserSignal1);
        });
        child.WaitForExit();
        return StatusOf(child.ExitCode, launcher, statusFile);
    }

    private ProcessStartInfo StartOf(MpiLauncher launcher, IReadOnlyList<string> arguments, string statusFile)
    {
        string[] exported = context.Variable(MpiLibrary.Variable) is { Length: > 0 } ? [MpiLibrary.Variable] : [];
        string[] words = [.. launcher.Arguments(ranks, hosts, Environment.ProcessorCount, exported), .. OwnProgram.Words(), .. arguments];
        var start = StartOf(launcher, words, context.Variable);
        start.Environment[StatusVariable] = statusFile;
        return start;
    }

    private void Stop(PosixSignalContext signal, int launcherProcess, MpiLauncher launcher)
    {
        signal.Cancel = true;
        lock (_gate)
        {
            // The ranks say that they stop. Open MPI's launcher ends them on SIGTERM; MPICH's passes that on, and it is the second that a rank gets.
            _ = Posix.Kill(launcherProcess, ++_stops == 1 ? launcher.StopSignal : Posix.Terminate);
        }
    }

    private int StatusOf(int status, MpiLauncher launcher, string statusFile)
    {
        if (_stops == 1)
        {
            // A rank that had nothing to stop yet died of the signal, whatever the launcher makes of that.
            return status is ExitStatus.Failed or ExitStatus.WrongInput ? status : StatusIn(statusFile) ?? ExitStatus.Interrupted;
        }

        if (_stops > 1)
        {
            return ExitStatus.Interrupted;
        }

        if (status is ExitStatus.Done or ExitStatus.Failed or ExitStatus.WrongInput or ExitStatus.Interrupted)
        {
            return status;
        }

        context.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"snn: the run failed: a rank crashed or was killed, and the others were ended ({launcher.Program} says {status})"));
        return ExitStatus.Failed;
    }
}
