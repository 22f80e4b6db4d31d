using Snn.Actors.Networks;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>From what a user declares to what the kernels draw from.</summary>
internal static class DistributionValues
{
    /// <summary>The sampler of a drawn or constant number.</summary>
    /// <exception cref="ArgumentException">An array has no sampler: its numbers are listed.</exception>
    public static ValueDistribution ToValues(this Distribution value) => value switch
    {
        Distribution.Constant c => ValueDistribution.Constant(c.Value),
        Distribution.Uniform u => ValueDistribution.Uniform(u.Low, u.High),
        Distribution.Normal n => ValueDistribution.Normal(n.Mean, n.Std, n.Min, n.Max),
        Distribution.Lognormal l => ValueDistribution.Lognormal(l.Mu, l.Sigma, l.Min, l.Max),
        Distribution.Exponential e => ValueDistribution.Exponential(e.Mean, e.Min),
        _ => throw new ArgumentException("A list of numbers has no sampler.", nameof(value)),
    };

    /// <summary>The least and the greatest number that can come of it; 0 of an empty list.</summary>
    public static (double Least, double Greatest) Range(this Distribution value) => value is Distribution.Array list
        ? (list.Values.DefaultIfEmpty(0).Min(), list.Values.DefaultIfEmpty(0).Max())
        : (value.ToValues().Least, value.ToValues().Greatest);

    /// <summary>
    /// The numbers of the selected neurons of a range, listed (one a selected neuron) or drawn by (key, neuron); zero for the others.
    /// [neuron - first]
    /// </summary>
    public static double[] ForSelected(this Distribution value, StreamKey key, NeuronSelection neurons, int first, int count)
    {
        var numbers = new double[count];
        var selected = neurons.Within(first, count);
        var before = neurons.Before(first);
        var values = value is Distribution.Array ? default : value.ToValues();
        for (var i = 0; i < selected.Count; i++)
        {
            numbers[selected[i]] = value is Distribution.Array list
                ? list.Values[before + i]
                : values.Quantile(Philox4x32.Block(key, (uint)(first + selected[i]), 0, 0, 0).W0);
        }

        return numbers;
    }
}
