using FsCheck;
using FsCheck.Fluent;
using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Which neurons are a shard's: whole, in order, balanced, and what talks much on one rank.</summary>
public sealed class PartitionTests
{
    public static TheoryData<string> SparseExamples => [.. Runs.Examples.Concat(Runs.LargeExamples).Where(e => !Runs.Example(e).IsLayered)];

    [Fact]
    public void AnEvenCutIsWhatItAlwaysWas()
    {
        var network = Modules.Of(1, 10000);
        Assert.Equal([[0, 3328, 6656, 10000], [0, 832, 1664, 2500]], Bounds(network, Partition.Even(network.Populations, [1, 1], 3)));
    }

    /// <summary>Any populations, projections, hints and layouts.</summary>
    [Fact]
    public void EveryShardOwnsAContiguousAlignedRangeOfEveryPopulation() => ForAnyNetwork((network, layout) =>
    {
        var partition = new SimulationPlan(network).Cut(layout);
        Assert.Equal(layout.Shards, partition.Shards);
        foreach (var (population, bounds) in network.Populations.Zip(Bounds(network, partition)))
        {
            Assert.Equal(0, bounds[0]);
            Assert.Equal(population.Size, bounds[^1]);
            Assert.Equal(bounds.Order(), bounds);
            Assert.All(bounds, b => Assert.True(b % Partition.Alignment == 0 || b == population.Size));
            Assert.True(!population.Model.IsIndivisible || bounds.Distinct().Count() == 2);
        }

        // Populations with one hint are on one rank.
        foreach (var group in network.Populations.Where(p => layout.Ranks > 1 && p.Place is not null).GroupBy(p => p.Place))
        {
            Assert.Single(group.SelectMany(p => RanksOf(partition, layout, p)).Distinct());
        }
    });

    [Fact]
    public void NoRankGetsMuchMoreThanItsShareOfTheWork() => ForAnyNetwork((network, layout) =>
    {
        var plan = new SimulationPlan(network);
        var work = plan.WorkPerNeuron(plan.ExpectedSynapses());
        var share = network.Populations.Sum(p => p.Size * work[p.Index]) / layout.Shards;
        var groups = network.Populations.Where(p => p.Place is not null).GroupBy(p => p.Place).Select(g => g.Sum(p => p.Size * work[p.Index])).DefaultIfEmpty().Max();
        var whole = network.Populations.Where(p => p.Model.IsIndivisible).Select(p => p.Size * work[p.Index]).DefaultIfEmpty().Max();
        var loads = Loads(network, plan.Cut(layout), layout, work);
        for (var rank = 0; rank < layout.Ranks; rank++)
        {
            var shards = layout.FirstShards[rank + 1] - layout.FirstShards[rank];
            // Ranges begin at multiples of 64; what is to be kept together may be more than a share.
            var most = (share * shards * (1 + Placement.Tolerance)) + (2 * Partition.Alignment * work.Max()) + groups + whole;
            Assert.True(loads[rank] <= most, $"rank {rank} has {loads[rank]} of {share * layout.Shards}, more than {most}");
        }
    });

    [Fact]
    public void OneProcessIsCutEvenlyWhateverTheHints() => ForAnyNetwork((network, layout) =>
    {
        var plan = new SimulationPlan(network);
        var even = Partition.Even(network.Populations, plan.WorkPerNeuron(plan.ExpectedSynapses()), layout.Shards);
        Assert.Equal(Bounds(network, even), Bounds(network, plan.Cut(RankLayout.Single(layout.Shards))));
    });

    [Theory]
    [MemberData(nameof(SparseExamples))]
    public void TheExamplesAreCutEvenlyOnAnyNumberOfRanks(string file)
    {
        var plan = new SimulationPlan(Runs.Example(file));
        var work = plan.WorkPerNeuron(plan.ExpectedSynapses());
        foreach (var ranks in new[] { 2, 3, 4, 7, 64 })
        {
            Assert.Equal(
                Bounds(plan.Network, Partition.Even(plan.Network.Populations, work, ranks * 2)),
                Bounds(plan.Network, plan.Cut(Layout([.. Enumerable.Repeat(2, ranks)]))));
        }
    }

