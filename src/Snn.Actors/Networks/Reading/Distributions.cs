using Snn.Actors.Networks.Source;
using Snn.Kernels.Lanes;

namespace Snn.Actors.Networks.Reading;

/// <summary>What an array of values stands for.</summary>
/// <param name="Length">How many values it must have; null where that is not known because of another problem.</param>
/// <param name="Per">What there is one value of: neuron, synapse.</param>
/// <param name="Whose">Whose they are, for the message: population "E".</param>
internal sealed record ArrayShape(long? Length, string Per, string Whose)
{
    /// <summary>Where the values may come from a file: reads it.</summary>
    public ArrayFiles? Files { get; init; }

    /// <summary>Where the values are weights of a layered connection: its shape, for the laws of initial weights.</summary>
    public Snn.Kernels.Synapses.Layers.ConvolutionShape? Layer { get; init; }
}

/// <summary>Reads a number that may be drawn or listed, and sees to it that no draw can leave the range.</summary>
internal static class Distributions
{
    /// <summary>The kinds, as they are called in a file.</summary>
    public static readonly string[] Kinds = ["normal", "uniform", "lognormal", "exponential", "array"];

    private const double LargestLog = 34.5;
    private const double LeastMass = 0.01;

    /// <summary>A number, a distribution or an array; null, and a problem, where it is none of them.</summary>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="at">The value.</param>
    /// <param name="quantity">What it is and its range.</param>
    /// <param name="shape">What an array means here; null where there may be none.</param>
    public static Distribution? Read(Problems problems, At at, Quantity quantity, ArrayShape? shape)
    {
        switch (at.Value.Kind)
        {
            case SourceKind.Number:
                return Values.Number(problems, at, quantity) is { } number ? new Distribution.Constant(number) : null;
            case SourceKind.Array:
                return ReadArray(problems, at, quantity, shape);
            case SourceKind.Object:
                return ReadKind(problems, at, quantity, shape);
            default:
                problems.Add(at, $"expected a number ({quantity.Describe()}), a distribution such as {{\"uniform\": [1, 2]}}"
                    + (shape is null ? string.Empty : $" or an array with one value a {shape.Per}") + $", got {Say.Given(at.Value)}");
                return null;
        }
    }

    /// <summary>Numbers one by one, checked; null where one of them is wrong.</summary>
    public static double[]? Numbers(Problems problems, At at, Quantity quantity)
    {
        if (at.Value.Kind != SourceKind.Array)
        {
            problems.Add(at, $"expected an array of numbers ({quantity.Describe()}), got {Say.Given(at.Value)}");
            return null;
        }

        var numbers = at.Value.Numbers;
        for (var i = 0; i < at.Value.Count; i++)
        {
            if (numbers is null && at.Value[i].Kind != SourceKind.Number)
            {
                problems.Add(at.Item(i), $"expected a number ({quantity.Describe()}), got {Say.Given(at.Value[i])}");
                return null;
            }

            if (numbers is not null && !quantity.Allows(numbers[i]))
            {
                var others = numbers.Count(n => !quantity.Allows(n)) - 1;
                problems.Add(at.Item(i), quantity.OutOfRange(numbers[i])
                    + (others > 0 ? $" (and {Say.Some(others, "other")} of this array)" : string.Empty));
                return null;
            }
        }

        // An array whose elements are all numbers is packed, so that only an array made item by item gets here without Numbers.
        return numbers ?? [.. Enumerable.Range(0, at.Value.Count).Select(i => at.Value[i].Number)];
    }

    private static Distribution.Array? ReadArray(Problems problems, At at, Quantity quantity, ArrayShape? shape)
    {
        if (shape is null)
        {
            problems.Add(at, $"{quantity.Name} cannot be an array here; give a number or a distribution such as {{\"uniform\": [1, 2]}}");
            return null;
        }

        if (Numbers(problems, at, quantity) is not { } numbers)
        {
            return null;
        }

        if (shape.Length is { } length && numbers.Length != length)
        {
            problems.Add(at, $"this array has {Say.Some(numbers.Length, "value")}, but {shape.Whose} has {Say.Some(length, shape.Per)}; give one value a {shape.Per}");
            return null;
        }

        return new Distribution.Array(numbers);
    }

