using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>snngrow's Linear and SparseSynapse, forward.</summary>
internal sealed class SnngrowLayerRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["snngrow/nn"];

    /// <inheritdoc/>
    public string? NotYet(SeedCase golden) =>
        golden.Kind.Contains("Norm", StringComparison.Ordinal) ? "normalisation layers come with training" : null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var (x, weight) = (golden.Input("x"), golden.Input("weight"));
        var shape = ConvolutionShape.Linear(weight.Shape[1], weight.Shape[0]);
        using var weights = LayerRig.Weights(shape, weight.Data, isDouble, golden.OptionalInput("connection")?.Data);
        using var connection = LayerRig.Connection(weights, golden.OptionalInput("bias")?.Data);
        var bias = LayerRig.Bias(connection);
        var rows = x.Data.Chunk(shape.SourceCount).SelectMany(row => LayerRig.Deliver(connection, row).Zip(bias, (a, b) => a + b));
        return new Dictionary<string, SeedTensor> { ["y"] = new([.. x.Shape[..^1], shape.TargetCount], [.. rows]) };
    }
}
