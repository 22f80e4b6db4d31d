using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>The error function and the normal distribution function in double, for set-up (not the step path).</summary>
public static class NormalFunctions
{
    private const double TwoOverSqrtPi = 1.1283791670955126;
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>erf(x) = 2 / sqrt(pi) * integral of exp(-t^2) from 0 to x. Relative error below 4e-15.</summary>
    /// <param name="x">Any number.</param>
    public static double Erf(double x)
    {
        var a = Math.Abs(x);
        var value = a < 1.5 ? Series(a) : 1 - UpperTail(a);
        return x < 0 ? -value : value;
    }

    /// <summary>erfc(x) = 1 - erf(x), without cancellation. Relative error below 2e-14; zero from x = 26.5 on.</summary>
    /// <param name="x">Any number.</param>
    public static double Erfc(double x) => x < 0 ? 1 + Erf(-x) : x < 1.5 ? 1 - Series(x) : UpperTail(x);

    /// <summary>Probability that a standard normal number is below z. Relative error below 2e-14 down to z = -37.</summary>
    /// <param name="z">Any number.</param>
    public static double Cdf(double z) => 0.5 * Erfc(-z / Sqrt2);

    // 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)): all terms positive (Abramowitz and Stegun 7.1.6).
    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; term > sum * 1e-18; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return TwoOverSqrtPi * GaussianOf(x) * sum;
    }

    // Continued fraction (Abramowitz and Stegun 7.1.14), from the inside out; 120 terms suffice from x = 1.5 on.
    private static double UpperTail(double x)
    {
        if (x > 26.5)
        {
            return 0;
        }

        var fraction = x;
        for (var n = 120; n >= 1; n--)
        {
            fraction = x + (0.5 * n / fraction);
        }

        return 0.5 * TwoOverSqrtPi * GaussianOf(x) / fraction;
    }

    // exp(-x^2) with the rounding error of x^2 put back: its relative error would otherwise grow as x^2.
    private static double GaussianOf(double x)
    {
        var square = x * x;
        var rest = Math.FusedMultiplyAdd(x, x, -square);
        return LaneMath.Exp(-square) * (1 - rest);
    }
}