    [Theory]
    [InlineData(4, 2, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(4, 4, 3)]
    [InlineData(6, 3, 2)]
    [InlineData(32, 8, 2)]
    public void ModulesAreKeptWhole(int modules, int ranks, int threads)
    {
        var network = Modules.Of(modules, 1280);
        var layout = Layout([.. Enumerable.Repeat(threads, ranks)]);
        var plan = new SimulationPlan(network);
        var partition = plan.Cut(layout);
        var home = network.Populations.Select(p => Assert.Single(RanksOf(partition, layout, p))).Chunk(2).ToArray();
        Assert.All(home, h => Assert.Equal(h[0], h[1]));
        Assert.All(home.GroupBy(h => h[0]), g => Assert.Equal(modules / ranks, g.Count()));

        // A ring can be parted so that each rank has two neighbours.
        var cut = network.Projections.Where(p => home[p.Source.Index / 2][0] != home[p.Target.Index / 2][0]).Sum(p => plan.ExpectedSynapses()[p.Index]);
        Assert.Equal(ranks * 1600, cut);
        // The threads of a rank share each of its populations.
        Assert.All(network.Populations, p => Assert.Equal(threads, Enumerable.Range(0, layout.Shards).Count(s => partition.Count(p.Index, s) > 0)));
    }

    [Fact]
    public void MoreRanksThanModulesShareAModuleBetweenNeighbours()
    {
        var network = Modules.Of(4, 12800);
        var layout = Layout([.. Enumerable.Repeat(1, 16)]);
        var partition = new SimulationPlan(network).Cut(layout);
        Assert.All(network.Populations.Chunk(2), module =>
        {
            var ranks = RanksOf(partition, layout, module[0]);
            Assert.Equal([.. Enumerable.Range(ranks[0] / 4 * 4, 4)], ranks);
            Assert.Equal(ranks, RanksOf(partition, layout, module[1]));
        });
    }

    [Fact]
    public void RanksWithMoreThreadsGetMoreModules()
    {
        var network = Modules.Of(4, 1280);
        var layout = Layout(3, 1);
        var partition = new SimulationPlan(network).Cut(layout);
        Assert.Equal(6, network.Populations.Count(p => RanksOf(partition, layout, p) is [0]));
        Assert.Equal(2, network.Populations.Count(p => RanksOf(partition, layout, p) is [1]));
    }

    [Fact]
    public void ModulesThatCannotBeBalancedAreCutEvenly()
    {
        // One module for two ranks, and three of which one would be half as much again as the other side.
        foreach (var modules in new[] { 1, 3 })
        {
            var network = Modules.Of(modules, 1280);
            var layout = Layout(1, 1);
            var partition = new SimulationPlan(network).Cut(layout);
            Assert.All(network.Populations, p => Assert.Equal([0, 1], RanksOf(partition, layout, p)));
        }
    }

    [Fact]
    public void OthersMakeUpForWhatHintsLeaveUneven()
    {
        // The first module is more than the share of a rank of three; the rest belongs to the other two, in equal parts.
        var network = Modules.Of(2, 12800, m => m == 0 ? 7 : null);
        var layout = Layout(1, 1, 1);
        var plan = new SimulationPlan(network);
        var partition = plan.Cut(layout);
        Assert.Equal([0], RanksOf(partition, layout, network.Populations[0]));
        Assert.Equal([0], RanksOf(partition, layout, network.Populations[1]));
        Assert.Equal([[0, 0, 6400, 12800], [0, 0, 1600, 3200]], Bounds(network, partition)[2..]);
    }

    [Fact]
    public void GroupsAreDealtSoThatTheWorkIsEven()
    {
        // 3 + 1 against 2 + 2 modules: the largest group first, each to the rank with least.
        var network = Modules.Of(8, 1280, m => m switch { < 3 => 10, 3 => 0, < 6 => 5, _ => 6 });
        var layout = Layout(2, 2);
        var plan = new SimulationPlan(network);
        var loads = Loads(network, plan.Cut(layout), layout, plan.WorkPerNeuron(plan.ExpectedSynapses()));
        Assert.Equal(loads[0], loads[1], 1e-6);
    }

    [Fact]
    public void AHintIsPartOfTheNetworkButNotOfItsDynamics()
    {
        var (with, without) = (Modules.Of(2, 400, m => m), Modules.Of(2, 400));
        Assert.Equal(without.DynamicsHash(), with.DynamicsHash());
        Assert.NotEqual(without.Hash(), with.Hash());
        Assert.Equal([0, 0, 1, 1], Runs.FromText(NetworkFile.ToText(with)).Populations.Select(p => p.Place));
    }

    /// <summary>What the search says of its result is so: no more work than allowed, and as many synapses cut as it says. Small graphs: not far from the best there is.</summary>
    [Fact]
    public void ABisectionIsBalancedAndNearTheBest()
    {
        var (cut, best) = (0.0, 0.0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var count = random.Next(2, 11);
            double[] work = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(1, 20))];
            var edges = Enumerable.Range(0, random.Next(0, 30)).Select(_ => (From: random.Next(count), To: random.Next(count), Synapses: (double)random.Next(1, 100))).ToArray();
            var (target, most) = (work.Sum() / 2, work.Sum() * 0.6);
            double Cut(Func<int, bool> right) => edges.Where(e => right(e.From) != right(e.To)).Sum(e => e.Synapses);
            bool Fits(Func<int, bool> right) => work.Where((_, v) => right(v)).Sum() <= most && work.Where((_, v) => !right(v)).Sum() <= most;
            var possible = Enumerable.Range(0, 1 << count).Select(bits => (Func<int, bool>)(v => (bits >> v & 1) == 1)).Where(Fits).Select(Cut).DefaultIfEmpty(-1).Min();
            if (Bisection.Of(PopulationGraph.Of(work, edges), target, most, most) is { } found)
            {
                Assert.True(Fits(v => found.IsRight[v]));
                Assert.Equal(Cut(v => found.IsRight[v]), found.Cut);
                cut += found.Cut;
                best += possible;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(7, 11));
        Assert.InRange(cut, best, 1.1 * best);
    }

