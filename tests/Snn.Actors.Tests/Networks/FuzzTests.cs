using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Snn.Actors.Networks;
using Xunit;

namespace Snn.Actors.Tests.Networks;

/// <summary>Wrong files never throw and never take long: mutants of all seed networks, with fixed seeds.</summary>
public sealed class FuzzTests
{
    private const int MutantsOfEach = 3000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Seeds() => [.. TestFiles.Seeds()];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Mutants_give_problems_or_a_network(string network)
    {
        var file = Path.Combine(TestFiles.Root, network);
        var text = Small(File.ReadAllText(file));
        var (valid, invalid) = (0, 0);
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var reading = Check(NetworkMutator.Mutate(text, seed), seed, Path.GetDirectoryName(file)!);
            _ = reading.IsValid ? valid++ : invalid++;
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(MutantsOfEach).WithReplay(2024, 1));

        // A mutator that breaks nothing, or everything beyond reading, would test nothing.
        Assert.True(valid > MutantsOfEach / 100, $"{valid} of {MutantsOfEach} mutants are valid");
        Assert.True(invalid > MutantsOfEach / 3, $"{invalid} of {MutantsOfEach} mutants are wrong");
    }

    [Fact]
    public void There_are_enough_mutants() => Assert.True(Seeds().Count * MutantsOfEach >= 20_000);

    /// <summary>What no example has is in the other seeds: a word of the format that is in none would be in no mutant.</summary>
    [Theory]
    [InlineData("all_to_all")]
    [InlineData("one_to_one")]
    [InlineData("fixed_indegree")]
    [InlineData("fixed_outdegree")]
    [InlineData("fixed_total_number")]
    [InlineData("pairwise_bernoulli")]
    [InlineData("list")]
    [InlineData("linear")]
    [InlineData("conv2d")]
    [InlineData("poisson")]
    [InlineData("dc")]
    [InlineData("spike_times")]
    [InlineData("noise")]
    [InlineData("array")]
    [InlineData("half")]
    [InlineData("allow_autapses")]
    [InlineData("allow_multapses")]
    [InlineData("amplitudes")]
    [InlineData("receptor")]
    public void Seeds_have_every_word(string word) =>
        Assert.Contains(TestFiles.Seeds(), s => File.ReadAllText(Path.Combine(TestFiles.Root, s)).Contains($"\"{word}\"", StringComparison.Ordinal));

    [Fact]
    public void A_mutant_is_a_function_of_its_seed()
    {
        var text = File.ReadAllText(Path.Combine(TestFiles.Examples, "brunel.json"));
        Assert.Equal(NetworkMutator.Mutate(text, 7), NetworkMutator.Mutate(text, 7));
        Assert.NotEqual(NetworkMutator.Mutate(text, 7), NetworkMutator.Mutate(text, 8));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_small_seed_is_valid_and_small(string network)
    {
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(TestFiles.SmallSeed(network)), null, Path.GetDirectoryName(Path.Combine(TestFiles.Root, network)));
        Assert.True(reading.IsValid, reading.Format(network));
        Assert.True(NetworkEstimate.Of(reading.Network).Synapses < 150_000);
        Assert.True(reading.Network.DurationSteps * reading.Network.DtMs <= 5.001);
    }

    private static NetworkReading Check(byte[] mutant, int seed, string directory)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var reading = NetworkFile.Read(mutant, null, directory);
            Assert.Equal(reading.IsValid, reading.Problems.Count == 0);
            if (reading.IsValid)
            {
                var estimate = NetworkEstimate.Of(reading.Network);
                Assert.True(double.IsFinite(estimate.Bytes) && estimate.Bytes > 0);
            }

            foreach (var line in reading.Problems.Select(p => p.Format("x.json")))
            {
                Assert.DoesNotContain('\n', line);
                Assert.InRange(line.Length, 10, 3000);
            }

            Assert.True(clock.Elapsed < Longest, $"took {clock.Elapsed}");
            return reading;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"mutant {seed}: {Encoding.UTF8.GetString(mutant)}", error);
        }
    }

    /// <summary>Long arrays make mutants slow to print, not better.</summary>
    private static string Small(string text) => text.Length < 15_000 ? text : NetworkMutator.Shrink(text, 20, 1000);
}
