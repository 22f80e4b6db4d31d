namespace Snn.Kernels.Synapses;

/// <summary>Source i to target i.</summary>
public sealed class OneToOneRule : ConnectionRule
{
    /// <inheritdoc/>
    public override string Name => "one_to_one";

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => last - first;

    private protected override IEnumerable<string> FindProblems()
    {
        if (SourceCount != TargetCount)
        {
            yield return Text($"one_to_one connects {SourceCount} sources to {TargetCount} targets; use populations of equal size");
        }

        if (ExcludesSelf)
        {
            yield return "one_to_one within one population makes only autapses; allow autapses";
        }
    }

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        for (var target = first; target < last; target++)
        {
            if (writer.NeedsWords)
            {
                writer.Draw(Key, 0, (uint)target, DrawPurpose.ByTarget, 1);
            }

            writer.Batch.Sources[writer.Batch.Count] = target;
            writer.Commit(1, target);
        }
    }
}