    private static Distribution? ReadKind(Problems problems, At at, Quantity quantity, ArrayShape? shape)
    {
        if (at.Value.Members.Count != 1)
        {
            problems.Add(at, $"a distribution has one key, its kind ({Say.List(KindsFor(shape), "or")}); this one has {Say.Some(at.Value.Members.Count, "key")}; write for example {{\"normal\": {{\"mean\": 1, \"std\": 0.1}}}}");
            return null;
        }

        var member = at.Value.Members[0];
        var inner = at.Of(member);
        switch (member.Key)
        {
            case "normal":
                return ReadNormal(problems, inner, quantity);
            case "uniform":
                return ReadUniform(problems, inner, quantity);
            case "lognormal":
                return ReadLognormal(problems, inner, quantity);
            case "exponential":
                return ReadExponential(problems, inner, quantity);
            case "array":
                return ReadArray(problems, inner, quantity, shape);
            case "file" when shape?.Files is { } files:
                return files.ReadNumbers(inner, quantity, shape);
            case var law when InitialWeights.Laws.Contains(law) && shape?.Layer is { } layer:
                return InitialWeights.Read(problems, inner, law, layer);
            default:
                problems.AddKey(at, member, $"unknown distribution {Say.Quote(member.Key)}{Say.Instead(member.Key, KindsFor(shape))}");
                return null;
        }
    }

    private static string[] KindsFor(ArrayShape? shape) =>
        [.. Kinds, .. shape?.Files is null ? Array.Empty<string>() : ["file"], .. shape?.Layer is null ? [] : InitialWeights.Laws];

    private static Distribution.Uniform? ReadUniform(Problems problems, At at, Quantity quantity)
    {
        if (at.Value.Kind != SourceKind.Array || at.Value.Count != 2)
        {
            problems.Add(at, $"\"uniform\" takes its two bounds, as in {{\"uniform\": [1, 2]}}, got {Say.Given(at.Value)}");
            return null;
        }

        var low = Values.Number(problems, at.Item(0), quantity);
        var high = Values.Number(problems, at.Item(1), quantity with { MinExcluded = false });
        if (low is null || high is null)
        {
            return null;
        }

        if (low < high)
        {
            return new Distribution.Uniform(low.Value, high.Value);
        }

        problems.Add(at, $"the lower bound {Say.Number(low.Value)} is not below the upper bound {Say.Number(high.Value)}; "
            + (low > high ? "swap them" : "write the number itself where nothing is to be drawn"));
        return null;
    }

    private static Distribution.Normal? ReadNormal(Problems problems, At at, Quantity quantity)
    {
        if (ObjectReader.Open(problems, at, "{\"mean\": ..., \"std\": ...} with \"min\" and \"max\" where wanted") is not { } reader)
        {
            return null;
        }

        var free = new Quantity("mean", quantity.Unit);
        var mean = Number(problems, reader.Required("mean", "\"mean\": ..."), free);
        var std = Number(problems, reader.Required("std", "\"std\": ..."), free with { Name = "std", Min = 0 });
        var bounds = ReadBounds(problems, reader, quantity, double.NegativeInfinity);
        reader.Close();
        if (mean is null || std is null || bounds is null)
        {
            return null;
        }

        var (min, max) = bounds.Value;
        var practicalMax = quantity.MaxIsPractical ? Math.Min(max, mean.Value + (8 * std.Value)) : max;
        return IsInside(problems, at, quantity, "normal", min, practicalMax)
            && HasMass(problems, at, Mass(mean.Value, std.Value, min, max), min, max, quantity)
            ? new Distribution.Normal(mean.Value, std.Value, min, max)
            : null;
    }

    private static Distribution.Lognormal? ReadLognormal(Problems problems, At at, Quantity quantity)
    {
        if (ObjectReader.Open(problems, at, "{\"mu\": ..., \"sigma\": ...} (mean and standard deviation of the logarithm)") is not { } reader)
        {
            return null;
        }

        var mu = Number(problems, reader.Required("mu", "\"mu\": ... (mean of the logarithm)"), new Quantity("mu", string.Empty) { Min = -LargestLog, Max = LargestLog });
        var sigma = Number(problems, reader.Required("sigma", "\"sigma\": ... (standard deviation of the logarithm)"), new Quantity("sigma", string.Empty) { Min = 0, Max = 5 });
        var bounds = ReadBounds(problems, reader, quantity with { Min = Math.Max(quantity.Min, 0), MinExcluded = false }, 0);
        reader.Close();
        if (mu is null || sigma is null || bounds is null)
        {
            return null;
        }

        var (min, max) = bounds.Value;
        var practicalMax = quantity.MaxIsPractical ? Math.Min(max, LaneMath.Exp(mu.Value + (8 * sigma.Value))) : max;
        var smallest = min == 0 ? double.Epsilon : min;
        return IsInside(problems, at, quantity, "lognormal", smallest, practicalMax)
            && HasMass(problems, at, Mass(mu.Value, sigma.Value, Log(min), Log(max)), min, max, quantity)
            ? new Distribution.Lognormal(mu.Value, sigma.Value, min, max)
            : null;
    }

