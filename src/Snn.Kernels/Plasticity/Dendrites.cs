using System.Numerics;
using System.Runtime.CompilerServices;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// The postsynaptic side of a table: its targets' spikes, and what the synapses of each delay know of them. All of a delay is dendritic: the synapse
/// of a spike that is due at its target in step t is passed at t - d, and has then seen the target's spikes up to t - 2d.
/// </summary>
internal sealed unsafe class Dendrites : IDisposable
{
    private const int LeastCapacity = 64;

    private readonly ArrivedSpikes[] _arrived;
    private readonly int[] _delaySteps;
    private readonly long[] _next;
    private NativeArray<Spike> _log;
    private long _first;
    private long _end;
    private long _base;

    /// <summary>Targets that have not spiked.</summary>
    /// <param name="targets">Targets.</param>
    /// <param name="delaySteps">Delays of the table, ascending.</param>
    /// <param name="dynamics">Traces of the targets.</param>
    /// <param name="isDouble">Precision of what synapses read.</param>
    /// <param name="lagSteps">Steps by which rows that are caught up may stay behind.</param>
    /// <param name="capacity">Spikes that are kept of a target; 0: as many as seem good. At least twice the longest delay, the lag and two.</param>
    public Dendrites(int targets, int[] delaySteps, PostTraces dynamics, bool isDouble, int lagSteps, int capacity)
    {
        var kept = Kept(delaySteps[^1], lagSteps, capacity == 0 ? LeastCapacity : capacity);
        // Room for two spikes of each: more are on their way only where targets hardly have a refractory period.
        _log = new NativeArray<Spike>(BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, 2 * targets)), "Spikes on their way up the dendrites");
        Spikes = new PostSpikes(targets, kept, dynamics);
        _delaySteps = delaySteps;
        _arrived = [.. delaySteps.Select(_ => ArrivedSpikes.Create(targets, isDouble, dynamics.HasSlow))];
        _next = new long[delaySteps.Length];
        _base = ArrivedSpikes.Base(0);
    }

    /// <summary>Bytes that a target takes, at most.</summary>
    /// <param name="delays">Different delays.</param>
    /// <param name="longestDelaySteps">The longest, steps.</param>
    /// <param name="isDouble">Precision of what synapses read.</param>
    public static double BytesOfTarget(int delays, int longestDelaySteps, bool isDouble)
    {
        // Steps, traces and slow traces of the spikes that are kept; two spikes on their way; and what synapses of each delay know, twice with slow traces.
        var kept = (3.0 * sizeof(double) * Kept(longestDelaySteps, 0, LeastCapacity)) + sizeof(uint);
        var arrived = 2 * delays * (1 + ArrivedSpikes.OlderBlocks) * ArrivedSpikes.Record * (isDouble ? sizeof(double) : sizeof(float));
        return kept + arrived + (4 * Unsafe.SizeOf<Spike>());
    }

    /// <summary>The targets' spikes.</summary>
    public PostSpikes Spikes { get; }

    /// <summary>Step from which the times of <see cref="RowTask"/> are counted.</summary>
    public long Base => _base;

    /// <summary>Bytes.</summary>
    public long Bytes => Spikes.Bytes + _log.Bytes + _arrived.Sum(a => a.Bytes);

    /// <summary>Shows a visit what the synapses of a delay know.</summary>
    public void Show(int delayIndex, ref RowTask task)
    {
        var arrived = _arrived[delayIndex];
        task.Latest = arrived.Latest;
        task.Older = arrived.Older;
        task.LatestSlow = arrived.LatestSlow;
        task.OlderSlow = arrived.OlderSlow;
        task.OlderStride = (nint)Spikes.Targets * ArrivedSpikes.Record;
        task.Rings = Spikes.Rings;
    }

    /// <summary>A target has spiked, in a step after all that have come up yet; its ring has room.</summary>
    public void Add(int target, long step)
    {
        Spikes.Add(target, step);
        Append(new Spike(step, target));
    }

    /// <summary>Brings everything up to the synapses that they have to know when a step is delivered.</summary>
    /// <param name="step">The step; never an earlier one than before.</param>
    public void Arrive(long step)
    {
        if (ArrivedSpikes.Base(step) != _base)
        {
            MoveBase(ArrivedSpikes.Base(step));
        }

        if (_first == _end)
        {
            return;
        }

        var first = _end;
        for (var d = 0; d < _next.Length; d++)
        {
            Arrive(d, step - (2 * _delaySteps[d]));
            first = Math.Min(first, _next[d]);
        }

        _first = first;
    }

    /// <summary>After the targets' spikes were taken up from a snapshot: puts them where they were when a step was to be delivered next.</summary>
    public void Restore(long step)
    {
        var rings = Spikes.Rings;
        var late = new List<Spike>();
        for (var target = 0; target < Spikes.Targets; target++)
        {
            for (var back = (int)Math.Min(rings.Counts[target], rings.Capacity) - 1; back >= 0; back--)
            {
                var spike = new Spike(rings.Steps[rings.At(target, (uint)back)], target);
                late.Add(spike);
                for (var d = 0; d < _arrived.Length && ArrivedSpikes.Time(spike.Step, _base) > ArrivedSpikes.Never; d++)
                {
                    if (spike.Step <= step - (2 * _delaySteps[d]))
                    {
                        Arrive(d, spike);
                    }
                }
            }

            late.RemoveAll(s => s.Step <= step - (2 * _delaySteps[^1]));
        }

        foreach (var spike in late.OrderBy(s => s.Step))
        {
            Append(spike);
        }

        for (var d = 0; d < _next.Length; d++)
        {
            _next[d] = late.Count(s => s.Step <= step - (2 * _delaySteps[d]));
        }
    }

    /// <summary>Forgets all spikes.</summary>
    public void Clear(long step)
    {
        Spikes.Clear();
        Array.ForEach(_arrived, a => a.Clear());
        Array.Clear(_next);
        (_first, _end) = (0, 0);
        _base = ArrivedSpikes.Base(step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Spikes.Dispose();
        Array.ForEach(_arrived, a => a.Dispose());
        _log.Dispose();
    }

    private void Arrive(int delayIndex, long last)
    {
        var mask = _log.Length - 1;
        var next = _next[delayIndex];
        for (; next < _end && _log.Pointer[next & mask].Step <= last; next++)
        {
            Arrive(delayIndex, _log.Pointer[next & mask]);
        }

        _next[delayIndex] = next;
    }

    private void Arrive(int delayIndex, Spike spike)
    {
        var (trace, slow) = Spikes.TracesAt(spike.Target, spike.Step);
        _arrived[delayIndex].Add(spike.Target, ArrivedSpikes.Time(spike.Step, _base), trace, slow);
    }

    private void Append(Spike spike)
    {
        if (_end - _first == _log.Length)
        {
            Grow();
        }

        _log.Pointer[_end++ & (_log.Length - 1)] = spike;
    }

    private void MoveBase(long to)
    {
        foreach (var arrived in _arrived)
        {
            arrived.MoveBase(to - _base);
        }

        _base = to;
    }

    /// <summary>Spikes that are kept of a target.</summary>
    private static int Kept(int longestDelaySteps, int lagSteps, int capacity)
    {
        // A target spikes at most once a step, and what is still on its way, or not yet to be processed, cannot be processed to make room.
        var least = (2 * longestDelaySteps) + lagSteps + 2;
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(least, capacity));
    }

    private void Grow()
    {
        var larger = new NativeArray<Spike>(2 * _log.Length, "Spikes on their way up the dendrites");
        for (var i = _first; i < _end; i++)
        {
            larger.Pointer[i & (larger.Length - 1)] = _log.Pointer[i & (_log.Length - 1)];
        }

        _log.Dispose();
        _log = larger;
    }

    private readonly record struct Spike(long Step, int Target);
}
