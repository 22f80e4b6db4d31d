using Snn.Kernels.Tests.Seeds;
using Xunit;

namespace Snn.Actors.Tests.Seeds;

/// <summary>The cases that tests of the kernels leave to those of the simulator are run here.</summary>
[Trait("Category", "Golden")]
public class SeedCoverageTests
{
    [Fact]
    public void What_the_kernels_leave_is_run_here() => Assert.Equal(
        SeedCatalog.OfTheSimulator.Order(StringComparer.Ordinal), SeedCatalog.Runners(typeof(SeedCoverageTests).Assembly).Keys.Order(StringComparer.Ordinal));
}
