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
        float[] numbers = [.. Enumerable.Range(0, synapses).Select(i => 1.5f + i)];
        var snapshot = Written(numbers);
        Assert.Equal(Math.Max(1, (synapses + 9) / 10), snapshot.Arrays.Count);
        for (var first = 0; first <= synapses; first++)
        {
            for (var last = first; last <= synapses; last++)
            {
                Assert.Equal(numbers[first..last], Read(snapshot, first, last - first, "<f4"));
            }
        }
    }

    [Theory]
    [InlineData(1, 3, "<f4")]
    [InlineData(9, 1, "<f4")]
    [InlineData(0, 3, "<f8")]
    public void TooFewOrOfAnotherTypeAreDamage(int first, int count, string typeCode)
    {
        var e = Assert.Throws<SnapshotException>(() => Read(Written([1, 2, 3]), first, count, typeCode));
        Assert.Contains($"has not one number {typeCode} a synapse", e.Message);
    }

    /// <summary>Whatever the length of the pieces, and wherever the description ends.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(4096)]
    public void PiecesAreTheFile(int chunkBytes)
    {
        foreach (var count in new[] { 0, 1, 16, 250 })
        {
            var array = SnapshotArray.Of<int>("x", Enumerable.Range(0, count).ToArray());
            var pieces = array.NpyChunks(chunkBytes).Select(c => c.ToArray()).ToArray();
            Assert.All(pieces[..^1], p => Assert.Equal(chunkBytes, p.Length));
            Assert.Equal(array.Data.ToArray(), SnapshotArray.FromNpy("x", pieces.SelectMany(p => p).ToArray()).Data.ToArray());
        }
    }

    private static unsafe float[] Read(Snapshot snapshot, int first, int count, string typeCode)
    {
        using var numbers = new SynapseNumbers(count, sizeof(float));
        numbers.Read(snapshot, "weight", typeCode, first);
        return new Span<float>(numbers.At(0), count).ToArray();
    }

    private static unsafe Snapshot Written(float[] values)
    {
        // Not disposed of: the arrays keep it alive.
        var numbers = new SynapseNumbers(values.Length, sizeof(float));
        values.CopyTo(new Span<float>(numbers.At(0), values.Length));
        return new Snapshot(
            new SnapshotManifest { Format = 1, Snn = "", Step = 0, TimeMs = 0, Network = "", Dynamics = "", Populations = [], Generation = 0, Recording = new Dictionary<string, long>() },
            numbers.Arrays("weight", "<f4", mostOfAnArray: 10).ToDictionary(a => a.Name));
    }
}
