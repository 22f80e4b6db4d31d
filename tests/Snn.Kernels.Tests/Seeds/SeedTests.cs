using Xunit;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>Golden vectors of PySNN, snngrow and snnTorch against the kernels. Those that need the whole simulator are tests of Snn.Actors.</summary>
[Trait("Category", "Golden")]
public class SeedTests
{
    private static readonly IReadOnlyDictionary<string, ISeedRunner> _runners = SeedCatalog.Runners(typeof(SeedTests).Assembly);
    private static readonly Lazy<IReadOnlyDictionary<string, SeedCase>> _cases = new(() => SeedCatalog.Cases().ToDictionary(c => c.ToString()));

    public static TheoryData<string> Cases() => [.. WithRunner().Where(c => Runner(c).NotYet(c) is null).Select(c => c.ToString())];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void A_case_agrees(string name)
    {
        var golden = _cases.Value[name];
        var runner = Runner(golden);
        if (golden.Raises)
        {
            Assert.ThrowsAny<Exception>(() => runner.Run(golden, isDouble: true));
            return;
        }

        Assert.Empty(SeedComparison.Problems(golden, runner, runner.Run(golden, isDouble: true), isDouble: true));
        if (runner.AllowsSingle(golden) && SeedComparison.AllowsSingle(golden))
        {
            Assert.Empty(SeedComparison.Problems(golden, runner, runner.Run(golden, isDouble: false), isDouble: false));
        }
    }

    /// <summary>Any change of any output is noticed.</summary>
    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void A_changed_output_is_noticed(string name)
    {
        var golden = _cases.Value[name];
        var runner = Runner(golden);
        if (golden.Raises)
        {
            return;
        }

        var right = golden.Outputs();
        Assert.Empty(SeedComparison.Problems(golden, runner, right, isDouble: true));
        foreach (var output in right.Keys.Where(k => runner.NotYet(k) is null && right[k].Data.Length > 0))
        {
            var data = (double[])right[output].Data.Clone();
            data[^1] += 2 * (runner.Slack(golden, output) + golden.AbsoluteTolerance + (golden.RelativeTolerance * Math.Abs(data[^1]))) + 1e-12;
            var wrong = new Dictionary<string, SeedTensor>(right) { [output] = right[output] with { Data = data } };
            Assert.NotEmpty(SeedComparison.Problems(golden, runner, wrong, isDouble: true));
            wrong.Remove(output);
            Assert.NotEmpty(SeedComparison.Problems(golden, runner, wrong, isDouble: true));
        }
    }

    /// <summary>A case that waits in a category that does not is named, with what it waits for.</summary>
    [Fact]
    public void Cases_that_wait_are_named()
    {
        foreach (var golden in WithRunner().Where(c => Runner(c).NotYet(c) is not null))
        {
            Assert.NotEqual(string.Empty, Runner(golden).NotYet(golden));
            TestContext.Current.TestOutputHelper?.WriteLine($"{golden}: not yet, {Runner(golden).NotYet(golden)}");
        }
    }

    private static IEnumerable<SeedCase> WithRunner() => _cases.Value.Values.Where(c => _runners.ContainsKey(SeedCatalog.CategoryOf(c)));

    private static ISeedRunner Runner(SeedCase golden) => _runners[SeedCatalog.CategoryOf(golden)];
}
