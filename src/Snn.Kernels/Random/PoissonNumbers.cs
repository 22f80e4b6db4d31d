using Snn.Kernels.Lanes;

namespace Snn.Kernels.Random;

/// <summary>
/// Poisson numbers of any mean, keyed, without a table: for means that differ from draw to draw. Inversion by sequential search while the mean is below
/// 10, else the transformed rejection PTRS of Hormann (1993), doi:10.1016/0167-6687(93)90997-4.
/// </summary>
public static class PoissonNumbers
{
    /// <summary>Largest mean: beyond, numbers would lose digits.</summary>
    public const double MaxMean = 1e15;

    private const double InversionMean = 10;
    private const double LogTwoPi = 1.8378770664093455;

    /// <summary>A Poisson number. Uses the blocks (0, c1, c2, c3), (1, c1, c2, c3), ... of the stream.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="c1">Second counter word.</param>
    /// <param name="c2">Third counter word.</param>
    /// <param name="c3">Fourth counter word.</param>
    /// <param name="mean">Mean, 0 to <see cref="MaxMean"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mean is outside its range.</exception>
    public static long Draw(StreamKey key, uint c1, uint c2, uint c3, double mean)
    {
        if (!(mean is >= 0 and <= MaxMean))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), mean, $"PoissonNumbers.Draw: the mean must be between 0 and {MaxMean:R}.");
        }

        var words = new BlockWords(key, c1, c2, c3);
        return mean == 0 ? 0 : mean < InversionMean ? Invert(ref words, mean) : Reject(ref words, mean);
    }

    // P(k + 1) / P(k) = mean / (k + 1).
    private static long Invert(ref BlockWords words, double mean)
    {
        var start = LaneMath.Exp(-mean);
        while (true)
        {
            var u = words.NextUnit();
            var (k, probability) = (0L, start);
            while (u > probability && k < 100)
            {
                u -= probability;
                k++;
                probability *= mean / k;
            }

            // What rounding leaves over beyond 100 (the mean is below 10: less than 1e-15) is drawn again.
            if (k < 100)
            {
                return k;
            }
        }
    }

    private static long Reject(ref BlockWords words, double mean)
    {
        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var vr = 0.9277 - (3.6224 / (b - 2));
        var alpha = 1.1239 + (1.1328 / (b - 3.4));
        while (true)
        {
            var v = words.NextUnit();
            var u = words.NextUnit() - 0.5;
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= vr)
            {
                return (long)k;
            }

            if (k < 0 || k > 4e18 || (us < 0.013 && v > us))
            {
                continue;
            }

            if (LaneMath.Log(v * alpha / ((a / (us * us)) + b)) <= LogProbability(k, mean))
            {
                return (long)k;
            }
        }
    }

    /// <summary>log P(k) in Loader's saddle-point form, for a mean of at least 10.</summary>
    private static double LogProbability(double k, double mean) => k == 0
        ? -mean
        : -BinomialDeviance.StirlingRest(k) - BinomialDeviance.Deviance(mean, k - mean) - (0.5 * (LogTwoPi + LaneMath.Log(k)));
}
