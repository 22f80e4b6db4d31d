namespace Snn.Kernels.Tests.Seeds;

/// <summary>Compares what a runner gives with a case.</summary>
public static class SeedComparison
{
    /// <summary>
    /// Tolerance in single precision, absolute and relative: rounding of 50 steps. Cases whose run comes closer to a threshold than this are not run in
    /// single precision.
    /// </summary>
    public const double Single = 2e-4;

    /// <summary>Whether a case may be compared in single precision: far enough from every threshold, or without one.</summary>
    public static bool AllowsSingle(SeedCase golden) => golden.Margin is null or > Single;

    /// <summary>What is wrong; empty if nothing.</summary>
    public static IReadOnlyList<string> Problems(
        SeedCase golden, ISeedRunner runner, IReadOnlyDictionary<string, SeedTensor> outputs, bool isDouble)
    {
        var problems = new List<string>();
        foreach (var (name, expected) in golden.Outputs())
        {
            if (runner.NotYet(name) is null)
            {
                Compare(golden, name, expected, outputs, isDouble, runner.Slack(golden, name), problems);
            }
        }

        var literal = golden.Outputs(literal: true);
        foreach (var name in outputs.Keys.Where(k => k.StartsWith("literal:", StringComparison.Ordinal)))
        {
            Compare(golden, name, literal[name["literal:".Length..]], outputs, isDouble, 0, problems);
        }

        return problems;
    }

    private static void Compare(
        SeedCase golden,
        string name,
        SeedTensor expected,
        IReadOnlyDictionary<string, SeedTensor> outputs,
        bool isDouble,
        double slack,
        List<string> problems)
    {
        if (!outputs.TryGetValue(name, out var got))
        {
            problems.Add($"{name} is missing");
            return;
        }

        if (!got.Shape.SequenceEqual(expected.Shape))
        {
            problems.Add($"{name} has the shape [{string.Join(", ", got.Shape)}], not [{string.Join(", ", expected.Shape)}]");
            return;
        }

        var abs = slack + (isDouble ? golden.AbsoluteTolerance : Math.Max(golden.AbsoluteTolerance, Single));
        var rel = isDouble ? golden.RelativeTolerance : Math.Max(golden.RelativeTolerance, Single);
        for (var i = 0; i < expected.Data.Length; i++)
        {
            // Written so that a NaN is a difference.
            if (!(Math.Abs(got.Data[i] - expected.Data[i]) <= abs + (rel * Math.Abs(expected.Data[i]))))
            {
                problems.Add(FormattableString.Invariant($"{name}[{i}] is {got.Data[i]:R}, not {expected.Data[i]:R}"));
                return;
            }
        }
    }
}
