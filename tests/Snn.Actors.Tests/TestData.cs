namespace Snn.Actors.Tests;

/// <summary>Where the checkout that the tests were built from keeps its data.</summary>
internal static class TestData
{
    /// <summary>The checkout.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>tests/data.</summary>
    public static string Folder { get; } = Path.Combine(Checkout, "tests", "data");

    /// <summary>A file of examples/.</summary>
    public static string Example(string name) => Path.Combine(Checkout, "examples", name);

    private static string FindCheckout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Snn.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of a checkout: no Snn.sln above them.");
    }
}
