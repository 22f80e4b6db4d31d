using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>
/// Carries what one worker records to the recorder: a ring of preallocated chunks, one producer, one consumer, no locks and no allocation.
/// A chunk is a sequence of entries: stream, length, then that many 32-bit words, to be appended to the file of that stream.
/// </summary>
/// <remarks>
/// Order of the hand-over: the producer writes a chunk and its length, then <c>_published</c>; the consumer reads <c>_published</c>, then the
/// chunk. The consumer is done with a chunk, then writes <c>_released</c>; the producer reads <c>_released</c>, then writes that chunk again.
/// When every chunk is full the producer waits: memory is bounded, and no record is ever dropped.
/// </remarks>
public sealed class RecordRing
{
    /// <summary>Words that an entry needs besides its own.</summary>
    internal const int HeaderWords = 2;

    private readonly int[][] _chunks;
    private readonly int[] _lengths;
    private Indices _indices;
    private Exception? _failure;
    private int[]? _current;
    private int _used;

    /// <summary>Allocates the chunks.</summary>
    /// <param name="chunks">At least 2.</param>
    /// <param name="chunkWords">Words a chunk; an entry is no longer than that.</param>
    public RecordRing(int chunks = 8, int chunkWords = 1 << 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkWords, 2 * HeaderWords);
        _chunks = new int[chunks][];
        for (var i = 0; i < chunks; i++)
        {
            _chunks[i] = new int[chunkWords];
        }

        _lengths = new int[chunks];
    }

    /// <summary>Words of the longest entry.</summary>
    public int MaximumEntry => _chunks[0].Length - HeaderWords;

    /// <summary>How often the producer found every chunk full and waited.</summary>
    public long Waits { get; private set; }

    /// <summary>
    /// Producer: room for an entry, to be filled before the next call on this ring; empty if there is none now. Nothing is lost: call again.
    /// </summary>
    /// <param name="stream">Which file.</param>
    /// <param name="words">From 1 to <see cref="MaximumEntry"/>.</param>
    /// <exception cref="RecordingException">The recorder has failed.</exception>
    public Span<int> TryReserve(int stream, int words)
    {
        Debug.Assert(words > 0 && words <= MaximumEntry, "An entry fits a chunk.");
        if (_current is not null && _current.Length - _used < words + HeaderWords)
        {
            HandOver();
        }

        if (_current is null && !TryOpenChunk())
        {
            return default;
        }

        var chunk = _current!;
        chunk[_used] = stream;
        chunk[_used + 1] = words;
        var entry = chunk.AsSpan(_used + HeaderWords, words);
        _used += words + HeaderWords;
        return entry;
    }

    /// <summary>Producer: the same, waiting for the recorder where there is no room: it spins, then yields, then sleeps.</summary>
    /// <param name="stream">Which file.</param>
    /// <param name="words">From 1 to <see cref="MaximumEntry"/>.</param>
    /// <exception cref="RecordingException">The recorder has failed.</exception>
    public Span<int> Reserve(int stream, int words)
    {
        var entry = TryReserve(stream, words);
        return entry.IsEmpty ? WaitAndReserve(stream, words) : entry;
    }

    /// <summary>Producer: gives the recorder what is in the chunk at hand. Never waits.</summary>
    public void HandOver()
    {
        if (_current is null)
        {
            return;
        }

        _lengths[_indices.Published % _chunks.Length] = _used;
        _current = null;
        Volatile.Write(ref _indices.Published, _indices.Published + 1);
    }

    /// <summary>Chunks handed over so far. For the producer, and for who has heard from it since.</summary>
    public long HandedOver => Volatile.Read(ref _indices.Published);

    /// <summary>Consumer: chunks given back so far.</summary>
    public long Released => _indices.Released;

    /// <summary>Consumer: the oldest chunk that was handed over, or false.</summary>
    /// <param name="chunk">Its entries; valid until <see cref="Release"/>.</param>
    public bool TryTake(out ReadOnlySpan<int> chunk)
    {
        var released = _indices.Released;
        if (Volatile.Read(ref _indices.Published) == released)
        {
            chunk = default;
            return false;
        }

        var index = (int)(released % _chunks.Length);
        chunk = _chunks[index].AsSpan(0, _lengths[index]);
        return true;
    }

    /// <summary>Consumer: gives the chunk of <see cref="TryTake"/> back.</summary>
    public void Release() => Volatile.Write(ref _indices.Released, _indices.Released + 1);

    /// <summary>Consumer: nothing will be taken any more; the producer learns it instead of waiting for ever.</summary>
    /// <param name="cause">What went wrong.</param>
    public void Fail(Exception cause) => Volatile.Write(ref _failure, cause);

    private Span<int> WaitAndReserve(int stream, int words)
    {
        Waits++;
        var wait = default(SpinWait);
        Span<int> entry;
        do
        {
            wait.SpinOnce();
            entry = TryReserve(stream, words);
        }
        while (entry.IsEmpty);
        return entry;
    }

    private bool TryOpenChunk()
    {
        if (Volatile.Read(ref _failure) is { } cause)
        {
            throw new RecordingException(cause.Message, cause);
        }

        if (_indices.Published - Volatile.Read(ref _indices.Released) == _chunks.Length)
        {
            return false;
        }

        _current = _chunks[_indices.Published % _chunks.Length];
        _used = 0;
        return true;
    }

    /// <summary>The two counters, each with a pair of cache lines of its own: they are written by different threads.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Indices
    {
        [FieldOffset(128)]
        public long Published;

        [FieldOffset(256)]
        public long Released;
    }
}
