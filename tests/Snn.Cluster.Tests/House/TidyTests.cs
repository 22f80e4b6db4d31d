using System.Text.RegularExpressions;
using Xunit;

namespace Snn.Cluster.Tests.House;

/// <summary>Rules of the house that no compiler knows; each has a line that must trip it.</summary>
public sealed partial class TidyTests
{
    private const int MostLines = 600;

    private static readonly (string Name, Regex Pattern, string Trips)[] Forbidden =
    [
        ("unfinished work", Unfinished(), "// TO" + "DO: later"),
        ("a swallowed exception", Swallowed(), "catch (Exception) " + "{ }"),
        ("a path of one machine", MachinePath(), "\"/ro" + "ot/x\""),
        ("a switched-off test", SwitchedOff(), "[Fact(Sk" + "ip = \"x\")]"),
    ];

    [Fact]
    public void NoSourceFileHasAForbiddenLine()
    {
        var found = from file in SourceFiles()
                    from line in File.ReadLines(file).Select((text, i) => (text, number: i + 1))
                    from rule in Forbidden
                    where rule.Pattern.IsMatch(line.text)
                    select $"{Path.GetRelativePath(Root(), file)}:{line.number}: {rule.Name}: {line.text.Trim()}";
        Assert.Empty(found);
    }

    [Fact]
    public void EveryRuleTrips() => Assert.All(Forbidden, rule => Assert.Matches(rule.Pattern, rule.Trips));

    [Fact]
    public void NoSourceFileIsTooLongToRead()
    {
        var tooLong = SourceFiles().Select(f => (f, lines: File.ReadLines(f).Count())).Where(f => f.lines > MostLines);
        Assert.Empty(tooLong);
    }

    /// <summary>The figures of the front page are those of the page of benchmarks, which is where they are measured.</summary>
    [Fact]
    public void TheFrontPageShowsMeasuredFigures()
    {
        var measured = File.ReadAllLines(Path.Combine(Root(), "bench", "README.md")).Select(Cells).Where(c => c.Length > 4).ToLookup(c => c[0]);
        var shown = File.ReadAllLines(Path.Combine(Root(), "README.md")).Where(l => l.TrimStart().StartsWith("| `", StringComparison.Ordinal)).Select(Cells).ToArray();
        Assert.InRange(shown.Length, 4, 20);
        Assert.All(shown, row =>
        {
            var source = measured[row[0].Split('`')[1]].First();
            Assert.Equal((source[1], source[2], source[4]), (row[1], row[2], row[3]));
        });
    }

    [Fact]
    public void TheSourceIsFound() => Assert.True(SourceFiles().Count() > 20);

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Snn.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of a checkout: no Snn.sln above them.");
    }

    private static string[] Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(c => c.Trim())];

    private static IEnumerable<string> SourceFiles() =>
        from folder in new[] { "src", "tests", "bench" }
        let path = Path.Combine(Root(), folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        select file;

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b|NotImplemented" + @"Exception\(")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex Swallowed();

    [GeneratedRegex("\"/(root|home|work)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\bSkip\s*=\s*""")]
    private static partial Regex SwitchedOff();
}
