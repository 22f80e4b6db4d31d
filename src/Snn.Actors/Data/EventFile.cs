namespace Snn.Actors.Data;

/// <summary>How events lie in a file.</summary>
public enum EventFormat
{
    /// <summary>"1d", 5 bytes an event: place (16 bits), polarity (1 bit), time (23 bits).</summary>
    OneD,

    /// <summary>"2d", 5 bytes an event, as N-MNIST and N-Caltech101: x (8), y (8), polarity (1), time (23).</summary>
    TwoD,

    /// <summary>"3d", 7 bytes an event: x (12), y (12), channel (8), time (24).</summary>
    ThreeD,
}

/// <summary>
/// Files of events: big-endian, times in microseconds. What is written is exactly what is read: PySNN's writers lose a byte of a place in "1d" and four bits of y in
/// "3d".
/// </summary>
public static class EventFile
{
    /// <summary>The formats by name.</summary>
    public static IReadOnlyDictionary<string, EventFormat> Formats { get; } =
        new Dictionary<string, EventFormat> { ["1d"] = EventFormat.OneD, ["2d"] = EventFormat.TwoD, ["3d"] = EventFormat.ThreeD };

    /// <summary>The format of a name.</summary>
    /// <param name="name">One of <see cref="Formats"/>.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static EventFormat FormatOf(string name) => Formats.TryGetValue(name, out var format)
        ? format
        : throw new ArgumentException($"there is no format '{name}' of events; use {string.Join(", ", Formats.Keys)}");

    /// <summary>The name of a format.</summary>
    /// <param name="format">The format.</param>
    public static string NameOf(EventFormat format) => Formats.First(f => f.Value == format).Key;

    /// <summary>Reads events.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="format">How they lie in it.</param>
    /// <exception cref="InvalidDataException">It does not hold whole events.</exception>
    public static Events Read(Stream stream, EventFormat format)
    {
        var bytes = Records(stream, SizeOf(format));
        var count = bytes.Length / SizeOf(format);
        var (x, y, p, t) = (new int[count], format == EventFormat.OneD ? null : new int[count], new int[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var b = bytes.AsSpan(i * SizeOf(format), SizeOf(format));
            var time = (b[^3] << 16) | (b[^2] << 8) | b[^1];
            switch (format)
            {
                case EventFormat.OneD:
                    (x[i], p[i], t[i]) = ((b[0] << 8) | b[1], time >> 23, (time & 0x7FFFFF) / 1000.0);
                    break;
                case EventFormat.TwoD:
                    (x[i], y![i], p[i], t[i]) = (b[0], b[1], time >> 23, (time & 0x7FFFFF) / 1000.0);
                    break;
                default:
                    (x[i], y![i], p[i], t[i]) = ((b[0] << 4) | (b[1] >> 4), ((b[1] & 0xF) << 8) | b[2], b[3], time / 1000.0);
                    break;
            }
        }

        return new Events(x, y, p, t);
    }

    /// <summary>Writes events; times are rounded to the nearest microsecond.</summary>
    /// <param name="stream">Receives them.</param>
    /// <param name="events">The events.</param>
    /// <param name="format">How they are to lie in it.</param>
    /// <exception cref="ArgumentException">The format has no room for the places, polarities or times of the events.</exception>
    public static void Write(Stream stream, Events events, EventFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(events);
        Check(events, format);
        var bytes = new byte[events.Count * SizeOf(format)];
        for (var i = 0; i < events.Count; i++)
        {
            var b = bytes.AsSpan(i * SizeOf(format), SizeOf(format));
            var (x, y, p, time) = (events.X[i], events.Y?[i] ?? 0, events.Polarity[i], Microseconds(events.TimesMs[i]));
            switch (format)
            {
                case EventFormat.OneD:
                    (b[0], b[1], b[2]) = ((byte)(x >> 8), (byte)x, (byte)((p << 7) | (int)(time >> 16)));
                    break;
                case EventFormat.TwoD:
                    (b[0], b[1], b[2]) = ((byte)x, (byte)y, (byte)((p << 7) | (int)(time >> 16)));
                    break;
                default:
                    (b[0], b[1], b[2], b[3], b[4]) = ((byte)(x >> 4), (byte)((x << 4) | (y >> 8)), (byte)y, (byte)p, (byte)(time >> 16));
                    break;
            }

            (b[^2], b[^1]) = ((byte)(time >> 8), (byte)time);
        }

        stream.Write(bytes);
    }

    /// <summary>All bytes of a file of records of one size.</summary>
    internal static byte[] Records(Stream stream, int size)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.Length % size == 0
            ? copy.ToArray()
            : throw new InvalidDataException($"it has {copy.Length} bytes, which are no whole number of records of {size} bytes; check its format, or copy it again");
    }

    /// <summary>A time on disk.</summary>
    internal static long Microseconds(double ms) => (long)Math.Round(ms * 1000, MidpointRounding.ToEven);

    private static int SizeOf(EventFormat format) => format == EventFormat.ThreeD ? 7 : 5;

    private static void Check(Events events, EventFormat format)
    {
        var name = NameOf(format);
        var dimensions = format == EventFormat.OneD ? 1 : 2;
        if (events.Dimensions != dimensions)
        {
            throw new ArgumentException($"EventFile.Write: events with places of {events.Dimensions} dimensions do not go into the format \"{name}\", which has {dimensions}; use another format.");
        }

        var (places, polarities, times) = format switch
        {
            EventFormat.OneD => (1 << 16, 2, 1 << 23),
            EventFormat.TwoD => (1 << 8, 2, 1 << 23),
            _ => (1 << 12, 1 << 8, 1 << 24),
        };
        for (var i = 0; i < events.Count; i++)
        {
            if (events.X[i] >= places || events.Y?[i] >= places || events.Polarity[i] >= polarities || Microseconds(events.TimesMs[i]) >= times)
            {
                throw new ArgumentException(
                    $"EventFile.Write: event {i} (x {events.X[i]}, y {events.Y?[i] ?? 0}, polarity {events.Polarity[i]}, {events.TimesMs[i]} ms) does not fit the format \"{name}\", " +
                    $"which takes places below {places}, polarities below {polarities} and times below {times / 1000.0} ms; use another format, or leave it out.");
            }
        }
    }
}
