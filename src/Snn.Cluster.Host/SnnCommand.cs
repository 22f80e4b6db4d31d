using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Snn.Actors.Networks;
using Snn.Cluster.Host.Commands;

namespace Snn.Cluster.Host;

/// <summary>The snn command: parses a command line, runs the command, and lets no exception out.</summary>
public static class SnnCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="context">Where it runs.</param>
    /// <returns>One of <see cref="ExitStatus"/>.</returns>
    public static int Invoke(string[] args, HostContext context)
    {
        try
        {
            return InvokeCommand(args, context);
        }
        catch (Exception e)
        {
            // The last line of defence of "no run ends in a stack trace": whatever it is, the user gets a sentence and a file.
            return InternalError.Report(e, context.Error, directory: null);
        }
    }

    private static int InvokeCommand(string[] args, HostContext context)
    {
        var root = Root(context);
        var parsed = root.Parse(args);
        if (args.Length > 0 && (parsed.Errors.Count > 0 || MistypedOptions(parsed).Any()))
        {
            Explain(parsed, context.Error);
            return ExitStatus.WrongInput;
        }

        var invocation = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are ours: see RunSignals
        };
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke(invocation);
            return ExitStatus.WrongInput;
        }

        return parsed.Invoke(invocation);
    }

    private static RootCommand Root(HostContext context) => new("Snn simulates spiking neural networks: a network file in, spikes out.")
    {
        RunCommand.Create(context),
        ResumeCommand.Create(context),
        SnapshotsCommand.Create(context),
        ValidateCommand.Create(context),
        NewCommand.Create(context),
        ModelsCommand.Create(context),
        DataCommand.Create(context),
        RunsCommand.Create(context),
        BenchCommand.Create(context),
    };

    /// <summary>
    /// Words that look like options and are none. The parser takes them for arguments ("snn run --jsn" for a file of that name); a lone "-" is a
    /// file by custom, and whoever has a file named "--x" writes "./--x".
    /// </summary>
    private static IEnumerable<string> MistypedOptions(ParseResult parsed) => parsed.CommandResult.Children
        .OfType<ArgumentResult>()
        .SelectMany(a => a.Tokens)
        .Select(t => t.Value)
        .Concat(parsed.UnmatchedTokens)
        .Where(t => t.Length > 1 && t[0] == '-');

    /// <summary>One line a mistake, with what was probably meant.</summary>
    private static void Explain(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        var words = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).ToArray();
        // After a mistyped option nothing else is where it belongs: its value would be called wrong, too.
        var mistyped = MistypedOptions(parsed).ToArray();
        var unmatched = mistyped.Length > 0 ? mistyped : [.. parsed.UnmatchedTokens];
        foreach (var token in unmatched)
        {
            var isOption = token.StartsWith('-');
            var nearest = Spelling.Nearest(token, words.Where(w => w.StartsWith('-') == isOption));
            var meant = nearest is null ? "" : $"; did you mean '{nearest}'?";
            error.WriteLine($"snn: there is no {(isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument")} '{token}'{meant}");
        }

        foreach (var problem in unmatched.Length == 0 ? parsed.Errors : [])
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"snn: {problem.Message}"));
        }

        error.WriteLine($"snn: 'snn {PathOf(command)}--help' says what there is");
    }

    /// <summary>The names that lead to a command, each with a space behind it.</summary>
    private static string PathOf(Command command) =>
        command is RootCommand ? "" : command.Parents.OfType<Command>().Select(PathOf).FirstOrDefault() + command.Name + " ";
}
