namespace Snn.Kernels.Random;

/// <summary>The probabilities of a Poisson number, from the least to the greatest that is worth a word: the rest is below 2^-62.</summary>
internal sealed class PoissonLaw
{
    private const double Negligible = 1e-22;

    internal PoissonLaw(double mean)
    {
        // Relative to the mode and outwards from it, by P(k + 1) / P(k) = mean / (k + 1); then divided by the sum. No logarithm or
        // factorial of a large number is needed, and the error grows with the width only: below 1e-12 relative for a mean of 1e5.
        var mode = (long)mean;
        List<double> below = [];
        for (var (k, w) = (mode, 1.0); k > 0 && w > Negligible; k--)
        {
            w *= k / mean;
            below.Add(w);
        }

        List<double> above = [];
        for (var (k, w) = (mode, 1.0); w > Negligible; k++)
        {
            w *= mean / (k + 1);
            above.Add(w);
        }

        below.Reverse();
        Least = mode - below.Count;
        double[] weights = [.. below, 1.0, .. above];

        // Small terms first, from both ends.
        var sum = 0.0;
        for (var (i, j) = (0, weights.Length - 1); i <= j;)
        {
            sum += weights[i] < weights[j] || i == j ? weights[i++] : weights[j--];
        }

        Probabilities = Array.ConvertAll(weights, w => w / sum);
    }

    /// <summary>The number that the first probability belongs to.</summary>
    internal long Least { get; }

    /// <summary>P(Least), P(Least + 1), ...</summary>
    internal double[] Probabilities { get; }
}
