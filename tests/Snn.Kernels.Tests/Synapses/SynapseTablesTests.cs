using FsCheck;
using FsCheck.Fluent;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>That tables hold what the rules draw, in the order that makes one answer.</summary>
public sealed class SynapseTablesTests
{
    private static readonly ValueDistribution _varied = ValueDistribution.Normal(0, 3);
    private static readonly DelayDistribution _delays = new(ValueDistribution.Uniform(0.1, 3), 0.1);

    [Theory]
    [InlineData(WeightFormat.Single)]
    [InlineData(WeightFormat.Double)]
    [InlineData(WeightFormat.Int16)]
    public void Random_networks_are_as_drawn(WeightFormat format)
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var network = new RandomNetwork((ulong)seed);
            var shards = 1 + (seed % 3);
            AssertAsDrawn(network.SourceCount, network.Shard(seed % shards, shards), format);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(77, 5));
    }

    [Theory]
    [InlineData(WeightFormat.Single)]
    [InlineData(WeightFormat.Double)]
    [InlineData(WeightFormat.Int16)]
    public void Many_chunks_and_buckets_are_as_drawn(WeightFormat format) =>
        AssertAsDrawn(3000, [Indegree(3000, 2000, 60, 0, 9000, _varied), Indegree(3000, 500, 90, 3000, 12000, _varied, "b")], format);

    [Fact]
    public void Constant_weights_in_many_chunks_are_as_drawn() =>
        AssertAsDrawn(
            3000,
            [Indegree(3000, 2000, 90, 0, 9000, ValueDistribution.Constant(2)), Indegree(3000, 500, 90, 3000, 12000, ValueDistribution.Constant(-1))],
            WeightFormat.Single);

    [Fact]
    public void More_places_than_an_index_reaches_make_more_tables()
    {
        var projections = new[]
        {
            Indegree(20, 150_000, 2, 100, 200_000, _varied),
            Indegree(20, 1000, 3, 160_000, 165_000, _varied, "b"),
            Indegree(20, 70_000, 1, 1_000_000, 0, ValueDistribution.Constant(1), "c"),
        };

        var tables = AssertAsDrawn(20, projections, WeightFormat.Single);

        // 100 .. 150 100, 160 000 .. 166 000 and 200 000 .. 350 000; then 70 000 places of the constant weight.
        Assert.Equal([100 + (0 * 65536), 100 + 65536, 100 + (2 * 65536), 200_000, 265_536, 331_072], tables.Where(t => !t.IsConstant).Select(t => t.EntryBase));
        Assert.Equal([1_000_000, 1_065_536], tables.Where(t => t.IsConstant).Select(t => t.EntryBase));
    }

    [Fact]
    public void A_column_for_each_sign_makes_one_table_for_each_kind_of_source()
    {
        var sizes = new[] { 20683 / 2, 5834 / 2, 21915 / 2, 5479 / 2 };
        var offset = 0;
        var excitatory = new List<ShardProjection>();
        var inhibitory = new List<ShardProjection>();
        foreach (var size in sizes)
        {
            excitatory.Add(Indegree(50, size, 1, offset, 38_600 + offset, ValueDistribution.Normal(88, 9, 0)));
            inhibitory.Add(Indegree(50, size, 1, offset, 38_600 + offset, ValueDistribution.Normal(-350, 35, double.NegativeInfinity, 0)));
            offset += size;
        }

        Assert.Equal(0, Assert.Single(AssertAsDrawn(50, excitatory, WeightFormat.Single)).EntryBase);

        // The truncated normal ends below zero.
        Assert.Equal(38_600, Assert.Single(AssertAsDrawn(50, inhibitory, WeightFormat.Single)).EntryBase);
    }

    [Fact]
    public void Equal_constants_share_a_table_and_many_constants_share_one_of_varied_weights()
    {
        ShardProjection Constant(int number, double weight) => Indegree(40, 30, 5, 30 * number, 1000, ValueDistribution.Constant(weight), $"{number}");

        var two = AssertAsDrawn(40, [Constant(0, 1.5), Constant(1, 3), Constant(2, 1.5)], WeightFormat.Single);
        var five = AssertAsDrawn(40, [.. Enumerable.Range(0, 5).Select(i => Constant(i, i + 1))], WeightFormat.Single);

        Assert.Equal([1.5, 3], two.Select(t => t.Scale));
        Assert.All(two, t => Assert.True(t.IsConstant));
        Assert.False(Assert.Single(five).IsConstant);
    }

    [Theory]
    [InlineData(8000, 8)]
    [InlineData(200, 4)]
    [InlineData(3, 1)]
    public void Rows_are_padded_only_where_they_are_long(int indegree, int groupSize)
    {
        var tables = AssertAsDrawn(10, [Indegree(10, 10, indegree, 0, 20, _varied)], WeightFormat.Single);

        Assert.Equal(groupSize, Assert.Single(tables).GroupSize);
    }

    [Fact]
    public void Memory_is_accounted_for()
    {
        using var constant = SynapseTables.Build(100, [Indegree(100, 100, 50, 0, 100, ValueDistribution.Constant(1))], WeightFormat.Single);
        using var single = SynapseTables.Build(100, [Indegree(100, 100, 50, 0, 100, _varied)], WeightFormat.Single);

        const int slack = 64;
        var rows = 100 * constant.DelaySteps.Length;
        Assert.Equal(30, constant.DelaySteps.Length);
        Assert.Equal(5000, constant.SynapseCount);
        Assert.Equal((2 * 5000) + (4 * (rows + 1)) + (2 * slack), constant.Bytes);

        // Rows of 1.9 synapses on average are not padded.
        Assert.Equal((6 * 5000) + (4 * (rows + 1)) + (2 * slack), single.Bytes);
    }

    [Theory]
    [InlineData(WeightFormat.Single, false)]
    [InlineData(WeightFormat.Double, false)]
    [InlineData(WeightFormat.Int16, false)]
    [InlineData(WeightFormat.Single, true)]
    public void Building_takes_little_more_than_the_tables(WeightFormat format, bool isConstant)
    {
        var weight = isConstant ? ValueDistribution.Constant(1) : ValueDistribution.Normal(88, 9, 0);

        using var tables = SynapseTables.Build(2000, [Indegree(2000, 2000, isConstant ? 1500 : 700, 0, 0, weight)], format);

        Assert.InRange(tables.BuildBytes, 1.05 * tables.Bytes, 1.3 * tables.Bytes);
    }

    [Fact]
    public void Sixteen_bit_weights_are_within_half_of_their_unit()
    {
        var projection = Indegree(300, 300, 100, 0, 300, _varied);
        var exact = Contents(300, [projection], WeightFormat.Single, out _);
        var rounded = Contents(300, [projection], WeightFormat.Int16, out var tables);
        var unit = Assert.Single(tables).Scale / 32767;

        Assert.Equal(Math.Max(-_varied.Least, _varied.Greatest), unit * 32767, 12);
        var errors = exact.SelectMany(e => e.Value.Zip(rounded[e.Key], (a, b) => Math.Abs(a - b))).ToArray();
        Assert.InRange(errors.Max(), 0.45 * unit, 0.5001 * unit);
        Assert.InRange(errors.Average(), 0.24 * unit, 0.26 * unit);
    }

    [Theory]
    [InlineData(WeightFormat.Single)]
    [InlineData(WeightFormat.Double)]
    public void Each_projection_can_be_read_back(WeightFormat format)
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var projections = new RandomNetwork(seed).Shard(1, 2);
            var expected = NaiveNetwork.Synapses(projections, format).ToLookup(s => s.Projection, s => (s.Source, s.DelaySteps, s.Weight));
            for (var number = 0; number < projections.Length; number++)
            {
                var read = new Readout();
                SynapseReadout.Visit(projections, number, format, read);

                // A constant weight is added in single precision to single-precision inputs, and so it is read.
                Assert.Equal(
                    expected[number].Select(s => (s.Source, s.DelaySteps, format == WeightFormat.Single ? (float)s.Weight : s.Weight)),
                    read.Synapses.Select(s => (s.Source, s.DelaySteps, s.Weight)));
                Assert.Equal(
                    DrawnSynapses.Of(projections[number].Rule, projections[number].FirstTarget, projections[number].LastTarget).Select(s => s.Target),
                    read.Synapses.Select(s => s.Target));
            }
        }
    }

    [Fact]
    public void Sixteen_bit_weights_are_read_back_as_they_are_stored()
    {
        ShardProjection[] projections = [Indegree(40, 40, 10, 0, 40, _varied), Indegree(40, 40, 5, 0, 40, ValueDistribution.Uniform(0, 99), "b")];
        var expected = NaiveNetwork.Synapses(projections, WeightFormat.Int16).ToLookup(s => s.Projection, s => s.Weight);

        for (var number = 0; number < 2; number++)
        {
            var read = new Readout();
            SynapseReadout.Visit(projections, number, WeightFormat.Int16, read);

            Assert.Equal(expected[number], read.Synapses.Select(s => s.Weight));
        }
    }

    [Fact]
    public void A_source_without_targets_has_no_tables()
    {
        using var none = SynapseTables.Build(10, [], WeightFormat.Single);
        using var empty = SynapseTables.Build(10, [Indegree(10, 10, 2, 0, 10, _varied, last: 0)], WeightFormat.Single);

        Assert.Empty(none.Tables);
        Assert.Empty(empty.Tables);
        Assert.Equal((0, 0), (none.MaxDelaySteps, empty.SynapseCount));
    }

    [Fact]
    public void Mistakes_of_the_caller_are_named()
    {
        var good = Indegree(10, 10, 2, 0, 10, _varied);
        var list = new ListRule { SourceCount = 10, TargetCount = 10, Sources = [1], Targets = [1], Key = good.Rule.Key };
        (string Message, ShardProjection Projection)[] wrong =
        [
            ("fixed_indegree has 11 sources in a table of 10", Indegree(11, 10, 2, 0, 10, _varied)),
            ("fixed_indegree is asked for the targets 0 to 11 of 10", Indegree(10, 10, 2, 0, 10, _varied, last: 11)),
            ("fixed_indegree has an input offset outside 0 to 2147483637", Indegree(10, 10, 2, -1, 10, _varied)),
            ("no weights or no delays", Listed(good.Rule, null, [1])),
            ("fixed_indegree has 1 listed weights; list them only for a list", Listed(good.Rule, [1], [1])),
            ("list has 2 listed weights", Listed(list, [1, 2], [1])),
            ("list lists a weight that is not a finite number", Listed(list, [double.NaN], [1])),
            ("list lists delays of 0 to 0 steps; use 1 to 65535", Listed(list, [1], [0])),
        ];

        Assert.All(wrong, w => Assert.Contains(
            w.Message,
            Assert.Throws<ArgumentException>(() => SynapseTables.Build(10, [w.Projection], WeightFormat.Single)).Message,
            StringComparison.Ordinal));
    }

    private static ShardProjection Listed(ConnectionRule rule, double[]? weights, int[]? delays) => new()
    {
        Rule = rule,
        ListedWeights = weights,
        ListedDelaySteps = delays,
        FirstTarget = 0,
        LastTarget = 10,
        OffsetIfPositive = 0,
        OffsetIfNegative = 0,
    };

    private static ShardProjection Indegree(
        int sources, int targets, int indegree, int positive, int negative, ValueDistribution weight, string name = "a", int? last = null) => new()
        {
            Rule = new FixedIndegreeRule { SourceCount = sources, TargetCount = targets, Indegree = indegree, Key = StreamKey.Derive(9, name) },
            Weight = weight,
            Delay = _delays,
            FirstTarget = 0,
            LastTarget = last ?? targets,
            OffsetIfPositive = positive,
            OffsetIfNegative = negative,
        };

    /// <summary>Weights, in their order within a table, of each (source, delay, place); tables in their order.</summary>
    private static Dictionary<(int Source, int Delay, int Entry), List<double>> Contents(
        int sources, IReadOnlyList<ShardProjection> projections, WeightFormat format, out IReadOnlyList<SynapseTable> built)
    {
        using var tables = SynapseTables.Build(sources, projections, format);
        var contents = new Dictionary<(int Source, int Delay, int Entry), List<double>>();
        long count = 0;
        tables.ForEachSynapse((source, entry, delay, weight) =>
        {
            Add(contents, (source, delay, entry), weight);
            count++;
        });
        Assert.Equal(tables.SynapseCount, count);
        built = tables.Tables;
        return contents;
    }

    private static void Add(Dictionary<(int Source, int Delay, int Entry), List<double>> contents, (int Source, int Delay, int Entry) key, double weight)
    {
        if (!contents.TryGetValue(key, out var weights))
        {
            contents[key] = weights = [];
        }

        weights.Add(weight);
    }

    private static IReadOnlyList<SynapseTable> AssertAsDrawn(int sources, IReadOnlyList<ShardProjection> projections, WeightFormat format)
    {
        var contents = Contents(sources, projections, format, out var tables);
        var expected = new Dictionary<(int Source, int Delay, int Entry), List<double>>();
        foreach (var s in NaiveNetwork.Synapses(projections, format).OrderBy(s => s.Group))
        {
            Add(expected, (s.Source, s.DelaySteps, s.Entry), s.Weight);
        }

        Assert.Equal(expected.Count, contents.Count);
        foreach (var (key, weights) in expected)
        {
            Assert.True(contents.TryGetValue(key, out var found) && weights.SequenceEqual(found), $"{key} differs");
        }

        return tables;
    }

    private sealed class Readout : ISynapseVisitor
    {
        public List<(int Source, int Target, int DelaySteps, double Weight)> Synapses { get; } = [];

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, ReadOnlySpan<int> delaySteps)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                Synapses.Add((sources[i], targets[i], delaySteps[i], weights[i]));
            }
        }
    }
}
