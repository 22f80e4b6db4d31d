using Xunit;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>No golden case of the seeds is passed over in silence.</summary>
[Trait("Category", "Golden")]
public class SeedCoverageTests
{
    private static readonly IEnumerable<string> _run = SeedCatalog.Runners(typeof(SeedCoverageTests).Assembly).Keys;

    [Fact]
    public void Every_category_has_a_runner_or_waits_by_name()
    {
        var known = new HashSet<string>([.. _run, .. SeedCatalog.OfTheSimulator, .. SeedCatalog.NotYet.Keys]);
        Assert.All(SeedCatalog.Cases().Select(SeedCatalog.CategoryOf).Distinct(), category => Assert.Contains(category, known));
        Assert.All(SeedCatalog.NotYet.Values, Assert.NotEmpty);
    }

    [Fact]
    public void What_waits_has_no_runner() => Assert.Empty(SeedCatalog.NotYet.Keys.Intersect(_run));
}
