using System.Text.Json;
using Snn.Kernels.Encoding;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>PySNN's helper functions.</summary>
public sealed class PysnnUtilsRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["pysnn/utils"];

    /// <summary>Whole numbers, and comparisons of doubles.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) => new Dictionary<string, SeedTensor>
    {
        ["out"] = golden.Kind["pysnn.utils.".Length..] switch
        {
            "conv2d_output_shape" => ShapeOf(golden),
            "interspike_time" => Intervals(golden),
            "tensor_clamp" => Clamp(golden),
            var other => throw new InvalidDataException($"{other} is no function that this runner knows"),
        },
    };

    private static SeedTensor ShapeOf(SeedCase golden)
    {
        var args = golden.Params.GetProperty("args").EnumerateArray().ToArray();
        (int Y, int X) Pair(int i, int byDefault) => i < args.Length ? (Element(args[i], 0), Element(args[i], 1)) : (byDefault, byDefault);
        var shape = new ConvolutionShape
        {
            Channels = 1,
            OutputChannels = 1,
            Height = args[0].GetInt32(),
            Width = args[1].GetInt32(),
            Kernel = Pair(2, 1),
            Stride = Pair(3, 1),
            Padding = Pair(4, 0),
            Dilation = Pair(5, 1),
        };
        return shape.Problems() is [] ? new SeedTensor([2], [shape.OutputHeight, shape.OutputWidth]) : throw new ArgumentException(shape.Problems()[0]);
    }

    private static int Element(JsonElement number, int axis) => number.ValueKind == JsonValueKind.Array ? number[axis].GetInt32() : number.GetInt32();

    private static SeedTensor Intervals(SeedCase golden)
    {
        var intervals = SpikeIntervals.Of(Array.ConvertAll(golden.Input("spikes").Data, s => s != 0));
        return new SeedTensor([intervals.Length], Array.ConvertAll(intervals, i => (double)i));
    }

    private static SeedTensor Clamp(SeedCase golden)
    {
        var values = golden.Input("tensor");
        double[] Bound(string name) => golden.Input(name).Data is [var one] ? [.. Enumerable.Repeat(one, values.Data.Length)] : golden.Input(name).Data;
        Transforms.Clamp(values.Data, Bound("min"), Bound("max"));
        return values;
    }
}
