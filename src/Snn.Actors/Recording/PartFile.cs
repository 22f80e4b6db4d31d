namespace Snn.Actors.Recording;

/// <summary>
/// What one shard recorded of one thing, on disk: bytes in the order of time, appended only. The file is open only while a full buffer is
/// written, so that thousands of parts need no thousands of handles.
/// </summary>
internal sealed class PartFile(string path)
{
    private const int BufferBytes = 1 << 14;

    private byte[] _buffer = [];
    private int _buffered;
    private long _written;

    /// <summary>Name in the directory of parts.</summary>
    public string Name => Path.GetFileName(path);

    /// <summary>Bytes appended so far, on disk or still in the buffer.</summary>
    public long Position => _written + _buffered;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_buffered == _buffer.Length)
            {
                MakeRoom();
            }

            var now = Math.Min(bytes.Length, _buffer.Length - _buffered);
            bytes[..now].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += now;
            bytes = bytes[now..];
        }
    }

    /// <summary>Writes what is buffered.</summary>
    /// <param name="toDisk">Whether it must survive a power failure, too.</param>
    public void Flush(bool toDisk)
    {
        if (_buffered == 0 && !(toDisk && _written > 0))
        {
            return;
        }

        using var handle = File.OpenHandle(path, _written == 0 ? FileMode.Create : FileMode.Open, FileAccess.Write);
        RandomAccess.Write(handle, _buffer.AsSpan(0, _buffered), _written);
        if (toDisk)
        {
            RandomAccess.FlushToDisk(handle);
        }

        _written += _buffered;
        _buffered = 0;
    }

    private void MakeRoom()
    {
        if (_buffer.Length == 0)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
            return;
        }

        Flush(toDisk: false);
    }
}
