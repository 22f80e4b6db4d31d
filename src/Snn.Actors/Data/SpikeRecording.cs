using System.IO.Compression;
using Snn.Actors.Networks;

namespace Snn.Actors.Data;

/// <summary>The recorded spikes of a population, as a run leaves them in spikes/POPULATION.npz.</summary>
/// <param name="Senders">[spike] index in the population</param>
/// <param name="TimesMs">[spike] ms; the end of the step, so that a presentation of 30 ms has the times above 0 up to 30</param>
/// <param name="Items">[spike] batch item; 0 where the network has none</param>
public sealed record SpikeRecording(IReadOnlyList<int> Senders, IReadOnlyList<double> TimesMs, IReadOnlyList<int> Items)
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The .npz file.</param>
    /// <exception cref="InvalidDataException">It holds no spikes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SpikeRecording Read(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var (senders, times) = (Array(zip, "senders"), Array(zip, "times"));
        if (senders is null || times is null || senders.Length != times.Length)
        {
            throw new InvalidDataException("it does not hold the arrays 'senders' and 'times' of one length; give spikes/POPULATION.npz of a run");
        }

        return new SpikeRecording(Whole(senders), times, Array(zip, "items") is { } items ? Whole(items) : new int[senders.Length]);
    }

    private static int[] Whole(double[] numbers) => System.Array.ConvertAll(numbers, n => checked((int)n));

    private static double[]? Array(ZipArchive zip, string name)
    {
        if (zip.GetEntry(name + ".npy") is not { } entry)
        {
            return null;
        }

        using var stream = entry.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        return Npy.Read(bytes).ToDoubles();
    }
}
