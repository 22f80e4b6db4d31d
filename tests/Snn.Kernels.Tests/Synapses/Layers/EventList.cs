using System.Runtime.InteropServices;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Room for events, in native memory, and the events in it.</summary>
internal sealed unsafe class EventList : IDisposable
{
    private readonly Numbers _values;
    private int* _sources;
    private int* _delays;

    public EventList(int capacity, bool isDouble)
    {
        _values = new Numbers(capacity, isDouble);
        _sources = (int*)NativeMemory.AllocZeroed((nuint)capacity + 1, sizeof(int));
        _delays = (int*)NativeMemory.AllocZeroed((nuint)capacity + 1, sizeof(int));
    }

    ~EventList() => Free();

    /// <summary>All of the room.</summary>
    public LayerEvents Room => new() { Sources = _sources, Values = _values.Pointer, DelayIndices = _delays };

    /// <summary>Events of all numbers that are not zero, graded where one is not 1.</summary>
    public static EventList Of(ReadOnlySpan<double> numbers, bool isDouble, out LayerEvents events)
    {
        var list = new EventList(numbers.Length, isDouble);
        events = list.Room;
        events.DelayIndices = null;
        var graded = false;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] != 0)
            {
                list._sources[events.Count] = i;
                list._values[events.Count++] = numbers[i];
                graded |= numbers[i] != 1;
            }
        }

        events.Values = graded ? events.Values : null;
        return list;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        _values.Dispose();
        NativeMemory.Free(_sources);
        NativeMemory.Free(_delays);
        _sources = null;
        _delays = null;
    }
}
