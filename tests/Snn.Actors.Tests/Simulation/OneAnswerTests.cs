using System.Text.Json;
using Snn.Actors.Simulation;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Promise 1: network and seed decide every spike. Each example has one hash, whatever the threads, lanes or order of messages.</summary>
public sealed class OneAnswerTests
{
    private static readonly string HashFile = Path.Combine(TestData.Folder, "spike-hashes.json");

    public static TheoryData<string> AllExamples => [.. Runs.Examples];

    [Theory]
    [MemberData(nameof(AllExamples))]
    public void AnExampleHasItsRecordedHash(string file)
    {
        var result = Runs.Run(Runs.Example(file), threads: 2);
        if (Environment.GetEnvironmentVariable("SNN_RECORD_HASHES") == "1")
        {
            Record(file, result.SpikeHash);
        }

        Assert.Equal(Recorded()[file], result.SpikeHash.ToString("x16"));
        Assert.Equal(0, result.AllocatedBytes);
        Assert.Contains(result.Populations, p => p.Spikes > 0);
    }

    public static TheoryData<string> LargeExamples => [.. Runs.LargeExamples];

    /// <summary>Of the examples that are too large to be run many times, the beginning; on three threads, and on as many as there are.</summary>
    [Theory]
    [MemberData(nameof(LargeExamples))]
    public void ALargeExampleHasTheHashOfItsBeginning(string file)
    {
        const double BeginningMs = 20;
        var key = FormattableString.Invariant($"{file}, {BeginningMs} ms");
        var result = Runs.Run(Runs.Example(file, BeginningMs), threads: 3);
        if (Environment.GetEnvironmentVariable("SNN_RECORD_HASHES") == "1")
        {
            Record(key, result.SpikeHash);
        }

        Assert.Contains(result.Populations, p => p.Spikes > 0);
        Assert.Equal(Recorded()[key], result.SpikeHash.ToString("x16"));
        Assert.Equal(Recorded()[key], Runs.Run(Runs.Example(file, BeginningMs), threads: 0).SpikeHash.ToString("x16"));
    }

    [Theory]
    [MemberData(nameof(AllExamples))]
    public void ThreadsAndRepetitionChangeNothing(string file)
    {
        foreach (var threads in new[] { 1, 2, 3, 5, 2 })
        {
            Assert.Equal(Recorded()[file], Runs.Run(Runs.Example(file), threads).SpikeHash.ToString("x16"));
        }
    }

    [Theory]
    [MemberData(nameof(AllExamples))]
    public void TheAsynchronousClockChangesNothing(string file)
    {
        foreach (var threads in new[] { 2, 5 })
        {
            var result = Runs.Run(Runs.Example(file), new SimulationOptions { Threads = threads, Clock = ClockPolicy.Async });
            Assert.Equal(Recorded()[file], result.SpikeHash.ToString("x16"));
            Assert.Equal(0, result.AllocatedBytes);
        }
    }

    [Theory]
    [MemberData(nameof(AllExamples))]
    public void LanesChangeNothing(string file)
    {
        foreach (var lanes in new[] { 1, 8, 16 })
        {
            Assert.Equal(Recorded()[file], Runs.Run(Runs.Example(file), threads: 2, lanes).SpikeHash.ToString("x16"));
        }
    }

    [Theory]
    [MemberData(nameof(AllExamples))]
    public void NoOrderOfMessagesChangesAnything(string file)
    {
        // Long enough that every delay line is in use; the orders differ from the first slice on.
        var network = Runs.Example(file, durationMs: file.StartsWith("adex", StringComparison.Ordinal) ? 200 : 30);
        var expected = Runs.Run(network, threads: 2);
        Assert.True(expected.Populations.Sum(p => p.Spikes) > 0);
        for (ulong seed = 0; seed < 100; seed++)
        {
            var shards = 1 + (int)(seed % 4);
            Assert.Equal(expected.SpikeHash, Runs.Run(network, shards, dispatcherSeed: seed).SpikeHash);
        }
    }

    [Fact]
    public void AnotherSeedIsAnotherAnswer()
    {
        var one = Runs.Run(Runs.Example("brunel-small.json"));
        var other = Runs.Run(Runs.Example("brunel-small.json", seed: "54321"));
        Assert.NotEqual(one.SpikeHash, other.SpikeHash);
    }

    [Fact]
    public void TheHashSeesASingleSpike()
    {
        var all = Snn.Actors.Recording.SpikeHash.Of(17, 1, [3, 4, 9]);
        Assert.NotEqual(all, Snn.Actors.Recording.SpikeHash.Of(17, 1, [3, 9]));
        Assert.NotEqual(all, Snn.Actors.Recording.SpikeHash.Of(18, 1, [3, 4, 9]));
        Assert.NotEqual(all, Snn.Actors.Recording.SpikeHash.Of(17, 0, [3, 4, 9]));
        Assert.NotEqual(all, Snn.Actors.Recording.SpikeHash.Of(17, 1, [3, 4, 10]));
    }

    private static Dictionary<string, string> Recorded() => File.Exists(HashFile)
        ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(HashFile))!
        : [];

    private static void Record(string file, ulong hash)
    {
        var all = new SortedDictionary<string, string>(Recorded(), StringComparer.Ordinal) { [file] = hash.ToString("x16") };
        File.WriteAllText(HashFile, JsonSerializer.Serialize(all, JsonSerializerOptions.Web) + "\n");
    }
}
