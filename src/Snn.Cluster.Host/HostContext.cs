using Snn.Actors.Recording;
using Snn.Actors.Simulation;

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

    /// <summary>The surroundings of the process.</summary>
    public static HostContext OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        Simulator = new Simulator(),
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        HandlesSignals = true,
    };
}
