using System.Globalization;

namespace Snn.Cluster.Host.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Quantity
{
    /// <summary>A count: 12 500, 15.6 million.</summary>
    public static string Count(double count) => count switch
    {
        >= 1e12 => Text($"{count:0.###e0}"),
        >= 1e9 => Text($"{count / 1e9:0.##} billion"),
        >= 1e6 => Text($"{count / 1e6:0.##} million"),
        _ => Grouped(count),
    };

    /// <summary>A count of things: 1 synapse, 15.6 million synapses.</summary>
    public static string Count(double count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>All digits, in groups of three.</summary>
    public static string Grouped(double count) => count.ToString("#,0", Groups);

    /// <summary>An amount of memory: 96 MB, 1.25 GB.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e9 => Text($"{bytes / 1e9:0.##} GB"),
        >= 1e6 => Text($"{bytes / 1e6:0} MB"),
        _ => Text($"{bytes / 1e3:0} kB"),
    };

    /// <summary>A duration: 0.42 s, 3 min 12 s, 5 h 07 min.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 10 => Text($"{seconds:0.00} s"),
        < 60 => Text($"{seconds:0.0} s"),
        < 3600 => Text($"{(int)seconds / 60} min {(int)seconds % 60:00} s"),
        _ => Text($"{(int)(seconds / 3600)} h {(int)(seconds / 60) % 60:00} min"),
    };

    /// <summary>Three digits that count, or a dash where there is no number.</summary>
    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 => Text($"{value:0}"),
        >= 10 => Text($"{value:0.0}"),
        _ => Text($"{value:0.00}"),
    };

    /// <summary>A share in per cent: 0 %, 0.3 %, 100 %; never 0 % where there is something, nor 100 % where there is not everything.</summary>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.001 => "< 0.1 %",
        > 0.999 and < 1 => "> 99.9 %",
        _ => Text($"{100 * share:0.#} %"),
    };

    private static NumberFormatInfo Groups { get; } = new() { NumberGroupSeparator = " " };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
