using Snn.Actors.Networks;
using Xunit;

namespace Snn.Actors.Tests.Networks;

/// <summary>
/// Every wrong file of tests/data/bad against the exact messages beside it. To write the messages anew after a change of wording, run
/// with SNN_WRITE_EXPECTED=1 and review the difference.
/// </summary>
public sealed class BadFileTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(TestFiles.Bad, "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_messages_are_exactly_these(string file)
    {
        var expectedPath = Path.Combine(TestFiles.Bad, Path.ChangeExtension(file, ".expected.txt"));
        var actual = Messages(file);
        if (Environment.GetEnvironmentVariable("SNN_WRITE_EXPECTED") == "1")
        {
            File.WriteAllText(expectedPath, actual);
        }

        Assert.Equal(File.ReadAllText(expectedPath), actual);
    }

    [Fact]
    public void There_are_at_least_sixty_each_with_messages_of_its_own()
    {
        var expected = Directory.GetFiles(TestFiles.Bad, "*.expected.txt").Select(File.ReadAllText).ToList();
        Assert.True(Files().Count >= 60, $"{Files().Count} wrong files");
        Assert.Equal(Files().Count, expected.Count);
        Assert.All(expected, e => Assert.NotEqual(string.Empty, e.Trim()));
    }

    [Fact]
    public void A_right_file_among_them_would_be_noticed()
    {
        // The canary: the comparison above must fail for a file that is right, and for one that is wrong elsewhere.
        var right = Path.Combine(TestFiles.Examples, "brunel.json");
        Assert.True(NetworkFile.Read(right).IsValid);
        var text = File.ReadAllText(Path.Combine(TestFiles.Bad, "negative-rate.json"));
        var mended = NetworkFile.Read(System.Text.Encoding.UTF8.GetBytes(text.Replace("-5", "5", StringComparison.Ordinal)));
        Assert.True(mended.IsValid, mended.Format("mended"));
        var moved = NetworkFile.Read(System.Text.Encoding.UTF8.GetBytes("\n" + text));
        Assert.NotEqual(Messages("negative-rate.json"), moved.Format("negative-rate.json") + "\n");
    }

    private static string Messages(string file) =>
        NetworkFile.Read(Path.Combine(TestFiles.Bad, file)).Format(file) + "\n";
}
