using System.Numerics;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>How the traces that postsynaptic spikes leave behind evolve.</summary>
/// <param name="PerStep">dt over the time constant of the trace, tau_minus.</param>
/// <param name="IsNearest">Whether a spike sets the trace to 1 (nearest-neighbour pairing) instead of adding 1 to it.</param>
/// <param name="SlowPerStep">dt over the time constant of a second, slower trace, tau_minus_triplet; 0: there is none.</param>
internal readonly record struct PostTraces(double PerStep, bool IsNearest, double SlowPerStep = 0)
{
    /// <summary>Whether there is a second trace.</summary>
    public bool HasSlow => SlowPerStep > 0;
}

/// <summary>The latest spikes of the targets of a table, as loops read them.</summary>
internal readonly unsafe struct SpikeRings(long* steps, double* slow, uint* counts, int shift)
{
    /// <summary>Step of each spike. [target, slot]</summary>
    public readonly long* Steps = steps;

    /// <summary>The slow trace just before each spike; null where there is none. [target, slot]</summary>
    public readonly double* Slow = slow;

    /// <summary>Spikes of each target since the start, modulo 2^32. [target]</summary>
    public readonly uint* Counts = counts;

    /// <summary>A target has 2^Shift slots.</summary>
    public readonly int Shift = shift;

    /// <summary>Slots of a target.</summary>
    public uint Capacity => 1u << Shift;

    /// <summary>Place of a target's spike in the arrays.</summary>
    /// <param name="target">Target.</param>
    /// <param name="back">0: its latest spike; 1: the one before; and so on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint At(nint target, uint back) => (target << Shift) + (nint)((Counts[target] - 1 - back) & (Capacity - 1));

    /// <summary>How far back the spike is that came before the one in a step.</summary>
    public uint Behind(nint target, long step)
    {
        var back = 0u;
        while (Steps[At(target, back)] != step)
        {
            back++;
        }

        return back + 1;
    }

    /// <summary>How many spikes, from one on backwards, came after a step.</summary>
    public uint CountAfter(nint target, uint back, long step)
    {
        var known = Math.Min(Counts[target], Capacity);
        var end = back;
        while (end < known && Steps[At(target, end)] > step)
        {
            end++;
        }

        return end - back;
    }

    /// <summary>Time of a spike, in steps after a base; that of no spike where it is not known.</summary>
    public double TimeOf(nint target, uint back, long timeBase) =>
        back < Math.Min(Counts[target], Capacity) ? ArrivedSpikes.Time(Steps[At(target, back)], timeBase) : ArrivedSpikes.Never;

    /// <summary>Slow trace just before a spike.</summary>
    public double SlowOf(nint target, uint back) => Slow[At(target, back)];
}

/// <summary>
/// The latest spikes of the targets of a table, each with the trace that it left behind: what rows still need that have not been processed
/// since. A ring of fixed length for each target; before it loses a spike that somebody needs, those are processed.
/// </summary>
internal sealed unsafe class PostSpikes : IDisposable
{
    /// <summary>Step of no spike: long before any other.</summary>
    public const long Never = long.MinValue / 4;

    private readonly NativeArray<long> _steps;
    private readonly NativeArray<double> _traces;
    private readonly NativeArray<double>? _slow;
    private readonly NativeArray<uint> _counts;
    private readonly PostTraces _dynamics;

    /// <summary>Rings without a spike.</summary>
    /// <param name="targets">Targets.</param>
    /// <param name="capacity">Spikes that a ring holds, a power of two.</param>
    /// <param name="dynamics">The traces.</param>
    public PostSpikes(int targets, int capacity, PostTraces dynamics)
    {
        Targets = targets;
        Shift = BitOperations.Log2((uint)capacity);
        _dynamics = dynamics;
        var slots = (long)targets << Shift;
        _steps = new NativeArray<long>(slots, "Spikes of the targets of plastic synapses");
        _traces = new NativeArray<double>(slots, "Traces of the targets of plastic synapses", cleared: true);
        _slow = dynamics.HasSlow ? new NativeArray<double>(slots, "Traces of the targets of plastic synapses", cleared: true) : null;
        _counts = new NativeArray<uint>(targets, "Spike counts of the targets of plastic synapses", cleared: true);
        Clear();
    }

    /// <summary>Targets.</summary>
    public int Targets { get; }

