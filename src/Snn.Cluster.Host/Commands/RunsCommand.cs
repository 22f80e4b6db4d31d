using System.CommandLine;
using System.Text.Json;
using Snn.Actors.Recording;
using Snn.Cluster.Host.Output;
using Spectre.Console;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn runs [DIR].</summary>
internal static class RunsCommand
{
    public static Command Create(HostContext context)
    {
        var directory = new Argument<string>("DIR")
        {
            Description = "Where the runs are",
            DefaultValueFactory = _ => context.RunsDirectory,
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("runs", "List the runs of a directory: when, of what, how it ended") { directory };
        command.SetAction(parsed => List(parsed.GetRequiredValue(directory), parsed.GetResult(directory)?.Tokens.Count > 0, context));
        return command;
    }

    private static int List(string directory, bool isGiven, HostContext context)
    {
        if (isGiven && !Directory.Exists(directory))
        {
            context.Error.WriteLine($"snn: {directory}: there is no such directory");
            return ExitStatus.WrongInput;
        }

        var runs = RunDirectory.In(directory);
        if (runs.Count == 0)
        {
            context.Out.WriteLine($"no runs in {directory}; 'snn run FILE' makes one");
            return ExitStatus.Done;
        }

        var table = Terminal.Words("run", "status", "started (UTC)", "network", "simulated", "rates (Hz)");
        foreach (var run in runs)
        {
            table.AddRow([.. Row(run).Select(Markup.Escape)]);
        }

        Terminal.On(context).Write(table);
        return ExitStatus.Done;
    }

    private static string[] Row(RunDirectory run)
    {
        var name = Path.GetFileName(run.Root);
        if (!File.Exists(run.SummaryFile))
        {
            return [name, File.Exists(run.ErrorFile) ? "failed" : "unfinished", "-", "-", "-", "-"];
        }

        try
        {
            var summary = RunSummary.Read(run.SummaryFile);
            var rates = summary.Populations.Select(p => $"{p.Key} {Quantity.Number(p.Value.RateHz)}");
            return
            [
                name, summary.Status, summary.Started.Replace('T', ' ').TrimEnd('Z'), summary.Network.Name,
                FormattableString.Invariant($"{summary.SimulatedMs:0.###} ms"), string.Join(", ", rates),
            ];
        }
        catch (JsonException)
        {
            return [name, "summary.json cannot be read", "-", "-", "-", "-"];
        }
    }
}