    private static Distribution.Exponential? ReadExponential(Problems problems, At at, Quantity quantity)
    {
        if (ObjectReader.Open(problems, at, "{\"mean\": ...} with \"min\" where wanted") is not { } reader)
        {
            return null;
        }

        var mean = Number(problems, reader.Required("mean", "\"mean\": ..."), new Quantity("mean", quantity.Unit) { Min = 0, MinExcluded = true });
        var min = reader.Optional("min") is { } at2 ? Values.Number(problems, at2, quantity with { Name = "min" }) : 0;
        reader.Close();
        if (mean is null || min is null)
        {
            return null;
        }

        var smallest = min == 0 && mean > 0 ? double.Epsilon : min.Value;
        var largest = quantity.MaxIsPractical ? min.Value + (40 * mean.Value) : double.PositiveInfinity;
        return IsInside(problems, at, quantity, "exponential", smallest, largest) ? new Distribution.Exponential(mean.Value, min.Value) : null;
    }

    private static (double Min, double Max)? ReadBounds(Problems problems, ObjectReader reader, Quantity quantity, double noMin)
    {
        var min = reader.Optional("min") is { } atMin ? Number(problems, atMin, quantity with { Name = "min" }) : noMin;
        var max = reader.Optional("max") is { } atMax ? Number(problems, atMax, quantity with { Name = "max" }) : double.PositiveInfinity;
        if (min is null || max is null)
        {
            return null;
        }

        if (min < max)
        {
            return (min.Value, max.Value);
        }

        problems.Add(reader.At, $"min = {Say.Number(min.Value)} is not below max = {Say.Number(max.Value)}; give min < max");
        return null;
    }

    private static double? Number(Problems problems, At? at, Quantity quantity) =>
        at is { } found ? Values.Number(problems, found, quantity) : null;

    /// <summary>Whether every draw is allowed; else says which bound to add.</summary>
    private static bool IsInside(Problems problems, At at, Quantity quantity, string kind, double min, double max)
    {
        if (quantity.HasMin && !quantity.Allows(Math.Min(min, quantity.Max)))
        {
            var bound = quantity.MinExcluded ? $"\"min\" with a value > {Say.Number(quantity.Min, quantity.Unit)}" : $"\"min\": {Say.Number(quantity.Min)}";
            problems.Add(at, $"this {kind} distribution reaches values that {quantity.Name} cannot have (allowed: {quantity.Range()}); add {bound}");
            return false;
        }

        if (!quantity.HasMax || max <= quantity.Max)
        {
            return true;
        }

        problems.Add(at, $"this {kind} distribution reaches values that {quantity.Name} cannot have (allowed: {quantity.Range()}); "
            + (kind == "exponential" ? "use a lognormal or normal distribution with \"max\"" : $"add \"max\": {Say.Number(quantity.Max)} or less"));
        return false;
    }

    /// <summary>A truncated distribution is drawn again until it fits: with bounds far from its mean that would take for ever.</summary>
    private static bool HasMass(Problems problems, At at, double mass, double min, double max, Quantity quantity)
    {
        if (mass >= LeastMass)
        {
            return true;
        }

        var low = double.IsFinite(min) ? $"above min = {Say.Number(min, quantity.Unit)}" : string.Empty;
        var high = double.IsFinite(max) ? $"below max = {Say.Number(max, quantity.Unit)}" : string.Empty;
        var both = low + (low.Length > 0 && high.Length > 0 ? " and " : string.Empty) + high;
        problems.Add(at, $"less than 1 % of this distribution lies {both}; move the bounds towards the mean");
        return false;
    }

    private static double Mass(double mean, double std, double min, double max)
    {
        if (std == 0)
        {
            return mean >= min && mean <= max ? 1 : 0;
        }

        return Below((max - mean) / std) - Below((min - mean) / std);
    }

    private static double Log(double x) => x <= 0 ? double.NegativeInfinity : double.IsInfinity(x) ? x : LaneMath.Log(x);

    /// <summary>The standard normal distribution function, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17).</summary>
    private static double Below(double x)
    {
        if (Math.Abs(x) > 10)
        {
            return x > 0 ? 1 : 0;
        }

        var t = 1 / (1 + (0.2316419 * Math.Abs(x)));
        var tail = 0.3989422804014327 * LaneMath.Exp(-x * x / 2)
            * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x > 0 ? 1 - tail : tail;
    }
}
