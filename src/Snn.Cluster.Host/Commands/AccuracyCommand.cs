using System.CommandLine;
using System.Globalization;
using Snn.Actors.Data;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn data accuracy SPIKES LABELS: what neurons that learned without labels know about classes.</summary>
internal static class AccuracyCommand
{
    public static Command Create(HostContext context)
    {
        var spikes = new Argument<string>("SPIKES") { Description = "Recorded spikes: spikes/POPULATION.npz of a run" };
        var labels = new Argument<string>("LABELS") { Description = "Class of each sample, from 0: an IDX or .npy file" };
        var assign = new Option<string>("--assign") { HelpName = "A:B", Required = true, Description = "Samples by which neurons are given a class: A to B - 1, counted from the first that was shown" };
        var test = new Option<string>("--test") { HelpName = "A:B", Required = true, Description = "Samples to answer" };
        var present = new Option<string>("--present") { HelpName = "MS", Required = true, Description = "How long a sample was shown, with the rest behind it" };
        var first = new Option<int>("--first") { HelpName = "N", Description = "Sample of the file that was shown first" };
        var batch = new Option<int>("--batch") { HelpName = "B", DefaultValueFactory = _ => 1, Description = "Batch items of the network" };
        var command = new Command("accuracy", "Give neurons classes by their spikes for some samples, and say how many others they answer rightly") { spikes, labels, assign, test, present, first, batch };
        command.SetAction(parsed => DataCommand.Guarded(context, parsed.GetRequiredValue(spikes), () => Report(context.Out, new Question(
            parsed.GetRequiredValue(spikes), parsed.GetRequiredValue(labels), Samples("--assign", parsed.GetRequiredValue(assign)), Samples("--test", parsed.GetRequiredValue(test)),
            DataCommand.Milliseconds("--present", parsed.GetRequiredValue(present)), AtLeast("--first", parsed.GetValue(first), 0), AtLeast("--batch", parsed.GetValue(batch), 1)))));
        return command;
    }

    private static void Report(TextWriter to, Question question)
    {
        var count = Math.Max(question.Assign.Last, question.Test.Last);
        var labels = Labels(question, count);
        var responses = SampleResponses.Of(SpikeRecording.Read(question.Spikes), count, question.PeriodMs, question.Batch);
        var classifier = ResponseClassifier.Assign(responses, labels, question.Assign.First, question.Assign.Last);
        var (right, silent) = (0, 0);
        for (var sample = question.Test.First; sample < question.Test.Last; sample++)
        {
            var answer = classifier.Answer(responses[sample]);
            right += answer == labels[sample] ? 1 : 0;
            silent += answer < 0 ? 1 : 0;
        }

        var asked = question.Test.Last - question.Test.First;
        to.WriteLine($"neurons of each class: {string.Join(", ", classifier.NeuronsOfClass)}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy {(double)right / asked:0.000}: {right} of {asked} right, {silent} without an answer"));
    }

    private static int[] Labels(Question question, int count)
    {
        using var file = SampleFile.Open(question.Labels);
        if (file.Columns != 1 || file.Count < (long)question.First + count)
        {
            throw new ArgumentException($"{question.Labels}: it has {file.Count} samples of {file.Columns} numbers; give a class for each of {question.First + (long)count} samples");
        }

        var labels = Array.ConvertAll(file.Read(question.First, count), v => v >= 0 && v <= 65535 && v == MathF.Floor(v) ? (int)v : -1);
        return labels.Contains(-1)
            ? throw new ArgumentException($"{question.Labels}: it holds values that are no classes; give whole numbers from 0 to 65535")
            : labels;
    }

    private static (int First, int Last) Samples(string option, string text) =>
        text.Split(':') is [var a, var b]
        && int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && int.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        && first < last
            ? (first, last)
            : throw new ArgumentException($"{option} {text}: give the first sample and the one behind the last, such as 3000:4000");

    private static int AtLeast(string option, int number, int least) =>
        number >= least ? number : throw new ArgumentException($"{option} {number}: give a whole number of at least {least}");

    private sealed record Question(
        string Spikes, string Labels, (int First, int Last) Assign, (int First, int Last) Test, double PeriodMs, int First, int Batch);
}