    /// <summary>Runs a test on networks of some populations that are connected at random, in clusters or without, with hints or without, on any layout.</summary>
    private static void ForAnyNetwork(Action<Network, RankLayout> test) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var (count, clusters, hints) = (random.Next(1, 13), random.Next(1, 4), random.Next(3));
            var builder = new NetworkBuilder("any") { Duration = 1 };
            for (var p = 0; p < count; p++)
            {
                var isWhole = random.Next(10) == 0;
                var population = builder.Population($"P{p}", random.Next(1, 3000), isWhole ? "leaky" : "iaf_psc_delta");
                population = isWhole ? population.Param("inhibition", true) : population;
                _ = hints == 0 || random.Next(hints) == 0 ? population : population.Place(random.Next(4));
            }

            for (var i = 0; i < 3 * count; i++)
            {
                var (from, to) = (random.Next(count), random.Next(count));
                if (from % clusters == to % clusters || random.Next(10) == 0)
                {
                    builder.Projection($"P{from}", $"P{to}").FixedIndegree(random.Next(1, 2000)).Weight(1).AllowAutapses(true).AllowMultapses(true);
                }
            }

            test(builder.Build(), Layout([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(1, 4))]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(5, 9));

    private static RankLayout Layout(params int[] threads) => new(0, [0, .. threads.Select((_, r) => threads[..(r + 1)].Sum())]);

    private static int[][] Bounds(Network network, Partition partition) =>
        [.. network.Populations.Select(p => Enumerable.Range(0, partition.Shards).Select(s => partition.First(p.Index, s)).Append(p.Size).ToArray())];

    private static int[] RanksOf(Partition partition, RankLayout layout, Population population) =>
        [.. Enumerable.Range(0, layout.Ranks).Where(r => layout.Neurons(partition, population.Index, r) > 0)];

    private static double[] Loads(Network network, Partition partition, RankLayout layout, double[] work) =>
        [.. Enumerable.Range(0, layout.Ranks).Select(r => network.Populations.Sum(p => layout.Neurons(partition, p.Index, r) * work[p.Index]))];
}
