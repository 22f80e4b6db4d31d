using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// A number, fixed or drawn, as a non-decreasing function of one 32-bit random word: the inverse of its distribution function at
/// u = (word + 1/2) / 2^32. A distribution that is "drawn again while outside [min, max]" is the inverse of the truncated distribution
/// function, so no word is ever thrown away.
/// </summary>
/// <remarks>
/// The double and the float text of a distribution each give the same bits at every vector width. Floats of a normal are computed
/// in float (error below 5e-7 standard deviations + 1 unit in the last place); all other floats are the rounded doubles.
/// </remarks>
public readonly struct ValueDistribution
{
    private readonly ValueShape _shape;

    private ValueDistribution(ValueShape shape)
    {
        _shape = shape;
    }

    /// <summary>Whether every word gives <see cref="Value"/>.</summary>
    public bool IsConstant => _shape.Kind == ValueKind.Constant;

    /// <summary>The number of a constant.</summary>
    /// <exception cref="InvalidOperationException">The distribution is not constant.</exception>
    public double Value => IsConstant
        ? _shape.Scale
        : throw new InvalidOperationException($"A {_shape.Kind} distribution has no one value; ask IsConstant first.");

    /// <summary>Least number that can be drawn.</summary>
    public double Least => Quantile(uint.MinValue);

    /// <summary>Greatest number that can be drawn.</summary>
    public double Greatest => Quantile(uint.MaxValue);

    /// <summary>The same number for every word.</summary>
    /// <param name="value">The number.</param>
    public static ValueDistribution Constant(double value)
    {
        RequireFinite("constant", nameof(value), value);
        return new(new ValueShape { Kind = ValueKind.Constant, Scale = value, Min = value, Max = value });
    }

    /// <summary>Uniform in [low, high).</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound; equal to <paramref name="low"/> for a constant.</param>
    public static ValueDistribution Uniform(double low, double high)
    {
        RequireFinite("uniform", nameof(low), low);
        RequireFinite("uniform", nameof(high), high);
        RequireFinite("uniform", "high - low", high - low);
        if (low > high)
        {
            throw new ArgumentException($"uniform: low = {low:R} is above high = {high:R}; swap them.");
        }

        return low == high
            ? Constant(low)
            : new(new ValueShape { Kind = ValueKind.Uniform, Shift = low, Scale = high - low, Min = low, Max = Math.BitDecrement(high) });
    }

    /// <summary>Normal, drawn again while outside [min, max].</summary>
    /// <param name="mean">Mean before truncation.</param>
    /// <param name="std">Standard deviation before truncation; zero for a constant.</param>
    /// <param name="min">Least value.</param>
    /// <param name="max">Greatest value.</param>
    /// <exception cref="ArgumentException">Not numbers, a negative std, or bounds that leave nothing to draw.</exception>
    public static ValueDistribution Normal(
        double mean, double std, double min = double.NegativeInfinity, double max = double.PositiveInfinity) =>
        Gaussian("normal", ValueKind.Normal, mean, std, min, max, min, max);

    /// <summary>Log-normal, exp of a normal number, drawn again while outside [min, max].</summary>
    /// <param name="mu">Mean of the logarithm.</param>
    /// <param name="sigma">Standard deviation of the logarithm.</param>
    /// <param name="min">Least value.</param>
    /// <param name="max">Greatest value.</param>
    /// <exception cref="ArgumentException">Not numbers, a negative sigma, or bounds that leave nothing to draw.</exception>
    public static ValueDistribution Lognormal(double mu, double sigma, double min = 0, double max = double.PositiveInfinity) =>
        Gaussian("lognormal", ValueKind.Lognormal, mu, sigma, min, max, LogOfBound(min), LogOfBound(max));

    /// <summary>min plus an exponential number.</summary>
    /// <param name="mean">Mean of the exponential number; zero for a constant.</param>
    /// <param name="min">Least value.</param>
    public static ValueDistribution Exponential(double mean, double min = 0)
    {
        RequireFinite("exponential", nameof(mean), mean);
        RequireFinite("exponential", nameof(min), min);
        if (mean < 0)
        {
            throw new ArgumentException($"exponential: mean = {mean:R} is negative; give zero or more (and min to shift it).");
        }

        return mean == 0
            ? Constant(min)
            : new(new ValueShape { Kind = ValueKind.Exponential, Shift = min, Scale = mean, Min = min, Max = double.PositiveInfinity });
    }

    /// <summary>The number that a word stands for.</summary>
    /// <param name="word">A random word.</param>
    public double Quantile(uint word) => ValueKernels.One(_shape, word);

    /// <summary>The numbers of random words, as doubles: <see cref="Quantile"/> of each.</summary>
    /// <param name="words">Random words.</param>
    /// <param name="values">As many numbers or more; only the first words.Length are written.</param>
    public void Fill(ReadOnlySpan<uint> words, Span<double> values) =>
        ValueKernels.Fill(_shape, words, CheckLength(words.Length, values));

    /// <summary>The numbers of random words, as floats.</summary>
    /// <param name="words">Random words.</param>
    /// <param name="values">As many numbers or more; only the first words.Length are written.</param>
    public void Fill(ReadOnlySpan<uint> words, Span<float> values) =>
        ValueKernels.Fill(_shape, words, CheckLength(words.Length, values));

    private static Span<T> CheckLength<T>(int words, Span<T> values) =>
        values.Length >= words
            ? values[..words]
            : throw new ArgumentException($"ValueDistribution.Fill: {words} words for {values.Length} values; give room for all.");

    private static ValueDistribution Gaussian(
        string name, ValueKind kind, double mean, double std, double min, double max, double low, double high)
    {
        RequireFinite(name, kind == ValueKind.Normal ? "mean" : "mu", mean);
        RequireFinite(name, kind == ValueKind.Normal ? "std" : "sigma", std);
        if (std < 0)
        {
            throw new ArgumentException($"{name}: the standard deviation {std:R} is negative; give zero or more.");
        }

        if (!(min <= max))
        {
            throw new ArgumentException($"{name}: min = {min:R} is not at or below max = {max:R}; swap or correct them.");
        }

        if (std == 0)
        {
            return PointMass(name, kind == ValueKind.Normal ? mean : LaneMath.Exp(mean), min, max);
        }

        var (a, b) = ((low - mean) / std, (high - mean) / std);
        var (below, above) = (NormalFunctions.Cdf(a), NormalFunctions.Cdf(-b));
        var mass = a > 0 ? NormalFunctions.Cdf(-a) - above : NormalFunctions.Cdf(b) - below;
        if (!(mass > 1e-290))
        {
            throw new ArgumentException(
                $"{name}: [{min:R}, {max:R}] leaves nothing of a distribution with centre {mean:R} and standard deviation {std:R}; " +
                "widen the bounds or move the distribution.");
        }

        return new(new ValueShape
        {
            Kind = kind,
            Shift = mean,
            Scale = std,
            Min = min,
            Max = max,
            Below = below,
            Above = above,
            Mass = mass,
            Offset = below - above,
        });
    }

    private static ValueDistribution PointMass(string name, double value, double min, double max) =>
        value >= min && value <= max
            ? Constant(value)
            : throw new ArgumentException(
                $"{name}: with a standard deviation of 0 every value is {value:R}, outside [{min:R}, {max:R}]; widen the bounds.");

    private static double LogOfBound(double bound) =>
        bound <= 0 ? double.NegativeInfinity : double.IsFinite(bound) ? LaneMath.Log(Math.Max(bound, 1e-300)) : bound;

    private static void RequireFinite(string name, string parameter, double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentException($"{name}: {parameter} = {value:R} is not a finite number; give one.");
        }
    }
}
