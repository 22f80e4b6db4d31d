using System.Numerics;
using System.Runtime.InteropServices;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>
/// Columns of floats or doubles, aligned to 64 bytes, zero at first; what state, derived constants and inputs lie in. Lost ones are freed by the
/// finalizer, so that a failure half-way through a construction leaks nothing.
/// </summary>
internal sealed unsafe class NumberColumns : IDisposable
{
    /// <summary>
    /// Bytes from which columns take whole huge pages. Synapses write all over the input columns, and from here on 4 KiB pages are more than
    /// the first level of the processor's address translation holds.
    /// </summary>
    private const nuint LeastHuge = 128 << 10;

    /// <param name="columns">Number of columns.</param>
    /// <param name="stride">Numbers in a column; a multiple of 16.</param>
    /// <param name="isDouble">Whether numbers are doubles.</param>
    public NumberColumns(int columns, nint stride, bool isDouble)
    {
        Columns = columns;
        Stride = stride;
        IsDouble = isDouble;
        var bytes = (nuint)Math.Max((nint)columns * stride * (isDouble ? sizeof(double) : sizeof(float)), 64);
        if (bytes >= LeastHuge)
        {
            bytes = (bytes + HugePages.Bytes - 1) / HugePages.Bytes * HugePages.Bytes;
            Data = NativeMemory.AlignedAlloc(bytes, HugePages.Bytes);
            HugePages.Advise(Data, bytes);
        }
        else
        {
            Data = NativeMemory.AlignedAlloc(bytes, 64);
        }

        NativeMemory.Clear(Data, bytes);
    }

    /// <summary>Frees lost columns.</summary>
    ~NumberColumns() => Free();

    /// <summary>First number of the first column.</summary>
    public void* Data { get; private set; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Numbers in a column.</summary>
    public nint Stride { get; }

    /// <summary>Whether numbers are doubles.</summary>
    public bool IsDouble { get; }

    /// <summary>Address of a number.</summary>
    public void* At(int column, nint row)
    {
        var index = (column * Stride) + row;
        return IsDouble ? (double*)Data + index : (float*)Data + index;
    }

    /// <summary>One number; slow, for set-up, recording and tests.</summary>
    public double this[int column, nint row]
    {
        get => IsDouble ? *(double*)At(column, row) : *(float*)At(column, row);
        set
        {
            if (IsDouble)
            {
                *(double*)At(column, row) = value;
            }
            else
            {
                *(float*)At(column, row) = (float)value;
            }
        }
    }

    /// <summary>Whether all numbers of a column are finite.</summary>
    public bool AreFinite(int column) => IsDouble ? AreFinite((double*)At(column, 0), Stride) : AreFinite((float*)At(column, 0), Stride);

    /// <summary>Copies all numbers to columns of the same extent.</summary>
    public void CopyTo(NumberColumns other)
    {
        Runtime.Invariant.That(other.Columns == Columns && other.Stride == Stride && other.IsDouble == IsDouble, "columns are copied to columns like them");
        var bytes = (nuint)(Columns * Stride * (IsDouble ? sizeof(double) : sizeof(float)));
        NativeMemory.Copy(Data, other.Data, bytes);
    }

    /// <summary>Frees the columns.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>A finite number less itself is zero; an infinite one, and what is none, is not.</summary>
    private static bool AreFinite<T>(T* numbers, nint count)
        where T : unmanaged
    {
        var sum = Vector<T>.Zero;
        for (nint i = 0; i < count; i += Vector<T>.Count)
        {
            var x = Vector.LoadAligned(numbers + i);
            sum += x - x;
        }

        return sum == Vector<T>.Zero;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
    }
}
