using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Networks;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>
/// Every mutant of every seed network is either refused by the reader or runs: the same mutants as those of the reader's tests, shrunk so that
/// a run takes milliseconds. No exception, no hang, no memory without bounds.
/// </summary>
public sealed class MutantRunTests
{
    private const int MutantsOfEach = 3000;
    private const double MostBytes = 1 << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Seeds => [.. TestFiles.Seeds()];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AMutantIsRefusedOrRuns(string network)
    {
        var text = TestFiles.SmallSeed(network);
        var directory = Path.GetDirectoryName(Path.Combine(TestFiles.Root, network))!;
        var (ran, refused) = (0, 0);
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => _ = RunOf(text, seed, directory) ? ran++ : refused++);
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(MutantsOfEach).WithReplay(2026, 1));
        Assert.True(ran > MutantsOfEach / 100, $"only {ran} of {MutantsOfEach} mutants ran");
        Assert.True(refused > MutantsOfEach / 3, $"only {refused} of {MutantsOfEach} mutants were refused");
    }

    /// <summary>Whether the mutant was run.</summary>
    private static bool RunOf(string text, int seed, string directory)
    {
        var mutant = NetworkMutator.Shrink(Encoding.UTF8.GetString(NetworkMutator.Mutate(text, seed)), 1, 5);
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(mutant), null, directory);
        if (!reading.IsValid || NetworkEstimate.Of(reading.Network).Refusal(MostBytes) is not null)
        {
            return false;
        }

        var network = reading.Network with { DurationSteps = Math.Min(reading.Network.DurationSteps, 50) };
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            Runs.Run(network, threads: 1 + (seed % 2));
        }
        catch (NetworkException refusal)
        {
            // What was drawn does not go together: the user is told so before anything is built.
            Assert.NotEmpty(refusal.Problems);
            return false;
        }
        catch (SimulationException divergence) when (divergence.Message.Contains(" is infinite at ", StringComparison.Ordinal) || divergence.Message.Contains(" is not a number at ", StringComparison.Ordinal))
        {
            // Numbers that are absurd and allowed.
            return true;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"mutant {seed}: {mutant}", error);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(start) < Longest, $"mutant {seed} took too long: {mutant}");
        return true;
    }
}
