using System.Text.Json;
using Snn.Kernels.Encoding;
using Snn.Kernels.Synapses;

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
        double Of(int axis)
        {
            int Argument(int i, int byDefault) => i < args.Length ? Element(args[i], axis) : byDefault;
            return ConvolutionShape.Output(args[axis].GetInt32(), Argument(2, 1), Argument(3, 1), Argument(4, 0), Argument(5, 1));
        }

        return new SeedTensor([2], [Of(0), Of(1)]);
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
