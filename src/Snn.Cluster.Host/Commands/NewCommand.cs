using System.CommandLine;
using System.Globalization;
using Snn.Actors.Networks;
using Snn.Actors.Networks.Templates;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn new TEMPLATE.</summary>
internal static class NewCommand
{
    private const string Scalable = "microcircuit";

    public static Command Create(HostContext context)
    {
        var template = new Argument<string>("TEMPLATE") { Description = string.Join(", ", NetworkTemplates.Names) };
        var output = new Option<string?>("--out") { HelpName = "FILE", Description = "Where to write it (default: TEMPLATE.json; - for the terminal)" };
        var scale = new Option<string?>("--scale") { HelpName = "S", Description = "Part of the neurons of the microcircuit: above 0, at most 1" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there" };
        var command = new Command("new", "Write a network file to start from") { template, output, scale, force };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(template);
            return Text(name, parsed.GetValue(scale), context.Error) is { } text
                ? Write(text, parsed.GetValue(output) ?? name + ".json", parsed.GetValue(force), context)
                : ExitStatus.WrongInput;
        });
        return command;
    }

    /// <summary>The network file, or null: then what is wrong was said.</summary>
    private static string? Text(string name, string? scale, TextWriter error)
    {
        if (NetworkTemplates.Find(name) is not { } text)
        {
            var nearest = Spelling.Nearest(name, NetworkTemplates.Names);
            var hint = nearest is null ? $"there are {string.Join(", ", NetworkTemplates.Names)}" : $"did you mean '{nearest}'?";
            error.WriteLine($"snn: there is no template '{name}'; {hint}");
            return null;
        }

        if (scale is null)
        {
            return text;
        }

        if (name != Scalable)
        {
            error.WriteLine($"snn: --scale {scale}: '{name}' has one size; leave --scale out, or use the template {Scalable}");
            return null;
        }

        if (!double.TryParse(scale, NumberStyles.Float, CultureInfo.InvariantCulture, out var part) || !(part > 0 && part <= 1))
        {
            error.WriteLine($"snn: --scale {scale}: give a number above 0 and at most 1, such as 0.1");
            return null;
        }

        return Microcircuit.Text(part);
    }

    private static int Write(string text, string path, bool force, HostContext context)
    {
        if (path == "-")
        {
            context.Out.Write(text);
            return ExitStatus.Done;
        }

        try
        {
            using var file = new StreamWriter(new FileStream(path, force ? FileMode.Create : FileMode.CreateNew));
            file.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = File.Exists(path) && !force ? "is there already; give another --out, or --force to replace it" : e.Message;
            context.Error.WriteLine($"snn: {path}: {reason}");
            return ExitStatus.WrongInput;
        }

        context.Out.WriteLine($"{path} written; run it: snn run {path}");
        return ExitStatus.Done;
    }
}
