using System.Runtime.InteropServices;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>A column of numbers of either precision, padded as the engine pads it, in native memory.</summary>
internal sealed unsafe class Numbers : IDisposable
{
    private readonly bool _isDouble;
    private void* _pointer;

    public Numbers(int count, bool isDouble)
    {
        Count = count;
        _isDouble = isDouble;
        var padded = (count + 63) / 64 * 64;
        var bytes = (nuint)Math.Max(padded, 64) * (isDouble ? 8u : 4u);
        _pointer = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_pointer, bytes);
    }

    public Numbers(ReadOnlySpan<double> values, bool isDouble)
        : this(values.Length, isDouble)
    {
        for (var i = 0; i < values.Length; i++)
        {
            this[i] = values[i];
        }
    }

    ~Numbers() => Free();

    public int Count { get; }

    public void* Pointer => _pointer;

    public double this[int index]
    {
        get => _isDouble ? ((double*)_pointer)[index] : ((float*)_pointer)[index];
        set
        {
            if (_isDouble)
            {
                ((double*)_pointer)[index] = value;
            }
            else
            {
                ((float*)_pointer)[index] = (float)value;
            }
        }
    }

    public double[] ToArray() => [.. Enumerable.Range(0, Count).Select(i => this[i])];

    public void Fill(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < Count; i++)
        {
            this[i] = values[i];
        }
    }

    public void Clear()
    {
        for (var i = 0; i < Count; i++)
        {
            this[i] = 0;
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
