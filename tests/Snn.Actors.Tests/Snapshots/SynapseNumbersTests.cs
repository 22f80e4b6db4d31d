using Snn.Actors.Snapshots;
using Xunit;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>Numbers of more synapses than an array holds.</summary>
public sealed class SynapseNumbersTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(35)]
    public void NumbersComeBackFromAnyPlaceOn(int synapses)
    {
        double[] numbers = [.. Enumerable.Range(0, synapses).Select(i => 1.5 + i)];
        var snapshot = Written(numbers);
        Assert.Equal(Math.Max(1, (synapses + 9) / 10), snapshot.Arrays.Count);
        for (var first = 0; first <= synapses; first++)
        {
            var reader = new SynapseNumbersReader<float>(snapshot, "weight", first);
            var read = new double[synapses - first];
            reader.Read(read.AsSpan(0, read.Length / 2));
            reader.Read(read.AsSpan(read.Length / 2));
            Assert.Equal(numbers[first..], read);
        }
    }

    [Fact]
    public void TooFewAreDamage()
    {
        var reader = new SynapseNumbersReader<float>(Written([1, 2, 3]), "weight", 1);
        Assert.Throws<SnapshotException>(() => reader.Read(new double[3]));
    }

    private static Snapshot Written(double[] numbers)
    {
        var writer = new SynapseNumbersWriter<float>("weight", numbers.Length, mostOfAnArray: 10);
        foreach (var batch in numbers.Chunk(7))
        {
            writer.Append(batch);
        }

        return new Snapshot(
            new SnapshotManifest { Format = 1, Snn = "", Step = 0, TimeMs = 0, Network = "", Dynamics = "", Populations = [], Generation = 0, Recording = new Dictionary<string, long>() },
            writer.Arrays.ToDictionary(a => a.Name));
    }
}
