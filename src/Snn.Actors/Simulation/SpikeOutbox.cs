using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Snn.Actors.Simulation;

/// <summary>
/// The spikes of one population on one shard, by step, for as long as some delay line still needs them. One writer (the population),
/// many readers (the connections of all shards), no locks:
/// <list type="bullet">
/// <item>the writer fills the steps of slice s before it hands s over;</item>
/// <item>a reader reads step e only after it has accepted the slice of e;</item>
/// <item>the writer reuses the room of a slice only when no shard can be in a slice that still reads it: the clock lets nobody run
/// more than a number of slices ahead of another, and the ring holds the longest delay and one slice more than that.</item>
/// </list>
/// </summary>
internal sealed unsafe class SpikeOutbox : IDisposable
{
    private readonly int _sliceSteps;
    private readonly long _slices;
    private readonly nint _sliceCapacity;
    private readonly long _stepMask;
    private readonly int _items;
    private Entry* _steps;
    private int* _itemEnds;
    private int* _neurons;
    private int* _next;
    private byte* _values;

    /// <param name="neurons">Neurons of the population on this shard, of all its batch items.</param>
    /// <param name="sliceSteps">Steps of a slice.</param>
    /// <param name="maxDelaySteps">Longest delay of any synapse out of the population.</param>
    /// <param name="items">Batch items on this shard.</param>
    /// <param name="valueBytes">Bytes of the value that every spike carries; 0: spikes carry none.</param>
    /// <param name="slicesAhead">Slices that the clock lets a shard run ahead of another, at most.</param>
    public SpikeOutbox(int neurons, int sliceSteps, int maxDelaySteps, int items = 1, int valueBytes = 0, int slicesAhead = 1)
    {
        ValueBytes = valueBytes;
        _items = items;
        _sliceSteps = sliceSteps;
        _slices = Slices(sliceSteps, maxDelaySteps, slicesAhead);
        _sliceCapacity = (nint)neurons * sliceSteps;
        var steps = Steps(sliceSteps, maxDelaySteps, slicesAhead);
        _stepMask = (long)steps - 1;
        _steps = (Entry*)NativeMemory.AllocZeroed((nuint)steps, (nuint)sizeof(Entry));
        _itemEnds = (int*)NativeMemory.AllocZeroed((nuint)steps * (nuint)items, sizeof(int));
        // Pages that no spike ever reaches stay untouched and cost no memory.
        _neurons = (int*)NativeMemory.Alloc((nuint)(_slices * Math.Max(_sliceCapacity, 1)), sizeof(int));
        _next = _neurons;
        _values = (byte*)NativeMemory.Alloc((nuint)(_slices * Math.Max(_sliceCapacity, 1)), (nuint)valueBytes);
    }

    /// <summary>Frees a lost ring.</summary>
    ~SpikeOutbox() => Free();

    /// <summary>Bytes of a ring, all of it touched; those of the constructor.</summary>
    public static double BytesOf(double neurons, int sliceSteps, int maxDelaySteps, double items) =>
        (neurons * sliceSteps * Slices(sliceSteps, maxDelaySteps, slicesAhead: 1) * sizeof(int))
        + (Steps(sliceSteps, maxDelaySteps, slicesAhead: 1) * (sizeof(Entry) + (items * sizeof(int))));

    /// <summary>Where the population may write up to its number of neurons for the current step.</summary>
    public int* Room => _next;

    /// <summary>Bytes of the value that every spike carries, a float or a double; 0: spikes carry none.</summary>
    public int ValueBytes { get; }

    /// <summary>Where the population may write the values of those spikes; null where spikes carry none.</summary>
    public void* ValueRoom => ValuesOf(_next);

    /// <summary>The writer turns to the first step of a slice.</summary>
    public void BeginSlice(long slice) => _next = _neurons + (nint)(slice % _slices * _sliceCapacity);

