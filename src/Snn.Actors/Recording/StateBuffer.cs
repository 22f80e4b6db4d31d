using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>Where the worker of a shard leaves the samples of one state recording: its own neurons only.</summary>
public sealed class StateBuffer
{
    private readonly RecordRing _ring;
    private readonly int _stream;
    private readonly int _rowWords;

    internal StateBuffer(RecordRing ring, int stream, int rowWords)
    {
        _ring = ring;
        _stream = stream;
        _rowWords = rowWords;
    }

    /// <summary>Appends a sample, and waits while the recorder is behind. No allocation, no lock.</summary>
    /// <typeparam name="T">float or double, as the recording was declared.</typeparam>
    /// <param name="step">The step at whose end the sample was taken.</param>
    /// <param name="values">[variable, recorded neuron of the shard]</param>
    /// <exception cref="ArgumentException">Not one value for each variable and neuron of the shard.</exception>
    /// <exception cref="RecordingException">The recorder has failed.</exception>
    public void Append<T>(long step, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var words = MemoryMarshal.Cast<T, int>(values);
        if (words.Length != _rowWords)
        {
            throw new ArgumentException(
                $"A sample of {values.Length} x {Unsafe.SizeOf<T>()} bytes, where {_rowWords * sizeof(int)} bytes are declared.", nameof(values));
        }

        Unsafe.WriteUnaligned(ref MemoryMarshal.AsBytes(_ring.Reserve(_stream, sizeof(long) / sizeof(int)))[0], step);
        while (!words.IsEmpty)
        {
            var now = words[..Math.Min(words.Length, _ring.MaximumEntry)];
            now.CopyTo(_ring.Reserve(_stream, now.Length));
            words = words[now.Length..];
        }
    }
}
