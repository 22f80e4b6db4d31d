using System.Numerics;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;
using Binomial = MathNet.Numerics.Distributions.Binomial;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>That draws have the distributions that their rules promise; see <see cref="Fit"/> for the rate of false alarms.</summary>
public sealed class ConnectionRuleStatisticsTests
{
    private static readonly StreamKey _key = StreamKey.Derive(2024, "statistics");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sources_of_fixed_indegree_are_uniform_and_independent(bool excludesSelf)
    {
        var rule = new FixedIndegreeRule
        {
            SourceCount = 400,
            TargetCount = 400,
            Indegree = 250,
            SamePopulation = true,
            AllowAutapses = !excludesSelf,
            Key = _key,
        };
        var drawn = DrawnSynapses.Of(rule);

        // Distance from the target around a circle: uniform, and never zero where autapses are excluded.
        var shift = excludesSelf ? 1 : 0;
        Fit.AssertUniform(Fit.Histogram(drawn, 400 - shift, s => ((s.Source - s.Target + 400) % 400) - shift));
        if (!excludesSelf)
        {
            Fit.AssertUniform(Fit.Histogram(drawn, 400, s => s.Source));
        }

        // A synapse and the next one; a synapse and the same one of the next target.
        Fit.AssertUniform(Fit.Histogram(drawn.Zip(drawn.Skip(1)), 400, p => (p.First.Source / 20 * 20) + (p.Second.Source / 20)));
        Fit.AssertUniform(Fit.Histogram(drawn.Zip(drawn.Skip(250)), 400, p => (p.First.Source / 20 * 20) + (p.Second.Source / 20)));
    }

    [Fact]
    public void A_slight_preference_of_one_source_would_be_seen()
    {
        var rule = new FixedIndegreeRule { SourceCount = 400, TargetCount = 400, Indegree = 250, Key = _key };
        var word = new Word(1);
        var biased = DrawnSynapses.Of(rule).Select(s => word.Next(200) == 0 ? 17 : s.Source);

        var counts = Fit.Histogram(biased, 400, s => s);

        Fit.AssertMisfit(counts, Fit.Flat(counts));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Words_are_uniform_and_independent_of_each_other_and_of_the_source(int kind)
    {
        ConnectionRule rule = kind switch
        {
            2 => new FixedIndegreeRule { SourceCount = 160, TargetCount = 500, Indegree = 100, AllowMultapses = false, Key = _key },
            3 => new FixedOutdegreeRule { SourceCount = 160, TargetCount = 500, Outdegree = 300, Key = _key },
            4 => new FixedTotalNumberRule { SourceCount = 160, TargetCount = 500, Total = 50_000, Key = _key },
            _ => new PairwiseBernoulliRule { SourceCount = 160, TargetCount = 500, Probability = 0.6, Key = _key },
        };
        var drawn = DrawnSynapses.Of(rule);

        Fit.AssertUniform(Fit.Histogram(drawn, 256, s => (int)(s.WeightWord >> 24)));
        Fit.AssertUniform(Fit.Histogram(drawn, 256, s => (int)(s.DelayWord >> 24)));
        Fit.AssertUniform(Fit.Histogram(drawn, 256, s => (int)((s.WeightWord >> 28 << 4) | (s.DelayWord >> 28))));

        // Sources in eight blocks of 20; their marginal counts are those of the rule, so the test is of independence.
        var joint = Fit.Histogram(drawn, 128, s => (s.Source / 20 * 16) + (int)(s.WeightWord >> 28));
        var perSource = Enumerable.Range(0, 8).Select(b => joint.Skip(16 * b).Take(16).Sum()).ToArray();
        Fit.Assert(joint, [.. Enumerable.Range(0, 128).Select(i => perSource[i / 16] / 16)], constraints: 8);
    }

    [Fact]
    public void Every_subset_is_equally_likely()
    {
        // 20 subsets of 3 of 6 sources.
        var rule = new FixedIndegreeRule { SourceCount = 6, TargetCount = 20_000, Indegree = 3, AllowMultapses = false, Key = _key };
        var subsets = Subsets(rule);

        var possible = Enumerable.Range(0, 64).Where(s => BitOperations.PopCount((uint)s) == 3).ToArray();
        var counts = Fit.Histogram(subsets, possible.Length, s => Array.IndexOf(possible, s));
        Fit.AssertUniform(counts);

        // The canary: one in thirty of one subset taken for another.
        (counts[4], counts[9]) = (counts[4] * 0.8, counts[9] + (counts[4] * 0.2));
        Fit.AssertMisfit(counts, Fit.Flat(counts));
    }

    [Fact]
    public void Every_subset_without_self_is_equally_likely()
    {
        // 10 subsets of 3 of the 5 others: renumbered without the target.
        var rule = new FixedIndegreeRule
        {
            SourceCount = 6,
            TargetCount = 6,
            SamePopulation = true,
            AllowAutapses = false,
            Indegree = 3,
            AllowMultapses = false,
            Key = _key,
        };
        var possible = Enumerable.Range(0, 32).Where(s => BitOperations.PopCount((uint)s) == 3).ToArray();
        var counts = new double[10];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            var seeded = new FixedIndegreeRule
            {
                SourceCount = 6,
                TargetCount = 6,
                SamePopulation = true,
                AllowAutapses = false,
                Indegree = 3,
                AllowMultapses = false,
                Key = StreamKey.Derive(seed, "subset"),
            };
            foreach (var target in DrawnSynapses.Of(seeded).GroupBy(s => s.Target))
            {
                counts[Array.IndexOf(possible, target.Sum(s => 1 << (s.Source > s.Target ? s.Source - 1 : s.Source)))]++;
            }
        }

        Fit.AssertUniform(counts);
        Assert.Empty(rule.Problems);
    }

