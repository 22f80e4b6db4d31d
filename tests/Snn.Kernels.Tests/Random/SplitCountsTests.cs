using FsCheck;
using FsCheck.Fluent;
using Snn.Kernels.Random;
using Xunit;

namespace Snn.Kernels.Tests.Random;

public sealed class SplitCountsTests
{
    private static readonly StreamKey Key = StreamKey.Derive(8, "split");

    [Fact]
    public void Counts_add_up_and_any_part_equals_the_whole()
    {
        var cases = from targets in Gen.Choose(1, 300)
                    from total in Gen.Choose(0, 20_000)
                    from first in Gen.Choose(0, targets - 1)
                    from count in Gen.Choose(0, targets - first)
                    select (targets, total, first, count);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var whole = Counts(Key, c.total, c.targets, 0, c.targets);
            var narrow = new int[c.count];
            SplitCounts.Counts(Key, c.total, c.targets, c.first, narrow.AsSpan());
            return whole.Sum() == c.total
                && whole.AsSpan(c.first, c.count).SequenceEqual(Counts(Key, c.total, c.targets, c.first, c.count))
                && whole.Skip(c.first).Take(c.count).SequenceEqual(narrow.Select(k => (long)k));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_250_101, 1));
    }

    [Fact]
    public void The_items_of_a_target_are_binomial()
    {
        // One target of an odd number, over many streams.
        const int targets = 37;
        const int total = 400;
        var draws = Enumerable.Range(0, 40_000)
            .Select(i => Counts(StreamKey.Derive((ulong)i, "split"), total, targets, 21, 1)[0]).ToArray();
        var law = new MathNet.Numerics.Distributions.Binomial(1.0 / targets, total);
        var wrong = new MathNet.Numerics.Distributions.Binomial(1.05 / targets, total);

        Assert.InRange(Statistics.ChiSquare(draws, k => law.Probability((int)k), 0, 40), Statistics.FalseAlarm, 1);
        Assert.InRange(Statistics.ChiSquare(draws, k => wrong.Probability((int)k), 0, 40), 0, Statistics.FalseAlarm);
    }

    [Fact]
    public void All_targets_are_equal()
    {
        var counts = Counts(Key, 10_000_000, 777, 0, 777);

        Assert.InRange(
            Statistics.ChiSquare(Array.ConvertAll(counts, c => (double)c), [.. Enumerable.Repeat(10_000_000.0 / 777, 777)]),
            Statistics.FalseAlarm, 1 - Statistics.FalseAlarm);
    }

    [Fact]
    public void Numbers_out_of_range_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Counts(Key, -1, 10, 0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counts(Key, 1, 0, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Counts(Key, 1, 10, 5, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => SplitCounts.Counts(Key, 1L << 31, 10, 0, new int[10].AsSpan()));
        Assert.Equal(1L << 62, Counts(Key, 1L << 62, 3, 0, 3).Sum());
    }

    private static long[] Counts(StreamKey key, long total, int targets, int first, int count)
    {
        var counts = new long[count];
        SplitCounts.Counts(key, total, targets, first, counts.AsSpan());
        return counts;
    }
}
