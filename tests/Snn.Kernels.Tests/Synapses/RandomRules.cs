using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>A sequence of random numbers for making test cases: never the generator that is being tested.</summary>
internal sealed class Word(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A whole number in [0, range): SplitMix64.</summary>
    public int Next(int range)
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)Math.BigMul(z ^ (z >> 31), (ulong)range, out _);
    }

    public bool Coin() => Next(2) == 1;

    public int[] Many(int count, int range) => [.. Enumerable.Range(0, count).Select(_ => Next(range))];
}

/// <summary>Rules of every kind, small.</summary>
internal static class RandomRules
{
    public const int Kinds = 7;

    public static IEnumerable<ConnectionRule> OneOfEach(StreamKey key) =>
        Enumerable.Range(0, Kinds).Select(kind => Make(kind, 50, 50, new Word((ulong)kind), key));

    /// <summary>A sound rule of a kind.</summary>
    public static ConnectionRule Make(int kind, int sources, int targets, Word word, StreamKey key)
    {
        var same = sources == targets && word.Coin();
        var autapses = sources == 1 || word.Coin();
        var multapses = word.Coin();
        var possible = same && !autapses ? sources - 1 : sources;
        var possibleTargets = same && !autapses ? targets - 1 : targets;
        var length = word.Next(200);
        return kind switch
        {
            0 => new AllToAllRule { SourceCount = sources, TargetCount = targets, SamePopulation = same, AllowAutapses = autapses, Key = key },
            1 => sources == targets
                ? new OneToOneRule { SourceCount = sources, TargetCount = targets, Key = key }
                : new AllToAllRule { SourceCount = sources, TargetCount = targets, Key = key },
            2 => new FixedIndegreeRule
            {
                SourceCount = sources,
                TargetCount = targets,
                SamePopulation = same,
                AllowAutapses = autapses,
                AllowMultapses = multapses,
                Indegree = word.Next(possible + 1),
                Key = key,
            },
            3 => new FixedOutdegreeRule
            {
                SourceCount = sources,
                TargetCount = targets,
                SamePopulation = same,
                AllowAutapses = autapses,
                AllowMultapses = multapses,
                Outdegree = word.Next(possibleTargets + 1),
                Key = key,
            },
            4 => new FixedTotalNumberRule
            {
                SourceCount = sources,
                TargetCount = targets,
                SamePopulation = same,
                AllowAutapses = autapses,
                Total = word.Next(3000),
                Key = key,
            },
            5 => new PairwiseBernoulliRule
            {
                SourceCount = sources,
                TargetCount = targets,
                SamePopulation = same,
                AllowAutapses = autapses,
                Probability = word.Next(1001) / 1000.0,
                Key = key,
            },
            _ => new ListRule
            {
                SourceCount = sources,
                TargetCount = targets,
                Sources = word.Many(length, sources),
                Targets = word.Many(length, targets),
                Key = key,
            },
        };
    }
}
