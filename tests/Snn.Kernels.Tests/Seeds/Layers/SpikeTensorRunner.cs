using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>
/// The operators of snngrow's SpikeTensor. Snn has events and connections in its place: an operator is a connection from the elements of its operands to those of
/// its result (a list of synapses, or a linear layer for the product).
/// </summary>
internal sealed class SpikeTensorRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["snngrow/spiketensor"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var (a, b, dense) = (golden.Input("a"), golden.Input("b"), golden.Input("dense"));
        var (rows, columns, size) = (a.Shape[0], a.Shape[1], a.Data.Length);
        var same = Enumerable.Range(0, size).ToArray();
        var outputs = golden.Outputs();

        // A spike is an element above zero.
        var spikes = Array.ConvertAll(dense.Data, v => v > 0 ? 1.0 : 0);
        return new Dictionary<string, SeedTensor>
        {
            ["mm"] = outputs["mm"] with { Data = Product(a, b, isDouble) },
            ["mul2"] = outputs["mul2"] with { Data = Map(a.Data, size, same, 2, isDouble) },
            ["reshape"] = outputs["reshape"] with { Data = Map(a.Data, size, same, 1, isDouble) },
            ["transpose"] = outputs["transpose"] with { Data = Map(a.Data, size, [.. same.Select(i => (i % columns * rows) + (i / columns))], 1, isDouble) },
            ["cat"] = outputs["cat"] with { Data = [.. Map(a.Data, size, same, 1, isDouble), .. Map(a.Data, size, same, 1, isDouble)] },
            ["to_dense"] = outputs["to_dense"] with { Data = Map(a.Data, size, same, 1, isDouble) },
            ["from_dense"] = outputs["from_dense"] with { Data = Map(spikes, spikes.Length, [.. Enumerable.Range(0, spikes.Length)], 1, isDouble) },
            ["add"] = outputs["add"] with { Data = [.. Map(a.Data, size, same, 1, isDouble).Zip(Map(a.Data, size, same, 1, isDouble), (l, r) => l + r)] },
            ["sum"] = outputs["sum"] with { Data = Map(a.Data, 1, new int[size], 1, isDouble) },
        };
    }

    private static double[] Product(SeedTensor a, SeedTensor b, bool isDouble)
    {
        var shape = ConvolutionShape.Linear(b.Shape[0], b.Shape[1]);
        double[] targetMajor = [.. Enumerable.Range(0, b.Data.Length).Select(i => b.Data[(i % shape.SourceCount * shape.TargetCount) + (i / shape.SourceCount)])];
        using var weights = LayerRig.Weights(shape, targetMajor, isDouble);
        using var connection = LayerRig.Connection(weights);
        return [.. a.Data.Chunk(shape.SourceCount).SelectMany(row => LayerRig.Deliver(connection, row))];
    }

    /// <summary>One synapse of one weight from every element to its place.</summary>
    private static double[] Map(double[] elements, int results, int[] places, double weight, bool isDouble)
    {
        var sources = Enumerable.Range(0, elements.Length).ToArray();
        using var connection = LayerConnection.Create(
            elements.Length, results, sources, places, [.. sources.Select(_ => weight)], new int[elements.Length], isDouble);
        return LayerRig.Deliver(connection, elements);
    }
}
