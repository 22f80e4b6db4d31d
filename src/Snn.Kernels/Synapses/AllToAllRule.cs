namespace Snn.Kernels.Synapses;

/// <summary>Every source to every target, except to itself where autapses are not allowed.</summary>
public sealed class AllToAllRule : ConnectionRule
{
    /// <inheritdoc/>
    public override string Name => "all_to_all";

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => (double)SourceCandidates * (last - first);

    private protected override IEnumerable<string> FindProblems() => [];

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        for (var target = first; target < last; target++)
        {
            DrawTarget(target, writer);
        }
    }

    private void DrawTarget(int target, SynapseWriter writer)
    {
        var self = ExcludesSelf ? target : int.MaxValue;
        for (var k = 0; k < SourceCandidates;)
        {
            var n = Math.Min(writer.Room, SourceCandidates - k);
            if (writer.NeedsWords)
            {
                writer.Draw(Key, (uint)k, (uint)target, DrawPurpose.ByTarget, n);
            }

            var sources = writer.Batch.Sources.AsSpan(writer.Batch.Count, n);
            for (var i = 0; i < n; i++)
            {
                sources[i] = k + i >= self ? k + i + 1 : k + i;
            }

            writer.Commit(n, target);
            k += n;
        }
    }
}
