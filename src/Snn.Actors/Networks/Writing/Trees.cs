using Snn.Actors.Networks.Source;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Networks.Writing;

/// <summary>Turns values of a declaration into JSON values.</summary>
internal static class Trees
{
    /// <summary>A number, an array or a distribution.</summary>
    public static SourceValue Of(Distribution value) => value switch
    {
        Distribution.Constant c => SourceValue.OfNumber(c.Value),
        Distribution.Array a => SourceValue.OfNumbers([.. a.Values]),
        Distribution.Uniform u => Kind("uniform", SourceValue.OfNumbers([u.Low, u.High])),
        Distribution.Normal n => Kind("normal", Bounds(Numbers(("mean", n.Mean), ("std", n.Std)), n.Min, n.Max)),
        Distribution.Lognormal n => Kind("lognormal", Bounds(Numbers(("mu", n.Mu), ("sigma", n.Sigma)), n.Min == 0 ? double.NegativeInfinity : n.Min, n.Max)),
        Distribution.Exponential e => Kind("exponential", Bounds(Numbers(("mean", e.Mean)), e.Min == 0 ? double.NegativeInfinity : e.Min, double.PositiveInfinity)),
        _ => throw new ArgumentException($"unknown distribution {value}", nameof(value)),
    };

    /// <summary>An element of a list parameter, where a plain array would be the list itself.</summary>
    public static SourceValue OfElement(Distribution value) =>
        value is Distribution.Array ? SourceValue.OfObject().With("array", Of(value)) : Of(value);

    /// <summary>A parameter that is one value: a number, null, a switch or a word.</summary>
    public static SourceValue Of(ParameterDescription parameter, double value) =>
        parameter.Info.IsSwitch ? SourceValue.OfSwitch(value != 0)
        : parameter.Info.Choices is { } words ? SourceValue.OfText(words[(int)value])
        : double.IsNaN(value) ? SourceValue.OfNull(null, 0)
        : SourceValue.OfNumber(value);

    /// <summary>An array of texts.</summary>
    public static SourceValue Of(IEnumerable<string> texts) => SourceValue.OfItems([.. texts.Select(t => SourceValue.OfText(t))]);

    /// <summary>An array of numbers.</summary>
    public static SourceValue Of(IEnumerable<double> numbers) => SourceValue.OfNumbers([.. numbers]);

    /// <summary>Neurons of a population.</summary>
    public static SourceValue Of(NeuronSelection neurons) => neurons.List is { } list
        ? SourceValue.OfNumbers([.. list.Select(n => (double)n)])
        : SourceValue.OfObject().With("range", SourceValue.OfNumbers([neurons.First, (double)neurons.First + neurons.Count]));

    private static SourceValue Kind(string kind, SourceValue value) => SourceValue.OfObject().With(kind, value);

    private static SourceValue Numbers(params (string Key, double Value)[] members)
    {
        var result = SourceValue.OfObject();
        foreach (var (key, value) in members)
        {
            result.With(key, SourceValue.OfNumber(value));
        }

        return result;
    }

    private static SourceValue Bounds(SourceValue value, double min, double max)
    {
        if (!double.IsNegativeInfinity(min))
        {
            value.With("min", SourceValue.OfNumber(min));
        }

        return double.IsPositiveInfinity(max) ? value : value.With("max", SourceValue.OfNumber(max));
    }
}