    [Fact]
    public void Large_subsets_take_every_source_equally_often()
    {
        const int n = 700, k = 650, targets = 2000;
        var rule = new FixedIndegreeRule { SourceCount = n, TargetCount = targets, Indegree = k, AllowMultapses = false, Key = _key };
        var counts = Fit.Histogram(DrawnSynapses.Of(rule), n, s => s.Source);

        // Counts of different sources are anticorrelated (their sum is fixed): the sum of squares has n - 1 degrees of freedom.
        const double variance = targets * (double)k / n * (1 - ((double)k / n)) * n / (n - 1);
        var sum = counts.Sum(c => Square(c - (targets * (double)k / n))) / variance;
        Assert.InRange(Fit.TailOfSquares(sum, n - 1), Fit.FalseAlarm, 1 - Fit.FalseAlarm);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Targets_of_fixed_outdegree_are_uniform(bool multapses)
    {
        const int n = 250, k = 100, sources = 1000;
        var rule = new FixedOutdegreeRule { SourceCount = sources, TargetCount = n, Outdegree = k, AllowMultapses = multapses, Key = _key };
        var counts = Fit.Histogram(DrawnSynapses.Of(rule), n, s => s.Target);

        var variance = multapses ? sources * (double)k / n : sources * (double)k / n * (1 - ((double)k / n)) * n / (n - 1);
        var sum = counts.Sum(c => Square(c - (sources * (double)k / n))) / variance;
        Assert.InRange(Fit.TailOfSquares(sum, n - 1), Fit.FalseAlarm, 1 - Fit.FalseAlarm);
    }

    [Fact]
    public void Pairs_of_a_total_number_are_uniform()
    {
        // 30 x 29 pairs without autapses, 200 000 synapses: multinomial over all pairs.
        var rule = new FixedTotalNumberRule
        {
            SourceCount = 30,
            TargetCount = 30,
            SamePopulation = true,
            AllowAutapses = false,
            Total = 200_000,
            Key = _key,
        };
        var drawn = DrawnSynapses.Of(rule);

        Fit.AssertUniform(Fit.Histogram(drawn, 30 * 29, s => (s.Target * 29) + s.Source - (s.Source > s.Target ? 1 : 0)));
        Fit.AssertUniform(Fit.Histogram(drawn, 30, s => s.Target));
    }

    [Fact]
    public void Every_subset_of_pairwise_bernoulli_has_its_probability()
    {
        const double p = 0.3;
        var rule = new PairwiseBernoulliRule { SourceCount = 5, TargetCount = 40_000, Probability = p, Key = _key };
        var counts = Fit.Histogram(Subsets(rule), 32, s => s);

        Fit.Assert(counts, SubsetCounts(p));
        Fit.AssertMisfit(counts, SubsetCounts(p * 1.03));

        static double[] SubsetCounts(double p) =>
            [.. Enumerable.Range(0, 32).Select(s => BitOperations.PopCount((uint)s)).Select(m => 40_000 * Power(p, m) * Power(1 - p, 5 - m))];

        static double Power(double x, int n) => Enumerable.Repeat(x, n).Aggregate(1.0, (a, b) => a * b);
    }

    [Theory]
    [InlineData(0.002, 5000)]
    [InlineData(0.1, 100)]
    [InlineData(0.9, 50)]
    [InlineData(0.999, 3000)]
    public void In_degrees_of_pairwise_bernoulli_are_binomial(double p, int sources)
    {
        const int targets = 4000;
        var rule = new PairwiseBernoulliRule
        {
            SourceCount = sources + 1,
            TargetCount = sources + 1,
            SamePopulation = true,
            AllowAutapses = false,
            Probability = p,
            Key = _key,
        };
        var inDegrees = new int[targets];
        var perSource = new double[sources];
        for (ulong part = 0; part * (ulong)Math.Min(targets, sources) < targets; part++)
        {
            var count = Math.Min(Math.Min(targets, sources), targets - (int)(part * (ulong)Math.Min(targets, sources)));
            var seeded = new PairwiseBernoulliRule
            {
                SourceCount = sources + 1,
                TargetCount = sources + 1,
                SamePopulation = true,
                AllowAutapses = false,
                Probability = p,
                Key = StreamKey.Derive(part, "bernoulli"),
            };
            foreach (var s in DrawnSynapses.Of(seeded, 0, count))
            {
                inDegrees[((int)part * Math.Min(targets, sources)) + s.Target]++;
                perSource[s.Source > s.Target ? s.Source - 1 : s.Source]++;
            }
        }

        var law = new Binomial(p, sources);
        Fit.Assert(Pooled(inDegrees, law, targets, out var expected), expected);
        var sum = perSource.Sum(c => Square(c - (targets * p))) / (targets * p * (1 - p));
        Assert.InRange(Fit.TailOfSquares(sum, sources), Fit.FalseAlarm, 1 - Fit.FalseAlarm);
        Assert.Equal(p * sources * 7, rule.ExpectedCount(3, 10), 9);
    }

    private static double Square(double x) => x * x;

    /// <summary>The set of sources of every target, as bits.</summary>
    private static int[] Subsets(ConnectionRule rule)
    {
        var subsets = new int[rule.TargetCount];
        foreach (var s in DrawnSynapses.Of(rule))
        {
            subsets[s.Target] |= 1 << s.Source;
        }

        return subsets;
    }

    /// <summary>Counts of numbers in cells of at least 20 expected each.</summary>
    private static double[] Pooled(int[] numbers, Binomial law, int count, out double[] expected)
    {
        var cellOf = new int[law.N + 1];
        var cells = new List<double> { 0 };
        double left = 1;
        for (var k = 0; k <= law.N; k++)
        {
            cellOf[k] = cells.Count - 1;
            cells[^1] += count * law.Probability(k);
            left -= law.Probability(k);
            if (cells[^1] >= 20 && left * count >= 20)
            {
                cells.Add(0);
            }
        }

        expected = [.. cells];
        return Fit.Histogram(numbers, cells.Count, k => cellOf[k]);
    }
}
