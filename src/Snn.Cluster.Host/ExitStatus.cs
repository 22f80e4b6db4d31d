namespace Snn.Cluster.Host;

/// <summary>What the process tells its caller.</summary>
public static class ExitStatus
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The run failed.</summary>
    public const int Failed = 1;

    /// <summary>The user's input is wrong.</summary>
    public const int WrongInput = 2;

    /// <summary>Interrupted by Ctrl-C or SIGTERM, with what was recorded so far on disk.</summary>
    public const int Interrupted = 130;
}
