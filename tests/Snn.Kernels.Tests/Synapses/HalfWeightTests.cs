using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>What 16 bits cost is foretold right: against the weights of synapses that are drawn and stored.</summary>
public sealed class HalfWeightTests
{
    public static TheoryData<string, double> Weights => new()
    {
        { "lognormal 1", 0 },
        { "lognormal 2", 0.79 },
        { "normal", 0 },
        { "exponential", 3.4e-4 },
        { "beside a lognormal 2", 1 },
    };

    [Theory]
    [MemberData(nameof(Weights))]
    public void The_loss_is_that_of_stored_weights(string name, double zeros)
    {
        var projections = Projections(name);
        var loss = HalfWeightLoss.Of(projections)[^1];
        Assert.InRange(loss.ShareOfZeros, zeros - 0.01, zeros + 0.01);

        var (exact, stored) = (new Values(), new Values());
        SynapseReadout.Visit(projections, projections.Length - 1, WeightFormat.Double, exact);
        SynapseReadout.Visit(projections, projections.Length - 1, WeightFormat.Int16, stored);
        Assert.InRange(stored.All.Count(w => w == 0) / 40_000.0, loss.ShareOfZeros - 0.01, loss.ShareOfZeros + 0.01);

        // The promise of the format, and at the median half a unit as a part of it.
        var errors = exact.All.Zip(stored.All, (e, s) => Math.Abs(e - s)).ToArray();
        Assert.True(errors.Max() <= loss.Unit * 0.51);
        Assert.True(errors.Max() > loss.Unit * 0.4 || zeros == 1);
        Assert.Equal(loss.MedianError, loss.Unit / 2 / exact.All.Select(Math.Abs).Order().ElementAt(20_000), 0.05 * loss.MedianError);
    }

    [Fact]
    public void Constants_of_their_own_lose_nothing_and_zeros_are_no_loss()
    {
        var constants = Enumerable.Range(0, 4).Select(i => Projection(ValueDistribution.Constant(i == 3 ? 1e-9 : i))).ToArray();
        Assert.All(HalfWeightLoss.Of(constants), loss => Assert.Equal(default, loss));

        // A fifth shares a table with the others, of which the nought is as it was.
        ShardProjection[] five = [.. constants, Projection(ValueDistribution.Constant(1e6))];
        Assert.Equal([0, 1, 1, 1, 0], HalfWeightLoss.Of(five).Select(l => l.ShareOfZeros));
    }

    private static ShardProjection[] Projections(string name) => name switch
    {
        "lognormal 1" => [Projection(ValueDistribution.Lognormal(0, 1))],
        "lognormal 2" => [Projection(ValueDistribution.Lognormal(0, 2))],
        "normal" => [Projection(ValueDistribution.Normal(0, 1))],
        "exponential" => [Projection(ValueDistribution.Exponential(1, 0))],
        _ => [Projection(ValueDistribution.Lognormal(0, 2)), Projection(ValueDistribution.Normal(1, 0.1))],
    };

    private static ShardProjection Projection(ValueDistribution weight) => new()
    {
        Rule = new FixedIndegreeRule { SourceCount = 100, TargetCount = 400, Indegree = 100, Key = StreamKey.Derive(3, "half") },
        Weight = weight,
        Delay = new DelayDistribution(ValueDistribution.Constant(1), 0.1),
        FirstTarget = 0,
        LastTarget = 400,
        OffsetIfPositive = 0,
        OffsetIfNegative = 400,
    };

    private sealed class Values : ISynapseVisitor
    {
        public List<double> All { get; } = [];

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<double> weights, ReadOnlySpan<int> delaySteps) =>
            All.AddRange(weights);
    }
}
