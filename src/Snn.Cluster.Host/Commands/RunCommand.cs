using System.CommandLine;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn run FILE.</summary>
internal static class RunCommand
{
    public static Command Create(HostContext context)
    {
        var options = RunOptions.Of(context);
        var command = new Command("run", "Simulate a network file and write its spikes") { options.File };
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        command.Validators.Add(options.RefuseWithFree);
        command.SetAction(parsed => RankStart.Run(
            parsed,
            options,
            context,
            ranks => Run(parsed, options, ranks, context),
            (others, order) => FollowerExecution.Run(others, order, parsed, options, resume: null, context)));
        return command;
    }

    private static int Run(ParseResult parsed, RunOptions options, RankGroup? ranks, HostContext context)
    {
        var file = parsed.GetRequiredValue(options.File);
        var overrides = new NetworkOverrides
        {
            Set = parsed.GetValue(options.Set) ?? [],
            Duration = parsed.GetValue(options.Duration),
            Seed = parsed.GetValue(options.Seed),
        };
        if (NetworkLoading.Load(file, overrides, context) is not { Network: { } network } reading
            || !(RankStart.IsLaunchedLater(parsed, options, context) || NetworkLoading.Fits(file, NetworkEstimate.Of(network, options.ThreadsOf(parsed)), context))
            || !NetworkLoading.IsSoundAsDrawn(file, reading, context))
        {
            return ExitStatus.WrongInput;
        }

        try
        {
            using var directory = Directory(parsed, options, network, context);
            if (parsed.GetValue(options.Restarts) is > 0 and var restarts)
            {
                return Watcher.Run(parsed, directory, restarts, context);
            }

            using var snapshots = RunSnapshots.Begin(context, directory, network, parsed, options);
            var simulation = options.SimulationOf(parsed) with { Transport = ranks?.Transport };
            if (simulation.Clock != ClockPolicy.Free)
            {
                simulation = simulation with { Snapshots = snapshots.Policy(parsed, options, isResumed: false) };
            }

            var run = new RunPlan(
                network, directory, simulation, snapshots, parsed.GetValue(options.Progress) != "none", parsed.GetValue(options.Json));
            ranks?.Order(RankOrder.Of(directory, network, resume: null));
            return RunExecution.Run(run, context);
        }
        catch (Exception e) when (e is RunDirectoryException or SnapshotException)
        {
            context.Error.WriteLine($"snn: {e.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private static RunDirectory Directory(ParseResult parsed, RunOptions options, Network network, HostContext context) =>
        parsed.GetValue(options.Out) is { } path
            ? RunDirectory.Create(path, parsed.GetValue(options.Force))
            : RunDirectory.CreateNext(context.RunsDirectory, network.Name);
}
