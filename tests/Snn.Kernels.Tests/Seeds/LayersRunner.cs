namespace Snn.Kernels.Tests.Seeds;

/// <summary>snnTorch's GradedSpikes: a weight a feature, on the way to a relay, which hands the value on as a spike.</summary>
internal sealed class LayersRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["snntorch/layers"];

    public string? NotYet(SeedCase golden) => golden.Id.StartsWith("BatchNorm", StringComparison.Ordinal) ? "normalisation comes with training" : null;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var x = golden.Input("x");
        var weights = new SeedTensor([x.Shape[0], 1], [.. Enumerable.Repeat(golden.Param("constant_factor").Scalar, x.Shape[0])]);
        using var relay = new SeedPopulation("relay", new Dictionary<string, SeedTensor>(), x.Shape, isDouble);
        relay.SetInput("input", x with { Data = [.. x.Data.Select((v, i) => v * weights.Data[i / x.Shape[1]])] });
        relay.Integrate();
        return new Dictionary<string, SeedTensor> { ["y"] = relay.Fire(), ["weights"] = weights };
    }
}
