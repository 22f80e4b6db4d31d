using Snn.Kernels.Tests.Seeds;
using Xunit;

namespace Snn.Actors.Tests.Seeds;

/// <summary>No golden case of the seeds is passed over in silence.</summary>
[Trait("Category", "Golden")]
public class SeedCoverageTests
{
    [Fact]
    public void Every_category_has_a_runner_or_waits_by_name()
    {
        var known = new HashSet<string>(
            [.. SeedCatalog.Runners(typeof(SeedTests).Assembly).Keys, .. SeedCatalog.Runners(typeof(SeedCoverageTests).Assembly).Keys, .. SeedCatalog.NotYet.Keys]);
        Assert.Empty(SeedCatalog.Cases().Select(SeedCatalog.CategoryOf).Distinct().Where(c => !known.Contains(c)));
        Assert.Empty(SeedCatalog.NotYet.Values.Where(string.IsNullOrWhiteSpace));
    }

    [Fact]
    public void What_waits_has_no_runner() => Assert.Empty(
        SeedCatalog.NotYet.Keys.Intersect([.. SeedCatalog.Runners(typeof(SeedTests).Assembly).Keys, .. SeedCatalog.Runners(typeof(SeedCoverageTests).Assembly).Keys]));
}
