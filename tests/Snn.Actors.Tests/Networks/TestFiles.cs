using Snn.Actors.Networks;

namespace Snn.Actors.Tests.Networks;

/// <summary>Where the files of the repository are, wherever the tests run.</summary>
internal static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string Examples => Path.Combine(Root, "examples");

    public static string Bad => Path.Combine(Root, "tests", "data", "bad");

    public static IEnumerable<string> ExampleFiles() => Directory.GetFiles(Examples, "*.json").Order(StringComparer.Ordinal);

    /// <summary>Networks that wrong files are made of, as paths below <see cref="Root"/>: all examples, and what the examples have not.</summary>
    public static IEnumerable<string> Seeds() => ExampleFiles()
        .Concat(Directory.GetFiles(Path.Combine(Root, "tests", "data", "networks"), "*.json").Order(StringComparer.Ordinal))
        .Where(f => File.ReadAllText(f).Contains("\"snn\"", StringComparison.Ordinal))
        .Select(f => Path.GetRelativePath(Root, f));

    /// <summary>The text of a network that wrong files are made of, so small that it runs in milliseconds.</summary>
    /// <param name="seed">One of <see cref="Seeds"/>.</param>
    public static string SmallSeed(string seed)
    {
        const int Many = 20_000;
        var file = Path.Combine(Root, seed);
        var text = File.ReadAllText(file);
        // Arrays in files do not shrink with their populations.
        var keepsSizes = text.Contains("\"file\":", StringComparison.Ordinal) || NetworkEstimate.Of(NetworkFile.Read(file).Network!).Synapses < Many;
        return NetworkMutator.Shrink(text, keepsSizes ? 1 : 50, 5);
    }

    /// <summary>Examples that are whole without another file, such as an array of samples: they can be templates, and be changed at will.</summary>
    public static IEnumerable<string> SelfContainedExamples() => ExampleFiles().Where(f => !File.ReadAllText(f).Contains("\"file\":", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Snn.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Snn.sln is not above " + AppContext.BaseDirectory);
    }
}
