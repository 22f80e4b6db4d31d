using System.Globalization;
using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Reads single values: numbers, whole numbers, switches, texts, and times as steps.</summary>
internal static class Values
{
    /// <summary>Most steps of a duration: a century at 0.1 ms has 3e13.</summary>
    public const long MaxSteps = 1_000_000_000_000_000;

    /// <summary>A number in its range.</summary>
    public static double? Number(Problems problems, At at, Quantity quantity)
    {
        if (at.Value.Kind != SourceKind.Number)
        {
            problems.Add(at, $"expected a number ({quantity.Describe()}), got {Say.Given(at.Value)}");
            return null;
        }

        if (quantity.Allows(at.Value.Number))
        {
            return at.Value.Number;
        }

        problems.Add(at, quantity.OutOfRange(at.Value.Number));
        return null;
    }

    /// <summary>A whole number in a range.</summary>
    public static long? Whole(Problems problems, At at, string name, long min, long max, string hint = "")
    {
        var value = at.Value;
        if (value.Kind == SourceKind.Number && value.Number == Math.Floor(value.Number) && value.Number >= min && value.Number <= max)
        {
            return (long)value.Number;
        }

        var given = value.Kind == SourceKind.Number ? $"{name} = {Digits(value)}" : $"{name} is {Say.Given(value)}";
        problems.Add(at, $"{given}; it must be a whole number from {Say.Number(min)} to {Say.Number(max)}{hint}");
        return null;
    }

    /// <summary>A seed: every one of the 64-bit numbers.</summary>
    public static ulong? Seed(Problems problems, At at)
    {
        if (at.Value.Kind == SourceKind.Number
            && ulong.TryParse(at.Value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            return seed;
        }

        problems.Add(at, $"seed is {Say.Given(at.Value)}; it must be a whole number from 0 to {ulong.MaxValue}");
        return null;
    }

    /// <summary>True or false.</summary>
    public static bool? Switch(Problems problems, At at, string name)
    {
        if (at.Value.Kind == SourceKind.Switch)
        {
            return at.Value.Number == 1;
        }

        problems.Add(at, $"{name} must be true or false (without quotes), got {Say.Given(at.Value)}");
        return null;
    }

    /// <summary>A text.</summary>
    public static string? Text(Problems problems, At at, string what)
    {
        if (at.Value.Kind == SourceKind.Text)
        {
            return at.Value.Text;
        }

        problems.Add(at, $"expected {what}, got {Say.Given(at.Value)}");
        return null;
    }

    /// <summary>One of some words.</summary>
    public static string? Choice(Problems problems, At at, string what, IReadOnlyCollection<string> words)
    {
        if (Text(problems, at, what + " (" + Say.List(words, "or") + ")") is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        problems.Add(at, $"unknown {what} {Say.Quote(text)}{Say.Instead(text, words)}");
        return null;
    }

    /// <summary>One text, or an array of them.</summary>
    public static IReadOnlyList<(string Text, At At)>? Texts(Problems problems, At at, string what)
    {
        if (at.Value.Kind != SourceKind.Array)
        {
            return Text(problems, at, what + " or an array of them") is { } one ? [(one, at)] : null;
        }

        var result = new List<(string, At)>();
        var seen = new HashSet<string>();
        for (var i = 0; i < at.Value.Count; i++)
        {
            if (Text(problems, at.Item(i), what) is not { } text)
            {
                // One message for the first, so that a list of numbers does not fill the screen.
                return null;
            }

            if (seen.Add(text))
            {
                result.Add((text, at.Item(i)));
            }
            else
            {
                problems.Add(at.Item(i), $"{Say.Quote(text)} is listed twice; remove one of them");
            }
        }

        return result;
    }

    /// <summary>A time, which must be a whole number of steps.</summary>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="at">The value.</param>
    /// <param name="name">Name of the time.</param>
    /// <param name="dtMs">Time step, ms; NaN where it is not known because of another problem.</param>
    /// <param name="minSteps">Fewest steps.</param>
    /// <param name="maxSteps">Most steps.</param>
    public static long? Steps(Problems problems, At at, string name, double dtMs, long minSteps, long maxSteps = MaxSteps)
    {
        if (double.IsNaN(dtMs))
        {
            Number(problems, at, new Quantity(name, "ms") { Min = 0 });
            return null;
        }

        var time = new Quantity(name, "ms")
        {
            Min = Tidy(minSteps, dtMs),
            Max = Tidy(maxSteps, dtMs),
            MinSlack = 1e-9 * dtMs,
            MinReason = minSteps == 1 ? " (one step of dt)" : string.Empty,
        };
        if (Number(problems, at, time) is not { } ms)
        {
            return null;
        }

        if (ToSteps(ms, dtMs) is { } steps)
        {
            return steps;
        }

        problems.Add(at, OffGrid(name, ms, dtMs, minSteps));
        return null;
    }

    /// <summary>Says that a time is no multiple of dt, and which are near.</summary>
    public static string OffGrid(string name, double ms, double dtMs, long minSteps)
    {
        var below = (long)Math.Floor(ms / dtMs);
        var near = below < minSteps
            ? Say.Number(Tidy(below + 1, dtMs))
            : Say.Number(Tidy(below, dtMs)) + " or " + Say.Number(Tidy(below + 1, dtMs));
        return $"{name} = {Say.Number(ms)} ms is not a multiple of dt = {Say.Number(dtMs)} ms; use {near} ms, or another dt";
    }

    /// <summary>The steps of a time that lies on the grid; null where it does not.</summary>
    public static long? ToSteps(double ms, double dtMs)
    {
        var steps = Math.Round(ms / dtMs);
        var tolerance = Math.Max(1e-6, 1e-12 * Math.Abs(steps));
        return Math.Abs((ms / dtMs) - steps) <= tolerance && Math.Abs(steps) <= MaxSteps ? (long)steps : null;
    }

    /// <summary>A number of steps as a time without the digits that the multiplication adds: 0.3, not 0.30000000000000004.</summary>
    public static double Tidy(long steps, double dtMs)
    {
        var exact = steps * dtMs;
        for (var digits = 0; digits <= 12; digits++)
        {
            var rounded = Math.Round(exact, digits);
            if (Math.Abs(rounded - exact) <= 1e-13 * Math.Abs(exact))
            {
                return rounded;
            }
        }

        return exact;
    }

    private static string Digits(SourceValue value) => value.Text.Length > 40 ? Say.Number(value.Number) : value.Text;
}
