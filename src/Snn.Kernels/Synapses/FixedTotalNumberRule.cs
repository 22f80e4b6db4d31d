using Snn.Kernels.Random;

namespace Snn.Kernels.Synapses;

/// <summary>
/// A given number of synapses, each between a source and a target that are drawn uniformly from all pairs: in-degrees are multinomial and
/// drawn first, so that a range of targets needs the draws of no other.
/// </summary>
public sealed class FixedTotalNumberRule : ConnectionRule
{
    // In-degrees are drawn for as many targets at a time.
    private const int Block = 4096;

    // Synapses of a target are counted in 32 bits, with room for the spread of their number.
    private const long MaxMeanIndegree = 1_000_000_000;

    /// <inheritdoc/>
    public override string Name => "fixed_total_number";

    /// <summary>Synapses in all.</summary>
    public required long Total { get; init; }

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => (double)Total * (last - first) / TargetCount;

    private protected override IEnumerable<string> FindProblems()
    {
        if (Total < 0)
        {
            yield return Text($"fixed_total_number of {Total} is negative; use 0 or more");
        }

        if (Total / TargetCount > MaxMeanIndegree)
        {
            yield return Text(
                $"fixed_total_number of {Total} is more than {MaxMeanIndegree} a target; use at most {MaxMeanIndegree * TargetCount}");
        }

        if (Total > 0 && SourceCandidates == 0)
        {
            yield return Text($"fixed_total_number of {Total} has no pair to draw from; allow autapses or use a larger population");
        }

        if (!AllowMultapses)
        {
            yield return "fixed_total_number without multapses is not possible; allow multapses, or use pairwise_bernoulli or fixed_indegree";
        }
    }

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        var counts = new long[Math.Min(Block, last - first)];
        for (var start = first; start < last; start += counts.Length)
        {
            var n = Math.Min(counts.Length, last - start);
            SplitCounts.Counts(Key, Total, TargetCount, start, counts.AsSpan(0, n));
            for (var i = 0; i < n; i++)
            {
                var target = start + i;
                FixedIndegreeRule.DrawTarget(Key, target, (int)counts[i], SourceCandidates, ExcludesSelf ? target : -1, writer);
            }
        }
    }
}