    /// <summary>Spikes that a ring holds.</summary>
    public int Capacity => 1 << Shift;

    /// <summary>Whether there is a slow trace.</summary>
    public bool HasSlow => _slow is not null;

    /// <summary>Bytes of all rings.</summary>
    public long Bytes => _steps.Bytes + _traces.Bytes + (_slow?.Bytes ?? 0) + _counts.Bytes;

    /// <summary>The rings as loops read them.</summary>
    public SpikeRings Rings => new(_steps.Pointer, _slow is null ? null : _slow.Pointer, _counts.Pointer, Shift);

    private int Shift { get; }

    /// <summary>Forgets all spikes.</summary>
    public void Clear()
    {
        new Span<long>(_steps.Pointer, (int)_steps.Length).Fill(Never);
        new Span<uint>(_counts.Pointer, Targets).Clear();
    }

    /// <summary>
    /// The step up to which everybody must have been told of a target's spikes before it can take another one: the oldest spike that is kept is
    /// then not new to anybody, but tells whether the one behind it is the first of a window.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long OldestKept(int target)
    {
        var rings = Rings;
        return rings.Counts[target] < rings.Capacity ? Never : rings.Steps[rings.At(target, rings.Capacity - 2)];
    }

    /// <summary>The step of the spike in the middle of a full ring.</summary>
    public long Middle(int target)
    {
        var rings = Rings;
        return rings.Steps[rings.At(target, rings.Capacity / 2)];
    }

    /// <summary>Adds a spike, later than all that the target has had.</summary>
    public void Add(int target, long step)
    {
        var rings = Rings;
        var (trace, slow) = (0.0, 0.0);
        if (rings.Counts[target] > 0)
        {
            var last = rings.At(target, 0);
            var steps = (double)(rings.Steps[last] - step);
            trace = _dynamics.IsNearest ? 0 : _traces.Pointer[last] * LaneMath.Exp(steps * _dynamics.PerStep);
            slow = _slow is null ? 0 : (_slow.Pointer[last] + 1) * LaneMath.Exp(steps * _dynamics.SlowPerStep);
        }

        rings.Counts[target]++;
        Set(rings.At(target, 0), step, trace + 1, slow);
    }

    /// <summary>The trace just after the spike of a target in a step, and the slow trace just before it.</summary>
    public (double Trace, double Slow) TracesAt(int target, long step)
    {
        var rings = Rings;
        var back = 0u;
        while (rings.Steps[rings.At(target, back)] != step)
        {
            back++;
        }

        var at = rings.At(target, back);
        return (_traces.Pointer[at], _slow is null ? 0 : _slow.Pointer[at]);
    }

    /// <summary>Copies the spikes of a target, the latest first; <see cref="Never"/> where there are no more.</summary>
    public void Capture(int target, Span<long> steps, Span<double> traces, Span<double> slow)
    {
        var rings = Rings;
        var known = Math.Min(rings.Counts[target], rings.Capacity);
        steps.Fill(Never);
        for (var back = 0u; back < Math.Min(known, (uint)steps.Length); back++)
        {
            var at = rings.At(target, back);
            steps[(int)back] = rings.Steps[at];
            traces[(int)back] = _traces.Pointer[at];
            if (_slow is not null)
            {
                slow[(int)back] = _slow.Pointer[at];
            }
        }
    }

    /// <summary>Takes up what <see cref="Capture"/> copied; as many spikes as there is room for.</summary>
    public void Restore(int target, ReadOnlySpan<long> steps, ReadOnlySpan<double> traces, ReadOnlySpan<double> slow)
    {
        var rings = Rings;
        var known = steps.IndexOf(Never) is >= 0 and var end ? end : steps.Length;
        known = Math.Min(known, Capacity);
        rings.Counts[target] = (uint)known;
        for (var back = 0; back < known; back++)
        {
            Set(rings.At(target, (uint)back), steps[back], traces[back], _slow is null ? 0 : slow[back]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _steps.Dispose();
        _traces.Dispose();
        _slow?.Dispose();
        _counts.Dispose();
    }

    private void Set(nint at, long step, double trace, double slow)
    {
        _steps.Pointer[at] = step;
        _traces.Pointer[at] = trace;
        if (_slow is not null)
        {
            _slow.Pointer[at] = slow;
        }
    }
}
