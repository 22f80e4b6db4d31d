using System.CommandLine;
using System.Globalization;
using Snn.Actors.Data;
using Snn.Cluster.Host.Output;
using Spectre.Console;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn data info FILE, snn data convert IN OUT and <see cref="AccuracyCommand"/>.</summary>
internal static class DataCommand
{
    private const string FormatHelp = "How events lie in a file: 1d, 2d (N-MNIST), 3d";

    public static Command Create(HostContext context) => new("data", "Show or convert files of data (.npy arrays, IDX files (MNIST), files of events and folders of them), and compare spikes with labels")
    {
        Info(context),
        Convert(context),
        AccuracyCommand.Create(context),
    };

    private static Command Info(HostContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A .npy or IDX file, a file of events or spike counts, or a folder with a folder a class" };
        var format = new Option<string?>("--format") { HelpName = "F", Description = FormatHelp + ", or spike counts: counts" };
        var command = new Command("info", "Say what a file holds") { file, format };
        command.SetAction(parsed => Guarded(context, parsed.GetRequiredValue(file), () =>
        {
            var table = Terminal.Words("", "");
            table.HideHeaders();
            foreach (var (what, value) in DataDescription.Of(parsed.GetRequiredValue(file), parsed.GetValue(format)))
            {
                table.AddRow(Markup.Escape(what), Markup.Escape(value));
            }

            Terminal.On(context).Write(table);
        }));
        return command;
    }

    private static Command Convert(HostContext context)
    {
        var from = new Argument<string>("IN") { Description = "A .npy or IDX file, a file of events, or a folder with a folder of them a class" };
        var to = new Argument<string>("OUT") { Description = "Its name says what it becomes: .npy; .idx or -ubyte, also with .gz; a folder (ending in /); events with --format" };
        var format = new Option<string?>("--format") { HelpName = "F", Description = FormatHelp };
        var shape = new Option<string?>("--shape") { HelpName = "C,H,W", Description = "Channels, height and width of events, or channels and places (default: what they need; 2,34,34 for a folder)" };
        var sampling = new Option<string?>("--sampling") { HelpName = "MS", Description = "Time from one step of an array to the next (default: 1)" };
        var length = new Option<string?>("--length") { HelpName = "MS", Description = "What of a recording is kept (default: all; 300 for a folder)" };
        var force = new Option<bool>("--force") { Description = "Replace what is there" };
        var command = new Command("convert", "Convert a file of data into another kind") { from, to, format, shape, sampling, length, force };
        command.SetAction(parsed => Guarded(context, parsed.GetRequiredValue(from), () =>
        {
            var options = new ConversionOptions
            {
                Format = parsed.GetValue(format) is { } f ? EventFile.FormatOf(f) : null,
                Shape = parsed.GetValue(shape) is { } s ? Shape(s) : null,
                SamplingTimeMs = parsed.GetValue(sampling) is { } t ? Milliseconds("--sampling", t) : 1,
                LengthMs = parsed.GetValue(length) is { } l ? Milliseconds("--length", l) : null,
                Force = parsed.GetValue(force),
            };
            context.Out.WriteLine(DataConversion.Convert(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), options));
        }));
        return command;
    }

    /// <summary>Runs an action; what is wrong with a file or an option is told in a line.</summary>
    public static int Guarded(HostContext context, string file, Action action)
    {
        try
        {
            action();
            return ExitStatus.Done;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            context.Error.WriteLine($"snn: {(e is ArgumentException ? "" : file + ": ")}{e.Message}");
            return ExitStatus.WrongInput;
        }
    }

    private static int[] Shape(string text)
    {
        var lengths = text.Split(',').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
        return lengths.Length is 2 or 3 && lengths.All(n => n > 0)
            ? lengths
            : throw new ArgumentException($"--shape {text}: give two or three whole numbers above 0, such as 2,34,34");
    }

    public static double Milliseconds(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms > 0 && double.IsFinite(ms)
            ? ms
            : throw new ArgumentException($"{option} {text}: give a time in ms above 0");
}
