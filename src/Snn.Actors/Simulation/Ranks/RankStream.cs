using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>Numbers and arrays of any length from one rank to another, in messages of bounded size.</summary>
internal sealed unsafe class RankWriter(RankLink link, int to, RankTag tag)
{
    /// <summary>Bytes of a message, at most.</summary>
    public const int MessageBytes = 4 << 20;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(MessageBytes, pinned: true);
    private int _count;

    /// <summary>Writes one number.</summary>
    public void Write<T>(T value)
        where T : unmanaged => WriteAll<T>(new ReadOnlySpan<T>(in value));

    /// <summary>Writes a length and the numbers.</summary>
    public void WriteArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(values.Length);
        WriteAll(values);
    }

    /// <summary>Writes text.</summary>
    public void Write(string text) => WriteArray<char>(text);

    /// <summary>Writes numbers; the reader knows how many.</summary>
    public void WriteAll<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        for (var bytes = MemoryMarshal.AsBytes(values); !bytes.IsEmpty;)
        {
            var now = Math.Min(bytes.Length, MessageBytes - _count);
            bytes[..now].CopyTo(_buffer.AsSpan(_count));
            _count += now;
            bytes = bytes[now..];
            if (_count == MessageBytes)
            {
                Flush();
            }
        }
    }

    /// <summary>Sends what is left. After the last write.</summary>
    public void Flush()
    {
        if (_count > 0)
        {
            link.Wait(link.Send(to, tag, Unsafe.AsPointer(ref _buffer[0]), _count));
            _count = 0;
        }
    }
}

/// <summary>Reads what a <see cref="RankWriter"/> writes, in its order.</summary>
internal sealed unsafe class RankReader(RankLink link, int from, RankTag tag)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(RankWriter.MessageBytes, pinned: true);
    private int _next;
    private int _count;

    /// <summary>Reads one number.</summary>
    public T Read<T>()
        where T : unmanaged
    {
        var value = default(T);
        ReadAll(new Span<T>(ref value));
        return value;
    }

    /// <summary>Reads an array with its length.</summary>
    public T[] ReadArray<T>()
        where T : unmanaged
    {
        var values = new T[Read<int>()];
        ReadAll<T>(values);
        return values;
    }

    /// <summary>Reads text.</summary>
    public string ReadText() => new(ReadArray<char>());

    /// <summary>Reads as many numbers as there is room for.</summary>
    public void ReadAll<T>(Span<T> values)
        where T : unmanaged
    {
        for (var bytes = MemoryMarshal.AsBytes(values); !bytes.IsEmpty;)
        {
            if (_next == _count)
            {
                _count = link.Wait(link.Receive(from, tag, Unsafe.AsPointer(ref _buffer[0]), _buffer.Length));
                _next = 0;
            }

            var now = Math.Min(bytes.Length, _count - _next);
            _buffer.AsSpan(_next, now).CopyTo(bytes);
            _next += now;
            bytes = bytes[now..];
        }
    }
}
