using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>Time constants of a rule of pairs or triplets, as dt over the time constant.</summary>
/// <param name="Plus">Trace of the source.</param>
/// <param name="Minus">Trace of the target.</param>
/// <param name="PlusSlow">Slow trace of the source.</param>
/// <param name="MinusSlow">Slow trace of the target; 0: there are no slow ones.</param>
internal readonly record struct StdpSlopes(double Plus, double Minus, double PlusSlow = 0, double MinusSlow = 0);

/// <summary>
/// The loop around a rule of pairs or triplets. A row is read and written once for each spike of its source: spikes of the targets since the last one
/// facilitate, oldest first, then the spike depresses, then the weights are added to the input.
/// </summary>
/// <remarks>
/// A lane is a synapse. Rows are worked on in chunks that stay in the first-level cache. Nearly every synapse of a chunk has some spike of its target to
/// take in, so the latest is done for all lanes; older ones are rare and of different number from lane to lane, so they are first listed, and then
/// done densely. A synapse's arithmetic is the same in every lane and at every place, and a spike acts through the time since the source's last spike
/// alone: so neither the width nor the number of visits to a row shows in the result.
/// </remarks>
/// <typeparam name="L">Lanes.</typeparam>
/// <typeparam name="TRule">Equations.</typeparam>
/// <typeparam name="TPairing">Which pairs count.</typeparam>
internal sealed unsafe class StdpKernel<L, TRule, TPairing>(TRule rule, StdpSlopes slopes) : PlasticKernel
    where L : unmanaged, ILanes<L>
    where TRule : struct, IStdpRule<L>
    where TPairing : struct, IPairing
{
    private const double Log2E = 1.4426950408889634;

    // Spikes of a target, latest first, as numbers of the columns of older times.
    private const int Third = 0;
    private const int OldestInRecords = Third + (ArrivedSpikes.OlderBlocks * ArrivedSpikes.Record);
    private const int Forgotten = OldestInRecords + 2;

    private readonly TRule _rule = rule;

    /// <inheritdoc/>
    public override bool IsDouble => L.IsDouble;

    /// <inheritdoc/>
    public override int SourceNumbers => TRule.HasSlowTraces ? 2 : 1;

    /// <inheritdoc/>
    public override bool HasSecondNumber => TPairing.PostErasesPre;

    /// <inheritdoc/>
    public override PostTraces? PostTraces => new(slopes.Minus, TPairing.IsNearestPost, slopes.MinusSlow);

    /// <inheritdoc/>
    public override void Spike(Span<double> source, bool hasSpiked, double stepsSinceSpike)
    {
        var remembered = hasSpiked && !TPairing.IsNearestPre;
        source[0] = remembered ? (source[0] * LaneMath.Exp(-stepsSinceSpike * slopes.Plus)) + 1 : 1;
        if (TRule.HasSlowTraces)
        {
            source[1] = remembered ? (source[1] * LaneMath.Exp(-stepsSinceSpike * slopes.PlusSlow)) + 1 : 1;
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Run(in RowTask row)
    {
        var block = stackalloc byte[Scratch.Bytes(L.IsDouble) + 64];
        var scratch = new Scratch((byte*)(((nint)block + 63) & -64), L.IsDouble);
        var visit = Visit(in row);
        for (var begin = 0; begin < row.Count; begin += Scratch.Chunk)
        {
            RunChunk(in row, begin, Math.Min(Scratch.Chunk, row.Count - begin), in visit, in scratch);
        }
    }

    private StdpVisit<L> Visit(in RowTask row) => new()
    {
        Begin = L.Broadcast(row.Begin),
        Done = L.Broadcast(row.Done),
        End = L.Broadcast(row.End),
        MinusPlus = L.Broadcast(-slopes.Plus * Log2E),
        Minus = L.Broadcast(slopes.Minus * Log2E),
        Log2KPlus = L.Broadcast(row.HasSpiked ? LaneMath.Log(row.Source[0]) * Log2E : 0),
        KPlusSlow = L.Broadcast(
            TRule.HasSlowTraces && row.HasSpiked ? row.Source[1] * LaneMath.Exp(-row.StepsSinceSpike * slopes.PlusSlow) : 0),
        KPlusDecay = L.Broadcast(row.HasSpiked ? LaneMath.Exp(-row.StepsSinceSpike * slopes.Plus) : 0),
    };

    private void RunChunk(in RowTask row, int begin, int count, in StdpVisit<L> visit, in Scratch s)
    {
        var targets = row.Targets + begin;
        var weights = Numbers<L>.At(row.Weights, begin);
        var seconds = TPairing.PostErasesPre ? Numbers<L>.At(row.Seconds, begin) : null;

        Numbers<L>.Prefetch(targets + count, row.Count - begin - count);
        Numbers<L>.Prefetch(Numbers<L>.At(weights, count), row.Count - begin - count);

        // The last vector reaches into the next row, which is given back what it had.
        var next = L.Load(weights, count);
        Look(targets, row.Latest, count, in visit, in s);
        if (row.HasSpiked)
        {
            if (TRule.HasSlowTraces)
            {
                LoadSlow(row.LatestSlow, targets, count, in s);
            }

            if (TPairing.PostErasesPre)
            {
                LoadTraces(seconds, count, in s);
            }

            var older = ListOlder(count, in visit, in s);
            for (var i = 0; i < older; i += Scratch.Listed)
            {
                FacilitateOlder(in row, targets, weights, s.List + i, Math.Min(Scratch.Listed, older - i), in visit, in s);
            }

            FacilitateSecond(weights, count, in visit, in s, in _rule);
        }

        Finish(weights, count, row.HasSpiked, row.Input is not null, in visit, in s, in _rule);
        L.Store(next, weights, count);
        if (row.Input is not null)
        {
            if (TPairing.PostErasesPre)
            {
                EraseTraces(seconds, count, in visit, in s);
            }

            Numbers<L>.AddTo(row.Input, targets, weights, count);
        }
    }

    /// <summary>Reads what the synapses of the chunk know of their targets.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Look(ushort* targets, void* arrived, int count, in StdpVisit<L> visit, in Scratch s)
    {
        // What is read through a reference in a loop is read again and again.
        void* kMinus = s.KMinus, latestTime = s.Latest, secondTime = s.Second, thirdTime = s.Third;
        var (end, slope) = (visit.End, visit.Minus);
        for (var i = 0; i < count; i += L.Count)
        {
            L.LoadRecords(arrived, targets + i, out var trace, out var latest, out var second, out var third);
            L.Store(KMinus(trace, latest, second, end, slope), kMinus, i);
            L.Store(latest, latestTime, i);
            L.Store(second, secondTime, i);
            L.Store(third, thirdTime, i);
        }
    }

    private static void LoadSlow(void* arrivedSlow, ushort* targets, int count, in Scratch s)
    {
        for (var i = 0; i < count; i += L.Count)
        {
            L.LoadRecords(arrivedSlow, targets + i, out var slow, out var second, out _, out _);
            L.Store(slow, s.Slow, i);
            L.Store(second, s.SlowSecond, i);
        }
    }

    /// <summary>The traces of the source that synapses keep themselves: 1 or more once it has spiked.</summary>
    private static void LoadTraces(void* seconds, int count, in Scratch s)
    {
        for (var i = 0; i < count; i += L.Count)
        {
            L.Store(LaneMath.Log2(L.Max(L.Load(seconds, i), L.Broadcast(1))), s.Log2KPlus, i);
        }
    }

    /// <summary>Lists the synapses that have more than two spikes to take in.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ListOlder(int count, in StdpVisit<L> visit, in Scratch s)
    {
        var length = 0;
        void* third = s.Third;
        var list = s.List;
        var bitNumbers = LaneLists.BitNumbers;
        var done = visit.Done;
        for (var i = 0; i < count; i += L.Count)
        {
            length = LaneLists.Append(bitNumbers, L.MoveMask(L.Load(third, i) > done), L.Count, i, list, length);
        }

        // Lanes beyond the last synapse may be listed, behind all others.
        while (length > 0 && list[length - 1] >= count)
        {
            length--;
        }

        return length;
    }

    /// <summary>
    /// The trace of those spikes of the target that came strictly before the end of the window: what the latest left behind, decayed; but a spike at
    /// the very end does not count yet.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L KMinus(L trace, L latest, L second, L end, L slope)
    {
        var isBefore = latest < end;
        if (TPairing.IsNearestPost)
        {
            return LaneMath.TwoTo((L.Select(isBefore, latest, second) - end) * slope);
        }

        var decayed = trace * LaneMath.TwoTo((latest - end) * slope);
        return decayed - L.Select(isBefore, L.Zero, L.Broadcast(1));
    }

    /// <summary>The latest spike but one of each target, where it has come since the last visit.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FacilitateSecond(void* weight, int count, in StdpVisit<L> visit, in Scratch s, in TRule rule)
    {
        void* second = s.Second, third = s.Third;
        var (begin, done, slope, shared) = (visit.Begin, visit.Done, visit.MinusPlus, visit.Log2KPlus);
        for (var i = 0; i < count; i += L.Count)
        {
            var time = L.Load(second, i);
            var acts = time > done;
            if (L.MoveMask(acts) != 0)
            {
                var w = L.Load(weight, i);
                var log2KPlus = TPairing.PostErasesPre ? L.Load(s.Log2KPlus, i) : shared;
                var slow = TRule.HasSlowTraces ? L.Load(s.SlowSecond, i) : L.Zero;
                var facilitated = rule.Facilitate(w, L.FusedMultiplyAdd(time - begin, slope, log2KPlus), slow);
                acts = TPairing.OnlyFirstPost ? acts & (L.Load(third, i) <= begin) : acts;
                L.Store(L.Select(acts, facilitated, w), weight, i);
            }
        }
    }

    /// <summary>The latest spike of each target, where it has come since the last visit; then the spike of the source, if there is one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Finish(void* weight, int count, bool hasSpiked, bool spikes, in StdpVisit<L> visit, in Scratch s, in TRule rule)
    {
        void* latest = s.Latest, kMinus = s.KMinus;
        var (begin, done, slope, shared) = (visit.Begin, visit.Done, visit.MinusPlus, visit.Log2KPlus);
        var ignored = hasSpiked ? 0u : uint.MaxValue;
        for (var i = 0; i < count; i += L.Count)
        {
            var w = L.Load(weight, i);
            var time = L.Load(latest, i);
            var acts = time > done;
            if ((L.MoveMask(acts) & ~ignored) != 0)
            {
                var log2KPlus = TPairing.PostErasesPre ? L.Load(s.Log2KPlus, i) : shared;
                var slow = TRule.HasSlowTraces ? L.Load(s.Slow, i) : L.Zero;
                var facilitated = rule.Facilitate(w, L.FusedMultiplyAdd(time - begin, slope, log2KPlus), slow);
                acts = TPairing.OnlyFirstPost ? acts & (L.Load(s.Second, i) <= begin) : acts;
                w = L.Select(acts, facilitated, w);
            }

            if (spikes)
            {
                var depressed = rule.Depress(w, L.Load(kMinus, i), visit.KPlusSlow);
                w = TPairing.OnlyFirstPre ? L.Select(time > begin, depressed, w) : depressed;
            }

            L.Store(w, weight, i);
        }
    }

    /// <summary>The traces of the source that synapses keep themselves.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EraseTraces(void* seconds, int count, in StdpVisit<L> visit, in Scratch s)
    {
        for (var i = 0; i < count; i += L.Count)
        {
            var kept = L.Select(L.Load(s.Latest, i) > visit.Begin, L.Zero, L.Load(seconds, i));
            L.Store(L.FusedMultiplyAdd(kept, visit.KPlusDecay, L.Broadcast(1)), s.Log2KPlus, i);
        }

        Numbers<L>.Copy(s.Log2KPlus, seconds, count);
    }

    /// <summary>All spikes but the latest two, of the synapses that are listed: oldest first.</summary>
    private void FacilitateOlder(
        in RowTask row, ushort* targets, void* weights, ushort* list, int count, in StdpVisit<L> visit, in Scratch s)
    {
        // All are gathered before the first is used: what was just written in single numbers cannot be read at once as a vector. And one spike
        // of all is done before the next of any: the spikes of one synapse must wait for each other.
        Gather(targets, weights, list, count, in s);
        var oldest = LoadOlder(in row, count, in visit, in s);
        if (oldest == OldestInRecords)
        {
            for (var i = 0; i < count; i += L.Count)
            {
                if (L.MoveMask(L.Load(s.Times(OldestInRecords), i) > visit.Done) != 0)
                {
                    FacilitateForgotten(in row, i, in visit, in s, in _rule);
                }
            }
        }

        for (; oldest >= Third; oldest--)
        {
            FacilitateListed(0, count, oldest, in visit, in s, in _rule);
        }

        void* listed = s.ListedWeight;
        for (var i = 0; i < count; i++)
        {
            Numbers<L>.Move(listed, i, weights, list[i]);
        }
    }

    /// <summary>Copies what is listed to columns of its own; the last vector is filled up with the first synapse.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Gather(ushort* targets, void* weights, ushort* list, int count, in Scratch s)
    {
        void* third = s.Third, times = s.Times(Third), listed = s.ListedWeight;
        var listedTarget = s.ListedTarget;
        var whole = (count + L.Count - 1) / L.Count * L.Count;
        for (var i = 0; i < whole; i++)
        {
            var synapse = list[i < count ? i : 0];
            listedTarget[i] = targets[synapse];
            Numbers<L>.Move(weights, synapse, listed, i);
            Numbers<L>.Move(third, synapse, times, i);
            if (TPairing.PostErasesPre)
            {
                Numbers<L>.Move(s.Log2KPlus, synapse, s.ListedLog2KPlus, i);
            }
        }
    }

    /// <summary>Reads the spikes before the third of what is listed, as far back as one has to act somewhere.</summary>
    /// <returns>The oldest that has to act.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LoadOlder(in RowTask row, int count, in StdpVisit<L> visit, in Scratch s)
    {
        if (TRule.HasSlowTraces)
        {
            for (var i = 0; i < count; i += L.Count)
            {
                L.LoadRecords(row.LatestSlow, s.ListedTarget + i, out _, out _, out var third, out _);
                L.Store(third, s.Slows(Third), i);
            }
        }

        for (var block = 0; block < ArrivedSpikes.OlderBlocks; block++)
        {
            var first = Third + 1 + (block * ArrivedSpikes.Record);
            LoadBlock(Numbers<L>.At(row.Older, block * row.OlderStride), count, s.ListedTarget, s.Times(first), Scratch.Listed);
            if (TRule.HasSlowTraces)
            {
                LoadBlock(Numbers<L>.At(row.OlderSlow, block * row.OlderStride), count, s.ListedTarget, s.Slows(first), Scratch.Listed);
            }

            for (var k = 0; k < ArrivedSpikes.Record; k++)
            {
                if (!Any(s.Times(first + k), count, visit.Done))
                {
                    return first + k - 1;
                }
            }
        }

        return OldestInRecords;
    }

    /// <summary>Reads four numbers of each of some targets into four columns.</summary>
    private static void LoadBlock(void* records, int count, ushort* targets, void* columns, int stride)
    {
        for (var i = 0; i < count; i += L.Count)
        {
            L.LoadRecords(records, targets + i, out var a, out var b, out var c, out var d);
            L.Store(a, columns, i);
            L.Store(b, columns, stride + i);
            L.Store(c, columns, (2 * stride) + i);
            L.Store(d, columns, (3 * stride) + i);
        }
    }

    private static bool Any(void* times, int count, L done)
    {
        var any = 0u;
        for (var i = 0; i < count; i += L.Count)
        {
            any |= L.MoveMask(L.Load(times, i) > done);
        }

        return any != 0;
    }

    /// <summary>Lets one spike of each of the listed synapses [first, last) act: number <paramref name="k"/> of the times.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FacilitateListed(int first, int last, int k, in StdpVisit<L> visit, in Scratch s, in TRule rule)
    {
        void* times = s.Times(k), before = s.Times(k + 1), slows = s.Slows(k), weight = s.ListedWeight;
        var (begin, done, slope, shared) = (visit.Begin, visit.Done, visit.MinusPlus, visit.Log2KPlus);
        for (var i = first; i < last; i += L.Count)
        {
            var time = L.Load(times, i);
            var acts = time > done;
            if (L.MoveMask(acts) != 0)
            {
                var w = L.Load(weight, i);
                var log2KPlus = TPairing.PostErasesPre ? L.Load(s.ListedLog2KPlus, i) : shared;
                var slow = TRule.HasSlowTraces ? L.Load(slows, i) : L.Zero;
                var facilitated = rule.Facilitate(w, L.FusedMultiplyAdd(time - begin, slope, log2KPlus), slow);
                acts = TPairing.OnlyFirstPost ? acts & (L.Load(before, i) <= begin) : acts;
                L.Store(L.Select(acts, facilitated, w), weight, i);
            }
        }
    }

    /// <summary>The spikes before those in records, of the synapses of a vector, which only the rings of the targets know.</summary>
    private static void FacilitateForgotten(in RowTask row, int i, in StdpVisit<L> visit, in Scratch s, in TRule rule)
    {
        // Slots of each lane's spikes behind the oldest in its record, and how many of them are to act.
        var back = stackalloc uint[L.Count];
        var left = stackalloc uint[L.Count];
        var most = 0u;
        for (var k = 0; k < L.Count; k++)
        {
            var oldest = Numbers<L>.Get(s.Times(OldestInRecords), i + k);
            left[k] = 0;
            if (oldest > row.Done)
            {
                var target = s.ListedTarget[i + k];
                back[k] = row.Rings.Behind(target, row.Base + (long)oldest);
                left[k] = row.Rings.CountAfter(target, back[k], row.Base + (long)row.Done);
                Numbers<L>.Set(s.Times(OldestInRecords + 1), i + k, row.Rings.TimeOf(target, back[k], row.Base));
                most = Math.Max(most, left[k]);
            }
        }

        for (; most > 0; most--)
        {
            for (var k = 0; k < L.Count; k++)
            {
                LoadForgotten(in row, s.ListedTarget[i + k], back[k] + most - 1, most <= left[k], i + k, in s);
            }

            FacilitateListed(i, i + 1, Forgotten, in visit, in s, in rule);
        }
    }

    private static void LoadForgotten(in RowTask row, ushort target, uint back, bool acts, int i, in Scratch s)
    {
        Numbers<L>.Set(s.Times(Forgotten), i, acts ? row.Rings.TimeOf(target, back, row.Base) : row.Done);
        if (acts && TPairing.OnlyFirstPost)
        {
            Numbers<L>.Set(s.Times(Forgotten + 1), i, row.Rings.TimeOf(target, back + 1, row.Base));
        }

        if (acts && TRule.HasSlowTraces)
        {
            Numbers<L>.Set(s.Slows(Forgotten), i, row.Rings.SlowOf(target, back));
        }
    }
}

/// <summary>What is the same for all synapses of a visit to a row.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal struct StdpVisit<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Times: see <see cref="RowTask"/>.</summary>
    public L Begin;

    /// <summary>Up to here, spikes of the targets have acted.</summary>
    public L Done;

    /// <summary>Up to here, they have come.</summary>
    public L End;

    /// <summary>-dt / tau_plus, in halvings.</summary>
    public L MinusPlus;

    /// <summary>dt / tau_minus, in halvings.</summary>
    public L Minus;

    /// <summary>Logarithm to base 2 of the trace of the source just after its last spike.</summary>
    public L Log2KPlus;

    /// <summary>Slow trace of the source, now.</summary>
    public L KPlusSlow;

    /// <summary>What is left of the trace of the source since its last spike.</summary>
    public L KPlusDecay;
}
