using System.CommandLine;
using System.Globalization;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Output;
using Spectre.Console;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn snapshots RUN.</summary>
internal static class SnapshotsCommand
{
    public static Command Create(HostContext context)
    {
        var run = RunReference.Argument();
        var store = new RunOptions().Store;
        var verify = new Option<bool>("--verify") { Description = "Check every part against its checksum; exit status 1 if one is damaged" };
        var command = new Command("snapshots", "List the snapshots of a run") { run, store, verify };
        command.SetAction(parsed =>
        {
            try
            {
                return List(parsed.GetRequiredValue(run), parsed.GetValue(store), parsed.GetValue(verify), context);
            }
            catch (Exception e) when (e is RunDirectoryException or SnapshotException)
            {
                context.Error.WriteLine($"snn: {e.Message}");
                return ExitStatus.WrongInput;
            }
        });
        return command;
    }

    private static int List(string given, string? address, bool verifies, HostContext context)
    {
        using var reference = RunReference.Open(given, address, takesDirectory: false, context);
        var run = reference.Run;
        context.Out.WriteLine($"run {run.Id}{(run.Parent is null ? "" : $", branched off from {run.Parent}")}, in {reference.Store.Address}");
        var table = Terminal.Words(["step", "written (UTC)", "arrays", "bytes", .. verifies ? new[] { "check" } : []]);
        var isSound = true;
        foreach (var snapshot in reference.Store.List(run.Id))
        {
            var damage = verifies ? reference.Store.Verify(run.Id, snapshot.Step) : [];
            isSound &= damage.Count == 0;
            string[] row =
            [
                snapshot.Step.ToString(CultureInfo.InvariantCulture),
                snapshot.Created.Replace('T', ' ').TrimEnd('Z'),
                snapshot.Parts.ToString(CultureInfo.InvariantCulture),
                snapshot.Bytes.ToString(CultureInfo.InvariantCulture),
                .. verifies ? new[] { damage.Count == 0 ? "sound" : string.Join("; ", damage) } : [],
            ];
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Terminal.On(context).Write(table);
        return isSound ? ExitStatus.Done : ExitStatus.Failed;
    }
}
