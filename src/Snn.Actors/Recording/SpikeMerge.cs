namespace Snn.Actors.Recording;

/// <summary>Merges parts that are each sorted by (step, neuron): a k-way merge over a heap of readers, in constant memory.</summary>
internal sealed class SpikeMerge : IDisposable
{
    /// <summary>Those that have a spike at hand; the first is the least, children of i are 2i + 1 and 2i + 2.</summary>
    private readonly SpikeReader[] _heap;
    private int _size;

    public SpikeMerge(IReadOnlyList<string> paths)
    {
        _heap = new SpikeReader[paths.Count];
        try
        {
            foreach (var path in paths)
            {
                Add(new SpikeReader(path));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Spikes in all parts.</summary>
    public long Total { get; private set; }

    /// <summary>Fills a buffer with the next spikes.</summary>
    /// <returns>How many; 0 at the end.</returns>
    public int Read(Span<SpikeRecord> spikes)
    {
        var count = 0;
        while (count < spikes.Length && _size > 0)
        {
            var first = _heap[0];
            spikes[count++] = first.Current;
            if (!first.MoveNext())
            {
                first.Dispose();
                _heap[0] = _heap[--_size];
            }

            SiftDown();
        }

        return count;
    }

    public void Dispose()
    {
        for (; _size > 0; _size--)
        {
            _heap[_size - 1].Dispose();
        }
    }

    private void Add(SpikeReader reader)
    {
        Total += reader.Total;
        if (!reader.MoveNext())
        {
            reader.Dispose();
            return;
        }

        var at = _size++;
        for (int parent; at > 0 && reader.IsBefore(_heap[parent = (at - 1) / 2]); at = parent)
        {
            _heap[at] = _heap[parent];
        }

        _heap[at] = reader;
    }

    /// <summary>Moves the first to where it belongs, after its spike at hand has changed.</summary>
    private void SiftDown()
    {
        if (_size == 0)
        {
            return;
        }

        var moving = _heap[0];
        var at = 0;
        for (int child; (child = (2 * at) + 1) < _size; at = child)
        {
            if (child + 1 < _size && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(moving))
            {
                break;
            }

            _heap[at] = _heap[child];
        }

        _heap[at] = moving;
    }
}
