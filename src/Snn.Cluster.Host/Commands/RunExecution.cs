using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Output;

namespace Snn.Cluster.Host.Commands;

/// <summary>A run that is ready to go, whether it begins or goes on.</summary>
internal sealed record RunPlan(
    Network Network, RunDirectory Directory, SimulationOptions Options, RunSnapshots Snapshots, bool ShowsProgress, bool PrintsJson);

/// <summary>Runs a plan to its end and says how it ended: what 'snn run' and 'snn resume' share.</summary>
internal static class RunExecution
{
    /// <returns>One of <see cref="ExitStatus"/>.</returns>
    public static int Run(RunPlan run, HostContext context)
    {
        try
        {
            return Simulate(run, context);
        }
        catch (OperationCanceledException)
        {
            return NotBegun(run, context);
        }
        catch (Exception e) when (
            e is SimulationException or SnapshotException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            // Expected ways to fail: a failed actor, a full disk, no memory. The trace is kept for those who want it.
            InternalError.WriteTrace(e, run.Directory);
            var message = e is OutOfMemoryException ? "memory ran out: use fewer neurons or synapses, or another machine" : e.Message;
            context.Error.WriteLine($"snn: the run failed: {message}");
            if (run.Snapshots.LastMs is { } ms)
            {
                context.Error.WriteLine(FormattableString.Invariant(
                    $"snn: its last snapshot, at {ms:0.###} ms, is intact; once the cause is gone, go on with: snn resume {run.Directory.Root}"));
            }

            return ExitStatus.Failed;
        }
        catch (Exception e)
        {
            return InternalError.Report(e, context.Error, run.Directory);
        }
    }

    /// <summary>The user stopped it before its first step. What is not there is not to look like a run.</summary>
    private static int NotBegun(RunPlan run, HostContext context)
    {
        if (run.Options is { Resume: not null, ContinuesRecording: true })
        {
            context.Error.WriteLine($"snn: interrupted before it went on: the run is as it was; go on with: snn resume {run.Directory.Root}");
        }
        else
        {
            run.Snapshots.Forget();
            run.Directory.Abandon();
            context.Error.WriteLine($"snn: interrupted while the network was being built: no step was taken, and {run.Directory.Root} holds nothing");
        }

        return ExitStatus.Interrupted;
    }

    private static int Simulate(RunPlan run, HostContext context)
    {
        // First of all: from here on a signal ends the run in order.
        using var signals = new RunSignals(context, run.Options.Snapshots);
        var network = run.Network;
        File.WriteAllText(run.Directory.NetworkFile, NetworkFile.ToText(network));
        var machine = MachineDescription.Read();
        var started = context.Time.GetUtcNow();
        var progress = new SimulationProgress(network.Populations.Count);
        var stop = signals.Token;
        var result = ProgressReport.While(
            run.ShowsProgress ? new ProgressReport(network, progress, context) : null,
            () => context.Simulator.Run(network, run.Options, run.Directory, progress, stop));
        if (result.Snapshots == 0 && run.Options.Resume is null)
        {
            run.Directory.RemoveParts();
        }

        var summary = RunSummary.Of(network, result, machine, started) with { Parent = run.Snapshots.Parent };
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

        if (!result.Interrupted)
        {
            return ExitStatus.Done;
        }

        context.Error.WriteLine(result.Snapshots > 0 && result.SnapshotProblem is null
            ? $"snn: interrupted; go on with: snn resume {run.Directory.Root}"
            : $"snn: interrupted, and not resumable from here: {result.SnapshotProblem ?? "no snapshot was taken"}");
        return ExitStatus.Interrupted;
    }
}
