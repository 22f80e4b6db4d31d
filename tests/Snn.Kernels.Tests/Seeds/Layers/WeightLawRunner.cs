using Snn.Kernels.Random;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>PySNN's weight initialisations: the moments of one draw of theirs and one of ours.</summary>
internal sealed class WeightLawRunner : ISeedRunner
{
    /// <summary>How many standard errors two draws may differ by.</summary>
    private const double Errors = 6;

    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/init"];

    /// <inheritdoc/>
    public double Slack(SeedCase golden, string name)
    {
        var outputs = golden.Outputs();
        var error = Math.Sqrt(2) * outputs["sample_std"].Scalar / Math.Sqrt(outputs["count"].Scalar);
        return name switch
        {
            "sample_mean" => Errors * error,
            "sample_std" => Errors * error,
            // The greatest of n normal numbers scatters by about a tenth of itself.
            "sample_min" or "sample_max" => golden.Word("distribution").EndsWith("normal", StringComparison.Ordinal) ? 0.4 * Math.Abs(outputs[name].Scalar) : 0,
            _ => 0,
        };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var sizes = SeedParams.Integers(golden.Params.GetProperty("weight_shape"));
        var shape = new ConvolutionShape
        {
            OutputChannels = sizes[0],
            Channels = sizes[1],
            Kernel = sizes.Length == 4 ? (sizes[2], sizes[3]) : (1, 1),
            Height = sizes.Length == 4 ? sizes[2] : 1,
            Width = sizes.Length == 4 ? sizes[3] : 1,
        };
        var law = WeightLaw.Of(
            golden.Word("distribution"), shape, golden.Param("gain", 1).Scalar, golden.Param("a", 0).Scalar, golden.Param("b", 1).Scalar);
        using var weights = new LayerWeights(shape, isDouble);
        var drawn = new double[sizes.Aggregate(1, (n, d) => n * d)];
        WeightLaw.Fill(law, StreamKey.Derive(1, golden.ToString()), drawn);
        weights.Set(drawn);
        var w = weights.ToArray();
        var mean = w.Average();
        return new Dictionary<string, SeedTensor>
        {
            ["sample_mean"] = Number(mean),
            ["sample_std"] = Number(Math.Sqrt(w.Sum(v => (v - mean) * (v - mean)) / (w.Length - 1))),
            ["sample_min"] = Number(w.Min()),
            ["sample_max"] = Number(w.Max()),
            ["count"] = Number(w.Length),
        };
    }

    private static SeedTensor Number(double value) => new([], [value]);
}
