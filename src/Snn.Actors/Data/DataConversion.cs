using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Snn.Actors.Recording;

namespace Snn.Actors.Data;

/// <summary>What a conversion needs to know beyond its two files.</summary>
public sealed record ConversionOptions
{
    /// <summary>How events lie in the file that is read or written; null: neither has events.</summary>
    public EventFormat? Format { get; init; }

    /// <summary>[channels, places] or [channels, height, width] of events; null: as small as they allow, of a folder [2, 34, 34].</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>Time from one step to the next, ms.</summary>
    public double SamplingTimeMs { get; init; } = 1;

    /// <summary>What of a recording is kept, ms; null: all, of a folder 300.</summary>
    public double? LengthMs { get; init; }

    /// <summary>Whether a file that is there already is replaced.</summary>
    public bool Force { get; init; }
}

/// <summary>Converts .npy arrays, IDX files, files of events and folders of them into one another.</summary>
public static class DataConversion
{
    /// <summary>Shape and length where none are given for a folder: those of N-MNIST.</summary>
    private static readonly int[] FolderShape = [2, 34, 34];

    private const double FolderLengthMs = 300;

    /// <summary>Converts. What is to be written shows in its name: .npy; .idx or -ubyte, compressed if .gz follows; a folder; events where a format is given.</summary>
    /// <param name="from">A .npy or IDX file, a file of events, or a folder with a folder of them a class.</param>
    /// <param name="to">What to write.</param>
    /// <param name="options">The rest.</param>
    /// <returns>What was written, in words.</returns>
    /// <exception cref="InvalidDataException">A file cannot be read as what it should be; the message says what to do.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or what was read does not fit what is to be written.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static string Convert(string from, string to, ConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.SamplingTimeMs > 0))
        {
            throw new ArgumentException($"a sampling time of {options.SamplingTimeMs} ms; give one above 0");
        }

        var isFolder = Directory.Exists(to) || Path.EndsInDirectorySeparator(to);
        if (Directory.Exists(from))
        {
            return to.EndsWith(".npy", StringComparison.Ordinal) ? FolderToArray(from, to, options)
                : throw new InvalidDataException($"{from} is a folder; give a name that ends in .npy for what it becomes");
        }

        if (!DataDescription.IsArray(from))
        {
            return to.EndsWith(".npy", StringComparison.Ordinal) && options.Format is { } format ? EventsToArray(from, to, format, options)
                : throw new InvalidDataException($"{from} is neither a .npy nor an IDX file; if it holds events, give their format, and a name that ends in .npy for what they become");
        }

