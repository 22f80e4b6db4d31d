using System.Diagnostics;
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

    /// <summary>Four times the synapses in about four times the time: a pass over all draws for every two million of them would take sixteen times.</summary>
    [Fact]
    public void The_time_is_linear()
    {
        var small = Enumerable.Range(0, 2).Min(_ => SecondsOf(Rule(8000, 1000)));
        var large = SecondsOf(Rule(8000, 4000));
        Assert.True(large < 9 * small, $"8 million synapses took {small:0.00} s, 32 million {large:0.00} s");
    }

    /// <summary>A few draws from very many: forgetting them must not cost a pass over all of them. (It would be 10^11 words here.)</summary>
    [Fact]
    public void Small_subsets_of_a_large_population_are_quick()
    {
        var hash = new Hash();
        new FixedOutdegreeRule { SourceCount = 500_000, TargetCount = 10_000_000, Outdegree = 2, AllowMultapses = false, Key = StreamKey.Derive(1, "few") }
            .Draw(0, 1000, SynapseWords.None, hash);
        Assert.InRange(hash.Count, 50, 150);
    }

    private static double SecondsOf(FixedOutdegreeRule rule)
    {
        var start = Stopwatch.GetTimestamp();
        rule.Draw(0, rule.TargetCount, SynapseWords.None, new Nothing());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
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

    private sealed class Nothing : ISynapseSink
    {
        public void Take(SynapseBatch batch)
        {
        }
    }

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
