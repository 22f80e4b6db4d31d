using System.Runtime.InteropServices;

namespace Snn.Actors.Recording;

/// <summary>
/// Takes what the workers record and appends it to part files, one for each recorded thing and shard. Workers write into rings
/// (<see cref="SpikeBuffer"/>, <see cref="StateBuffer"/>) and never touch a file; whoever owns the recorder calls <see cref="Drain()"/> often, on
/// a thread of the pool (the recorder actor). At the end <see cref="RecordingMerge"/> makes the files that a user reads.
/// </summary>
public sealed class Recorder
{
    private readonly string _directory;
    private readonly int _generation;
    private readonly RecordRing[] _rings;
    private readonly List<PartFile> _parts = [];
    private readonly HashSet<PartName> _names = [];
    private readonly Lock _gate = new();
    private RecordingException? _failure;

    /// <summary>A recorder for some shards.</summary>
    /// <param name="directory">Where the parts are kept; it exists.</param>
    /// <param name="shards">Number of shards: each has a worker of its own.</param>
    /// <param name="generation">0, and one more each time the run is resumed.</param>
    /// <param name="chunks">Chunks of a shard's ring.</param>
    /// <param name="chunkWords">32-bit words of a chunk. The defaults hold 1 MB a shard.</param>
    public Recorder(string directory, int shards, int generation = 0, int chunks = 8, int chunkWords = 1 << 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        _directory = directory;
        _generation = generation;
        _rings = new RecordRing[shards];
        for (var i = 0; i < shards; i++)
        {
            _rings[i] = new RecordRing(chunks, chunkWords);
        }
    }

    /// <summary>How often a worker had to wait for the recorder. Exact when the workers have stopped.</summary>
    public long Waits => _rings.Sum(r => r.Waits);

    /// <summary>Why nothing is recorded any more, or null.</summary>
    public RecordingException? Failure => Volatile.Read(ref _failure);

    /// <summary>Before the run: a buffer for the spikes of a population in a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="population">Index of the population.</param>
    /// <param name="first">First neuron of the shard.</param>
    /// <param name="count">Neurons of the shard.</param>
    public SpikeBuffer AddSpikes(int shard, int population, int first, int count) =>
        new(_rings[shard], AddPart(new PartName(PartKind.Spikes, population, _generation, first, count)));

    /// <summary>Before the run: a buffer for the samples of a state recording in a shard that holds some of its neurons.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="recording">Index of the state recording.</param>
    /// <param name="firstColumn">Place of the shard's first recorded neuron among the recorded ones.</param>
    /// <param name="columns">Recorded neurons of the shard.</param>
    /// <param name="variables">Variables of the recording.</param>
    /// <param name="elementBytes">4 or 8.</param>
    public StateBuffer AddState(int shard, int recording, int firstColumn, int columns, int variables, int elementBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var part = AddPart(new PartName(PartKind.State, recording, _generation, firstColumn, columns));
        return new StateBuffer(_rings[shard], part, checked(columns * variables * (elementBytes / sizeof(int))));
    }

    /// <summary>The worker of a shard, at the end of a slice where a position is taken, and at its own end: hands over what is left.</summary>
    /// <param name="shard">The shard.</param>
    public void HandOver(int shard) => _rings[shard].HandOver();

    /// <summary>Appends to the parts what was handed over since the last call.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="RecordingException">The disk does not take it; every worker that records from now on gets the same.</exception>
    public bool Drain()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            try
            {
                var any = false;
                foreach (var ring in _rings)
                {
                    any |= Drain(ring);
                }

                return any;
            }
            catch (Exception e)
            {
                // Whatever it is: a recorder that stopped without a word would leave its workers waiting for room for ever.
                throw Fail(e);
            }
        }
    }

    /// <summary>
    /// Drains and writes all that was handed over: the position of a snapshot, once every worker has handed over at the same slice boundary.
    /// </summary>
    /// <param name="toDisk">Whether it must survive a power failure.</param>
    /// <exception cref="RecordingException">The disk does not take it.</exception>
    public RecordingPosition Flush(bool toDisk = false)
    {
        lock (_gate)
        {
            Drain();
            try
            {
                foreach (var part in _parts)
                {
                    part.Flush(toDisk);
                }
            }
            catch (Exception e)
            {
                throw Fail(e);
            }

            return new RecordingPosition(_parts.ToDictionary(p => p.Name, p => p.Position, StringComparer.Ordinal));
        }
    }

    private int AddPart(PartName name)
    {
        if (!_names.Add(name))
        {
            throw new ArgumentException($"{name.FileName}: two shards record the same neurons.");
        }

        _parts.Add(new PartFile(Path.Combine(_directory, name.FileName)));
        return _parts.Count - 1;
    }

    private bool Drain(RecordRing ring)
    {
        var any = false;
        while (ring.TryTake(out var chunk))
        {
            any = true;
            while (!chunk.IsEmpty)
            {
                var (stream, words) = (chunk[0], chunk[1]);
                _parts[stream].Append(MemoryMarshal.AsBytes(chunk.Slice(RecordRing.HeaderWords, words)));
                chunk = chunk[(RecordRing.HeaderWords + words)..];
            }

            ring.Release();
        }

        return any;
    }

    private RecordingException Fail(Exception cause)
    {
        var failure = new RecordingException(
            $"{_directory}: the recording cannot be written: {cause.Message}; free space there or run with another --out", cause);
        Volatile.Write(ref _failure, failure);
        foreach (var ring in _rings)
        {
            ring.Fail(failure);
        }

        return failure;
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new RecordingException(failure.Message, failure);
        }
    }
}
