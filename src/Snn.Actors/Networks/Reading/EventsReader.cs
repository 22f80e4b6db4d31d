using Snn.Actors.Data;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads inputs of the model "events": the events of a file as spikes.</summary>
internal sealed class EventsReader(Problems problems, double dtMs, string? directory)
{
    private static readonly string[] Formats = [.. EventFile.Formats.Keys];

    private readonly Dictionary<(string Name, EventFormat Format), Events?> _files = [];

    /// <summary>The input; null where anything is wrong.</summary>
    /// <param name="one">The input and its target.</param>
    /// <param name="spikes">What it has as an input of spikes; null where that is wrong.</param>
    public EventsInput? Read(OneInput one, (Distribution Weight, int Delay, int? Port)? spikes)
    {
        var format = one.Reader.Required("format", $"\"format\": one of {Say.List(Formats, "or")}") is { } f && Values.Choice(problems, f, "format", Formats) is { } word
            ? EventFile.FormatOf(word) : (EventFormat?)null;
        var shape = ReadShape(one, format);
        if (one.Reader.Required("file", "\"file\": \"sample.bin\" (relative to the network file)") is not { } at
            || Values.Text(problems, at, "the name of a file of events") is not { } name || format is null || shape is null || double.IsNaN(dtMs)
            || Load(at, name, format.Value) is not { } events || !AreInside(at, name, events, shape) || one.Neurons is null || one.Target?.Finished is null
            || spikes is not var (weight, delay, port))
        {
            return null;
        }

        var (steps, neurons) = Spikes(events, shape);
        return new EventsInput
        {
            Name = one.Name,
            Target = one.Target.Finished,
            Neurons = one.Neurons,
            StartStep = one.Start,
            StopStep = one.Stop,
            Weight = weight,
            DelaySteps = delay,
            Port = port,
            File = Path.GetFullPath(name, directory ?? Environment.CurrentDirectory),
            Format = format.Value,
            Shape = shape,
            Steps = steps,
            Spikes = neurons,
        };
    }

    /// <summary>The shape that is given, else that of the population, if all of it is driven.</summary>
    private int[]? ReadShape(OneInput one, EventFormat? format)
    {
        var dimensions = format == EventFormat.OneD ? 2 : 3;
        if (one.Reader.Optional("shape") is null && one.Target is { } target && target.Shape.Count == dimensions && one.Neurons?.Count == target.Size)
        {
            return [.. target.Shape];
        }

        return one.Reader.Required("shape", "\"shape\": [2, 34, 34] (channels, height, width)") is { } at ? ReadShape(at, format, dimensions, one) : null;
    }

    private int[]? ReadShape(At at, EventFormat? format, int dimensions, OneInput one)
    {
        if (at.Value.Kind != Source.SourceKind.Array || (format is not null && at.Value.Count != dimensions))
        {
            problems.Add(at, $"\"shape\" is {(dimensions == 2 ? "[channels, places]" : "[channels, height, width]")} for this format, got {Say.Given(at.Value)}");
            return null;
        }

        var lengths = Enumerable.Range(0, at.Value.Count).Select(i => Values.Whole(problems, at.Item(i), "a length of \"shape\"", 1, int.MaxValue)).ToList();
        if (lengths.Contains(null))
        {
            return null;
        }

        var places = lengths.Aggregate(1.0, (n, d) => n * d!.Value);
        if (one.Neurons?.Count is { } neurons && places != neurons)
        {
            problems.Add(at, $"\"shape\" has {Say.Some(places, "place")}, but this input drives {Say.Some(neurons, "neuron")}; give one neuron a place, or choose \"neurons\"");
            return null;
        }

        return [.. lengths.Select(l => (int)l!.Value)];
    }

    private Events? Load(At at, string name, EventFormat format)
    {
        if (!_files.TryGetValue((name, format), out var events))
        {
            events = DataFiles.Load(problems, at, name, directory, path =>
            {
                using var file = File.OpenRead(path);
                return EventFile.Read(file, format);
            });
            _files.Add((name, format), events);
        }

        return events;
    }

    private bool AreInside(At at, string name, Events events, int[] shape)
    {
        if (events.Count == 0)
        {
            problems.Add(at, $"{Say.Quote(name)} is empty; give a file with events, or remove this input");
            return false;
        }

        for (var i = 0; i < events.Count; i++)
        {
            if (events.Polarity[i] >= shape[0] || events.X[i] >= shape[^1] || events.Y?[i] >= shape[^2])
            {
                var place = events.Y is { } y ? $"y = {Say.Number(y[i])}, x = {Say.Number(events.X[i])}" : $"place {Say.Number(events.X[i])}";
                problems.Add(at, $"event {Say.Number(i)} of {Say.Quote(name)} is at channel {Say.Number(events.Polarity[i])}, {place}, which is outside of \"shape\"; give a larger shape, or check \"format\"");
                return false;
            }
        }

        return true;
    }

    /// <summary>Spikes by step, then neuron; several events of a neuron in one step are one spike.</summary>
    private (int[] Steps, int[] Neurons) Spikes(Events events, int[] shape)
    {
        const int AllSteps = int.MaxValue;
        int[] tensor = shape is [var channels, var places] ? [channels, 1, places, AllSteps] : [.. shape, AllSteps];
        var cells = events.Cells(tensor, dtMs);
        var (steps, neurons) = (Array.ConvertAll(cells, c => (int)(c % AllSteps)), Array.ConvertAll(cells, c => (int)(c / AllSteps)));

        // Cells come neuron by neuron: a stable sort by step keeps the neurons of a step ascending.
        var order = Enumerable.Range(0, cells.Length).OrderBy(i => steps[i]).ToArray();
        return (Array.ConvertAll(order, i => steps[i]), Array.ConvertAll(order, i => neurons[i]));
    }
}
