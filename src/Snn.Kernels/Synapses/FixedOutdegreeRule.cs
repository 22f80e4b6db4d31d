namespace Snn.Kernels.Synapses;

/// <summary>
/// Every source draws the same number of targets, uniformly; without multapses, a uniform subset of them. The synapses of a target are
/// ordered by source, then by draw.
/// </summary>
/// <remarks>
/// The draws belong to the sources, so a range of targets must look at all of them: the whole projection is drawn once to count the synapses of each
/// target of the range, and once more for each block of targets, whose synapses are sorted by target as they come. There are few blocks, so that the time
/// is linear in the synapses of the projection; a synapse of a block takes 4 to 12 bytes meanwhile (<see cref="WaitingBytes"/>).
/// </remarks>
public sealed class FixedOutdegreeRule : ConnectionRule
{
    /// <summary>Synapses that are sorted at once, at least: their arrays are not much larger than a second-level cache.</summary>
    private const long LeastPerBlock = 2 << 20;

    /// <summary>Blocks of a range, about: each costs a pass over all draws, fewer cost more memory.</summary>
    private const int Blocks = 4;

    /// <inheritdoc/>
    public override string Name => "fixed_outdegree";

    /// <summary>Synapses a source.</summary>
    public required int Outdegree { get; init; }

