using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// The loop of <see cref="StdpDopamineSynapse"/>: weight and eligibility of a row are carried from mark to mark of the dopamine concentration, and
/// from spike to spike of their targets between them.
/// </summary>
/// <remarks>
/// Where no spike of the target lies between two marks, which is most often, what happens is the same for all synapses, but for the eligibility
/// they start from: its coefficients are computed once a row. A lane is a synapse; what it undergoes does not depend on the other lanes, nor on
/// visits that end at a mark.
/// </remarks>
/// <typeparam name="L">Lanes.</typeparam>
internal sealed unsafe class DopamineKernel<L> : PlasticKernel
    where L : unmanaged, ILanes<L>
{
    private const double Log2E = 1.4426950408889634;
    private const int MostMarks = 4096;

    private readonly StdpDopamineSynapse.Parameters _p;
    private readonly double _dtMs;
    private readonly DopamineTrace _dopamine;
    private NativeArray<Stretch> _stretches = new(256, "Dopamine between two visits");

    public DopamineKernel(StdpDopamineSynapse.Parameters p, double dtMs, DopamineTrace dopamine)
    {
        _p = p;
        _dtMs = dtMs;
        _dopamine = dopamine;
    }

    /// <inheritdoc/>
    public override bool IsDouble => L.IsDouble;

    /// <inheritdoc/>
    public override int SourceNumbers => 1;

    /// <inheritdoc/>
    public override bool HasSecondNumber => true;

    /// <inheritdoc/>
    public override PostTraces? PostTraces => new(_dtMs / _p.tau_minus, IsNearest: false);

    /// <inheritdoc/>
    public override DopamineTrace Dopamine => _dopamine;

    /// <inheritdoc/>
    public override bool IsHistoryLong => _dopamine.Marks.Count > MostMarks;

    /// <inheritdoc/>
    public override int CatchUpLagSteps => _dopamine.GridSteps;

    /// <inheritdoc/>
    public override long EndOfCatchUp(long step)
    {
        _dopamine.MarkTo(step);
        return _dopamine.Marks[_dopamine.Marks.LastUpTo(step)].Step;
    }

    /// <inheritdoc/>
    public override void Spike(Span<double> source, bool hasSpiked, double stepsSinceSpike) =>
        source[0] = hasSpiked ? (source[0] * LaneMath.Exp(-stepsSinceSpike * _dtMs / _p.tau_plus)) + 1 : 1;

    /// <inheritdoc/>
    public override void Run(in RowTask row)
    {
        // A source that has not spiked has left no eligibility, and nothing changes.
        var stretches = row.HasSpiked ? FindStretches(in row) : 0;
        var visit = new Visit(in row, _p, _dtMs);
        for (var i = 0; i < row.Count; i += L.Count)
        {
            RunLanes(in row, i, stretches, in visit);
        }

        if (row.Input is not null)
        {
            Numbers<L>.AddTo(row.Input, row.Targets, row.Weights, row.Count);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _dopamine.Dispose();
        _stretches.Dispose();
        base.Dispose();
    }

    /// <summary>The stretches between marks since the last visit.</summary>
    private int FindStretches(in RowTask row)
    {
        var (begin, end) = (row.DoneStep + row.DelaySteps, row.EndStep + row.DelaySteps);
        _dopamine.MarkTo(end);
        var mark = _dopamine.Marks.LastUpTo(begin);
        var count = 0;
        while (begin < end)
        {
            var next = mark + 1 < _dopamine.Marks.End ? Math.Min(_dopamine.Marks[mark + 1].Step, end) : end;
            if (count == _stretches.Length)
            {
                Grow();
            }

            // As the synapse sees them, times are a delay earlier.
            var n = _dopamine.At(mark, begin);
            var steps = (double)(next - begin);
            _stretches.Pointer[count++] = new Stretch(
                begin - row.DelaySteps - row.Base, next - row.DelaySteps - row.Base, n, Gain(n, steps), LaneMath.Exp(-steps * _dtMs / _p.tau_c));
            mark += mark + 1 < _dopamine.Marks.End && next == _dopamine.Marks[mark + 1].Step ? 1 : 0;
            begin = next;
        }

        return count;
    }

    /// <summary>Increase of the weight in some steps, for an eligibility of 1 at their beginning.</summary>
    private double Gain(double n, double steps)
    {
        var ms = steps * _dtMs;
        var rate = (1 / _p.tau_c) + (1 / _p.tau_n);
        return (_p.b * _p.tau_c * LaneMath.ExpMinusOne(-ms / _p.tau_c)) - (n / rate * LaneMath.ExpMinusOne(-ms * rate));
    }

    private void Grow()
    {
        var larger = new NativeArray<Stretch>(2 * _stretches.Length, "Dopamine between two visits");
        new ReadOnlySpan<Stretch>(_stretches.Pointer, (int)_stretches.Length).CopyTo(new Span<Stretch>(larger.Pointer, (int)larger.Length));
        _stretches.Dispose();
        _stretches = larger;
    }

    private void RunLanes(in RowTask row, int first, int stretches, in Visit visit)
    {
        // The last vector reaches into the next row, which is given back what it had.
        var inRow = Math.Min(L.Count, row.Count - first);
        var nextWeights = L.Load(row.Weights, first + inRow);
        var nextEligibilities = L.Load(row.Seconds, first + inRow);
        var targets = row.Targets + first;
        var w = L.Load(row.Weights, first);
        var c = L.Load(row.Seconds, first);
        L.LoadRecords(row.Latest, targets, out var trace, out var latest, out _, out _);
        if (stretches > 0)
        {
            if (L.MoveMask(latest > visit.Done) == 0)
            {
                Advance(ref w, ref c, _stretches.Pointer, stretches, in visit);
            }
            else
            {
                AdvanceWithSpikes(ref w, ref c, in row, targets, stretches, in visit);
            }
        }

        if (row.Input is not null)
        {
            c -= visit.MinusStrength * visit.KMinus(trace, latest);
        }

        L.Store(w, row.Weights, first);
        L.Store(c, row.Seconds, first);
        L.Store(nextWeights, row.Weights, first + inRow);
        L.Store(nextEligibilities, row.Seconds, first + inRow);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Advance(ref L weight, ref L eligibility, Stretch* stretches, int count, in Visit visit)
    {
        var (w, c) = (weight, eligibility);
        var (least, greatest) = (visit.Least, visit.Greatest);
        for (var k = 0; k < count; k++)
        {
            w = L.Min(L.Max(L.FusedMultiplyAdd(c, L.Broadcast(stretches[k].Gain), w), least), greatest);
            c *= L.Broadcast(stretches[k].Decay);
        }

        (weight, eligibility) = (w, c);
    }

    /// <summary>The same where targets spike between marks: those lanes are advanced to the spike first, and then on to the mark.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AdvanceWithSpikes(ref L w, ref L c, in RowTask row, ushort* targets, int stretches, in Visit visit)
    {
        var back = stackalloc uint[L.Count];
        var left = stackalloc uint[L.Count];
        var next = stackalloc double[L.Count];
        for (var lane = 0; lane < L.Count; lane++)
        {
            back[lane] = row.Rings.CountAfter(targets[lane], 0, row.EndStep);
            left[lane] = row.Rings.CountAfter(targets[lane], back[lane], row.DoneStep);
        }

        for (var k = 0; k < stretches; k++)
        {
            var stretch = _stretches.Pointer[k];
            var (time, n) = (L.Broadcast(stretch.Begin), L.Broadcast(stretch.N));
            var isSplit = L.Zero;
            for (var spikes = Next(in row, targets, stretch.End, back, left, next); spikes; spikes = Next(in row, targets, stretch.End, back, left, next))
            {
                var to = L.Load(next, 0);
                var acts = to > L.Broadcast(ArrivedSpikes.Never);
                AdvanceSplit(ref w, ref c, ref n, time, to, acts, in visit);
                c = L.Select(acts, c + visit.Facilitation(to), c);
                time = L.Select(acts, to, time);
                isSplit |= acts;
            }

            var (wholeW, wholeC) = (w, c);
            Advance(ref wholeW, ref wholeC, &stretch, 1, in visit);
            AdvanceSplit(ref w, ref c, ref n, time, L.Broadcast(stretch.End), isSplit, in visit);
            w = L.Select(isSplit, w, wholeW);
            c = L.Select(isSplit, c, wholeC);
        }
    }

    /// <summary>Takes the next spike of every target that has one up to a time; that of no spike for the others.</summary>
    private static bool Next(in RowTask row, ushort* targets, double end, uint* back, uint* left, double* next)
    {
        var any = false;
        for (var lane = 0; lane < L.Count; lane++)
        {
            var time = left[lane] > 0 ? row.Rings.TimeOf(targets[lane], back[lane] + left[lane] - 1, row.Base) : double.PositiveInfinity;
            var acts = time <= end;
            left[lane] -= acts ? 1u : 0;
            Numbers<L>.Set(next, lane, acts ? time : ArrivedSpikes.Never);
            any |= acts;
        }

        return any;
    }

    /// <summary>Advances some lanes from their own time to another one.</summary>
    private static void AdvanceSplit(ref L w, ref L c, ref L n, L from, L to, L acts, in Visit visit)
    {
        var steps = to - from;
        var decay = LaneMath.ExpMinusOne(steps * visit.MinusC);
        var dopamine = LaneMath.ExpMinusOne(steps * visit.MinusN);
        var both = LaneMath.ExpMinusOne(steps * visit.MinusBoth);
        var gain = (visit.BaseGain * decay) - (n * visit.PerRate * both);
        w = L.Select(acts, L.Min(L.Max(L.FusedMultiplyAdd(c, gain, w), visit.Least), visit.Greatest), w);
        c = L.Select(acts, L.FusedMultiplyAdd(c, decay, c), c);
        n = L.Select(acts, L.FusedMultiplyAdd(n, dopamine, n), n);
    }

    /// <summary>From a mark, or a visit, to the next: what happens to an eligibility of 1.</summary>
    private readonly record struct Stretch(double Begin, double End, double N, double Gain, double Decay);

    /// <summary>What is the same for all synapses of a visit.</summary>
    private readonly struct Visit(in RowTask row, StdpDopamineSynapse.Parameters p, double dtMs)
    {
        public readonly L Done = L.Broadcast(row.Done);
        public readonly L Least = L.Broadcast(p.Wmin);
        public readonly L Greatest = L.Broadcast(p.Wmax);
        public readonly L MinusStrength = L.Broadcast(p.A_minus);
        public readonly L MinusC = L.Broadcast(-dtMs / p.tau_c);
        public readonly L MinusN = L.Broadcast(-dtMs / p.tau_n);
        public readonly L MinusBoth = L.Broadcast(-dtMs * ((1 / p.tau_c) + (1 / p.tau_n)));
        public readonly L BaseGain = L.Broadcast(p.b * p.tau_c);
        public readonly L PerRate = L.Broadcast(1 / ((1 / p.tau_c) + (1 / p.tau_n)));
        private readonly L _begin = L.Broadcast(row.Begin);
        private readonly L _end = L.Broadcast(row.End);
        private readonly L _plusStrength = L.Broadcast(p.A_plus);
        private readonly L _minusPlus = L.Broadcast(-dtMs / p.tau_plus * Log2E);
        private readonly L _minus = L.Broadcast(dtMs / p.tau_minus * Log2E);
        private readonly L _log2KPlus = L.Broadcast(row.HasSpiked ? LaneMath.Log(row.Source[0]) * Log2E : 0);

        /// <summary>Increase of the eligibility by a spike of the target.</summary>
        public L Facilitation(L time) => _plusStrength * LaneMath.TwoTo(L.FusedMultiplyAdd(time - _begin, _minusPlus, _log2KPlus));

        /// <summary>As for <see cref="StdpKernel{L, TRule, TPairing}"/>.</summary>
        public L KMinus(L trace, L latest) =>
            (trace * LaneMath.TwoTo((latest - _end) * _minus)) - L.Select(latest < _end, L.Zero, L.Broadcast(1));
    }
}
