using System.IO.Compression;
using System.Runtime.InteropServices;
using Snn.Actors.Data;
using Snn.Actors.Recording;
using Snn.Actors.Tests.Recording;

namespace Snn.Actors.Tests.Data;

/// <summary>A folder with small data files, whose numbers are a function of their place alone.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.Path;

    public string this[string name] => _directory[name];

    /// <summary>A number in [0, 1) that looks drawn: multiples of the golden ratio, less their whole part.</summary>
    public static double Number(int i)
    {
        var x = (i + 1) * 0.61803398874989485;
        return x - Math.Floor(x);
    }

    public static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (float)Number(i))];

    public void Dispose() => _directory.Dispose();

    public string Npy<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        File.WriteAllBytes(this[name], [.. NpyFormat.Header(NpyFormat.TypeCode<T>(), shape), .. MemoryMarshal.AsBytes(values.AsSpan())]);
        return this[name];
    }

    /// <summary>An IDX file of unsigned bytes; compressed if its name ends in .gz.</summary>
    public string Idx(string name, byte[] values, params int[] shape)
    {
        using var bytes = new MemoryStream();
        IdxFile.WriteHeader(bytes, "|u1", shape);
        bytes.Write(values);
        return Bytes(name, bytes.ToArray());
    }

    public string Bytes(string name, byte[] bytes)
    {
        using Stream file = File.Create(this[name]);
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            file.Write(bytes);
            return this[name];
        }

        using var zip = new GZipStream(file, CompressionLevel.Fastest);
        zip.Write(bytes);
        return this[name];
    }

    public string Events(string name, Events events, EventFormat format)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        using var file = File.Create(this[name]);
        EventFile.Write(file, events, format);
        return this[name];
    }

    /// <summary>Events at places and times that look drawn, some of them in the same step.</summary>
    public static Events SomeEvents(int count, int width, int? height, int polarities, double durationMs) => new(
        [.. Enumerable.Range(0, count).Select(i => (int)(Number(4 * i) * width))],
        height is { } h ? [.. Enumerable.Range(0, count).Select(i => (int)(Number((4 * i) + 1) * h))] : null,
        [.. Enumerable.Range(0, count).Select(i => i == 0 ? 0 : (int)(Number((4 * i) + 2) * polarities))],
        [.. Enumerable.Range(0, count).Select(i => Math.Round(Number((4 * i) + 3) * durationMs * 1000) / 1000)]);
}
