using System.Globalization;

namespace Snn.Actors.Data;

/// <summary>What a data file says of itself, for people.</summary>
public static class DataDescription
{
    private const int NumbersAtOnce = 1 << 20;

    /// <summary>Describes a file or a folder.</summary>
    /// <param name="path">A .npy or IDX file, a file of events or of spike counts, or a folder with a folder of event files a class.</param>
    /// <param name="format">"1d", "2d", "3d" or "counts" for a file of events or counts, which do not say what they are.</param>
    /// <returns>Pairs of a word and what it is.</returns>
    /// <exception cref="InvalidDataException">It cannot be read as that; the message says what to do.</exception>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<(string What, string Value)> Of(string path, string? format)
    {
        if (Directory.Exists(path))
        {
            return OfFolder(path);
        }

        if (format is not null)
        {
            using var file = File.OpenRead(path);
            return format == "counts" ? Of(SpikeCounts.Read(file)) : Of(EventFile.Read(file, EventFile.FormatOf(format)));
        }

        return IsArray(path)
            ? OfArray(path)
            : throw new InvalidDataException("it is neither a .npy nor an IDX file; if it holds events, give their format");
    }

    /// <summary>Whether a file begins as a .npy or an IDX file does, compressed or not.</summary>
    internal static bool IsArray(string path)
    {
        using var stream = IdxFile.Open(path);
        Span<byte> first = stackalloc byte[4];
        first = first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        return IdxFile.Is(first) || first is [0x93, (byte)'N', (byte)'U', (byte)'M'];
    }

    private static IReadOnlyList<(string, string)> OfArray(string path)
    {
        using var file = SampleFile.Open(path);
        var (least, greatest, sum) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
        var atOnce = (int)Math.Clamp(NumbersAtOnce / Math.Max(1, file.Columns), 1, int.MaxValue);
        for (var first = 0; first < file.Count; first += atOnce)
        {
            foreach (var value in file.Read(first, Math.Min(atOnce, file.Count - first)))
            {
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
                sum += value;
            }
        }

        var count = (double)file.Count * file.Columns;
        return
        [
            ("samples", Number(file.Count)),
            ("shape", string.Join(" x ", file.Shape)),
            ("numbers of a sample", Number(file.Columns)),
            ("element type", file.TypeCode),
            .. count > 0 ? new[] { ("values", $"{Number(least)} to {Number(greatest)}, mean {Number(sum / count)}") } : [],
        ];
    }

    private static IReadOnlyList<(string, string)> Of(Events events) =>
    [
        ("events", Number(events.Count)),
        .. events.Count == 0 ? [] : new[]
        {
            ("channels", Number(events.Polarity.Max() + 1)),
            (events.Y is null ? "places" : "width", Number(events.X.Max() + 1)),
            ("height", Number((events.Y?.Max() ?? 0) + 1)),
            ("time", $"{Number(events.TimesMs.Min())} to {Number(events.TimesMs.Max())} ms"),
        },
    ];

    private static IReadOnlyList<(string, string)> Of(SpikeCounts counts) =>
    [
        ("records", Number(counts.Neurons.Count)),
        ("neurons", Number(counts.Neurons.Distinct().Count())),
        ("spikes", Number(counts.Counts.Sum(c => (long)c))),
    ];

    private static IReadOnlyList<(string, string)> OfFolder(string path)
    {
        var (files, classes) = EventDataset.FilesOf(path);
        return
        [
            ("files", Number(files.Count)),
            .. classes.Select((name, label) => ($"class {Number(label)}", $"{name}, {Number(files.Count(f => f.Label == label))} files")),
        ];
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
