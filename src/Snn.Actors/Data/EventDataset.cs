namespace Snn.Actors.Data;

/// <summary>A file of a data set.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Label">Its class.</param>
public sealed record LabelledFile(string Path, int Label);

/// <summary>
/// A data set of event files in a folder a class, as N-MNIST, N-Caltech101 and N-Cars come. Classes are numbered in the order of their names, files come in the order
/// of theirs.
/// </summary>
public sealed class EventDataset
{
    private readonly double _samplingTimeMs;

    /// <summary>Makes a data set.</summary>
    /// <param name="files">Its files, in the format "2d".</param>
    /// <param name="classes">Names of the classes. [label]</param>
    /// <param name="samplingTimeMs">Time from one step to the next, ms.</param>
    /// <param name="sampleLengthMs">What of a recording is read, ms; later events are left out.</param>
    /// <param name="height">Height of the sensor.</param>
    /// <param name="width">Width of the sensor.</param>
    /// <exception cref="ArgumentException">A number is not above 0.</exception>
    public EventDataset(
        IReadOnlyList<LabelledFile> files, IReadOnlyList<string> classes, double samplingTimeMs, double sampleLengthMs, int height, int width)
    {
        if (!(samplingTimeMs > 0 && sampleLengthMs >= samplingTimeMs) || sampleLengthMs / samplingTimeMs > int.MaxValue || height < 1 || width < 1)
        {
            throw new ArgumentException(
                $"EventDataset: {sampleLengthMs} ms in steps of {samplingTimeMs} ms on {height} x {width}; give a sampling time above 0, a length of at least one step, and at least one pixel.");
        }

        Files = files;
        Classes = classes;
        _samplingTimeMs = samplingTimeMs;
        Shape = [2, height, width, (int)(sampleLengthMs / samplingTimeMs)];
    }

    /// <summary>Its files.</summary>
    public IReadOnlyList<LabelledFile> Files { get; }

    /// <summary>Names of the classes. [label]</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Shape of a sample: [polarity, height, width, step].</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>A sample: a tensor of its own, and its label.</summary>
    /// <param name="index">Which file.</param>
    /// <exception cref="InvalidDataException">The file holds no whole events; the message says which.</exception>
    public (SpikeArray Sample, int Label) Read(int index) => (ReadEvents(index).ToSpikeTensor(Shape, _samplingTimeMs), Files[index].Label);

    /// <summary>The cells of a sample in which events lie: what <see cref="Read"/> gives without the zeros.</summary>
    /// <inheritdoc cref="Read"/>
    public long[] ReadCells(int index) => ReadEvents(index).Cells(Shape, _samplingTimeMs);

    /// <summary>The files of all class folders of a folder, in the order of names.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="classes">Names of the classes; null: those of the folders, sorted.</param>
    /// <exception cref="InvalidDataException">There is no such folder, it has no class folders, or one that is none of the classes.</exception>
    public static (IReadOnlyList<LabelledFile> Files, IReadOnlyList<string> Classes) FilesOf(string root, IReadOnlyList<string>? classes = null)
    {
        if (!Directory.Exists(root))
        {
            throw new InvalidDataException($"there is no folder {root}; give the folder that holds a folder a class");
        }

        var names = Directory.GetDirectories(root).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
        {
            throw new InvalidDataException($"{root} has no folders; a data set has a folder a class with event files in it");
        }

        var labels = (classes ?? names).ToArray();
        var files = new List<LabelledFile>();
        foreach (var name in names)
        {
            var label = Array.IndexOf(labels, name);
            if (label < 0)
            {
                throw new InvalidDataException($"{root} has a folder '{name}', which is none of the classes {string.Join(", ", labels)}; remove it");
            }

            files.AddRange(Directory.GetFiles(Path.Combine(root, name)).Order(StringComparer.Ordinal).Select(f => new LabelledFile(Path.GetFullPath(f), label)));
        }

        return (files, labels);
    }

    /// <summary>N-MNIST (Orchard et al. 2015, doi:10.3389/fnins.2015.00437): folders Train and Test.</summary>
    /// <param name="root">The folder that holds them.</param>
    /// <param name="samplingTimeMs">Time from one step to the next, ms.</param>
    /// <param name="sampleLengthMs">What of a recording is read, ms.</param>
    /// <param name="height">Height of the sensor.</param>
    /// <param name="width">Width of the sensor.</param>
    /// <exception cref="InvalidDataException">The folders are not there.</exception>
    public static (EventDataset Train, EventDataset Test) Nmnist(string root, double samplingTimeMs = 1, double sampleLengthMs = 300, int height = 34, int width = 34) =>
        OfFolders(root, "Train", "Test", samplingTimeMs, sampleLengthMs, height, width);

    /// <summary>N-Cars (Sironi et al. 2018, doi:10.1109/CVPR.2018.00186): folders train and test.</summary>
    /// <inheritdoc cref="Nmnist"/>
    public static (EventDataset Train, EventDataset Test) Ncars(string root, double samplingTimeMs = 1, double sampleLengthMs = 100, int height = 100, int width = 120) =>
        OfFolders(root, "train", "test", samplingTimeMs, sampleLengthMs, height, width);

    /// <summary>N-Caltech101 (Orchard et al. 2015): one folder a class, split at random.</summary>
    /// <param name="root">The folder that holds them.</param>
    /// <param name="samplingTimeMs">Time from one step to the next, ms.</param>
    /// <param name="sampleLengthMs">What of a recording is read, ms.</param>
    /// <param name="height">Height of the sensor.</param>
    /// <param name="width">Width of the sensor.</param>
    /// <param name="trainShare">Part of the files that is for training, 0 to 1.</param>
    /// <param name="seed">Seed of the split.</param>
    /// <exception cref="InvalidDataException">The folders are not there.</exception>
    /// <exception cref="ArgumentException">The share is out of range.</exception>
    public static (EventDataset Train, EventDataset Test) Ncaltech(
        string root, double samplingTimeMs = 1, double sampleLengthMs = 300, int height = 200, int width = 300, double trainShare = 0.8, ulong seed = 42)
    {
        var (files, classes) = FilesOf(root);
        if (!(trainShare is >= 0 and <= 1))
        {
            throw new ArgumentException($"EventDataset.Ncaltech: a share of {trainShare} for training; give 0 to 1.");
        }

        var (train, test) = SampleSplit.Draw(files.Count, (int)(files.Count * trainShare), seed);
        EventDataset Part(int[] indices) => new([.. indices.Select(i => files[i])], classes, samplingTimeMs, sampleLengthMs, height, width);
        return (Part(train), Part(test));
    }

    private static (EventDataset Train, EventDataset Test) OfFolders(
        string root, string train, string test, double samplingTimeMs, double sampleLengthMs, int height, int width)
    {
        var (trainFiles, classes) = FilesOf(Path.Combine(root, train));
        var (testFiles, _) = FilesOf(Path.Combine(root, test), classes);
        return (
            new EventDataset(trainFiles, classes, samplingTimeMs, sampleLengthMs, height, width),
            new EventDataset(testFiles, classes, samplingTimeMs, sampleLengthMs, height, width));
    }

    private Events ReadEvents(int index)
    {
        try
        {
            using var file = File.OpenRead(Files[index].Path);
            return EventFile.Read(file, EventFormat.TwoD);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{Files[index].Path}: {error.Message}", error);
        }
    }
}
