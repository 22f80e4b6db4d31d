using System.Globalization;
using System.Text;
using Snn.Kernels.Lanes;

namespace Snn.Actors.Networks.Templates;

/// <summary>
/// The cortical microcircuit under 1 mm^2 of early sensory cortex: four layers, each with an excitatory and an inhibitory population
/// (Potjans TC, Diesmann M (2014) Cereb Cortex 24:785, doi:10.1093/cercor/bhs358), with Poisson background, at any scale. Scaled down
/// by S, sizes, in-degrees and background shrink by S, weights grow by 1/sqrt(S), and a current makes up for the lost mean, so that
/// mean and variance of the input of a neuron stay what they were.
/// </summary>
public static class Microcircuit
{
    private const double CmPf = 250;
    private const double TauMMs = 10;
    private const double TauSynMs = 0.5;
    private const double PspMv = 0.15;
    private const double InhibitionRatio = -4;
    private const double BackgroundHz = 8;

    private static readonly string[] Populations = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"];
    private static readonly int[] Sizes = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];
    private static readonly int[] BackgroundIndegrees = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100];
    private static readonly double[] InitialMeansMv = [-68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43];
    private static readonly double[] InitialStdsMv = [5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48];

    /// <summary>Rates of the full network, which the direct current of a smaller one makes up for, Hz.</summary>
    private static readonly double[] FullRatesHz = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829];

    /// <summary>Probability that two neurons are connected at least once. [target][source]</summary>
    private static readonly double[][] Probabilities =
    [
        [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
        [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
        [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0],
        [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
        [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
        [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0],
        [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
        [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
    ];

    /// <summary>The network file.</summary>
    /// <param name="scale">S: the part of the neurons, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not in (0, 1].</exception>
    public static string Text(double scale)
    {
        if (!(scale > 0 && scale <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "the scale must be above 0 and at most 1; 1 is the full network of 77169 neurons");
        }

        var text = new StringBuilder();
        var percent = Number(Math.Round(scale * 100, 6));
        text.Append(CultureInfo.InvariantCulture, $$"""
            // The cortical microcircuit of Potjans and Diesmann (2014, Cereb Cortex 24:785) at {{percent}} % of its neurons.
            // Mean and variance of the input of a neuron are those of the full network: in-degrees shrink with the sizes,
            // weights grow by 1/sqrt(scale), and I_e makes up for what the mean loses. `snn new microcircuit --scale S` writes
            // any other scale.
            {
              "snn": 1,
              "name": "microcircuit-{{percent}}pct",
              "dt": 0.1, "duration": 1000, "seed": 55,                // ms
              "populations": {

            """);
        AppendPopulations(text, scale);
        text.Append("  },\n");
        AppendBackground(text, scale);
        AppendProjections(text, scale);
        text.Append("  \"record\": { \"spikes\": ").Append(Quoted(Populations)).Append(" }\n}\n");
        return text.ToString();
    }

    private static void AppendPopulations(StringBuilder text, double scale)
    {
        for (var i = 0; i < Populations.Length; i++)
        {
            var current = i == 0
                ? $"\n              \"params\": {{ \"E_L\": -65, \"V_th\": -50, \"V_reset\": -65, \"C_m\": {Number(CmPf)}, \"tau_m\": {Number(TauMMs)}, \"tau_syn_ex\": {Number(TauSynMs)}, \"tau_syn_in\": {Number(TauSynMs)}, \"t_ref\": 2, \"I_e\": {Number(Current(i, scale))} }},\n              "
                : $"\"like\": \"{Populations[0]}\", \"params\": {{ \"I_e\": {Number(Current(i, scale))} }}, ";
            text.Append(CultureInfo.InvariantCulture, $"    \"{Populations[i]}\": {{ \"size\": {Size(i, scale)}, {(i == 0 ? "\"model\": \"iaf_psc_exp\"," : string.Empty)}{current}")
                .Append(CultureInfo.InvariantCulture, $"\"initial\": {{ \"V_m\": {{ \"normal\": {{ \"mean\": {Number(InitialMeansMv[i])}, \"std\": {Number(InitialStdsMv[i])} }} }} }} }},\n");
        }
    }

    private static void AppendBackground(StringBuilder text, double scale)
    {
        var rates = Populations.Select((p, i) => $"\"{p}\": {Number(BackgroundHz * Math.Round(BackgroundIndegrees[i] * scale))}");
        text.Append(CultureInfo.InvariantCulture, $$"""
              // The rest of the brain: each neuron has its own Poisson process, which stands for so many neurons at {{Number(BackgroundHz)}} Hz.
              "inputs": {
                "background": {
                  "model": "poisson", "to": {{Quoted(Populations)}},
                  "rate": { {{string.Join(", ", rates)}} },
                  "weight": {{Number(Weight(scale))}}, "delay": 1.5           // pA, ms
                }
              },

            """);
    }

    private static void AppendProjections(StringBuilder text, double scale)
    {
        text.Append("""
              // Each synapse draws its source and its target; the numbers follow from the connection probabilities of the paper.
              // Weights (pA) and delays (ms) are drawn again while their sign is wrong or they are shorter than half a step.
              "projections": [

            """);
        for (var target = 0; target < Populations.Length; target++)
        {
            for (var source = 0; source < Populations.Length; source++)
            {
                if (Probabilities[target][source] > 0)
                {
                    AppendProjection(text, target, source, scale);
                }
            }
        }

        text.Append("  ],\n");
    }

    private static void AppendProjection(StringBuilder text, int target, int source, double scale)
    {
        var isExcitatory = IsExcitatory(source);
        var mean = Weight(target, source) / Math.Sqrt(scale);
        var count = (long)Math.Round(Synapses(target, source) * scale * scale);
        var delay = isExcitatory ? 1.5 : 0.75;
        text.Append(CultureInfo.InvariantCulture, $"    {{ \"from\": \"{Populations[source]}\", \"to\": \"{Populations[target]}\", \"rule\": {{ \"fixed_total_number\": {count} }}, ")
            .Append(CultureInfo.InvariantCulture, $"\"weight\": {{ \"normal\": {{ \"mean\": {Number(mean)}, \"std\": {Number(Math.Abs(mean) / 10)}, \"{(isExcitatory ? "min" : "max")}\": 0 }} }}, ")
            .Append(CultureInfo.InvariantCulture, $"\"delay\": {{ \"normal\": {{ \"mean\": {Number(delay)}, \"std\": {Number(delay / 2)}, \"min\": 0.05 }} }} }},\n");
    }

    private static int Size(int population, double scale) => Math.Max(1, (int)Math.Round(Sizes[population] * scale));

    private static bool IsExcitatory(int population) => population % 2 == 0;

    /// <summary>
    /// Synapses of the full network between two populations, several between two neurons included; rounded only once it is scaled, as
    /// in the reference implementation.
    /// </summary>
    private static double Synapses(int target, int source)
    {
        var pairs = (double)Sizes[target] * Sizes[source];
        return LaneMath.Log(1 - Probabilities[target][source]) / LaneMath.Log(1 - (1 / pairs));
    }

    /// <summary>Mean weight of the full network, pA.</summary>
    private static double Weight(int target, int source)
    {
        var isDoubled = Populations[target] == "L23E" && Populations[source] == "L4E";
        return Weight(1) * (IsExcitatory(source) ? (isDoubled ? 2 : 1) : InhibitionRatio);
    }

    /// <summary>The current that a post-synaptic potential of <see cref="PspMv"/> needs, pA.</summary>
    private static double Weight(double scale)
    {
        var f = 1 / (TauSynMs - TauMMs);
        var peak = LaneMath.Pow(TauMMs / TauSynMs, TauMMs * f) - LaneMath.Pow(TauMMs / TauSynMs, TauSynMs * f);
        return PspMv * CmPf / (TauMMs * TauSynMs * f * peak) / Math.Sqrt(scale);
    }

    /// <summary>The direct current that makes up for the mean input that scaling takes away, pA.</summary>
    private static double Current(int target, double scale)
    {
        var recurrent = Enumerable.Range(0, Populations.Length)
            .Where(source => Probabilities[target][source] > 0)
            .Sum(source => Weight(target, source) * Synapses(target, source) / Sizes[target] * FullRatesHz[source]);
        var background = Weight(1) * BackgroundIndegrees[target] * BackgroundHz;
        return 1e-3 * TauSynMs * (1 - Math.Sqrt(scale)) * (recurrent + background);
    }

    private static string Quoted(IEnumerable<string> names) => "[" + string.Join(", ", names.Select(n => $"\"{n}\"")) + "]";

    /// <summary>Six digits after the point: nanovolts and attoamperes.</summary>
    private static string Number(double value) => Math.Round(value, 6).ToString("R", CultureInfo.InvariantCulture);
}
