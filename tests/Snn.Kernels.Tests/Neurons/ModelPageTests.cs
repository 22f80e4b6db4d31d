using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>docs/models is what the models say of themselves. SNN_WRITE_DOCS=1 writes it anew.</summary>
public class ModelPageTests
{
    private static string Folder => Path.Combine(GoldenFiles.RepositoryRoot, "docs", "models");

    public static TheoryData<string> Models() => [.. NeuronModels.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_page_is_up_to_date(string name) => UpToDate(name + ".md", ModelPage.Write(NeuronModels.Find(name)!));

    [Fact]
    public void The_index_is_up_to_date() => UpToDate("README.md", ModelPage.WriteIndex(NeuronModels.All));

    [Fact]
    public void There_is_no_page_without_a_model() =>
        Assert.Equal(
            NeuronModels.All.Select(m => m.Name + ".md").Append("README.md").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    private static void UpToDate(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("SNN_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
