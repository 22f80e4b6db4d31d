using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>A recorded spike as it lies in a part file: 12 bytes.</summary>
/// <param name="Step">Step in which the neuron spiked.</param>
/// <param name="Neuron">Index in the population.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct SpikeRecord(long Step, int Neuron)
{
    /// <summary>32-bit words of a record.</summary>
    internal const int Words = 3;
}

/// <summary>Where the worker of a shard leaves the spikes of one population.</summary>
public sealed class SpikeBuffer
{
    private readonly RecordRing _ring;
    private readonly int _stream;

    internal SpikeBuffer(RecordRing ring, int stream)
    {
        _ring = ring;
        _stream = stream;
    }

    /// <summary>Appends the spikes of a step, all or none. No allocation, no lock, no wait.</summary>
    /// <param name="step">The step; never less than that of the last call.</param>
    /// <param name="neurons">Ascending indices in the population; no more than a chunk holds.</param>
    /// <returns>False if the recorder is behind and there is no room now.</returns>
    /// <exception cref="RecordingException">The recorder has failed.</exception>
    public bool TryAppend(long step, ReadOnlySpan<int> neurons)
    {
        if (neurons.IsEmpty)
        {
            return true;
        }

        var entry = _ring.TryReserve(_stream, neurons.Length * SpikeRecord.Words);
        return !entry.IsEmpty && Fill(entry, step, neurons);
    }

    /// <summary>Appends the spikes of a step, and waits while the recorder is behind. No allocation, no lock.</summary>
    /// <param name="step">The step; never less than that of the last call.</param>
    /// <param name="neurons">Ascending indices in the population.</param>
    /// <exception cref="RecordingException">The recorder has failed.</exception>
    public void Append(long step, ReadOnlySpan<int> neurons)
    {
        var most = _ring.MaximumEntry / SpikeRecord.Words;
        while (!neurons.IsEmpty)
        {
            var now = neurons[..Math.Min(neurons.Length, most)];
            Fill(_ring.Reserve(_stream, now.Length * SpikeRecord.Words), step, now);
            neurons = neurons[now.Length..];
        }
    }

    private static bool Fill(Span<int> entry, long step, ReadOnlySpan<int> neurons)
    {
        var records = MemoryMarshal.Cast<int, SpikeRecord>(entry);
        for (var i = 0; i < neurons.Length; i++)
        {
            records[i] = new SpikeRecord(step, neurons[i]);
        }

        return true;
    }
}
