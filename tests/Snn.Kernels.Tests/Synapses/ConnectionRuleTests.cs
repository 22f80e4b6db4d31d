using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>What holds for every draw, whatever the seed.</summary>
public sealed class ConnectionRuleTests
{
    private static readonly StreamKey _key = StreamKey.Derive(5, "rule");

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void All_to_all_connects_every_pair_once(bool samePopulation, bool allowAutapses)
    {
        var rule = new AllToAllRule
        {
            SourceCount = 1500,
            TargetCount = samePopulation ? 1500 : 7,
            SamePopulation = samePopulation,
            AllowAutapses = allowAutapses,
            Key = _key,
        };

        var expected =
            from target in Enumerable.Range(0, 5)
            from source in Enumerable.Range(0, rule.SourceCount)
            where allowAutapses || source != target
            select (source, target);
        Assert.Equal(expected, DrawnSynapses.Of(rule, 0, 5).Select(s => (s.Source, s.Target)));
        Assert.Equal(rule.ExpectedCount(0, 5), expected.Count());
    }

    [Fact]
    public void One_to_one_connects_equal_numbers()
    {
        var rule = new OneToOneRule { SourceCount = 3000, TargetCount = 3000, Key = _key };

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (i, i)), DrawnSynapses.Of(rule).Select(s => (s.Source, s.Target)));
    }

    [Fact]
    public void A_list_keeps_its_pairs_in_order_of_targets_and_then_of_places()
    {
        var random = new Word(3);
        var sources = Enumerable.Range(0, 5000).Select(_ => random.Next(40)).ToArray();
        var targets = Enumerable.Range(0, 5000).Select(_ => random.Next(30)).ToArray();
        var rule = new ListRule { SourceCount = 40, TargetCount = 30, Sources = sources, Targets = targets, Key = _key };

        var drawn = DrawnSynapses.Of(rule);

        var expected = Enumerable.Range(0, 5000).OrderBy(place => targets[place]).Select(place => (sources[place], targets[place], place));
        Assert.Equal(expected, drawn.Select(s => (s.Source, s.Target, s.Place)));
        Assert.Equal(drawn.Count(s => s.Target is >= 3 and < 11), rule.ExpectedCount(3, 11));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    public void In_degrees_are_exact_and_no_forbidden_pair_is_drawn(bool samePopulation, bool autapses, bool multapses)
    {
        foreach (var (size, degree) in new[] { (40, 0), (40, 1), (40, 30), (40, 39), (3000, 2000) })
        {
            var rule = new FixedIndegreeRule
            {
                SourceCount = size,
                TargetCount = samePopulation ? size : 60,
                SamePopulation = samePopulation,
                AllowAutapses = autapses,
                AllowMultapses = multapses,
                Indegree = degree,
                Key = _key,
            };

            var drawn = DrawnSynapses.Of(rule, 0, 40);

            Assert.Equal(
                degree == 0 ? [] : Enumerable.Repeat(degree, 40),
                drawn.GroupBy(s => s.Target).Select(g => g.Count()));
            CheckPairs(rule, drawn, samePopulation, autapses, multapses);
        }
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    public void Out_degrees_are_exact_and_no_forbidden_pair_is_drawn(bool samePopulation, bool autapses, bool multapses)
    {
        foreach (var (size, degree) in new[] { (40, 0), (40, 1), (40, 39), samePopulation ? (300, 299) : (1300, 1100) })
        {
            var rule = new FixedOutdegreeRule
            {
                SourceCount = samePopulation ? size : 60,
                TargetCount = size,
                SamePopulation = samePopulation,
                AllowAutapses = autapses,
                AllowMultapses = multapses,
                Outdegree = degree,
                Key = _key,
            };

            var drawn = DrawnSynapses.Of(rule);

            Assert.Equal(
                degree == 0 ? [] : Enumerable.Repeat(degree, rule.SourceCount),
                drawn.GroupBy(s => s.Source).Select(g => g.Count()));
            CheckPairs(rule, drawn, samePopulation, autapses, multapses);
        }
    }

    [Fact]
    public void All_of_the_subset_is_all_neurons()
    {
        var rule = new FixedIndegreeRule
        {
            SourceCount = 500,
            TargetCount = 500,
            SamePopulation = true,
            AllowAutapses = false,
            AllowMultapses = false,
            Indegree = 499,
            Key = _key,
        };

        foreach (var target in DrawnSynapses.Of(rule, 100, 110).GroupBy(s => s.Target))
        {
            Assert.Equal(Enumerable.Range(0, 500).Where(s => s != target.Key), target.Select(s => s.Source).Order());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(123_456)]
    public void The_total_number_is_exact(long total)
    {
        var rule = new FixedTotalNumberRule
        {
            SourceCount = 300,
            TargetCount = 300,
            SamePopulation = true,
            AllowAutapses = false,
            Total = total,
            Key = _key,
        };

        var drawn = DrawnSynapses.Of(rule);

        Assert.Equal(total, drawn.Count);
        CheckPairs(rule, drawn, samePopulation: true, autapses: false, multapses: true);
    }

    [Fact]
    public void Probabilities_zero_and_one_are_certain()
    {
        var none = new PairwiseBernoulliRule { SourceCount = 90, TargetCount = 90, Probability = 0, Key = _key };
        var all = new PairwiseBernoulliRule { SourceCount = 90, TargetCount = 90, SamePopulation = true, AllowAutapses = false, Probability = 1, Key = _key };
        var almostNone = new PairwiseBernoulliRule { SourceCount = 90, TargetCount = 90, Probability = double.Epsilon, Key = _key };

        Assert.Empty(DrawnSynapses.Of(none));
        Assert.Empty(DrawnSynapses.Of(almostNone));
        Assert.Equal(90 * 89, DrawnSynapses.Of(all).Count);
        CheckPairs(all, DrawnSynapses.Of(all), samePopulation: true, autapses: false, multapses: false);
    }

    [Fact]
    public void Words_that_are_not_asked_for_do_not_change_the_pairs()
    {
        foreach (var rule in RandomRules.OneOfEach(_key))
        {
            var pairs = new PairsOnly();
            rule.Draw(0, rule.TargetCount, SynapseWords.None, pairs);

            Assert.Equal(DrawnSynapses.Of(rule).Select(s => (s.Source, s.Target)), pairs.All);
        }
    }

    [Fact]
    public void Problems_say_what_was_given_and_what_to_do()
    {
        ConnectionRule[] wrong =
        [
            new AllToAllRule { SourceCount = 0, TargetCount = 5, Key = _key },
            new AllToAllRule { SourceCount = 4, TargetCount = 5, SamePopulation = true, Key = _key },
            new OneToOneRule { SourceCount = 4, TargetCount = 5, Key = _key },
            new OneToOneRule { SourceCount = 5, TargetCount = 5, SamePopulation = true, AllowAutapses = false, Key = _key },
            new FixedIndegreeRule { SourceCount = 4, TargetCount = 5, Indegree = -1, Key = _key },
            new FixedIndegreeRule { SourceCount = 4, TargetCount = 5, Indegree = 5, AllowMultapses = false, Key = _key },
            new FixedIndegreeRule { SourceCount = 1, TargetCount = 1, Indegree = 1, SamePopulation = true, AllowAutapses = false, Key = _key },
            new FixedOutdegreeRule { SourceCount = 4, TargetCount = 5, Outdegree = -1, Key = _key },
            new FixedOutdegreeRule { SourceCount = 4, TargetCount = 5, Outdegree = 6, AllowMultapses = false, Key = _key },
            new FixedOutdegreeRule { SourceCount = 1, TargetCount = 1, Outdegree = 2, SamePopulation = true, AllowAutapses = false, Key = _key },
            new FixedTotalNumberRule { SourceCount = 4, TargetCount = 5, Total = -1, Key = _key },
            new FixedTotalNumberRule { SourceCount = 4, TargetCount = 5, Total = 3, AllowMultapses = false, Key = _key },
            new FixedTotalNumberRule { SourceCount = 4, TargetCount = 5, Total = 1L << 40, Key = _key },
            new PairwiseBernoulliRule { SourceCount = 4, TargetCount = 5, Probability = 1.5, Key = _key },
            new PairwiseBernoulliRule { SourceCount = 4, TargetCount = 5, Probability = double.NaN, Key = _key },
            new ListRule { SourceCount = 4, TargetCount = 5, Sources = [1], Targets = [1, 2], Key = _key },
            new ListRule { SourceCount = 4, TargetCount = 5, Sources = [4], Targets = [1], Key = _key },
            new ListRule { SourceCount = 4, TargetCount = 5, Sources = [1], Targets = [-1], Key = _key },
            new ListRule { SourceCount = 4, TargetCount = 5, Sources = [1, 1], Targets = [2, 2], AllowMultapses = false, Key = _key },
            new ListRule { SourceCount = 5, TargetCount = 5, SamePopulation = true, AllowAutapses = false, Sources = [1], Targets = [1], Key = _key },
        ];
        string[] expected =
        [
            "all_to_all connects 0 sources to 5 targets; both populations need at least one neuron",
            "all_to_all within one population has 4 sources but 5 targets; give equal numbers",
            "one_to_one connects 4 sources to 5 targets; use populations of equal size",
            "one_to_one within one population makes only autapses; allow autapses",
            "fixed_indegree of -1 is negative; use 0 or more",
            "fixed_indegree of 5 without multapses is more than the 4 possible sources; use at most as many, or allow multapses",
            "fixed_indegree of 1 has no source to draw from; allow autapses or use a larger population",
            "fixed_outdegree of -1 is negative; use 0 or more",
            "fixed_outdegree of 6 without multapses is more than the 5 possible targets; use at most as many, or allow multapses",
            "fixed_outdegree of 2 has no target to draw from; allow autapses or use a larger population",
            "fixed_total_number of -1 is negative; use 0 or more",
            "fixed_total_number without multapses is not possible; allow multapses, or use pairwise_bernoulli or fixed_indegree",
            "fixed_total_number of 1099511627776 is more than 1000000000 a target; use at most 5000000000",
            "pairwise_bernoulli with probability 1.5 is not possible; use a number from 0 to 1",
            "pairwise_bernoulli with probability NaN is not possible; use a number from 0 to 1",
            "list has 1 sources but 2 targets; give one of each a synapse",
            "list has source 4 at place 0; use 0 to 3",
            "list has target -1 at place 0; use 0 to 4",
            "list repeats the pair 1, 2 at place 1; leave it out or allow multapses",
            "list connects neuron 1 to itself at place 0; leave it out or allow autapses",
        ];

        Assert.Equal(expected, wrong.Select(r => Assert.Single(r.Problems)));
        Assert.All(wrong, r => Assert.Throws<InvalidOperationException>(() => DrawnSynapses.Of(r)));
    }

    private static void CheckPairs(
        ConnectionRule rule, IReadOnlyList<DrawnSynapse> drawn, bool samePopulation, bool autapses, bool multapses)
    {
        Assert.Equal(drawn.Select(s => s.Target).Order(), drawn.Select(s => s.Target));
        Assert.DoesNotContain(drawn, s => s.Source < 0 || s.Source >= rule.SourceCount || s.Target < 0 || s.Target >= rule.TargetCount);
        if (samePopulation && !autapses)
        {
            Assert.DoesNotContain(drawn, s => s.Source == s.Target);
        }

        if (!multapses)
        {
            Assert.Equal(drawn.Count, drawn.Select(s => (s.Source, s.Target)).Distinct().Count());
        }
    }

    private sealed class PairsOnly : ISynapseSink
    {
        public List<(int Source, int Target)> All { get; } = [];

        public void Take(SynapseBatch batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                All.Add((batch.Sources[i], batch.Targets[i]));
            }
        }
    }
}
