namespace Snn.Actors.Tests.Networks;

/// <summary>Where the files of the repository are, wherever the tests run.</summary>
internal static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string Examples => Path.Combine(Root, "examples");

    public static string Bad => Path.Combine(Root, "tests", "data", "bad");

    public static IEnumerable<string> ExampleFiles() => Directory.GetFiles(Examples, "*.json").Order(StringComparer.Ordinal);

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
