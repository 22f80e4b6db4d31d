using Snn.Kernels.Random;

namespace Snn.Kernels.Synapses;

/// <summary>Every target draws the same number of sources, uniformly; without multapses, a uniform subset of them.</summary>
public sealed class FixedIndegreeRule : ConnectionRule
{
    /// <inheritdoc/>
    public override string Name => "fixed_indegree";

    /// <summary>Synapses a target.</summary>
    public required int Indegree { get; init; }

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => (double)Indegree * (last - first);

    /// <summary>Writes <paramref name="count"/> synapses onto a target, their sources drawn with replacement.</summary>
    internal static void DrawTarget(StreamKey key, int target, int count, int candidates, int self, SynapseWriter writer)
    {
        for (var k = 0; k < count;)
        {
            var n = Math.Min(writer.Room, count - k);
            writer.Draw(key, (uint)k, (uint)target, DrawPurpose.ByTarget, n);
            UniformDraw.WithReplacement(
                writer.High, writer.Low, candidates, self, writer.Batch.Sources.AsSpan(writer.Batch.Count, n));
            writer.Commit(n, target);
            k += n;
        }
    }

    private protected override IEnumerable<string> FindProblems()
    {
        if (Indegree < 0)
        {
            yield return Text($"fixed_indegree of {Indegree} is negative; use 0 or more");
        }

        if (Indegree > 0 && SourceCandidates == 0)
        {
            yield return Text($"fixed_indegree of {Indegree} has no source to draw from; allow autapses or use a larger population");
        }
        else if (!AllowMultapses && Indegree > SourceCandidates)
        {
            yield return Text(
                $"fixed_indegree of {Indegree} without multapses is more than the {SourceCandidates} possible sources; use at most as many, or allow multapses");
        }
    }

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        if (AllowMultapses)
        {
            for (var target = first; target < last; target++)
            {
                DrawTarget(Key, target, Indegree, SourceCandidates, ExcludesSelf ? target : -1, writer);
            }
        }
        else
        {
            var subset = new SubsetDraw(SourceCandidates, Indegree);
            for (var target = first; target < last; target++)
            {
                DrawSubset(target, subset, writer);
            }
        }
    }

    private void DrawSubset(int target, SubsetDraw subset, SynapseWriter writer)
    {
        subset.Clear();
        for (var k = 0; k < Indegree;)
        {
            var n = Math.Min(writer.Room, Indegree - k);
            writer.Draw(Key, (uint)k, (uint)target, DrawPurpose.ByTarget, n);
            var sources = writer.Batch.Sources.AsSpan(writer.Batch.Count, n);
            subset.Next(writer.High, writer.Low, k, ExcludesSelf ? target : -1, sources);
            writer.Commit(n, target);
            k += n;
        }
    }
}
