using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>How many inputs and outputs a unit of a layered connection has, as the laws of initial weights count them.</summary>
/// <param name="In">Sources of a target: of linear all, of conv2d channels times taps.</param>
/// <param name="Out">Targets of a source, likewise.</param>
/// <param name="SecondAxis">Length of the weights' second axis: sources of linear, source channels of conv2d.</param>
internal readonly record struct Fan(double In, double Out, double SecondAxis)
{
    /// <summary>The fan of a connector between two populations of known shapes; null for connectors without weights of their own.</summary>
    public static Fan? Of(Connector? connector, PopulationDraft from, PopulationDraft to) => connector switch
    {
        Connector.Linear when from.Size is { } sources && to.Size is { } targets => new Fan(sources, targets, sources),
        Connector.Conv2d c when from.Shape is [var channels, _, _] && to.Shape is [var outputs, _, _] =>
            new Fan((double)channels * c.Kernel.Y * c.Kernel.X, (double)outputs * c.Kernel.Y * c.Kernel.X, channels),
        _ => null,
    };
}

/// <summary>
/// Laws for the initial weights of layered connections, by their usual names (Glorot and Bengio 2010; He et al. 2015, doi:10.1109/ICCV.2015.123): each is
/// a uniform or normal distribution whose width follows from the connection's shape.
/// </summary>
internal static class InitialWeights
{
    /// <summary>Their names.</summary>
    public static readonly string[] Laws = ["xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "neuron_scaled_uniform"];

    /// <summary>The distribution of a law; null, and a problem, where its argument is wrong.</summary>
    public static Distribution? Read(Problems problems, At at, string law, Fan fan)
    {
        if (law == "neuron_scaled_uniform")
        {
            return ReadScaled(problems, at, fan);
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

        var spread = hasGain ? gain.Value * Math.Sqrt(2 / (fan.In + fan.Out)) : Math.Sqrt(2 / fan.In);
        return law.EndsWith("normal", StringComparison.Ordinal)
            ? new Distribution.Normal(0, spread)
            : new Distribution.Uniform(-Math.Sqrt(3) * spread, Math.Sqrt(3) * spread);
    }

    /// <summary>Uniform between two bounds over the square root of the second axis of the weights.</summary>
    private static Distribution.Uniform? ReadScaled(Problems problems, At at, Fan fan)
    {
        if (at.Value.Kind != SourceKind.Array || at.Value.Count != 2)
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
            var scale = Math.Sqrt(fan.SecondAxis);
            return new Distribution.Uniform(low.Value / scale, high.Value / scale);
        }

        problems.Add(at, $"the lower bound {Say.Number(low.Value)} is not below the upper bound {Say.Number(high.Value)}; swap them");
        return null;
    }
}
