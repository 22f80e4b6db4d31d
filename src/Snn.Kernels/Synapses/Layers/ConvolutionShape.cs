using System.Globalization;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// The shape of a two-dimensional cross-correlation: sources [channel, height, width], targets [output channel, output height, output width],
/// kernel [output channel, channel, kernel height, kernel width]. A linear layer is the case of one pixel and a kernel of one tap.
/// </summary>
/// <remarks>Target (o, y, x) receives source (c, y sy - py + i dy, x sx - px + j dx) by the weight (o, c, i, j); outside the image there is nothing.</remarks>
public sealed record ConvolutionShape
{
    /// <summary>Channels of the sources.</summary>
    public required int Channels { get; init; }

    /// <summary>Height of the source image.</summary>
    public int Height { get; init; } = 1;

    /// <summary>Width of the source image.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Channels of the targets.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Taps of the kernel, rows and columns.</summary>
    public (int Y, int X) Kernel { get; init; } = (1, 1);

    /// <summary>Distance of neighbouring windows.</summary>
    public (int Y, int X) Stride { get; init; } = (1, 1);

    /// <summary>Silent border on each side.</summary>
    public (int Y, int X) Padding { get; init; } = (0, 0);

    /// <summary>Distance of neighbouring taps.</summary>
    public (int Y, int X) Dilation { get; init; } = (1, 1);

    /// <summary>Height of the target image.</summary>
    public int OutputHeight => Outputs(Height, Kernel.Y, Stride.Y, Padding.Y, Dilation.Y);

    /// <summary>Width of the target image.</summary>
    public int OutputWidth => Outputs(Width, Kernel.X, Stride.X, Padding.X, Dilation.X);

    /// <summary>Pixels of a source channel.</summary>
    public int Pixels => Height * Width;

    /// <summary>Pixels of a target channel: windows of the kernel.</summary>
    public int Locations => OutputHeight * OutputWidth;

    /// <summary>Taps of one output channel: synapses of a target.</summary>
    public int Taps => Channels * Kernel.Y * Kernel.X;

    /// <summary>Source neurons.</summary>
    public int SourceCount => Channels * Pixels;

    /// <summary>Target neurons.</summary>
    public int TargetCount => OutputChannels * Locations;

    /// <summary>Synapses of a target, as weight laws count them.</summary>
    public int FanIn => Taps;

    /// <summary>Synapses of a source, as weight laws count them: strides and borders are not looked at.</summary>
    public int FanOut => OutputChannels * Kernel.Y * Kernel.X;

    /// <summary>Every source to every target.</summary>
    public static ConvolutionShape Linear(int sources, int targets) => new() { Channels = sources, OutputChannels = targets };

    /// <summary>What is wrong with it, in sentences that say what was given, what is allowed and what to do; empty if nothing.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        CheckPositive("channels", Channels, problems);
        CheckPositive("output channels", OutputChannels, problems);
        CheckAxis("height", Height, Kernel.Y, Stride.Y, Padding.Y, Dilation.Y, problems);
        CheckAxis("width", Width, Kernel.X, Stride.X, Padding.X, Dilation.X, problems);
        if (problems.Count == 0 && Math.Max((long)Channels * Height * Width, (long)OutputChannels * OutputHeight * OutputWidth) > int.MaxValue)
        {
            problems.Add(Text($"the layer has more than {int.MaxValue} neurons; use fewer"));
        }

        return problems;
    }

    /// <summary>Stops a caller's mistake.</summary>
    internal ConvolutionShape Checked() =>
        Problems() is { Count: > 0 } problems ? throw new ArgumentException(string.Join("; ", problems)) : this;

    /// <summary>Where a tap is stored: taps of a kernel row from right to left, so that the targets of a spike in a row of the image and their weights both ascend.</summary>
    internal int Row(int channel, int i, int j) => (((channel * Kernel.Y) + i) * Kernel.X) + Kernel.X - 1 - j;

    /// <summary>The tap that is stored in a row.</summary>
    internal (int Channel, int I, int J) Tap(int row) => (row / (Kernel.Y * Kernel.X), row / Kernel.X % Kernel.Y, Kernel.X - 1 - (row % Kernel.X));

    /// <summary>The row of a tap in the order of users: (channel, i, j), row by row.</summary>
    public int RowOfTap(int tap) => Row(tap / (Kernel.Y * Kernel.X), tap / Kernel.X % Kernel.Y, tap % Kernel.X);

    private static int Outputs(int size, int kernel, int stride, int padding, int dilation) =>
        ((size + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;

    private static void CheckAxis(string axis, int size, int kernel, int stride, int padding, int dilation, List<string> problems)
    {
        var before = problems.Count;
        CheckPositive(axis, size, problems);
        CheckPositive($"kernel size ({axis})", kernel, problems);
        CheckPositive($"stride ({axis})", stride, problems);
        CheckPositive($"dilation ({axis})", dilation, problems);
        if (padding < 0)
        {
            problems.Add(Text($"the padding ({axis}) is {padding}; give zero or more"));
        }
        else if (problems.Count == before && size + (2 * padding) < (dilation * (kernel - 1)) + 1)
        {
            problems.Add(Text(
                $"a kernel of {kernel} taps, dilation {dilation}, does not fit the {axis} {size} with padding {padding}; use a smaller kernel or more padding"));
        }
    }

    private static void CheckPositive(string what, int value, List<string> problems)
    {
        if (value < 1)
        {
            problems.Add(Text($"the {what} is {value}; give one or more"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
