using Snn.Actors.Recording;
using Xunit;

namespace Snn.Actors.Tests.Recording;

public class SpikeStatisticsTests
{
    [Fact]
    public void TheCvIsThatOfTheIntervalsOfNeuronsWithTwo()
    {
        var shards = new[] { new SpikeTrainStatistics(0, 2), new SpikeTrainStatistics(2, 2) };
        int[][] trains = [[0, 10, 20, 30], [5, 15, 35], [1, 2], []];
        for (var step = 0; step < 40; step++)
        {
            shards[0].Add(step, [.. Enumerable.Range(0, 2).Where(n => trains[n].Contains(step))]);
            shards[1].Add(step, [.. Enumerable.Range(2, 2).Where(n => trains[n].Contains(step))]);
        }

        // Neuron 0 is regular; neuron 1 has intervals 10 and 20: mean 15, standard deviation 5. The others have fewer than two.
        Assert.Equal((0 + (5.0 / 15)) / 2, SpikeTrainStatistics.MeanCv(shards)!.Value, 1e-12);
        Assert.Equal(9, shards.Sum(s => s.Spikes));
        Assert.Null(SpikeTrainStatistics.MeanCv([shards[1]]));
    }

    [Fact]
    public void TheHashIsThatOfTheSetWhoeverAddsInWhateverOrder()
    {
        var spikes = from step in Enumerable.Range(0, 50) from population in Enumerable.Range(0, 3) from neuron in Enumerable.Range(0, 20) select (step, population, neuron);
        var forward = spikes.Aggregate(0UL, (h, s) => h + SpikeHash.Of(s.step, s.population, s.neuron));
        var backward = spikes.Reverse().Aggregate(0UL, (h, s) => h + SpikeHash.Of(s.step, s.population, [s.neuron]));
        Assert.Equal(forward, backward);
        Assert.Equal(3000, spikes.Select(s => SpikeHash.Of(s.step, s.population, s.neuron)).Distinct().Count());
    }

    /// <summary>The hash is written into files and compared between versions: these numbers must stay.</summary>
    [Fact]
    public void TheHashStays()
    {
        Assert.Equal(KnownFirst, SpikeHash.Of(0, 0, 1));
        Assert.Equal(KnownLast, SpikeHash.Of(123_456_789_012, 7, 65_537));
    }

    /// <summary>A spike that moves by a step, a neuron or a population changes the hash; so do two spikes that swap their neurons.</summary>
    [Fact]
    public void EveryPartOfASpikeMatters()
    {
        var hash = SpikeHash.Of(5, 1, 7) + SpikeHash.Of(9, 1, 8);
        Assert.NotEqual(hash, SpikeHash.Of(6, 1, 7) + SpikeHash.Of(9, 1, 8));
        Assert.NotEqual(hash, SpikeHash.Of(5, 0, 7) + SpikeHash.Of(9, 1, 8));
        Assert.NotEqual(hash, SpikeHash.Of(5, 1, 8) + SpikeHash.Of(9, 1, 7));
    }

    // From an independent computation, in Python: see the definition in docs/command-line.md.
    private const ulong KnownFirst = 0x8209B480FAED1B10;
    private const ulong KnownLast = 0x9DC99C22B35D796E;
}
