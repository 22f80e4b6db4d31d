using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>A synapse as a shard sees it, and what orders the sums.</summary>
internal readonly record struct NaiveSynapse(int Group, int Source, int DelaySteps, int Projection, int Entry, double Weight, float SingleWeight);

/// <summary>
/// What tables should hold, found the slow and obvious way: one list of all synapses, in the order in which rules draw them.
/// </summary>
internal static class NaiveNetwork
{
    public static List<NaiveSynapse> Synapses(IReadOnlyList<ShardProjection> projections, WeightFormat format)
    {
        var constants = projections.Where(IsConstant).Select(Constant).Distinct().ToList();
        if (constants.Count > 4)
        {
            constants.Clear();
        }

        var greatest = projections.Where(p => !(IsConstant(p) && constants.Contains(Constant(p)))).SelectMany(Extremes).Select(Math.Abs)
            .DefaultIfEmpty(0).Max();
        var all = new List<NaiveSynapse>();
        for (var number = 0; number < projections.Count; number++)
        {
            var p = projections[number];
            var isConstant = IsConstant(p) && constants.Contains(Constant(p));
            foreach (var s in DrawnSynapses.Of(p.Rule, p.FirstTarget, p.LastTarget))
            {
                var weight = p.ListedWeights?[s.Place] ?? p.Weight!.Value.Quantile(s.WeightWord);
                if (format != WeightFormat.Double)
                {
                    weight = p.ListedWeights is null ? Single(p, s) : (float)weight;
                }

                var (stored, single) = isConstant ? (Constant(p), (float)Constant(p)) : Stored(weight, format, greatest);
                var offset = weight >= 0 ? p.OffsetIfPositive : p.OffsetIfNegative;
                all.Add(new NaiveSynapse(
                    isConstant ? constants.IndexOf(Constant(p)) : constants.Count,
                    s.Source,
                    p.ListedDelaySteps?[s.Place] ?? p.Delay!.Steps(s.DelayWord),
                    number,
                    offset + s.Target - p.FirstTarget,
                    stored,
                    single));
            }
        }

        return all;
    }

    private static bool IsConstant(ShardProjection p) =>
        p.ListedWeights is null ? p.Weight!.Value.IsConstant : p.ListedWeights.Distinct().Count() <= 1;

    private static double Constant(ShardProjection p) =>
        p.ListedWeights is null ? p.Weight!.Value.Value : p.ListedWeights.Count == 0 ? 0 : p.ListedWeights[0];

    private static IEnumerable<double> Extremes(ShardProjection p) =>
        p.ListedWeights is { Count: > 0 } listed ? [listed.Min(), listed.Max()]
        : p.ListedWeights is null ? [p.Weight!.Value.Least, p.Weight.Value.Greatest]
        : [0];

    private static double Single(ShardProjection p, DrawnSynapse s)
    {
        Span<float> one = stackalloc float[1];
        p.Weight!.Value.Fill([s.WeightWord], one);
        return one[0];
    }

    /// <summary>A weight as it is stored, and as it is added to a single-precision input.</summary>
    private static (double Weight, float Single) Stored(double weight, WeightFormat format, double greatest)
    {
        if (format != WeightFormat.Int16)
        {
            return (weight, (float)weight);
        }

        var steps = greatest == 0 ? 0 : Math.Round(weight * (32767 / greatest));
        return (steps * (greatest / 32767), (float)steps * (float)(greatest / 32767));
    }
}

/// <summary>Networks of one source population, small, with rules, weights and delays of all kinds.</summary>
internal sealed class RandomNetwork
{
    private readonly Word _word;
    private readonly Func<int, int, ShardProjection>[] _projections;

    public RandomNetwork(ulong seed)
    {
        _word = new Word(seed);
        SourceCount = 1 + _word.Next(60);
        Populations = [SourceCount, .. _word.Many(2, 70).Select(n => n + 1)];
        _projections = [.. Enumerable.Range(0, 1 + _word.Next(6)).Select(i => MakeProjection(i, seed))];
    }

    public int SourceCount { get; }

    /// <summary>Sizes of the target populations.</summary>
    public int[] Populations { get; }

    /// <summary>Input array of a shard: a column for positive weights, then one for negative ones.</summary>
    public static int InputLength => 2 * Column;

    private static int Column => 300;

    /// <summary>The projections as shard <paramref name="shard"/> of <paramref name="shards"/> sees them.</summary>
    public ShardProjection[] Shard(int shard, int shards) => [.. _projections.Select(p => p(shard, shards))];

    /// <summary>Targets of a population in a shard.</summary>
    public (int First, int Last) Range(int population, int shard, int shards) =>
        (Populations[population] * shard / shards, Populations[population] * (shard + 1) / shards);

    /// <summary>Place of a shard's first target of a population in its column of positive weights; the negative ones lie a column further.</summary>
    public static int Offset(int population) => population * 80;

    private Func<int, int, ShardProjection> MakeProjection(int number, ulong seed)
    {
        var population = _word.Next(Populations.Length);
        var rule = RandomRules.Make(
            _word.Next(RandomRules.Kinds), SourceCount, Populations[population], _word, StreamKey.Derive(seed, $"projection {number}"));
        var listLength = (rule as ListRule)?.Sources.Count;
        ValueDistribution weight = _word.Next(5) switch
        {
            0 or 1 => ValueDistribution.Constant(_word.Next(3) - 1),
            2 => ValueDistribution.Constant((_word.Next(2000) - 1000) / 7.0),
            3 => ValueDistribution.Normal(_word.Next(5) - 2, 1 + _word.Next(3)),
            _ => ValueDistribution.Uniform(0, 1 + _word.Next(100)),
        };
        var delay = _word.Coin()
            ? new DelayDistribution(ValueDistribution.Constant(0.1 * (1 + _word.Next(20))), 0.1)
            : new DelayDistribution(ValueDistribution.Uniform(0.1, 0.1 * (2 + _word.Next(20))), 0.1);
        var weights = listLength is not null && _word.Coin()
            ? _word.Many(listLength.Value, 1000).Select(w => (w - 300) / 10.0).ToArray()
            : null;
        var delays = listLength is not null && _word.Coin() ? _word.Many(listLength.Value, 15).Select(d => d + 1).ToArray() : null;
        var bySign = _word.Coin();
        return (shard, shards) =>
        {
            var (first, last) = Range(population, shard, shards);
            return new ShardProjection
            {
                Rule = rule,
                Weight = weight,
                Delay = delay,
                ListedWeights = weights,
                ListedDelaySteps = delays,
                FirstTarget = first,
                LastTarget = last,
                OffsetIfPositive = Offset(population),
                OffsetIfNegative = Offset(population) + (bySign ? Column : 0),
            };
        };
    }
}
