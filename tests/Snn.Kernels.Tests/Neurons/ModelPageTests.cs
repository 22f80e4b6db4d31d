using Snn.Kernels.Neurons;
using Snn.Kernels.Plasticity;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>docs/models and docs/learning are what models and rules say of themselves. SNN_WRITE_DOCS=1 writes them anew.</summary>
public class ModelPageTests
{
    public static TheoryData<string> Models() => [.. NeuronModels.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_page_is_up_to_date(string name) => UpToDate("models", name + ".md", ModelPage.Write(NeuronModels.Find(name)!));

    public static TheoryData<string> Rules() => [.. LearningRules.All.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_page_of_a_rule_is_up_to_date(string name) => UpToDate("learning", name + ".md", ModelPage.Write(LearningRules.Find(name)!));

    [Fact]
    public void The_indices_are_up_to_date()
    {
        UpToDate("models", "README.md", ModelPage.WriteIndex(NeuronModels.All));
        UpToDate("learning", "README.md", ModelPage.WriteIndex(LearningRules.All));
    }

    [Fact]
    public void There_is_no_page_without_a_model()
    {
        Same("models", NeuronModels.All.Select(m => m.Name));
        Same("learning", LearningRules.All.Select(r => r.Name));

        static void Same(string folder, IEnumerable<string> names) => Assert.Equal(
            names.Append("README").Select(n => n + ".md").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder(folder)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    private static string Folder(string name) => Path.Combine(GoldenFiles.RepositoryRoot, "docs", name);

    private static void UpToDate(string folder, string file, string text)
    {
        var path = Path.Combine(Folder(folder), file);
        if (Environment.GetEnvironmentVariable("SNN_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Folder(folder));
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
