using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>PySNN's MaxPool2d and AdaptiveMaxPool2d.</summary>
internal sealed class PoolingRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/pool"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var (x, trace) = (golden.Input("x"), golden.Input("trace"));
        var shape = Shape(golden, x.Shape[1], x.Shape[2], x.Shape[3]);
        using var connection = LayerConnection.Create(shape, isDouble);
        var place = Enumerable.Range(0, shape.SourceCount).Select(s => (double)(s % (shape.Height * shape.Width))).ToArray();
        var (spikes, traces, places) = (new List<double>(), new List<double>(), new List<double>());
        for (var item = 0; item < x.Shape[0]; item++)
        {
            var sources = x.At(item).Data;
            spikes.AddRange(LayerRig.Deliver(connection, sources));
            traces.AddRange(LayerRig.Traces(connection, trace.At(item).Data, sources));
            places.AddRange(LayerRig.Traces(connection, place, sources));
        }

        int[] targets = [x.Shape[0], shape.Channels, shape.Rows.Windows, shape.Columns.Windows];
        return new Dictionary<string, SeedTensor>
        {
            ["spikes"] = new(targets, [.. spikes]),
            ["trace"] = new(targets, [.. traces]),
            ["argmax_in_plane"] = new(targets, [.. places]),
        };
    }

    private static PoolingShape Shape(SeedCase golden, int channels, int height, int width)
    {
        if (golden.Params.TryGetProperty("output_size", out _))
        {
            var output = SeedParams.Pair(golden, "output_size", 0);
            return new PoolingShape(channels, height, width, PoolingAxis.Adaptive(height, output.Y), PoolingAxis.Adaptive(width, output.X));
        }

        var kernel = SeedParams.Pair(golden, "kernel_size", 0);
        var stride = golden.Params.TryGetProperty("stride", out _) ? SeedParams.Pair(golden, "stride", 0) : kernel;
        var (padding, dilation) = (SeedParams.Pair(golden, "padding", 0), SeedParams.Pair(golden, "dilation", 1));
        var ceil = golden.Flag("ceil_mode");
        return new PoolingShape(
            channels,
            height,
            width,
            PoolingAxis.Fixed(height, kernel.Y, stride.Y == 0 ? kernel.Y : stride.Y, padding.Y, dilation.Y, ceil),
            PoolingAxis.Fixed(width, kernel.X, stride.X == 0 ? kernel.X : stride.X, padding.X, dilation.X, ceil));
    }
}
