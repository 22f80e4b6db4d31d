using System.Runtime.InteropServices;

namespace Snn.Cluster.Host.Mpi;

/// <summary>What of the operating system's signals the base library has no name for.</summary>
internal static unsafe partial class Posix
{
    /// <summary>SIGUSR1: asks a run for a snapshot.</summary>
    public static readonly int UserSignal1 = OperatingSystem.IsLinux() ? 10 : 30;

    /// <summary>SIGUSR2: stops a rank in order. It is the one signal that Open MPI's mpirun passes on and does nothing else about.</summary>
    public static readonly int UserSignal2 = OperatingSystem.IsLinux() ? 12 : 31;

    /// <summary>SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.</summary>
    private static readonly int[] CrashSignals = [4, 5, 6, OperatingSystem.IsLinux() ? 7 : 10, 8, 11];

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>Sends a signal to a process of ours.</summary>
    /// <returns>0, or -1 if it is gone.</returns>
    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SigAction(int signal, void* action, void* old);

    /// <summary>
    /// Runs something that installs handlers of its own for the signals of a crash, and takes them out again: the runtime makes exceptions of SIGSEGV and SIGFPE,
    /// which Open MPI takes for crashes when it starts, and UCX as soon as it is loaded. The runtime has installed its own long before; other signals are left
    /// alone, because another thread may just be asking the runtime for them.
    /// </summary>
    public static void KeepingHandlers(Action action)
    {
        // A struct sigaction is at most 152 bytes; what is in it is not looked at.
        const int Bytes = 256;
        var kept = stackalloc byte[CrashSignals.Length * Bytes];
        for (var i = 0; i < CrashSignals.Length; i++)
        {
            _ = SigAction(CrashSignals[i], null, kept + (i * Bytes));
        }

        action();
        for (var i = 0; i < CrashSignals.Length; i++)
        {
            _ = SigAction(CrashSignals[i], kept + (i * Bytes), null);
        }
    }
}
