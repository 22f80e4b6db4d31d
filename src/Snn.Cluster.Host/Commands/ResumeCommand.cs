using System.CommandLine;
using System.Globalization;
using System.Text;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn resume RUN.</summary>
internal static class ResumeCommand
{
    public static Command Create(HostContext context)
    {
        var options = RunOptions.Of(context);
        options.Out.Description = "Where a branch goes: a new or empty directory (default: no branch, the run goes on in its own directory)";
        options.Duration.Description = "Biological time at which the run ends, ms, instead of the run's";
        options.Set.Description = "With --out, change a value of the network: --set inputs.external.rate=15000; may be repeated";
        var run = RunReference.Argument();
        var at = new Option<double?>("--at")
        {
            HelpName = "MS",
            Description = "Go on from the last snapshot at or before this time, ms (default: the last there is)",
        };
        var command = new Command("resume", "Go on with a run from its last snapshot, to the very spikes of a run that never stopped") { run, at };
        foreach (var option in options.OfResume)
        {
            command.Add(option);
        }

        command.Validators.Add(options.RefuseFree);
        command.SetAction(parsed => RankStart.Run(
            parsed,
            options,
            context,
            ranks => Lead(parsed, parsed.GetRequiredValue(run), parsed.GetValue(at), options, ranks, context),
            (others, order) => Follow(others, order, parsed, parsed.GetRequiredValue(run), options, context)));
        return command;
    }

    private static int Lead(ParseResult parsed, string given, double? atMs, RunOptions options, RankGroup? ranks, HostContext context)
    {
        try
        {
            return Resume(parsed, given, atMs, options, ranks, context);
        }
        catch (Exception e) when (e is RunDirectoryException or SnapshotException or RecordingException)
        {
            context.Error.WriteLine($"snn: {e.Message}");
            return ExitStatus.WrongInput;
        }
    }

    /// <summary>A rank behind the first reads the snapshot that rank 0 chose from the store itself.</summary>
    private static int Follow(RankGroup ranks, RankOrder order, ParseResult parsed, string given, RunOptions options, HostContext context)
    {
        using var reference = RunReference.Open(given, parsed.GetValue(options.Store), takesDirectory: false, context);
        return FollowerExecution.Run(ranks, order, parsed, options, reference.Store.Read(reference.Run.Id, order.ResumeStep!.Value), context);
    }

    private static int Resume(ParseResult parsed, string given, double? atMs, RunOptions options, RankGroup? ranks, HostContext context)
    {
        var branch = parsed.GetValue(options.Out);
        using var reference = RunReference.Open(given, parsed.GetValue(options.Store), takesDirectory: branch is null, context);
        if (branch is null && reference.Directory is null)
        {
            throw new SnapshotException($"{given}: a run from a store needs a directory for its files: give --out DIR");
        }

        if (branch is null && parsed.GetValue(options.Set) is { Length: > 0 })
        {
            throw new SnapshotException("--set changes the run, and what was recorded so far belongs to the one before: give --out DIR, where the branch goes");
        }

        var overrides = new NetworkOverrides { Set = parsed.GetValue(options.Set) ?? [], Duration = parsed.GetValue(options.Duration) };
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(reference.Run.Network), overrides);
        if (reading.Network is not { } network)
        {
            context.Error.WriteLine(reading.Format(given));
            return ExitStatus.WrongInput;
        }

        if (!NetworkLoading.Fits(given, NetworkEstimate.Of(network, options.ThreadsOf(parsed)), context)
            || !NetworkLoading.IsSoundAsDrawn(given, reading, context))
        {
            return ExitStatus.WrongInput;
        }

        var snapshot = Last(reference, atMs, context);
        snapshot.RefuseOther(network, branches: branch is not null);
        context.Error.WriteLine(FormattableString.Invariant($"snn: going on from {snapshot.Manifest.TimeMs:0.###} ms"));
        if (branch is null)
        {
            using var continued = RunSnapshots.Continue(context, reference.Directory!, reference.Identity!, network, parsed, options);
            return Run(parsed, options, network, reference.Directory!, continued, snapshot, ranks, context);
        }

        using var directory = RunDirectory.Create(branch);
        var parent = string.Create(CultureInfo.InvariantCulture, $"{reference.Run.Id} at step {snapshot.Manifest.Step}");
        using var snapshots = RunSnapshots.Begin(context, directory, network, parsed, options, parent);
        return Run(parsed, options, network, directory, snapshots, snapshot, ranks, context);
    }

    private static int Run(
        ParseResult parsed,
        RunOptions options,
        Network network,
        RunDirectory directory,
        RunSnapshots snapshots,
        Snapshot snapshot,
        RankGroup? ranks,
        HostContext context)
    {
        var simulation = options.SimulationOf(parsed) with
        {
            Transport = ranks?.Transport,
            Resume = snapshot,
            ContinuesRecording = parsed.GetValue(options.Out) is null,
            Snapshots = snapshots.Policy(parsed, options, isResumed: true),
        };
        var run = new RunPlan(
            network, directory, simulation, snapshots, parsed.GetValue(options.Progress) != "none", parsed.GetValue(options.Json));
        ranks?.Order(RankOrder.Of(directory, network, snapshot.Manifest.Step));
        return RunExecution.Run(run, context);
    }

    /// <summary>The last sound snapshot; the damaged ones after it are told of.</summary>
    private static Snapshot Last(RunReference reference, double? atMs, HostContext context)
    {
        var all = reference.Store.List(reference.Run.Id);
        foreach (var stored in all.Reverse())
        {
            try
            {
                var snapshot = reference.Store.Read(reference.Run.Id, stored.Step);
                if (!(snapshot.Manifest.TimeMs > atMs))
                {
                    return snapshot;
                }
            }
            catch (SnapshotException e)
            {
                context.Error.WriteLine($"snn: {e.Message}; trying the one before");
            }
        }

        throw new SnapshotException(all.Count == 0
            ? $"{reference.Store.Address}: run {reference.Run.Id} has no snapshot yet: start it again with 'snn run'"
            : $"{reference.Store.Address}: no snapshot of run {reference.Run.Id} can be used; 'snn snapshots' lists them");
    }
}
