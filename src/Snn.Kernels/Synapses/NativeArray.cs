using System.Runtime.InteropServices;

namespace Snn.Kernels.Synapses;

/// <summary>
/// Numbers in native memory, aligned to 64 bytes and, from 2 MiB on, to huge pages. The owner disposes of it; a lost one is freed by
/// the finalizer, so that a failure half-way through a construction leaks nothing.
/// </summary>
/// <typeparam name="T">Element.</typeparam>
internal sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged
{
    // A loop that reads whole vectors, or prefetches, may touch this many bytes beyond the last element.
    private const int Slack = 64;

    private T* _pointer;

    /// <summary>An array of <paramref name="length"/> elements.</summary>
    /// <param name="length">Elements; may be zero.</param>
    /// <param name="what">What they are, for the error message.</param>
    /// <param name="cleared">Whether they start as zero (else their content is not defined).</param>
    /// <exception cref="InsufficientMemoryException">The system has not as much memory.</exception>
    public NativeArray(long length, string what, bool cleared = false)
    {
        Length = length;
        var bytes = HugePages.RoundUp(checked(((nuint)length * (nuint)sizeof(T)) + Slack));
        Bytes = (long)bytes;
        var huge = bytes >= HugePages.Bytes;
        _pointer = Allocate(bytes, huge, what);
        if (huge)
        {
            HugePages.Advise(_pointer, bytes);
        }

        if (cleared)
        {
            NativeMemory.Clear(_pointer, bytes);
        }
    }

    /// <summary>Frees a lost array.</summary>
    ~NativeArray() => Free();

    /// <summary>Elements.</summary>
    public long Length { get; }

    /// <summary>Bytes taken.</summary>
    public long Bytes { get; }

    /// <summary>First element.</summary>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static T* Allocate(nuint bytes, bool huge, string what)
    {
        try
        {
            return (T*)NativeMemory.AlignedAlloc(bytes, huge ? HugePages.Bytes : 64);
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(
                $"{what} take {bytes / 1048576.0:F0} MiB, which the system does not grant; use fewer synapses, " +
                "16-bit weights or more machines",
                e);
        }
    }

    private void Free()
    {
        if (_pointer != null)
        {
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
        }
    }
}
