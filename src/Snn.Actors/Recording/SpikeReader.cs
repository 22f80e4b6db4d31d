using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Snn.Actors.Recording;

/// <summary>Reads the spikes of a part, in order, through a buffer.</summary>
internal sealed class SpikeReader : IDisposable
{
    private const int BufferRecords = 1 << 12;
    private const int RecordBytes = SpikeRecord.Words * sizeof(int);

    private readonly SafeFileHandle _file;
    private readonly long _bytes;
    private readonly SpikeRecord[] _buffer = new SpikeRecord[BufferRecords];
    private long _offset;
    private int _next;
    private int _count;

    public SpikeReader(string path)
    {
        _file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        _bytes = RandomAccess.GetLength(_file);
        if (_bytes % RecordBytes != 0)
        {
            _file.Dispose();
            throw new RecordingException($"{path}: {_bytes} bytes are no whole number of spikes: the file was cut.");
        }
    }

    /// <summary>Spikes in the file.</summary>
    public long Total => _bytes / RecordBytes;

    /// <summary>The spike at hand, after <see cref="MoveNext"/>.</summary>
    public ref readonly SpikeRecord Current => ref _buffer[_next - 1];

    public bool MoveNext()
    {
        if (_next == _count && !Fill())
        {
            return false;
        }

        _next++;
        return true;
    }

    /// <summary>Whether the spike at hand comes before the one at hand in the other.</summary>
    public bool IsBefore(SpikeReader other)
    {
        ref readonly var a = ref Current;
        ref readonly var b = ref other.Current;
        return a.Step < b.Step || (a.Step == b.Step && a.Neuron < b.Neuron);
    }

    public void Dispose() => _file.Dispose();

    private bool Fill()
    {
        var bytes = MemoryMarshal.AsBytes(_buffer.AsSpan())[..(int)Math.Min(BufferRecords * RecordBytes, _bytes - _offset)];
        for (var at = 0; at < bytes.Length;)
        {
            var read = RandomAccess.Read(_file, bytes[at..], _offset + at);
            if (read == 0)
            {
                throw new RecordingException("A part of the recording was cut while it was read.");
            }

            at += read;
        }

        _offset += bytes.Length;
        _count = bytes.Length / RecordBytes;
        _next = 0;
        return _count > 0;
    }
}
