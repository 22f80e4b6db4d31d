using System.Collections.Concurrent;
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
    private readonly ConcurrentQueue<long>[] _marks;
    private readonly Queue<IReadOnlyList<(string Part, long Position)>>[] _marked;
    private readonly IReadOnlyDictionary<string, long>? _before;
    private readonly List<PartFile> _parts = [];
    private readonly List<int> _shardOfPart = [];
    private readonly HashSet<PartName> _names = [];
    private readonly Lock _gate = new();
    private RecordingException? _failure;

    /// <summary>A recorder for some shards.</summary>
    /// <param name="directory">Where the parts are kept; it exists.</param>
    /// <param name="shards">Number of shards: each has a worker of its own.</param>
    /// <param name="generation">0, and one more each time the run is resumed.</param>
    /// <param name="chunks">Chunks of a shard's ring.</param>
    /// <param name="chunkWords">32-bit words of a chunk. The defaults hold 1 MB a shard.</param>
    /// <param name="before">Parts of earlier generations that stay: the position of the snapshot that the run goes on from.</param>
    public Recorder(
        string directory, int shards, int generation = 0, int chunks = 8, int chunkWords = 1 << 15, RecordingPosition? before = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        _before = before?.Parts;
        _marks = [.. Enumerable.Range(0, shards).Select(_ => new ConcurrentQueue<long>())];
        _marked = [.. Enumerable.Range(0, shards).Select(_ => new Queue<IReadOnlyList<(string, long)>>())];
        _directory = directory;
        _generation = generation;
        _rings = new RecordRing[shards];
        for (var i = 0; i < shards; i++)
        {
            _rings[i] = new RecordRing(chunks, chunkWords);
        }
    }

    /// <summary>Whether it goes on with the recording of a run that was resumed.</summary>
    public bool Continues => _before is not null;

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
        new(_rings[shard], AddPart(shard, new PartName(PartKind.Spikes, population, _generation, first, count)));

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
        var part = AddPart(shard, new PartName(PartKind.State, recording, _generation, firstColumn, columns));
        return new StateBuffer(_rings[shard], part, checked(columns * variables * (elementBytes / sizeof(int))));
    }

    /// <summary>The worker of a shard, at the end of a slice where a position is taken, and at its own end: hands over what is left.</summary>
    /// <param name="shard">The shard.</param>
    public void HandOver(int shard) => _rings[shard].HandOver();

    /// <summary>
    /// The worker of a shard, at a slice boundary of which a snapshot is taken: hands over what is left and marks the place, until
    /// <see cref="TakePosition"/> takes it.
    /// </summary>
    /// <param name="shard">The shard.</param>
    public void Mark(int shard)
    {
        _rings[shard].HandOver();
        _marks[shard].Enqueue(_rings[shard].HandedOver);
    }

    /// <summary>
    /// Once every worker has marked the same slice boundary: writes all that was recorded before it to the disk, so that it survives a power failure,
    /// and tells how far that reaches. Workers may have gone on. Called once for every such boundary, in their order.
    /// </summary>
    /// <exception cref="RecordingException">The disk does not take it.</exception>
    public RecordingPosition TakePosition()
    {
        lock (_gate)
        {
            // A mark is passed when its ring is drained up to there.
            Drain();
            FlushParts(toDisk: true);
            var parts = new Dictionary<string, long>(_before ?? new Dictionary<string, long>(), StringComparer.Ordinal);
            foreach (var (part, position) in _marked.SelectMany(m => m.Dequeue()))
            {
                parts[part] = position;
            }

            return new RecordingPosition(parts);
        }
    }

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
                for (var shard = 0; shard < _rings.Length; shard++)
                {
                    any |= Drain(shard);
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
            FlushParts(toDisk);
            return new RecordingPosition(_parts.ToDictionary(p => p.Name, p => p.Position, StringComparer.Ordinal));
        }
    }

    private void FlushParts(bool toDisk)
    {
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
    }

    private int AddPart(int shard, PartName name)
    {
        if (!_names.Add(name))
        {
            throw new ArgumentException($"{name.FileName}: two shards record the same neurons.");
        }

        _parts.Add(new PartFile(Path.Combine(_directory, name.FileName)));
        _shardOfPart.Add(shard);
        return _parts.Count - 1;
    }

    private bool Drain(int shard)
    {
        var ring = _rings[shard];
        var any = false;
        NotePositions(shard, ring);
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
            NotePositions(shard, ring);
        }

        return any;
    }

    /// <summary>Notes how far the parts of a shard reach, if all that is before its mark, and nothing behind it, has been appended.</summary>
    private void NotePositions(int shard, RecordRing ring)
    {
        while (_marks[shard].TryPeek(out var mark) && mark == ring.Released)
        {
            _marks[shard].TryDequeue(out _);
            _marked[shard].Enqueue([.. _parts.Where((_, i) => _shardOfPart[i] == shard).Select(p => (p.Name, p.Position))]);
        }
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