    /// <summary>The writer has put <paramref name="count"/> neurons of <paramref name="step"/> into <see cref="Room"/>: of one batch item after another.</summary>
    public void Commit(long step, int count, int item = 0)
    {
        var place = step & _stepMask;
        var before = item == 0 ? 0 : _steps[place].Count;
        _steps[place] = new Entry { Neurons = _next - before, Count = before + count, Step = (int)step };
        _itemEnds[(place * _items) + item] = before + count;
        _next += count;
    }

    /// <summary>Takes up spikes of a step from a snapshot: step by step, ascending, before the first slice; of one batch item after another.</summary>
    /// <param name="step">Step of emission.</param>
    /// <param name="isFirst">Whether it is the first step, and item, that is taken up: it may lie within a slice.</param>
    /// <param name="neurons">Index in the population, ascending.</param>
    /// <param name="item">The batch item.</param>
    /// <param name="values">What the spikes carry, one each; empty where they carry nothing.</param>
    public void Restore(long step, bool isFirst, ReadOnlySpan<int> neurons, int item = 0, ReadOnlySpan<double> values = default)
    {
        if (isFirst || (step % _sliceSteps == 0 && item == 0))
        {
            BeginSlice(step / _sliceSteps);
        }

        neurons.CopyTo(new Span<int>(Room, neurons.Length));
        for (var i = 0; i < values.Length; i++)
        {
            if (ValueBytes == sizeof(double))
            {
                ((double*)ValueRoom)[i] = values[i];
            }
            else
            {
                ((float*)ValueRoom)[i] = (float)values[i];
            }
        }

        Commit(step, neurons.Length, item);
    }

    /// <summary>The neurons (index in the population, ascending) that spiked in a step; none in one that was never committed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Read(long step, out int count)
    {
        var entry = _steps[step & _stepMask];
        count = entry.Step == (int)step ? entry.Count : 0;
        return entry.Neurons;
    }

    /// <summary>The values that the spikes of one batch item carry; null where they carry none.</summary>
    public void* ReadValues(long step, int item) => ValuesOf(ReadItem(step, item, out _));

    /// <summary>Adds the values of all spikes of a step to a list.</summary>
    public void AddValues(long step, List<double> values)
    {
        var neurons = Read(step, out var count);
        var from = ValuesOf(neurons);
        for (var i = 0; i < count; i++)
        {
            values.Add(ValueBytes == sizeof(double) ? ((double*)from)[i] : ((float*)from)[i]);
        }
    }

    /// <summary>The neurons of one batch item that spiked in a step.</summary>
    public int* ReadItem(long step, int item, out int count)
    {
        var place = step & _stepMask;
        var ends = _itemEnds + (place * _items);
        var first = item == 0 ? 0 : ends[item - 1];
        count = ends[item] - first;
        return _steps[place].Neurons + first;
    }

    /// <inheritdoc cref="Read(long, out int)"/>
    public ReadOnlySpan<int> Read(long step)
    {
        var neurons = Read(step, out var count);
        return new ReadOnlySpan<int>(neurons, count);
    }

    /// <summary>Frees the ring.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static long Slices(int sliceSteps, int maxDelaySteps, int slicesAhead) => (((long)maxDelaySteps + sliceSteps - 1) / sliceSteps) + 1 + slicesAhead;

    private static ulong Steps(int sliceSteps, int maxDelaySteps, int slicesAhead) =>
        System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(Slices(sliceSteps, maxDelaySteps, slicesAhead) * sliceSteps));

    private void Free()
    {
        NativeMemory.Free(_steps);
        NativeMemory.Free(_itemEnds);
        NativeMemory.Free(_neurons);
        NativeMemory.Free(_values);
        _values = null;
        _steps = null;
        _itemEnds = null;
        _neurons = null;
    }

    private void* ValuesOf(int* neurons) => ValueBytes == 0 ? null : _values + ((neurons - _neurons) * ValueBytes);

    private struct Entry
    {
        public int* Neurons;
        public int Count;

        /// <summary>Its lower half: what an earlier step left here is no spike of this one.</summary>
        public int Step;
    }
}
