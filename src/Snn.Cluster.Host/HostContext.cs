using Microsoft.Win32.SafeHandles;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host;

/// <summary>What a command needs of its surroundings, so that tests can give it others.</summary>
public sealed record HostContext
{
    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Problems and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The engine.</summary>
    public required ISimulator Simulator { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal: colours, its width.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal: a progress bar instead of lines.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Tells the time of a run's start and paces progress.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where runs go by default.</summary>
    public string RunsDirectory { get; init; } = RunDirectory.DefaultParent;

    /// <summary>Memory that a network may take, bytes; null: what the machine has.</summary>
    public double? AvailableMemoryBytes { get; init; }

    /// <summary>Stops a run as Ctrl-C does.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether Ctrl-C and SIGTERM stop the run cleanly; only one command of a process may take them.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>A variable of the environment, or null.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where a rank says why it ends all others: <see cref="Error"/>, which ranks other than the first do not have.</summary>
    public TextWriter RankError
    {
        get => field ?? Error;
        init;
    }

    /// <summary>
    /// The surroundings of the process. Of several ranks the first one prints, and none has a terminal: what looks like one is the launcher's, which may write to
    /// a file.
    /// </summary>
    public static HostContext OfProcess()
    {
        if (RankEnvironment.Of(Environment.GetEnvironmentVariable) is { } launched)
        {
            var error = Writer(descriptor: 2);
            return new()
            {
                Out = launched.Rank > 0 ? TextWriter.Null : Writer(descriptor: 1),
                Error = launched.Rank > 0 ? TextWriter.Null : error,
                RankError = error,
                Simulator = new Simulator(),
                HandlesSignals = true,
            };
        }

        return new()
        {
            Out = Console.Out,
            Error = Console.Error,
            Simulator = new Simulator(),
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            HandlesSignals = true,
        };
    }

    /// <summary>Writes as the console does, which however sends control characters first to what looks like a terminal.</summary>
    private static StreamWriter Writer(int descriptor) =>
        new(new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0)) { AutoFlush = true };
}
