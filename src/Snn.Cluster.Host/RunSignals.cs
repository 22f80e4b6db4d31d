using System.Runtime.InteropServices;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host;

/// <summary>
/// Ctrl-C and SIGTERM while a run lasts: the first stops it cleanly, the second ends the process at once, as the system does by default. So does SIGUSR2, which
/// reaches ranks by way of MPI's launchers. SIGUSR1 asks for a snapshot.
/// </summary>
internal sealed class RunSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _error;
    private readonly Lock _gate = new();
    private int _signals;
    private bool _isOver;

    /// <summary>Listens from now on.</summary>
    /// <param name="context">Where it runs.</param>
    /// <param name="snapshots">Asked for a snapshot by SIGUSR1, or null.</param>
    public RunSignals(HostContext context, SnapshotPolicy? snapshots)
    {
        _error = context.Error;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        _registrations = context.HandlesSignals
            ?
            [
                PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
                .. OperatingSystem.IsWindows() ? Array.Empty<PosixSignalRegistration>() :
                [
                    PosixSignalRegistration.Create((PosixSignal)Posix.UserSignal1, s => Request(s, snapshots)),
                    PosixSignalRegistration.Create((PosixSignal)Posix.UserSignal2, Stop),
                ],
            ]
            : [];
    }

    /// <summary>Set by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        lock (_gate)
        {
            _isOver = true;
            _stop.Dispose();
        }
    }

    private static void Request(PosixSignalContext signal, SnapshotPolicy? snapshots)
    {
        signal.Cancel = true;
        snapshots?.Request();
    }

    private void Stop(PosixSignalContext signal)
    {
        // A handler may still be under way when the run is over: it must not touch what is gone.
        lock (_gate)
        {
            if (_isOver || ++_signals > 1)
            {
                return; // not cancelled: the system's default, which ends the process
            }

            signal.Cancel = true;
            _error.WriteLine("\nsnn: stopping, and writing what was recorded so far; once more to stop at once");
            _stop.Cancel();
        }
    }
}
