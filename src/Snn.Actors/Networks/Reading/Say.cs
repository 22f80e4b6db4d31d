using System.Globalization;
using System.Text;
using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>The wording that all messages share.</summary>
internal static class Say
{
    private const int LongestQuote = 40;

    /// <summary>With thousands of names and thousands of mistakes, looking for near names must stay quick.</summary>
    private const int MostCandidates = 300;

    /// <summary>What users of other simulators write, and what it is called here.</summary>
    private static readonly Dictionary<string, string> OtherWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["n"] = "size",
        ["number"] = "size",
        ["count"] = "size",
        ["parameters"] = "params",
        ["neuron_model"] = "model",
        ["type"] = "model",
        ["connections"] = "projections",
        ["synapses"] = "projections",
        ["timestep"] = "dt",
        ["time_step"] = "dt",
        ["resolution"] = "dt",
        ["simtime"] = "duration",
        ["t_sim"] = "duration",
        ["tstop"] = "duration",
        ["time"] = "duration",
        ["generators"] = "inputs",
        ["stimuli"] = "inputs",
        ["source"] = "from",
        ["pre"] = "from",
        ["target"] = "to",
        ["post"] = "to",
        ["indegree"] = "fixed_indegree",
        ["outdegree"] = "fixed_outdegree",
        ["probability"] = "pairwise_bernoulli",
        ["connector"] = "rule",
        ["conn_spec"] = "rule",
        ["interval"] = "every",
        ["gaussian"] = "normal",
        ["gauss"] = "normal",
        ["mu"] = "mean",
        ["mean"] = "mu",
        ["std"] = "sigma",
        ["sigma"] = "std",
        ["sd"] = "std",
        ["filename"] = "file",
        ["from_population"] = "from",
        ["recordables"] = "variables",
        ["poisson_generator"] = "poisson",
        ["dc_generator"] = "dc",
        ["spike_generator"] = "spike_times",
        ["noise_generator"] = "noise",
        ["encoding"] = "encoder",
        ["poisson_encoding"] = "poisson_intervals",
        ["intensity"] = "rate",
        ["num_steps"] = "present",
        ["normalise"] = "normalize",
        ["step_current_generator"] = "dc",
        ["rng_seed"] = "seed",
        ["lif"] = "iaf_psc_exp",
        ["lif_current_exp"] = "iaf_psc_exp",
        ["population"] = "of",
        ["v"] = "V_m",
        ["u"] = "U_m",
        ["float"] = "single",
        ["float32"] = "single",
        ["float64"] = "double",
        ["fp16"] = "half",
    };

    /// <summary>A number as people write it.</summary>
    public static string Number(double value)
    {
        var plain = value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e');
        var scientific = value.ToString("0.################e0", CultureInfo.InvariantCulture);
        return Math.Abs(value) >= 1e7 && double.IsFinite(value) && scientific.Length < plain.Length ? scientific : plain;
    }

    /// <summary>A number of which the first digits matter: 4.61e18.</summary>
    public static string About(double value) => Math.Abs(value) >= 1e7
        ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
        : Number(Math.Round(value));

    /// <summary>A number of which only the first digits matter, whatever its size: 0.0123, 1.5e-9.</summary>
    public static string Rounded(double value) => Number(Round(value, 3));

    /// <summary>A finite number to so many digits, wherever its decimal point is.</summary>
    public static double Round(double value, int digits) =>
        double.Parse(value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A number with its unit.</summary>
    public static string Number(double value, string unit) => unit.Length == 0 ? Number(value) : Number(value) + " " + unit;

    /// <summary>A text in quotes, in one line and not too long.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++length > LongestQuote)
            {
                result.Append("...");
                break;
            }

            var isPlain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate);
            result.Append(isPlain ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"));
        }

        return result.Append('"').ToString();
    }

    /// <summary>What was given, for a message about a wrong type.</summary>
    public static string Given(SourceValue value) => value.Kind switch
    {
        SourceKind.Text => "the text " + Quote(value.Text),
        SourceKind.Number => "the number " + (value.Text.Length > LongestQuote ? Number(value.Number) : value.Text),
        SourceKind.Switch => value.Number == 1 ? "true" : "false",
        SourceKind.Null => "null",
        SourceKind.Array => value.Count == 1 ? "an array of 1 element" : $"an array of {Number(value.Count)} elements",
        _ => value.Members.Count == 0 ? "{}" : "an object with the key " + Quote(value.Members[0].Key),
    };

    /// <summary>"a", "b" and "c".</summary>
    public static string List(IEnumerable<string> words, string last = "and")
    {
        const int Longest = 24;
        var quoted = words.Take(Longest + 1).Select(Quote).ToList();
        if (quoted.Count > Longest)
        {
            quoted[Longest] = "...";
        }

        return quoted.Count switch
        {
            0 => "(none)",
            1 => quoted[0],
            _ => string.Join(", ", quoted[..^1]) + " " + last + " " + quoted[^1],
        };
    }

    /// <summary>The shape of an array: [3, 28, 28].</summary>
    public static string Shape(IEnumerable<int> shape) => "[" + string.Join(", ", shape.Select(d => Number(d))) + "]";

    /// <summary>Some of something: 1 neuron, 5 neurons.</summary>
    public static string Some(double count, string noun) => Number(count) + " " + noun + (count == 1 ? string.Empty : "s");

    /// <summary>"; did you mean "size"?" and what is allowed.</summary>
    public static string Instead(string given, IReadOnlyCollection<string> allowed)
    {
        var all = allowed.Count == 0 ? "; there is none to choose from" : "; allowed: " + List(allowed, "or");
        return Nearest(given, allowed) is { } nearest ? $"; did you mean {Quote(nearest)}?{all[1..]}" : all;
    }

    /// <summary>The allowed word that the given one most likely stands for, or null.</summary>
    public static string? Nearest(string given, IReadOnlyCollection<string> allowed)
    {
        if (allowed.FirstOrDefault(a => a.Equals(given, StringComparison.OrdinalIgnoreCase)) is { } sameLetters)
        {
            return sameLetters;
        }

        if (OtherWords.TryGetValue(given, out var word) && allowed.Contains(word))
        {
            return word;
        }

        if (given.Length > 64)
        {
            return null;
        }

        var upper = given.ToUpperInvariant();
        var nearest = allowed
            .Where(a => a.Length <= 64 && Math.Abs(a.Length - given.Length) <= Math.Max(1, given.Length / 2))
            .Take(MostCandidates)
            .Select(a => (Word: a, Distance: Spelling.Distance(upper, a.ToUpperInvariant())))
            .Where(x => x.Distance <= Math.Max(1, Math.Min(given.Length, x.Word.Length) / 3))
            .OrderBy(x => x.Distance)
            .FirstOrDefault();
        return nearest.Word ?? (given.Length < 3 ? null : allowed.FirstOrDefault(a =>
            a.StartsWith(given, StringComparison.OrdinalIgnoreCase) || (a.Length >= 3 && given.StartsWith(a, StringComparison.OrdinalIgnoreCase))));
    }
}
