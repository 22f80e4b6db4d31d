namespace Snn.Actors.Networks;

/// <summary>Guesses what a user meant.</summary>
public static class Spelling
{
    /// <summary>The nearest word, if it is near: at most one edit for every three letters, and one at least; else null.</summary>
    /// <param name="given">What the user wrote.</param>
    /// <param name="words">What could have been meant.</param>
    public static string? Nearest(string given, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(given);
        var limit = Math.Max(1, given.Length / 3);
        return words.Select(w => (Word: w, Distance: Distance(given, w)))
            .Where(x => x.Distance <= limit)
            .OrderBy(x => x.Distance)
            .Select(x => x.Word)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one word of the other.</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
