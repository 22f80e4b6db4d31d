using FsCheck;
using FsCheck.Fluent;
using Snn.Kernels.Plasticity;
using Xunit;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>That plastic synapses do what their equations say, and that nothing else shows in the result.</summary>
public sealed class PlasticTablesTests
{
    private static readonly int[] _doubles = [4, 8, 16];
    private static readonly int[] _singles = [8, 16];
    private static readonly bool[] _precisions = [true, false];

    public static TheoryData<string> Models() => [.. SynapseModels.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Synapses_follow_a_literal_replay(string model)
    {
        ForRandom(25, seed =>
        {
            var network = new PlasticCase(seed, SynapseModels.Find(model));
            AssertNear(Replay(network, isDouble: true), network.Run(new PlasticSetting(4, IsDouble: true)), 1e-10);
            AssertNear(Replay(network, isDouble: false), network.Run(new PlasticSetting(8, IsDouble: false)), 2e-4);
        });
    }

    /// <summary>The canary of the replay: the rule of another pairing, or of another delay, is not near.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_replay_with_another_number_is_far(string model)
    {
        var noticed = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var network = new PlasticCase(seed, SynapseModels.Find(model));
            var result = network.Run(new PlasticSetting(4, IsDouble: true));
            var name = network.Values.ContainsKey("tau_minus") ? "tau_minus" : "tau_rec";
            network.Values[name] *= 1.001;
            noticed += Record.Exception(() => AssertNear(Replay(network, isDouble: true), result, 1e-10)) is null ? 0 : 1;
        }

        Assert.True(noticed >= 5, $"noticed {noticed} times in 10");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lanes_do_not_show(bool isDouble)
    {
        ForRandom(80, seed =>
        {
            var network = new PlasticCase(seed);
            var bits = network.Run(new PlasticSetting(1, isDouble)).Bits().ToArray();
            foreach (var lanes in isDouble ? _doubles : _singles)
            {
                Assert.Equal(bits, network.Run(new PlasticSetting(lanes, isDouble)).Bits());
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shards_slices_and_lengths_of_histories_do_not_show(bool isDouble)
    {
        long caughtUp = 0;
        ForRandom(120, seed =>
        {
            var network = new PlasticCase(seed);
            var bits = network.Run(new PlasticSetting(8, isDouble)).Bits().ToArray();
            Assert.Equal(bits, network.Run(new PlasticSetting(8, isDouble, Shards: 2 + (int)(seed % 3))).Bits());
            Assert.Equal(bits, network.Run(new PlasticSetting(8, isDouble, SliceSteps: network.MinDelaySteps)).Bits());
            var frugal = network.Run(new PlasticSetting(8, isDouble, History: 1));
            Assert.Equal(bits, frugal.Bits());
            caughtUp += frugal.RowsCaughtUp;
        });

        // Else short histories were not what was tested.
        Assert.True(caughtUp > 1000, $"{caughtUp} rows");
    }

    /// <summary>Numbers of steps beyond what a float can count.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_time_does_not_show(bool isDouble)
    {
        ForRandom(40, seed =>
        {
            var network = new PlasticCase(seed);
            var bits = network.Run(new PlasticSetting(8, isDouble)).Bits().ToArray();

            // Short-term plasticity starts from a state at time 0, and dopamine is marked every 100 steps.
            if (!network.Model.Name.StartsWith("tsodyks", StringComparison.Ordinal))
            {
                Assert.Equal(bits, network.Run(new PlasticSetting(8, isDouble, FirstStep: 2_096_900)).Bits());
                Assert.Equal(bits, network.Run(new PlasticSetting(8, isDouble, FirstStep: 10_000_000)).Bits());
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_snapshot_on_another_partition_does_not_show(bool isDouble)
    {
        ForRandom(120, seed =>
        {
            var network = new PlasticCase(seed);
            var bits = network.Run(new PlasticSetting(8, isDouble)).Bits().ToArray();
            var step = 1 + (int)(seed % (PlasticCase.Steps - 1));
            var setting = new PlasticSetting(8, isDouble, 1 + (int)(seed % 3), SnapshotStep: step, ShardsAfter: 1 + (int)(seed / 3 % 4));
            Assert.Equal(bits, network.Run(setting).Bits());
            Assert.Equal(bits, network.Run(setting with { History = 1 }).Bits());
        });
    }

    [Fact]
    public void Synapses_start_as_they_are_drawn()
    {
        ForRandom(60, seed =>
        {
            foreach (var isDouble in _precisions)
            {
                var network = new PlasticCase(seed);
                for (var i = 0; i < PlasticCase.Steps; i++)
                {
                    Array.ForEach(network.Pre, t => t[i] = false);
                }

                Assert.Equal(network.Synapses(isDouble), network.Run(new PlasticSetting(8, isDouble, Shards: 2)).Synapses);
            }
        });
    }

    private static void ForRandom(int cases, Action<ulong> test) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => test((ulong)seed))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(77, 5));

    private static PlasticResult Replay(PlasticCase network, bool isDouble)
    {
        var synapses = network.Synapses(isDouble).Select(s => (Start: s, Run: new ReferenceSynapse(network, s).Run())).ToArray();
        var inputs = Enumerable.Range(0, PlasticCase.Steps).Select(_ => new double[network.TargetCount]).ToArray();
        foreach (var (start, run) in synapses)
        {
            for (var step = 0; step < PlasticCase.Steps; step++)
            {
                inputs[step][start.Target] += run.Transmitted[step];
            }
        }

        return new PlasticResult(inputs, [.. synapses.Select(s => s.Start with { Weight = s.Run.Weight })], 0, 0);
    }

    private static void AssertNear(PlasticResult expected, PlasticResult got, double allowed)
    {
        Assert.Equal(expected.Synapses.Length, got.Synapses.Length);
        foreach (var (e, g) in expected.Synapses.Zip(got.Synapses))
        {
            Assert.Equal((e.Source, e.Target, e.DelaySteps), (g.Source, g.Target, g.DelaySteps));
            AssertNear(e.Weight, g.Weight, allowed);
        }

        for (var step = 0; step < PlasticCase.Steps; step++)
        {
            for (var target = 0; target < expected.Inputs[step].Length; target++)
            {
                AssertNear(expected.Inputs[step][target], got.Inputs[step][target], allowed);
            }
        }
    }

    private static void AssertNear(double expected, double got, double allowed) =>
        Assert.True(Math.Abs(got - expected) <= allowed * (1 + Math.Abs(expected)), FormattableString.Invariant($"{got:r} instead of {expected:r}"));
}
