using Snn.Actors.Data;
using Snn.Kernels.Encoding;
using Snn.Kernels.Tests.Seeds;

namespace Snn.Actors.Tests.Seeds;

/// <summary>PySNN's toy data and transforms.</summary>
public sealed class DatasetsRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["pysnn/datasets"];

    /// <summary>Truth values, and one product of doubles.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var repeats = (int)golden.Param("repeats", 1).Scalar;
        return golden.Kind["pysnn.datasets.".Length..] switch
        {
            "XOR" => Of(BooleanSet.Xor(repeats)),
            "AND" => Of(BooleanSet.And(repeats)),
            "OR" => Of(BooleanSet.Or(repeats)),
            "DiscretizeFloat" => Of(golden.Input("x"), x => Transforms.Discretize(x)),
            "Intensity" => Of(golden.Input("x"), x => Transforms.Intensity(x, golden.Param("intensity").Scalar)),
            var other => throw new InvalidDataException($"{other} is nothing that this runner knows"),
        };
    }

    private static Dictionary<string, SeedTensor> Of(BooleanSet set) => new()
    {
        ["samples"] = new([4, 1, set.Features], [.. set.Samples]),
        ["labels"] = new([4, 1], [.. set.Labels.Select(l => (double)l)]),
    };

    private static Dictionary<string, SeedTensor> Of(SeedTensor x, Action<double[]> transform)
    {
        transform(x.Data);
        return new Dictionary<string, SeedTensor> { ["out"] = x };
    }
}
