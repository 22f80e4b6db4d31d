namespace Snn.Actors.Data;

/// <summary>Numbers of spikes that neurons gave, or are to give, in intervals of time; with their file format, 10 bytes a record, big-endian.</summary>
/// <param name="Neurons">[record] neuron, 0 to 65535</param>
/// <param name="StartsMs">[record] beginning of the interval, ms, below 16777.216</param>
/// <param name="EndsMs">[record] its end, ms, below 16777.216</param>
/// <param name="Counts">[record] spikes in it, 0 to 65535</param>
public sealed record SpikeCounts(IReadOnlyList<int> Neurons, IReadOnlyList<double> StartsMs, IReadOnlyList<double> EndsMs, IReadOnlyList<int> Counts)
{
    /// <summary>Bytes of a record: neuron (16 bits), start and end (24 bits each, microseconds), count (16 bits).</summary>
    private const int Size = 10;

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file.</param>
    /// <exception cref="InvalidDataException">It does not hold whole records.</exception>
    public static SpikeCounts Read(Stream stream)
    {
        var bytes = EventFile.Records(stream, Size);
        var count = bytes.Length / Size;
        var (neurons, starts, ends, counts) = (new int[count], new double[count], new double[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var b = bytes.AsSpan(i * Size, Size);
            (neurons[i], starts[i]) = ((b[0] << 8) | b[1], ((b[2] << 16) | (b[3] << 8) | b[4]) / 1000.0);
            (ends[i], counts[i]) = (((b[5] << 16) | (b[6] << 8) | b[7]) / 1000.0, (b[8] << 8) | b[9]);
        }

        return new SpikeCounts(neurons, starts, ends, counts);
    }

    /// <summary>Writes a file; times are rounded to the nearest microsecond.</summary>
    /// <param name="stream">Receives it.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a number does not fit.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (StartsMs.Count != Neurons.Count || EndsMs.Count != Neurons.Count || Counts.Count != Neurons.Count)
        {
            throw new ArgumentException(
                $"SpikeCounts.Write: {Neurons.Count} neurons, {StartsMs.Count} starts, {EndsMs.Count} ends and {Counts.Count} counts; give one of each a record.");
        }

        var bytes = new byte[Neurons.Count * Size];
        for (var i = 0; i < Neurons.Count; i++)
        {
            var b = bytes.AsSpan(i * Size, Size);
            Put(b[..2], Neurons[i], i);
            Put(b[2..5], EventFile.Microseconds(StartsMs[i]), i);
            Put(b[5..8], EventFile.Microseconds(EndsMs[i]), i);
            Put(b[8..], Counts[i], i);
        }

        stream.Write(bytes);
    }

    private static void Put(Span<byte> bytes, long value, int record)
    {
        if (value < 0 || value >= 1L << (8 * bytes.Length))
        {
            throw new ArgumentException(
                $"SpikeCounts.Write: record {record} has a number that does not fit {8 * bytes.Length} bits; give neurons and counts from 0 to 65535 and times from 0 to below 16777.216 ms.");
        }

        for (var i = bytes.Length - 1; i >= 0; i--, value >>= 8)
        {
            bytes[i] = (byte)value;
        }
    }
}
