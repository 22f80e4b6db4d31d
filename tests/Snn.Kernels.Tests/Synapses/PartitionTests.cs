using FsCheck;
using FsCheck.Fluent;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>The network does not depend on how the targets are shared out.</summary>
public sealed class PartitionTests
{
    [Fact]
    public void Any_cuts_give_the_same_synapses()
    {
        var cases =
            from kind in Gen.Choose(0, RandomRules.Kinds - 1)
            from sources in Gen.Choose(1, 80)
            from targets in Gen.Choose(1, 80)
            from square in Gen.Choose(0, 1)
            from seed in Gen.Choose(0, int.MaxValue)
            from cuts in Gen.Choose(0, targets).ListOf(6)
            select (kind, sources, square == 1 ? sources : targets, seed, cuts.ToArray());

        Prop.ForAll(cases.ToArbitrary(), c => SameSynapses(c.kind, c.sources, c.Item3, c.seed, c.Item5))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(20_261_122, 3));
    }

    [Fact]
    public void A_rule_that_forgets_the_target_would_be_seen()
    {
        // The canary: the same rule with another key in the second half.
        var whole = DrawnSynapses.Of(Rule(1));
        var halves = DrawnSynapses.Of(Rule(1), 0, 20).Concat(DrawnSynapses.Of(Rule(2), 20, 40));

        Assert.NotEqual(whole, halves);
    }

    [Theory]
    [InlineData(WeightFormat.Single)]
    [InlineData(WeightFormat.Double)]
    [InlineData(WeightFormat.Int16)]
    public void One_to_seven_shards_give_equal_sums_to_the_last_bit(WeightFormat format)
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var network = new RandomNetwork(seed);
            var expected = Sums(network, 1, format, seed);
            for (var shards = 2; shards <= 7; shards++)
            {
                Assert.Equal(expected, Sums(network, shards, format, seed));
            }
        }
    }

    private static FixedIndegreeRule Rule(ulong seed) =>
        new() { SourceCount = 30, TargetCount = 40, Indegree = 10, Key = StreamKey.Derive(seed, "cut") };

    private static bool SameSynapses(int kind, int sources, int targets, int seed, int[] cuts)
    {
        var rule = RandomRules.Make(kind, sources, targets, new Word((ulong)seed), StreamKey.Derive((ulong)seed, "partition"));
        var ends = cuts.Select(c => Math.Min(c, targets)).Append(targets).Order().ToArray();
        var parts = ends.Select((end, i) => DrawnSynapses.Of(rule, i == 0 ? 0 : ends[i - 1], end)).SelectMany(part => part);
        return DrawnSynapses.Of(rule).SequenceEqual(parts);
    }

    /// <summary>Bits of the input of every step, population, sign and target, of all shards one after the other.</summary>
    private static List<long> Sums(RandomNetwork network, int shards, WeightFormat format, ulong seed)
    {
        var perShard = Enumerable.Range(0, shards)
            .Select(shard => Delivered.Steps(network.SourceCount, network.Shard(shard, shards), format, RandomNetwork.InputLength, seed)).ToArray();
        var bits = new List<long>();
        for (var step = 0; step < perShard[0].Count; step++)
        {
            for (var population = 0; population < network.Populations.Length; population++)
            {
                foreach (var column in new[] { 0, RandomNetwork.InputLength / 2 })
                {
                    for (var shard = 0; shard < shards; shard++)
                    {
                        var (first, last) = network.Range(population, shard, shards);
                        bits.AddRange(perShard[shard][step].Skip(column + RandomNetwork.Offset(population)).Take(last - first)
                            .Select(BitConverter.DoubleToInt64Bits));
                    }
                }
            }
        }

        return bits;
    }
}
