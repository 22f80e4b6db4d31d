using System.Globalization;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>Windows of a pooling layer along one axis: window k has the places first[k], first[k] + dilation, ... (count[k] of them), all inside the image.</summary>
/// <param name="First">First place. [window]</param>
/// <param name="Count">Places. [window]</param>
/// <param name="Dilation">Distance of neighbouring places.</param>
public sealed record PoolingAxis(IReadOnlyList<int> First, IReadOnlyList<int> Count, int Dilation)
{
    /// <summary>Number of windows.</summary>
    public int Windows => First.Count;

    /// <summary>
    /// Windows of a fixed size, as <c>max_pool2d</c> has them: ((n + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, rounded down, or with
    /// <paramref name="ceilMode"/> up, but then without a last window that would begin in the padding behind the image.
    /// </summary>
    /// <param name="size">Places of the image.</param>
    /// <param name="kernel">Places of a window.</param>
    /// <param name="stride">Distance of neighbouring windows.</param>
    /// <param name="padding">Silent border on each side, at most half a window.</param>
    /// <param name="dilation">Distance of neighbouring places of a window.</param>
    /// <param name="ceilMode">Whether windows may reach beyond the image to cover it wholly.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static PoolingAxis Fixed(int size, int kernel, int stride, int padding, int dilation, bool ceilMode)
    {
        if (Problem(size, kernel, stride, padding, dilation) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        var span = size + (2 * padding) - (dilation * (kernel - 1)) - 1;
        var windows = ((span + (ceilMode ? stride - 1 : 0)) / stride) + 1;
        if (ceilMode && (windows - 1) * stride >= size + padding)
        {
            windows--;
        }

        var (first, count) = (new int[windows], new int[windows]);
        for (var k = 0; k < windows; k++)
        {
            var places = Enumerable.Range(0, kernel).Select(i => (k * stride) - padding + (i * dilation)).Where(p => p >= 0 && p < size).ToArray();
            (first[k], count[k]) = (places.Length > 0 ? places[0] : 0, places.Length);
        }

        return new PoolingAxis(first, count, dilation);
    }

    /// <summary>As many windows as asked for, each from floor(k n / m) to ceil((k + 1) n / m): <c>adaptive_max_pool2d</c>.</summary>
    /// <param name="size">Places of the image, n.</param>
    /// <param name="windows">Windows, m.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public static PoolingAxis Adaptive(int size, int windows)
    {
        if (size < 1 || windows < 1)
        {
            throw new ArgumentException(Text($"adaptive_max_pool2d makes {windows} of {size} places; give one or more of both"));
        }

        var first = Enumerable.Range(0, windows).Select(k => (int)((long)k * size / windows)).ToArray();
        var last = Enumerable.Range(0, windows).Select(k => (int)((((k + 1L) * size) + windows - 1) / windows)).ToArray();
        return new PoolingAxis(first, [.. last.Zip(first, (l, f) => l - f)], 1);
    }

    /// <summary>Windows that have a place.</summary>
    internal IEnumerable<int> WindowsOf(int place) =>
        Enumerable.Range(0, Windows).Where(k => place >= First[k] && (place - First[k]) % Dilation == 0 && (place - First[k]) / Dilation < Count[k]);

    private static string? Problem(int size, int kernel, int stride, int padding, int dilation) =>
        size < 1 || kernel < 1 || stride < 1 || dilation < 1
            ? Text($"max_pool2d with size {size}, kernel {kernel}, stride {stride}, dilation {dilation} is not possible; give one or more of each")
        : padding < 0 || padding > kernel / 2 ? Text($"max_pool2d: a padding of {padding} does not go with a kernel of {kernel}; give 0 to {kernel / 2}")
        : size + (2 * padding) < (dilation * (kernel - 1)) + 1
            ? Text($"max_pool2d: a kernel of {kernel}, dilation {dilation}, does not fit {size} places with padding {padding}; use a smaller kernel")
        : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The shape of a pooling layer: sources [channel, height, width], targets [channel, windows, windows].</summary>
/// <param name="Channels">Channels of both.</param>
/// <param name="Height">Height of the source image.</param>
/// <param name="Width">Width of the source image.</param>
/// <param name="Rows">Windows along the height.</param>
/// <param name="Columns">Windows along the width.</param>
public sealed record PoolingShape(int Channels, int Height, int Width, PoolingAxis Rows, PoolingAxis Columns)
{
    /// <summary>Source neurons.</summary>
    public int SourceCount => Channels * Height * Width;

    /// <summary>Target neurons.</summary>
    public int TargetCount => Channels * Rows.Windows * Columns.Windows;
}
