namespace Snn.Kernels.Synapses;

/// <summary>
/// Every source draws the same number of targets, uniformly; without multapses, a uniform subset of them. The synapses of a target are
/// ordered by source, then by draw.
/// </summary>
/// <remarks>
/// The draws belong to the sources, so a range of targets must look at all of them: a shard costs as many draws as the whole projection has
/// synapses (times the number of blocks of about two million synapses that its range is cut into), and 32 bytes a synapse of a block.
/// </remarks>
public sealed class FixedOutdegreeRule : ConnectionRule
{
    private const double SynapsesPerBlock = 2 << 20;

    /// <inheritdoc/>
    public override string Name => "fixed_outdegree";

    /// <summary>Synapses a source.</summary>
    public required int Outdegree { get; init; }

    private int TargetCandidates => ExcludesSelf ? TargetCount - 1 : TargetCount;

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => (double)Outdegree * SourceCount / TargetCount * (last - first);

    private protected override IEnumerable<string> FindProblems()
    {
        if (Outdegree < 0)
        {
            yield return Text($"fixed_outdegree of {Outdegree} is negative; use 0 or more");
        }

        if (Outdegree > 0 && TargetCandidates == 0)
        {
            yield return Text($"fixed_outdegree of {Outdegree} has no target to draw from; allow autapses or use a larger population");
        }
        else if (!AllowMultapses && Outdegree > TargetCandidates)
        {
            yield return Text(
                $"fixed_outdegree of {Outdegree} without multapses is more than the {TargetCandidates} possible targets; use at most as many, or allow multapses");
        }
    }

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        if (Outdegree == 0)
        {
            return;
        }

        var width = (int)Math.Clamp(SynapsesPerBlock * (last - first) / ExpectedCount(first, last), 1, last - first);
        for (var start = first; start < last; start += Math.Min(width, last - start))
        {
            var collected = Collect(start, start + Math.Min(width, last - start));
            Array.ForEach(collected, d => Write(d, writer));
        }
    }

    private static void Write(Drawn d, SynapseWriter writer)
    {
        var batch = writer.Batch;
        var at = batch.Count;
        batch.Sources[at] = d.Source;
        batch.WeightWords[at] = d.WeightWord;
        batch.DelayWords[at] = d.DelayWord;
        writer.Commit(1, d.Target);
    }

    /// <summary>All synapses onto the targets [first, last), sorted by target.</summary>
    private Drawn[] Collect(int first, int last)
    {
        // The words are drawn whether or not the sink reads them: they come with the block that gives the target.
        var collector = new Collector(first, last);
        var scratch = new SynapseWriter(SynapseWords.Weight | SynapseWords.Delay, collector);
        var subset = AllowMultapses ? null : new SubsetDraw(TargetCandidates);
        for (var source = 0; source < SourceCount; source++)
        {
            subset?.Clear();
            DrawSource(source, subset, scratch);
        }

        scratch.Flush();
        return collector.SortedByTarget();
    }

    /// <summary>Draws the targets of a source into a batch of drawn neurons (Sources) of one neuron (Targets).</summary>
    private void DrawSource(int source, SubsetDraw? subset, SynapseWriter scratch)
    {
        var self = ExcludesSelf ? source : -1;
        for (var k = 0; k < Outdegree;)
        {
            var n = Math.Min(scratch.Room, Outdegree - k);
            scratch.Draw(Key, (uint)k, (uint)source, DrawPurpose.BySource, n);
            var drawn = scratch.Batch.Sources.AsSpan(scratch.Batch.Count, n);
            if (subset is null)
            {
                UniformDraw.WithReplacement(scratch.High, scratch.Low, TargetCandidates, self, drawn);
            }
            else
            {
                subset.Next(scratch.High, scratch.Low, k, Outdegree, self, drawn);
            }

            scratch.Commit(n, source);
            k += n;
        }
    }

    private readonly record struct Drawn(int Source, int Target, uint WeightWord, uint DelayWord);

    /// <summary>Keeps those draws whose target is in a range.</summary>
    private sealed class Collector(int first, int last) : ISynapseSink
    {
        private readonly List<Drawn> _kept = [];

        public void Take(SynapseBatch batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                // The batch comes from DrawSource: the drawn neuron is the target.
                var target = batch.Sources[i];
                if (target >= first && target < last)
                {
                    _kept.Add(new Drawn(batch.Targets[i], target, batch.WeightWords[i], batch.DelayWords[i]));
                }
            }
        }

        /// <summary>A counting sort, which keeps the order of the synapses of a target.</summary>
        public Drawn[] SortedByTarget()
        {
            var next = new int[last - first + 1];
            foreach (var d in _kept)
            {
                next[d.Target - first + 1]++;
            }

            for (var i = 0; i < last - first; i++)
            {
                next[i + 1] += next[i];
            }

            var sorted = new Drawn[_kept.Count];
            foreach (var d in _kept)
            {
                sorted[next[d.Target - first]++] = d;
            }

            return sorted;
        }
    }
}
