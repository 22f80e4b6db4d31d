using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Synapses;

/// <summary>
/// The delay line of a table: for every step to come, the rows that are due in it. A spike is looked up once, when it is filed, and all that is
/// due in a step is then known ahead and can be asked for from memory in time. Rows of the network's shortest delay have lists of their own: all
/// others that are due when a slice begins are known before the slice ahead of it has ended everywhere.
/// </summary>
/// <typeparam name="TRow">What it keeps of a row.</typeparam>
internal sealed unsafe class RowCalendar<TRow> : IDisposable
    where TRow : unmanaged, IDueRow<TRow>
{
    /// <summary>Rows for which there is room in all lists together, at least: so that most spikes need not ask each list.</summary>
    private const int SpareRows = 1 << 14;

    private readonly NativeArray<uint> _offsets;
    private readonly SlotLayout _layout;
    private readonly int[] _delaySteps;
    private readonly long _mask;
    private readonly bool _hasShortest;
    private List* _lists;
    private List* _shortest;

    // No list has less room than this: what is taken from a list makes it more, which is not counted until it is needed.
    private int _room;

    /// <summary>An empty calendar.</summary>
    public RowCalendar(NativeArray<uint> offsets, SlotLayout layout, int[] delaySteps, int shortestDelaySteps)
    {
        _offsets = offsets;
        _layout = layout;
        _delaySteps = delaySteps;

        // Spikes may be filed for a whole slice, which is no longer than the longest delay, before the first of its steps is delivered.
        var steps = BitOperations.RoundUpToPowerOf2((uint)((2 * delaySteps[^1]) + 1));
        _mask = steps - 1;
        _lists = (List*)NativeMemory.AllocZeroed(2 * steps, (nuint)sizeof(List));
        _shortest = _lists + steps;
        _hasShortest = delaySteps[0] == shortestDelaySteps;
    }

    /// <summary>Frees a lost calendar.</summary>
    ~RowCalendar() => Free();

    /// <summary>Bytes of its lists.</summary>
    public long Bytes
    {
        get
        {
            var bytes = Lists * sizeof(List);
            for (long i = 0; i < Lists; i++)
            {
                bytes += (long)_lists[i].Capacity * sizeof(TRow);
            }

            return bytes;
        }
    }

    private long Lists => 2 * (_mask + 1);

    /// <summary>Files the rows of spikes that were emitted in one step under the steps in which they are due.</summary>
    /// <param name="step">Step of emission.</param>
    /// <param name="sources">Neurons that spiked, ascending.</param>
    /// <param name="count">How many.</param>
    /// <param name="firstDueStep">Rows due earlier are left out: they were delivered before a snapshot.</param>
    public void File(long step, int* sources, int count, long firstDueStep)
    {
        if (count == 0)
        {
            return;
        }

        var first = 0;
        while (first < _delaySteps.Length && step + _delaySteps[first] < firstDueStep)
        {
            first++;
        }

        if (count > _room)
        {
            MakeRoom(count);
        }

        _room -= count;
        fixed (int* delays = _delaySteps)
        {
            PrefetchOffsets(_offsets.Pointer, _delaySteps.Length, sources, count);
            if (first == 0 && _hasShortest)
            {
                File(_offsets.Pointer, _layout.PadMask, delays, 0, 1, _delaySteps.Length, step, _mask, sources, count, _shortest);
                first = 1;
            }

            File(_offsets.Pointer, _layout.PadMask, delays, first, _delaySteps.Length, _delaySteps.Length, step, _mask, sources, count, _lists);
        }
    }

    /// <summary>Files the rows of spikes that were emitted in one step, as they come: those that should have been delivered already are due at once.</summary>
    /// <param name="step">Step of emission.</param>
    /// <param name="sources">Neurons that spiked, ascending.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">The step that is delivered next.</param>
    /// <param name="late">Counts the synapses of late rows.</param>
    public void FileArrived(long step, int* sources, int count, long now, LateEvents late)
    {
        File(step, sources, count, firstDueStep: now);
        ref var list = ref _lists[now & _mask];
        for (var d = 0; d < _delaySteps.Length && step + _delaySteps[d] < now; d++)
        {
            MakeRoom(ref list, _room + count);
            var events = 0L;
            for (var i = 0; i < count; i++)
            {
                var row = TRow.At(_offsets.Pointer, ((nint)sources[i] * _delaySteps.Length) + d, _layout.PadMask);
                list.Rows[list.Count] = row;
                list.Count += row.Count == 0 ? 0 : 1;
                events += row.Count;
            }

            late.Add(now - step - _delaySteps[d], events);
        }
    }

    /// <summary>The rows that are due in a step, those of the shortest delay or the others.</summary>
    public TRow* Due(long step, bool shortest, out int count)
    {
        var list = (shortest ? _shortest : _lists) + (step & _mask);
        count = list->Count;
        return list->Rows;
    }

    /// <summary>As <see cref="Due"/>, but the rows are then no longer filed; they stay readable until the next spikes are filed.</summary>
    public TRow* TakeDue(long step, bool shortest, out int count)
    {
        var list = (shortest ? _shortest : _lists) + (step & _mask);
        count = list->Count;
        list->Count = 0;
        return list->Rows;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        for (long i = 0; i < Lists; i++)
        {
            _lists[i].Count = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void File(
        uint* offsets, uint padMask, int* delays, int first, int last, int delayCount, long step, long mask, int* sources, int count, List* lists)
    {
        for (var i = 0; i < count; i++)
        {
            var number = (nint)sources[i] * delayCount;
            for (var d = first; d < last; d++)
            {
                // Branch-free: an empty row is written and then overwritten.
                var list = lists + ((step + delays[d]) & mask);
                var row = TRow.At(offsets, number + d, padMask);
                list->Rows[list->Count] = row;
                list->Count += row.Count == 0 ? 0 : 1;
            }
        }
    }

    private static void PrefetchOffsets(uint* offsets, int delayCount, int* sources, int count)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var offset = offsets + ((nint)sources[i] * delayCount);
            for (var d = 0; d <= delayCount; d += 16)
            {
                Sse.Prefetch0(offset + d);
            }

            Sse.Prefetch0(offset + delayCount);
        }
    }

    /// <summary>Makes room in all lists for a number of rows, and some to spare.</summary>
    private void MakeRoom(int count)
    {
        _room = int.MaxValue;
        for (long i = 0; i < Lists; i++)
        {
            ref var list = ref _lists[i];
            MakeRoom(ref list, count);
            _room = Math.Min(_room, list.Capacity - list.Count);
        }
    }

    private void MakeRoom(ref List list, int count)
    {
        if (list.Capacity - list.Count < count)
        {
            list.Capacity = (int)BitOperations.RoundUpToPowerOf2((uint)(list.Count + count + Math.Max(16, SpareRows / Lists)));
            list.Rows = (TRow*)NativeMemory.Realloc(list.Rows, (nuint)list.Capacity * (nuint)sizeof(TRow));
        }
    }

    private void Free()
    {
        if (_lists == null)
        {
            return;
        }

        for (long i = 0; i < Lists; i++)
        {
            NativeMemory.Free(_lists[i].Rows);
        }

        NativeMemory.Free(_lists);
        _lists = null;
        _shortest = null;
    }

    private struct List
    {
        public TRow* Rows;
        public int Count;
        public int Capacity;
    }
}
