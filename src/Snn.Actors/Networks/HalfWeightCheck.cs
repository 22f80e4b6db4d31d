using Snn.Actors.Networks.Reading;
using Snn.Actors.Simulation;

namespace Snn.Actors.Networks;

/// <summary>Whether 16 bits hold the weights of a network.</summary>
internal static class HalfWeightCheck
{
    /// <summary>Largest part of a projection's weights that may become zero.</summary>
    public const double MostZeros = 0.01;

    /// <summary>Largest relative error that the median weight of a projection may have.</summary>
    public const double MostMedianError = 0.01;

    /// <summary>Adds a problem for every projection whose weights would lose too much.</summary>
    /// <param name="problems">Receives them.</param>
    /// <param name="network">A network without other problems.</param>
    /// <param name="places">Where the weight of each projection was given. [projection]</param>
    public static void Check(Problems problems, Network network, IReadOnlyList<At> places)
    {
        if (network.WeightPrecision != WeightPrecision.Half)
        {
            return;
        }

        foreach (var (projection, loss) in ConnectionRules.HalfWeightLosses(network))
        {
            var what = loss.ShareOfZeros > MostZeros ? $"{Percent(loss.ShareOfZeros)} of these weights would become 0"
                : loss.MedianError > MostMedianError ? $"the median of these weights would be wrong by up to {Percent(loss.MedianError)}"
                : null;
            if (what is not null)
            {
                problems.Add(places[projection.Index], $"with \"weight_precision\": \"half\" {what}: 16 bits hold multiples of {Say.Rounded(loss.Unit)} here, the greatest weight that projections from {Say.Quote(projection.Source.Name)} can draw divided by 32767; narrow the distributions with \"max\", or use \"weight_precision\": \"full\"");
            }
        }
    }

    private static string Percent(double share) => Say.Rounded(100 * share) + " %";
}
