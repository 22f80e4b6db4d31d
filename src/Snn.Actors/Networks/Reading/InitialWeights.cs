using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Networks.Reading;

/// <summary>
/// Laws for the initial weights of layered connections, by their usual names (<see cref="WeightLaw"/>): each is a uniform or normal distribution whose width
/// follows from the connection's shape.
/// </summary>
internal static class InitialWeights
{
    /// <summary>Their names.</summary>
    public static readonly string[] Laws = ["xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "neuron_scaled_uniform"];

    /// <summary>The shape of a connection between two populations; null for connectors without weights of their own, and where something is wrong.</summary>
    public static ConvolutionShape? Shape(Connector? connector, PopulationDraft? from, PopulationDraft? to) => connector switch
    {
        Connector.Linear when from?.Size is { } sources && to?.Size is { } targets => ConvolutionShape.Linear(sources, targets),
        Connector.Conv2d c when from?.Shape is [var channels, var height, var width] && to?.Shape is [var outputs, _, _] =>
            LayerShapes.Of(c, channels, height, width, outputs),
        _ => null,
    };

    /// <summary>The distribution of a law; null, and a problem, where its argument is wrong.</summary>
    public static Distribution? Read(Problems problems, At at, string law, ConvolutionShape shape)
    {
        if (law == "neuron_scaled_uniform")
        {
            return ReadScaled(problems, at, shape);
        }

        if (ObjectReader.Open(problems, at, "an object: {} or {\"gain\": 1}") is not { } reader)
        {
            return null;
        }

        var hasGain = law.StartsWith("xavier", StringComparison.Ordinal);
        var gain = hasGain && reader.Optional("gain") is { } g ? Values.Number(problems, g, new Quantity("gain", string.Empty) { Min = 0, MinExcluded = true }) : 1;
        reader.Close();
        if (gain is null)
        {
            return null;
        }

        var std = WeightLaw.StandardDeviation(law, shape, gain.Value);
        return law.EndsWith("normal", StringComparison.Ordinal)
            ? new Distribution.Normal(0, std)
            : new Distribution.Uniform(-Math.Sqrt(3) * std, Math.Sqrt(3) * std);
    }

    private static Distribution.Uniform? ReadScaled(Problems problems, At at, ConvolutionShape shape)
    {
        if (at.Value.Kind != Source.SourceKind.Array || at.Value.Count != 2)
        {
            problems.Add(at, $"\"neuron_scaled_uniform\" takes its two bounds, as in {{\"neuron_scaled_uniform\": [-1, 1]}}, got {Say.Given(at.Value)}");
            return null;
        }

        var low = Values.Number(problems, at.Item(0), new Quantity("lower bound", string.Empty));
        var high = Values.Number(problems, at.Item(1), new Quantity("upper bound", string.Empty));
        if (low is null || high is null)
        {
            return null;
        }

        if (low < high)
        {
            var scaled = WeightLaw.Of("neuron_scaled_uniform", shape, a: low.Value, b: high.Value);
            return new Distribution.Uniform(scaled.Least, scaled.Greatest);
        }

        problems.Add(at, $"the lower bound {Say.Number(low.Value)} is not below the upper bound {Say.Number(high.Value)}; swap them");
        return null;
    }
}