    private int TargetCandidates => ExcludesSelf ? TargetCount - 1 : TargetCount;

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) => (double)Outdegree * SourceCount / TargetCount * (last - first);

    /// <summary>Bytes that sorting some synapses takes for the time of the draw, at most.</summary>
    /// <param name="synapses">Synapses of a range of targets.</param>
    /// <param name="targets">Targets of the range.</param>
    public static double WaitingBytes(double synapses, double targets) =>
        (Math.Min(synapses, Math.Max(LeastPerBlock, synapses / Blocks)) * (sizeof(int) + (2 * sizeof(uint)))) + (targets * sizeof(long));

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

        var begins = Begins(first, last, writer.Stop);
        foreach (var (start, end) in SplitIntoBlocks(begins))
        {
            using var block = new Block(first + start, begins.AsSpan(start, end - start + 1), writer);
            DrawSources(block, writer.Stop);
            block.WriteTo(writer);
        }
    }

    /// <summary>Ranges of targets whose synapses are sorted at once, each for the price of a pass over all draws: never many more than <see cref="Blocks"/>.</summary>
    /// <param name="begins">Where the synapses of each target begin, and the last ones end. [target - first]</param>
    internal static IEnumerable<(int Start, int End)> SplitIntoBlocks(long[] begins)
    {
        var capacity = Math.Max(LeastPerBlock, (begins[^1] + Blocks - 1) / Blocks);
        var targets = begins.Length - 1;
        for (var start = 0; start < targets;)
        {
            var end = start + 1;
            while (end < targets && begins[end + 1] - begins[start] <= capacity)
            {
                end++;
            }

            yield return (start, end);
            start = end;
        }
    }

    /// <summary>Where the synapses of each target begin, and the last ones end, if they are sorted by target. [target - first]</summary>
    private long[] Begins(int first, int last, CancellationToken stop)
    {
        var counter = new Counter(first, last);
        DrawSources(counter, stop);
        var begins = counter.Counts;
        long begin = 0;
        for (var i = 0; i < begins.Length; i++)
        {
            (begins[i], begin) = (begin, begin + begins[i]);
        }

        return begins;
    }

    /// <summary>Draws the targets of all sources, in batches of drawn neurons (Sources) of one neuron each (Targets).</summary>
    private void DrawSources(ISynapseSink sink, CancellationToken stop)
    {
        // The words are drawn whether or not anybody reads them: they come with the block that gives the target.
        var scratch = new SynapseWriter(SynapseWords.Weight | SynapseWords.Delay, sink, stop);
        var subset = AllowMultapses ? null : new SubsetDraw(TargetCandidates, Outdegree);
        for (var source = 0; source < SourceCount; source++)
        {
            subset?.Clear();
            DrawSource(source, subset, scratch);
        }

        scratch.Flush();
    }

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
                subset.Next(scratch.High, scratch.Low, k, self, drawn);
            }

            scratch.Commit(n, source);
            k += n;
        }
    }

    /// <summary>Counts the synapses of each target of a range.</summary>
    private sealed class Counter(int first, int last) : ISynapseSink
    {
        /// <summary>[target - first], and a zero.</summary>
        public long[] Counts { get; } = new long[last - first + 1];

        public void Take(SynapseBatch batch)
        {
            var counts = Counts;
            var count = (uint)(last - first);
            foreach (var target in batch.Sources.AsSpan(0, batch.Count))
            {
                var place = (uint)(target - first);
                if (place < count)
                {
                    counts[place]++;
                }
            }
        }
    }

    /// <summary>The synapses of some targets, each put into its place as it is drawn: of a target, in the order of the draws.</summary>
    private sealed unsafe class Block : ISynapseSink, IDisposable
    {
        private readonly int _first;
        private readonly int[] _next;
        private readonly NativeArray<int> _sources;
        private readonly NativeArray<uint>? _weightWords;
        private readonly NativeArray<uint>? _delayWords;

        /// <param name="first">First target.</param>
        /// <param name="begins">Where the synapses of each target begin, and the last ones end. [target - first]</param>
        /// <param name="writer">Tells which words are asked for.</param>
        public Block(int first, ReadOnlySpan<long> begins, SynapseWriter writer)
        {
            _first = first;
            _next = new int[begins.Length - 1];
            for (var i = 0; i < _next.Length; i++)
            {
                _next[i] = checked((int)(begins[i] - begins[0]));
            }

            const string What = "Synapses waiting to be sorted by target";
            var count = checked((int)(begins[^1] - begins[0]));
            _sources = new NativeArray<int>(count, What);
            _weightWords = writer.Needs(SynapseWords.Weight) ? new NativeArray<uint>(count, What) : null;
            _delayWords = writer.Needs(SynapseWords.Delay) ? new NativeArray<uint>(count, What) : null;
        }

        /// <inheritdoc/>
        public void Take(SynapseBatch batch)
        {
            // The batch comes from DrawSource: the drawn neuron is the target.
            var targets = batch.Sources.AsSpan(0, batch.Count);
            var next = _next;
            var sources = _sources.Pointer;
            var weightWords = _weightWords is null ? null : _weightWords.Pointer;
            var delayWords = _delayWords is null ? null : _delayWords.Pointer;
            for (var i = 0; i < targets.Length; i++)
            {
                var place = (uint)(targets[i] - _first);
                if (place >= (uint)next.Length)
                {
                    continue;
                }

                var at = next[place]++;
                sources[at] = batch.Targets[i];
                if (weightWords != null)
                {
                    weightWords[at] = batch.WeightWords[i];
                }

                if (delayWords != null)
                {
                    delayWords[at] = batch.DelayWords[i];
                }
            }
        }

        /// <summary>Once all is drawn: hands the synapses over, target by target.</summary>
        public void WriteTo(SynapseWriter writer)
        {
            var begin = 0;
            for (var place = 0; place < _next.Length; place++)
            {
                // Each target's next place has arrived at its end.
                for (var end = _next[place]; begin < end;)
                {
                    var n = Math.Min(writer.Room, end - begin);
                    Copy(_sources, begin, writer.Batch.Sources.AsSpan(writer.Batch.Count, n));
                    Copy(_weightWords, begin, writer.Batch.WeightWords.AsSpan(writer.Batch.Count, n));
                    Copy(_delayWords, begin, writer.Batch.DelayWords.AsSpan(writer.Batch.Count, n));
                    writer.Commit(n, _first + place);
                    begin += n;
                }
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _sources.Dispose();
            _weightWords?.Dispose();
            _delayWords?.Dispose();
        }

        private static void Copy<T>(NativeArray<T>? from, int begin, Span<T> to)
            where T : unmanaged
        {
            if (from is not null)
            {
                new ReadOnlySpan<T>(from.Pointer + begin, to.Length).CopyTo(to);
            }
        }
    }
}
