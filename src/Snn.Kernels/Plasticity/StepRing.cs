using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>Numbers with steps, in order: added behind, taken off in front. Grows where it must, which is rare: it begins long.</summary>
internal sealed unsafe class StepRing(string what) : IDisposable
{
    private NativeArray<(long Step, double Value)> _items = new(4096, what);

    /// <summary>Number of the first item; the others follow.</summary>
    public long First { get; private set; }

    /// <summary>Number behind the last item.</summary>
    public long End { get; private set; }

    /// <summary>Items.</summary>
    public int Count => (int)(End - First);

    /// <summary>Bytes.</summary>
    public long Bytes => _items.Bytes;

    /// <summary>An item by its number.</summary>
    public (long Step, double Value) this[long number] => _items.Pointer[number & (_items.Length - 1)];

    /// <summary>Adds an item; its step is not before that of the last.</summary>
    public void Add(long step, double value)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items.Pointer[End++ & (_items.Length - 1)] = (step, value);
    }

    /// <summary>Takes off the items before a number.</summary>
    public void DropTo(long number) => First = number;

    /// <summary>The last item at or before a step: its number, or one less than the first where there is none.</summary>
    public long LastUpTo(long step)
    {
        var (low, high) = (First - 1, End - 1);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            (low, high) = this[middle].Step <= step ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Takes off everything.</summary>
    public void Clear() => (First, End) = (0, 0);

    /// <inheritdoc/>
    public void Dispose() => _items.Dispose();

    private void Grow()
    {
        var larger = new NativeArray<(long Step, double Value)>(2 * _items.Length, what);
        for (var i = First; i < End; i++)
        {
            larger.Pointer[i & (larger.Length - 1)] = this[i];
        }

        _items.Dispose();
        _items = larger;
    }
}
