using Snn.Kernels.Plasticity.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>PySNN's pre_mult_post and reduce_connections.</summary>
internal sealed class LearningHelpersRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/learning_helpers"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) =>
        isDouble ? Run<double>(golden, v => v) : Run<float>(golden, v => (float)v);

    private static Dictionary<string, SeedTensor> Run<T>(SeedCase golden, Converter<double, T> convert)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var outputs = golden.Outputs();
        if (golden.OptionalInput("tensor") is { } tensor)
        {
            var values = Array.ConvertAll(tensor.Data, convert);
            return outputs.ToDictionary(o => o.Key, o => Reduce<T>(o.Key, tensor, values));
        }

        var (pre, post, shape) = (golden.Input("pre"), golden.Input("post"), outputs["out"].Shape);
        var isLinear = golden.Word("con_type") == "linear";
        var products = new T[outputs["out"].Data.Length];
        ConnectionProducts.Multiply<T>(
            Array.ConvertAll(pre.Data, convert), Array.ConvertAll(post.Data, convert), pre.Shape[1], shape[1], shape[2], isLinear ? 1 : shape[3], products);
        return new Dictionary<string, SeedTensor> { ["out"] = new(shape, Array.ConvertAll(products, v => double.CreateChecked(v))) };
    }

    private static SeedTensor Reduce<T>(string name, SeedTensor tensor, T[] values)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var (channels, taps) = (tensor.Shape[1], tensor.Shape[2]);
        var reduction = name switch
        {
            "mean" => Reduction.Mean,
            "sum" => Reduction.Sum,
            "amax" => Reduction.Max,
            _ => throw new ArgumentException($"no reduction {name}"),
        };
        var reduced = new T[channels * taps];
        ConnectionProducts.Reduce<T>(values, channels, taps, tensor.Shape.Length == 4 ? tensor.Shape[3] : 1, reduction, reduced);
        return new SeedTensor([channels, taps], Array.ConvertAll(reduced, v => double.CreateChecked(v)));
    }
}