        using var array = SampleFile.Open(from);
        return isFolder ? ArrayToFolder(from, array, to, options)
            : to.EndsWith(".npy", StringComparison.Ordinal) ? Copy(array, to, isIdx: false, options)
            : IsIdxName(to) ? Copy(array, to, isIdx: true, options)
            : options.Format is { } written ? ArrayToEvents(array, to, written, options)
            : throw new InvalidDataException($"{to}: its name does not say what it is to be; end it in .npy, -ubyte, .idx or a /, or give the format of events");
    }

    private static bool IsIdxName(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;
        return name.EndsWith("-ubyte", StringComparison.Ordinal) || name.EndsWith(".idx", StringComparison.Ordinal);
    }

    private static string Copy(SampleFile array, string to, bool isIdx, ConversionOptions options)
    {
        // Little-endian for .npy, whose readers do not all know the other order; truth values are bytes.
        var kind = array.TypeCode[1..] == "b1" && isIdx ? "u1" : array.TypeCode[1..];
        var order = array.ElementBytes == 1 ? '|' : isIdx ? '>' : '<';
        WriteFile(to, options, file =>
        {
            if (isIdx)
            {
                IdxFile.WriteHeader(file, order + kind, array.Shape);
            }
            else
            {
                file.Write(NpyFormat.Header(order + kind, [.. array.Shape.Select(d => (long)d)]));
            }

            CopyElements(array, file, isSwapped: order != array.TypeCode[0] && array.ElementBytes > 1);
        });
        return Written(to, array.Shape);
    }

    private static void CopyElements(SampleFile array, Stream to, bool isSwapped)
    {
        var buffer = new byte[(1 << 16) * array.ElementBytes];
        for (int read; (read = array.Elements.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
        {
            for (var i = 0; i < read && isSwapped; i += array.ElementBytes)
            {
                buffer.AsSpan(i, array.ElementBytes).Reverse();
            }

            to.Write(buffer, 0, read);
        }
    }

    private static string EventsToArray(string from, string to, EventFormat format, ConversionOptions options)
    {
        using var source = File.OpenRead(from);
        var events = EventFile.Read(source, format);
        var own = events.OwnShape(options.SamplingTimeMs);
        int[] shape = [.. options.Shape ?? own[..^1], options.LengthMs is { } ms ? Steps(ms, options) : own[^1]];
        var array = events.ToSpikeArray(options.SamplingTimeMs, shape);
        WriteFile(to, options, file =>
        {
            file.Write(NpyFormat.Header(NpyFormat.TypeCode<byte>(), [.. shape.Select(d => (long)d)]));
            file.Write(Array.ConvertAll(array.Values, v => (byte)(v != 0 ? 1 : 0)));
        });
        return Written(to, shape);
    }

    private static string ArrayToEvents(SampleFile array, string to, EventFormat format, ConversionOptions options)
    {
        var values = Array.ConvertAll(array.Read(0, array.Count), v => (double)v);
        var events = Events.From(new SpikeArray(array.Shape, values), options.SamplingTimeMs);
        WriteFile(to, options, file => EventFile.Write(file, events, format));
        return $"{to} written: {events.Count} events";
    }

    private static string FolderToArray(string from, string to, ConversionOptions options)
    {
        var shape = options.Shape ?? FolderShape;
        if (shape is not [2, var height, var width])
        {
            throw new ArgumentException("the events of a folder have two polarities and a plane; give a shape of 2, a height and a width");
        }

        var (files, classes) = EventDataset.FilesOf(from);
        var data = new EventDataset(files, classes, options.SamplingTimeMs, options.LengthMs ?? FolderLengthMs, height, width);
        WriteFile(to, options, file => WriteSamples(file, data));
        WriteFile(LabelsOf(to), options, file =>
        {
            file.Write(NpyFormat.Header(NpyFormat.TypeCode<int>(), [files.Count]));
            file.Write(MemoryMarshal.AsBytes<int>(files.Select(f => f.Label).ToArray()));
        });
        return $"{Written(to, [files.Count, .. data.Shape])}; labels in {LabelsOf(to)}; classes: {string.Join(", ", classes)}";
    }

    private static void WriteSamples(Stream file, EventDataset data)
    {
        file.Write(NpyFormat.Header(NpyFormat.TypeCode<byte>(), [data.Files.Count, .. data.Shape.Select(d => (long)d)]));
        var sample = new byte[data.Shape.Aggregate(1, (n, d) => checked(n * d))];
        for (var i = 0; i < data.Files.Count; i++)
        {
            Array.Clear(sample);
            foreach (var cell in data.ReadCells(i))
            {
                sample[cell] = 1;
            }

            file.Write(sample);
        }
    }

    private static string ArrayToFolder(string from, SampleFile array, string to, ConversionOptions options)
    {
        if (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any() && !options.Force)
        {
            throw new IOException("it is not empty; give another folder, or --force to write into it");
        }

        if (array.Shape.Count != 5)
        {
            throw new InvalidDataException($"{from} has {array.Shape.Count} dimensions; a folder of events is made of five: sample, channel, height, width, step");
        }

        using var file = SampleFile.Open(LabelsOf(from));
        if (file.Count != array.Count || file.Columns != 1)
        {
            throw new InvalidDataException($"{LabelsOf(from)} has the shape [{string.Join(", ", file.Shape)}]; give one label a sample of {from}");
        }

        // With leading zeros, so that the order of the names is that of the labels.
        var labels = Array.ConvertAll(file.Read(0, file.Count), l => (int)l);
        var digits = "D" + Invariant(labels.Max()).Length;
        for (var i = 0; i < array.Count; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(to, labels[i].ToString(digits, CultureInfo.InvariantCulture))).FullName;
            var values = Array.ConvertAll(array.Read(i, 1), v => (double)v);
            using var sample = File.Create(Path.Combine(folder, i.ToString("D5", CultureInfo.InvariantCulture) + ".bin"));
            EventFile.Write(sample, Events.From(new SpikeArray([.. array.Shape.Skip(1)], values), options.SamplingTimeMs), EventFormat.TwoD);
        }

        return $"{to} written: {array.Count} files in {labels.Distinct().Count()} folders";
    }

    private static int Steps(double lengthMs, ConversionOptions options) => checked((int)(lengthMs / options.SamplingTimeMs));

    private static string LabelsOf(string path) => Path.ChangeExtension(path, null) + "-labels.npy";

    /// <summary>Writes a file, compressed if its name says so; it appears under its name only when it is complete.</summary>
    private static void WriteFile(string path, ConversionOptions options, Action<Stream> write)
    {
        if (File.Exists(path) && !options.Force)
        {
            throw new IOException($"{path} is there already; give another name, or --force to replace it");
        }

        var partial = path + ".partial";
        try
        {
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            using (var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file)
            {
                write(stream);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Written(string path, IReadOnlyList<int> shape) => $"{path} written: {string.Join(" x ", shape)}";
}
