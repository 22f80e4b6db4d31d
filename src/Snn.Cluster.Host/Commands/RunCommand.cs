using System.CommandLine;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Cluster.Host.Output;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn run FILE.</summary>
internal static class RunCommand
{
    public static Command Create(HostContext context)
    {
        var options = new RunOptions();
        var command = new Command("run", "Simulate a network file and write its spikes") { options.File };
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(parsed, options, context));
        return command;
    }

    private static int Run(ParseResult parsed, RunOptions options, HostContext context)
    {
        var file = parsed.GetRequiredValue(options.File);
        var overrides = new NetworkOverrides
        {
            Set = parsed.GetValue(options.Set) ?? [],
            Duration = parsed.GetValue(options.Duration),
            Seed = parsed.GetValue(options.Seed),
        };
        if (NetworkLoading.Load(file, overrides, context) is not { } network
            || !NetworkLoading.Fits(file, NetworkEstimate.Of(network, options.ThreadsOf(parsed)), context)
            || !NetworkLoading.IsSoundAsDrawn(file, network, context)
            || Directory(parsed, options, network, context) is not { } directory)
        {
            return ExitStatus.WrongInput;
        }

        var lanes = parsed.GetRequiredValue(options.Lanes);
        var run = new RunPlan(
            network,
            directory,
            new SimulationOptions
            {
                Threads = options.ThreadsOf(parsed),
                Lanes = lanes == "auto" ? 0 : int.Parse(lanes, System.Globalization.CultureInfo.InvariantCulture),
            },
            ShowsProgress: parsed.GetValue(options.Progress) != "none",
            PrintsJson: parsed.GetValue(options.Json));
        return Run(run, context);
    }

    private static RunDirectory? Directory(ParseResult parsed, RunOptions options, Network network, HostContext context)
    {
        try
        {
            return parsed.GetValue(options.Out) is { } path
                ? RunDirectory.Create(path, parsed.GetValue(options.Force))
                : RunDirectory.CreateNext(context.RunsDirectory, network.Name);
        }
        catch (RunDirectoryException e)
        {
            context.Error.WriteLine($"snn: {e.Message}");
            return null;
        }
    }

    private static int Run(RunPlan run, HostContext context)
    {
        try
        {
            return Simulate(run, context);
        }
        catch (Exception e) when (e is SimulationException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            // Expected ways to fail: a failed actor, a full disk, no memory. The trace is kept for those who want it.
            InternalError.WriteTrace(e, run.Directory);
            var message = e is OutOfMemoryException ? "memory ran out: use fewer neurons or synapses, or another machine" : e.Message;
            context.Error.WriteLine($"snn: the run failed: {message}");
            return ExitStatus.Failed;
        }
        catch (Exception e)
        {
            return InternalError.Report(e, context.Error, run.Directory);
        }
    }

    private static int Simulate(RunPlan run, HostContext context)
    {
        var network = run.Network;
        File.WriteAllText(run.Directory.NetworkFile, NetworkFile.ToText(network));
        var machine = MachineDescription.Read();
        var started = context.Time.GetUtcNow();
        var progress = new SimulationProgress(network.Populations.Count);
        using var signals = new RunSignals(context);
        var stop = signals.Token;
        var result = ProgressReport.While(
            run.ShowsProgress ? new ProgressReport(network, progress, context) : null,
            () => context.Simulator.Run(network, run.Options, run.Directory, progress, stop));
        run.Directory.RemoveParts();
        var summary = RunSummary.Of(network, result, machine, started);
        var json = summary.ToJson();
        File.WriteAllText(run.Directory.SummaryFile, json);
        if (run.PrintsJson)
        {
            context.Out.Write(json);
        }
        else
        {
            SummaryTable.Write(summary, run.Directory, context);
        }

        return result.Interrupted ? ExitStatus.Interrupted : ExitStatus.Done;
    }

    private sealed record RunPlan(Network Network, RunDirectory Directory, SimulationOptions Options, bool ShowsProgress, bool PrintsJson);
}
