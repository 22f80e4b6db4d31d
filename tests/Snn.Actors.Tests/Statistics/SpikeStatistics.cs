using System.Numerics;

namespace Snn.Actors.Tests.Statistics;

/// <summary>Statistics of the spikes of one population in a window, defined as in the reference files.</summary>
internal sealed class SpikeStatistics
{
    private const double BinMs = 2;
    private const int CorrelatedNeurons = 200;
    private readonly List<double>[] _times;
    private readonly double _fromMs;
    private readonly double _toMs;

    /// <param name="spikes">Step and neuron; a spike of step s has the time (s + 1) dt.</param>
    /// <param name="neurons">Size of the population.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <param name="fromMs">Window, open end, ms.</param>
    /// <param name="toMs">Window, closed end, ms.</param>
    public SpikeStatistics(IEnumerable<(long Step, int Neuron)> spikes, int neurons, double dtMs, double fromMs, double toMs)
    {
        _fromMs = fromMs;
        _toMs = toMs;
        _times = [.. Enumerable.Range(0, neurons).Select(_ => new List<double>())];
        var (first, last) = ((long)Math.Round(fromMs / dtMs), (long)Math.Round(toMs / dtMs));
        foreach (var (step, neuron) in spikes)
        {
            if (step + 1 > first && step + 1 <= last)
            {
                _times[neuron].Add((step + 1) * dtMs);
            }
        }
    }

    /// <summary>Every statistic by its name in the reference files: "rate_mean", "cv_isi_min2isi.mean", "rate_dist.q50", ...</summary>
    public IReadOnlyDictionary<string, double> All()
    {
        var rates = _times.Select(t => t.Count / ((_toMs - _fromMs) * 1e-3)).ToArray();
        var cvs = _times.Where(t => t.Count >= 3).Select(Variation).ToArray();
        var counts = PopulationCounts();
        var correlations = Correlations();
        var all = new Dictionary<string, double>
        {
            ["rate_mean"] = rates.Average(),
            ["frac_silent"] = rates.Count(r => r == 0) / (double)rates.Length,
            ["pop_count.fano"] = Variance(counts) / counts.Average(),
        };
        AddDistribution(all, "rate_dist", rates);
        AddDistribution(all, "cv_isi_min2isi", cvs);
        AddDistribution(all, "cc_2ms", correlations);
        return all;
    }

    private static void AddDistribution(Dictionary<string, double> all, string name, double[] values)
    {
        var sorted = values.Order().ToArray();
        all[$"{name}.mean"] = values.Average();
        all[$"{name}.sd"] = Math.Sqrt(Variance(values));
        foreach (var (label, q) in new[] { ("q05", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95) })
        {
            var place = q * (sorted.Length - 1);
            var low = (int)place;
            var high = Math.Min(low + 1, sorted.Length - 1);
            all[$"{name}.{label}"] = sorted[low] + ((place - low) * (sorted[high] - sorted[low]));
        }
    }

    private static double Variation(List<double> times)
    {
        var intervals = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        return Math.Sqrt(Variance(intervals)) / intervals.Average();
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Average(v => (v - mean) * (v - mean));
    }

    private int BinOf(double timeMs) => (int)Math.Ceiling(((timeMs - _fromMs) / BinMs) - 1e-9) - 1;

    private double[] PopulationCounts()
    {
        var counts = new double[(int)Math.Round((_toMs - _fromMs) / BinMs)];
        foreach (var time in _times.SelectMany(t => t))
        {
            counts[BinOf(time)]++;
        }

        return counts;
    }

    /// <summary>Pearson correlation of the binned counts of all pairs of neurons that fired, taken evenly over the population.</summary>
    private double[] Correlations()
    {
        var fired = _times.Where(t => t.Count > 0).ToArray();
        var chosen = Enumerable.Range(0, Math.Min(CorrelatedNeurons, fired.Length))
            .Select(i => fired[(int)((long)i * fired.Length / Math.Min(CorrelatedNeurons, fired.Length))]).ToArray();
        var bins = (int)Math.Round((_toMs - _fromMs) / BinMs);
        var normalised = chosen.Select(t => Normalised(t, bins)).ToArray();
        var correlations = new List<double>();
        for (var i = 0; i < normalised.Length; i++)
        {
            for (var j = i + 1; j < normalised.Length; j++)
            {
                correlations.Add(Dot(normalised[i], normalised[j]));
            }
        }

        return [.. correlations];
    }

    private static double Dot(float[] a, float[] b)
    {
        var sum = Vector<float>.Zero;
        for (var i = 0; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count)
        {
            sum += new Vector<float>(a, i) * new Vector<float>(b, i);
        }

        var total = (double)Vector.Sum(sum);
        for (var i = a.Length / Vector<float>.Count * Vector<float>.Count; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }

    /// <summary>Binned counts with mean 0 and norm 1, so that a product of two is their correlation.</summary>
    private float[] Normalised(List<double> times, int bins)
    {
        var counts = new double[bins];
        foreach (var time in times)
        {
            counts[BinOf(time)]++;
        }

        var mean = counts.Average();
        var norm = Math.Sqrt(counts.Sum(c => (c - mean) * (c - mean)));
        return [.. counts.Select(c => (float)((c - mean) / norm))];
    }
}
