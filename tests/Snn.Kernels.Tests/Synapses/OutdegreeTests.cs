using FsCheck;
using FsCheck.Fluent;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>Draws of sources, sorted by target: the synapses are those of the first version of Snn, whatever the sorting costs.</summary>
public sealed class OutdegreeTests
{
    /// <summary>More synapses than are sorted at once. A hash that changes is another network for every file with this connector.</summary>
    [Theory]
    [InlineData(true, true, 746057943467691132UL)]
    [InlineData(false, true, 12068354291681746269UL)]
    [InlineData(true, false, 14251866768863465195UL)]
    [InlineData(false, false, 8308058753250552010UL)]
    public void The_synapses_are_pinned(bool autapses, bool multapses, ulong expected)
    {
        var hash = new Hash();
        Rule(3000, 2000, autapses, multapses).Draw(0, 3000, SynapseWords.Weight | SynapseWords.Delay, hash);
        Assert.Equal((6_000_000, expected), (hash.Count, hash.Value));
    }

    /// <summary>Each block costs a pass over all draws: if there were one for every two million synapses, the time would not be linear in them.</summary>
    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(8_000_000, 4)]
    [InlineData(32_000_000, 4)]
    [InlineData(32_000_000_000, 4)]
    public void However_many_synapses_are_sorted_in_a_few_blocks(long synapses, int blocks)
    {
        const int Targets = 8000;
        var begins = Enumerable.Range(0, Targets + 1).Select(i => synapses / Targets * i).ToArray();
        var split = FixedOutdegreeRule.SplitIntoBlocks(begins).ToList();
        Assert.InRange(split.Count, 1, blocks + 1);
        Assert.Equal(Enumerable.Range(0, Targets), split.SelectMany(b => Enumerable.Range(b.Start, b.End - b.Start)));
    }

    /// <summary>Also where some targets have most of the synapses: two blocks after each other always hold more than one is meant to.</summary>
    [Fact]
    public void Blocks_are_few_for_any_counts() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ArrayOf().ToArbitrary(),
            counts =>
            {
                var begins = new long[counts.Length + 1];
                for (var i = 0; i < counts.Length; i++)
                {
                    begins[i + 1] = begins[i] + counts[i];
                }

                var split = FixedOutdegreeRule.SplitIntoBlocks(begins).ToList();
                Assert.InRange(split.Count, 0, 9);
                Assert.Equal(Enumerable.Range(0, counts.Length), split.SelectMany(b => Enumerable.Range(b.Start, b.End - b.Start)));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>A few draws from very many: forgetting them must not cost a pass over all of them. (It would be 10^11 words here.)</summary>
    [Fact]
    public void Small_subsets_of_a_large_population_are_quick()
    {
        var hash = new Hash();
        new FixedOutdegreeRule { SourceCount = 500_000, TargetCount = 10_000_000, Outdegree = 2, AllowMultapses = false, Key = StreamKey.Derive(1, "few") }
            .Draw(0, 1000, SynapseWords.None, hash);
        Assert.InRange(hash.Count, 50, 150);
    }

    private static FixedOutdegreeRule Rule(int size, int outdegree, bool autapses = true, bool multapses = true) => new()
    {
        SourceCount = size,
        TargetCount = size,
        SamePopulation = true,
        AllowAutapses = autapses,
        AllowMultapses = multapses,
        Outdegree = outdegree,
        Key = StreamKey.Derive(11, "outdegree"),
    };

    /// <summary>FNV-1a over all that a sink can see, in order.</summary>
    private sealed class Hash : ISynapseSink
    {
        public ulong Value { get; private set; } = 0xCBF29CE484222325;

        public long Count { get; private set; }

        public void Take(SynapseBatch batch)
        {
            Count += batch.Count;
            for (var i = 0; i < batch.Count; i++)
            {
                Add((uint)batch.Sources[i]);
                Add((uint)batch.Targets[i]);
                Add(batch.WeightWords[i]);
                Add(batch.DelayWords[i]);
            }
        }

        private void Add(uint word) => Value = (Value ^ word) * 0x100000001B3;
    }
}
