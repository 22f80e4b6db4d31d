using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads the connectors of layered networks and checks them against the shapes of their populations.</summary>
internal sealed class LayerConnectors(Problems problems)
{
    /// <summary>Their names.</summary>
    public static readonly string[] Names = ["linear", "conv2d", "max_pool2d", "adaptive_max_pool2d"];

    /// <summary>Most rows or columns of a kernel, its stride, padding and dilation.</summary>
    private const int Largest = 4096;

    /// <summary>A connector that needs no argument; null, and a problem, where it needs one.</summary>
    public Connector? Plain(At at, string name)
    {
        switch (name)
        {
            case "linear":
                return new Connector.Linear();
            case "adaptive_max_pool2d":
                return new Connector.AdaptiveMaxPool2d();
            default:
                problems.Add(at, $"{name} needs its argument: {{{Say.Quote(name)}: {Example(name)}}}");
                return null;
        }
    }

    /// <summary>A connector with its argument; null, and a problem, where it takes none or is wrong.</summary>
    public Connector? WithArgument(At parent, SourceMember member)
    {
        var (name, at) = (member.Key, parent.Of(member));
        if (name is "linear" or "adaptive_max_pool2d")
        {
            problems.AddKey(parent, member, $"{name} takes no argument; write \"rule\": {Say.Quote(name)}");
            return null;
        }

        return ObjectReader.Open(problems, at, $"an object, as in {{{Say.Quote(name)}: {Example(name)}}}") is { } reader
            ? Window(name, reader)
            : null;
    }

    /// <summary>Checks a connector between two populations whose sizes are right.</summary>
    public void Check(At at, Connector.Layer connector, PopulationDraft from, PopulationDraft to)
    {
        if (connector is Connector.Linear)
        {
            return;
        }

        if (Image(at, connector, from) is not { } source || Image(at, connector, to) is not { } target)
        {
            return;
        }

        if (connector is not Connector.Conv2d && source.Channels != target.Channels)
        {
            problems.Add(at, $"pooling keeps the channels apart, but {Of(from)} and {Of(to)}; give both populations the same number of channels");
            return;
        }

        if (connector is Connector.Conv2d or Connector.MaxPool2d && !LayerShapes.Fits(connector, source.Height, source.Width))
        {
            problems.Add(at, $"the window is larger than the image of {Say.Quote(from.Name)} with its padding; use a smaller kernel or dilation, or more padding");
            return;
        }

        var (height, width) = connector switch
        {
            Connector.Conv2d c => LayerShapes.Image(c, source.Height, source.Width),
            Connector.MaxPool2d p => LayerShapes.Image(p, source.Height, source.Width),
            _ => (target.Height, target.Width),
        };
        if ((height, width) != (target.Height, target.Width))
        {
            problems.Add(at, $"this makes images of {Say.Number(height)} x {Say.Number(width)}, but {Of(to)}; give it the shape [{Say.Number(target.Channels)}, {Say.Number(height)}, {Say.Number(width)}]");
        }
    }

    private static string Of(PopulationDraft draft) => $"{Say.Quote(draft.Name)} has the shape [{string.Join(", ", draft.Shape.Select(d => Say.Number(d)))}]";

    private (int Channels, int Height, int Width)? Image(At at, Connector.Layer connector, PopulationDraft draft)
    {
        if (draft.Shape is [var channels, var height, var width])
        {
            return (channels, height, width);
        }

        var name = connector is Connector.Conv2d ? "conv2d" : connector is Connector.MaxPool2d ? "max_pool2d" : "adaptive_max_pool2d";
        problems.Add(at, $"{name} connects images, but {Say.Quote(draft.Name)} has no shape [channels, height, width]; give it one, as in \"shape\": [1, 28, 28]");
        return null;
    }

    private Connector? Window(string name, ObjectReader reader)
    {
        var kernel = reader.Required("kernel", "\"kernel\": 3 or [3, 3] (height and width)") is { } k ? Pair(k, "kernel", 1) : null;
        var isPool = name == "max_pool2d";
        var stride = reader.Optional("stride") is { } s ? Pair(s, "stride", 1) : isPool ? kernel : new Pair2d(1, 1);
        var padding = reader.Optional("padding") is { } p ? Pair(p, "padding", 0) : new Pair2d(0, 0);
        var dilation = reader.Optional("dilation") is { } d ? Pair(d, "dilation", 1) : new Pair2d(1, 1);
        var ceil = isPool && reader.Optional("ceil_mode") is { } c ? Values.Switch(problems, c, "ceil_mode") : false;
        reader.Close();
        if (kernel is null || stride is null || padding is null || dilation is null || ceil is null)
        {
            return null;
        }

        if (isPool && (padding.Value.Y > kernel.Value.Y / 2 || padding.Value.X > kernel.Value.X / 2))
        {
            problems.Add(reader.At, "the padding of a pooling window is at most half the kernel; use less padding");
            return null;
        }

        return isPool
            ? new Connector.MaxPool2d(kernel.Value, stride.Value, padding.Value, dilation.Value, ceil.Value)
            : new Connector.Conv2d(kernel.Value, stride.Value, padding.Value, dilation.Value);
    }

    /// <summary>One number for both dimensions, or two.</summary>
    private Pair2d? Pair(At at, string name, int least)
    {
        if (at.Value.Kind == SourceKind.Array && at.Value.Count == 2)
        {
            return Values.Whole(problems, at.Item(0), name, least, Largest) is { } y && Values.Whole(problems, at.Item(1), name, least, Largest) is { } x
                ? new Pair2d((int)y, (int)x)
                : null;
        }

        if (at.Value.Kind == SourceKind.Number)
        {
            return Values.Whole(problems, at, name, least, Largest) is { } both ? new Pair2d((int)both, (int)both) : null;
        }

        problems.Add(at, $"expected a whole number for both dimensions, or [down, across], got {Say.Given(at.Value)}");
        return null;
    }

    private static string Example(string name) => name == "max_pool2d" ? "{\"kernel\": 2}" : "{\"kernel\": 3}";
}
