using System.Runtime.InteropServices;

namespace Snn.Actors.Simulation;

/// <summary>The spikes of a population that several shards emit, as one: whoever files them looks each row up in one go.</summary>
internal sealed unsafe class SourceSpikes : IDisposable
{
    private readonly SpikeOutbox[] _outboxes;
    private int* _joined;

    /// <param name="outboxes">Spikes of the population, in the order of its neurons.</param>
    /// <param name="neurons">Its size.</param>
    public SourceSpikes(SpikeOutbox[] outboxes, int neurons)
    {
        _outboxes = outboxes;
        _joined = (int*)NativeMemory.Alloc((nuint)Math.Max(1, outboxes.Length > 1 ? neurons : 0), sizeof(int));
    }

    /// <summary>Frees lost room.</summary>
    ~SourceSpikes() => Free();

    /// <summary>The spikes of each shard by themselves.</summary>
    public ReadOnlySpan<SpikeOutbox> Outboxes => _outboxes;

    /// <summary>The neurons that spiked in a step, ascending; readable until the next call.</summary>
    public int* Read(long step, out int count)
    {
        int* only = null;
        count = 0;
        foreach (var outbox in _outboxes)
        {
            var neurons = outbox.Read(step, out var more);
            if (more == 0)
            {
                continue;
            }

            if (count == 0)
            {
                only = neurons;
                count = more;
                continue;
            }

            if (only != _joined)
            {
                new ReadOnlySpan<int>(only, count).CopyTo(new Span<int>(_joined, count));
                only = _joined;
            }

            new ReadOnlySpan<int>(neurons, more).CopyTo(new Span<int>(_joined + count, more));
            count += more;
        }

        return only;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_joined);
        _joined = null;
    }
}
