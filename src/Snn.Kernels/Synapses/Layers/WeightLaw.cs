using System.Globalization;
using Snn.Kernels.Random;

namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// How the weights of a layer are drawn at first, by the names of PySNN. Each weight has its own random word, by its place in [output channel, channel, i, j] order:
/// the draw depends on the key alone.
/// </summary>
public static unsafe class WeightLaw
{
    /// <summary>Names of all laws.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["uniform", "neuron_scaled_uniform", "normal", "xavier_normal", "xavier_uniform", "kaiming_normal", "kaiming_uniform", "constant"];

    /// <summary>The distribution of a law.</summary>
    /// <param name="law">One of <see cref="Names"/>.</param>
    /// <param name="shape">Shape of the connection, for the laws that look at its synapses.</param>
    /// <param name="gain">Factor of the xavier laws; the weight itself of constant.</param>
    /// <param name="a">Lower bound of uniform and (before scaling by 1 / sqrt(source channels)) of neuron_scaled_uniform.</param>
    /// <param name="b">Upper bound, likewise.</param>
    /// <remarks>
    /// xavier: standard deviation gain sqrt(2 / (fan in + fan out)), Glorot and Bengio 2010; kaiming: sqrt(2 / fan in), He et al. 2015, doi:10.1109/ICCV.2015.123;
    /// uniform laws have the bound sqrt(3) times the standard deviation. normal: mean 0, standard deviation 1.
    /// </remarks>
    /// <exception cref="ArgumentException">The law is not known, or its numbers are not possible.</exception>
    public static ValueDistribution Of(string law, ConvolutionShape shape, double gain = 1, double a = 0, double b = 1)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var scale = 1 / Math.Sqrt(shape.Channels);
        return law switch
        {
            "uniform" => ValueDistribution.Uniform(a, b),
            "neuron_scaled_uniform" => ValueDistribution.Uniform(a * scale, b * scale),
            "normal" => ValueDistribution.Normal(0, 1),
            "xavier_normal" or "kaiming_normal" => ValueDistribution.Normal(0, StandardDeviation(law, shape, gain)),
            "xavier_uniform" or "kaiming_uniform" => Symmetric(StandardDeviation(law, shape, gain)),
            "constant" => ValueDistribution.Constant(gain),
            _ => throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"there is no weight law '{law}'; use one of {string.Join(", ", Names)}")),
        };
    }

    /// <summary>Standard deviation of a xavier or kaiming law.</summary>
    /// <param name="law">Its name.</param>
    /// <param name="shape">Shape of the connection.</param>
    /// <param name="gain">Factor of the xavier laws.</param>
    /// <exception cref="ArgumentException">The law is another one.</exception>
    public static double StandardDeviation(string law, ConvolutionShape shape, double gain)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return law switch
        {
            "xavier_normal" or "xavier_uniform" => gain * Math.Sqrt(2.0 / ((double)shape.FanIn + shape.FanOut)),
            "kaiming_normal" or "kaiming_uniform" => Math.Sqrt(2.0 / shape.FanIn),
            _ => throw new ArgumentException($"the width of the law '{law}' does not follow from a shape", nameof(law)),
        };
    }

    /// <summary>Draws weights.</summary>
    /// <param name="distribution">Their distribution.</param>
    /// <param name="key">Key of the connection's random numbers.</param>
    /// <param name="weights">Weights. [output channel, channel, i, j], flat</param>
    public static void Fill(ValueDistribution distribution, StreamKey key, Span<double> weights)
    {
        const int Block = 1024;
        var words = stackalloc uint[Block];
        for (var first = 0; first < weights.Length; first += Block)
        {
            UniformColumns.Fill(key, 0, first, Block, words);
            var count = Math.Min(Block, weights.Length - first);
            distribution.Fill(new ReadOnlySpan<uint>(words, count), weights.Slice(first, count));
        }
    }

    private static ValueDistribution Symmetric(double std)
    {
        var bound = Math.Abs(std) * Math.Sqrt(3);
        return ValueDistribution.Uniform(-bound, bound);
    }
}
