using System.CommandLine;
using System.Globalization;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>--ranks and --hosts: who starts the ranks of a command.</summary>
internal static class RankStart
{
    /// <summary>Starts the command's ranks if that is asked for, or is one of them, or the only one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Its options.</param>
    /// <param name="context">Where it runs.</param>
    /// <param name="lead">What rank 0 does; it is given null where it is the only one.</param>
    /// <param name="follow">What the others do when rank 0 has begun.</param>
    /// <returns>One of <see cref="ExitStatus"/>.</returns>
    public static int Run(ParseResult parsed, RunOptions options, HostContext context, Func<RankGroup?, int> lead, Func<RankGroup, RankOrder, int> follow)
    {
        try
        {
            if (LaunchOf(parsed, options, context) is not { } launch)
            {
                return RankGroup.Run(context, lead, follow);
            }

            // A watched run is launched anew by every process that the watcher starts.
            return IsWatched(parsed, options) ? lead(null) : launch.Run(Watcher.WithoutOption(Watcher.Tokens(parsed), options.Hosts.Name));
        }
        catch (MpiException e)
        {
            (e.IsOfOneRank ? context.RankError : context.Error).WriteLine($"snn: {e.Message}");
            return ExitStatus.WrongInput;
        }
    }

    /// <summary>Whether this process only watches ranks that another one starts.</summary>
    public static bool IsLaunchedLater(ParseResult parsed, RunOptions options, HostContext context) =>
        IsWatched(parsed, options) && LaunchOf(parsed, options, context) is not null;

    /// <summary>The launch that is asked for; null: nothing is to be launched, or a launcher did already.</summary>
    /// <exception cref="MpiException">The options do not go together, or not with the launcher.</exception>
    public static MpiLaunch? LaunchOf(ParseResult parsed, RunOptions options, HostContext context)
    {
        var (ranks, hosts) = (parsed.GetValue(options.Ranks), parsed.GetValue(options.Hosts));
        if (RankEnvironment.Of(context.Variable) is { } launched)
        {
            RefuseOther(launched, ranks, hosts, IsWatched(parsed, options));
            return null;
        }

        if (hosts is not null && ranks == 0)
        {
            throw new MpiException($"--hosts {hosts}: needs --ranks N: how many ranks to start there");
        }

        return ranks > 1 || hosts is not null ? new MpiLaunch(ranks, hosts is null ? [] : HostSlots.Parse(hosts, ranks), context) : null;
    }

    private static bool IsWatched(ParseResult parsed, RunOptions options) => parsed.GetResult(options.Restarts) is not null && parsed.GetValue(options.Restarts) > 0;

    private static void RefuseOther(RankEnvironment launched, int ranks, string? hosts, bool isWatched)
    {
        if (hosts is not null)
        {
            throw new MpiException($"--hosts {hosts}: {launched.Launcher} has started the ranks already; tell it the machines, or start without it: snn run --ranks N --hosts {hosts}");
        }

        if (ranks > 0 && launched.Ranks is { } started && started != ranks)
        {
            throw new MpiException(string.Create(
                CultureInfo.InvariantCulture, $"--ranks {ranks}: {launched.Launcher} started {started}; leave --ranks out, or start {ranks} with {launched.Launcher} -n {ranks}"));
        }

        if (isWatched && launched.Ranks != 1)
        {
            throw new MpiException($"--restarts: a rank that {launched.Launcher} started cannot start the others again; start without {launched.Launcher}: snn run --ranks N --restarts K");
        }
    }
}
