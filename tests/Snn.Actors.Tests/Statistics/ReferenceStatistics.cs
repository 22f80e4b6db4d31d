using System.Text.Json;

namespace Snn.Actors.Tests.Statistics;

/// <summary>
/// Statistics of a trusted simulator over several seeds, and the comparison that goes with them: the mean over our seeds may differ from
/// the mean over theirs by 4 sqrt(sd^2 (1/n_ref + 1/n_ours)) + 1 % of the mean; a quantile must lie in the range of the reference seeds
/// widened by as much. What can only take values on a grid (rates of single neurons, fractions of them) is given one more grid step, since
/// the spread of a few seeds is often zero there.
/// </summary>
internal sealed class ReferenceStatistics
{
    private readonly JsonElement _summary;

    public ReferenceStatistics(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Folder, "statistics", file)));
        _summary = document.RootElement.GetProperty("summary_over_seeds").Clone();
    }

    /// <summary>Populations in the file.</summary>
    public IEnumerable<string> Populations => _summary.EnumerateObject().Select(p => p.Name);

    /// <summary>The mean over the reference's seeds.</summary>
    public double Mean(string population, string name) => Find(population, name).GetProperty("mean").GetDouble();

    /// <summary>What is out of bounds, one sentence each; empty if nothing.</summary>
    /// <param name="population">Population.</param>
    /// <param name="ours">Statistics by name, one dictionary a seed.</param>
    /// <param name="names">Which statistics to compare.</param>
    public IEnumerable<string> Deviations(string population, IReadOnlyList<IReadOnlyDictionary<string, double>> ours, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var reference = Find(population, name);
            double Of(string field) => reference.GetProperty(field).GetDouble();
            var mean = ours.Average(s => s[name]);
            var tolerance = (4 * Math.Sqrt(Of("sd") * Of("sd") * ((1 / Of("n")) + (1.0 / ours.Count)))) + (0.01 * Math.Abs(Of("mean")));
            tolerance += GridStep(population, name);
            var isQuantile = name.Contains(".q", StringComparison.Ordinal);
            var (low, high) = isQuantile
                ? (Of("min") - tolerance, Of("max") + tolerance)
                : (Of("mean") - tolerance, Of("mean") + tolerance);
            if (!(mean >= low && mean <= high))
            {
                yield return FormattableString.Invariant(
                    $"{population} {name}: {mean:g5}, reference {Of("mean"):g5} (sd {Of("sd"):g3}, n {Of("n")}), allowed {low:g5} to {high:g5}");
            }
        }
    }

    /// <summary>Distance of the values that a statistic of single neurons can take: one spike in the window, two neurons of the population.</summary>
    private double GridStep(string population, string name) => name switch
    {
        _ when name.StartsWith("rate_dist.q", StringComparison.Ordinal) => 1 / Find(population, "T_s").GetProperty("mean").GetDouble(),
        "frac_silent" => 2 / Find(population, "N").GetProperty("mean").GetDouble(),
        _ => 0,
    };

    private JsonElement Find(string population, string name)
    {
        var element = _summary.GetProperty(population);
        foreach (var part in name.Split('.'))
        {
            element = element.GetProperty(part);
        }

        return element;
    }
}
