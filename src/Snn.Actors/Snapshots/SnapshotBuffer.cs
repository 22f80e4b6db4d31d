using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Actors.Snapshots;

/// <summary>
/// Where the workers copy their state at a slice boundary, before they go on: allocated once, so that the copy is all they pay. Each shard writes
/// ranges of its own; the last one to be done hands the buffer on.
/// </summary>
internal sealed class SnapshotBuffer : IDisposable
{
    private readonly Network _network;
    private readonly PopulationCopy[] _populations;
    private readonly RankLayout _layout;
    private readonly Partition _partition;
    private readonly SnapshotParts _parts;
    private readonly Dictionary<Projection, PlasticSnapshot> _plastic;
    private readonly Dictionary<string, (SnapshotPart Part, byte[] Bytes)> _bytes = new(StringComparer.Ordinal);
    private int _missing;

    /// <param name="network">The network.</param>
    /// <param name="layout">Which shards are this rank's, and how many there are.</param>
    /// <param name="partition">Which neurons are a shard's.</param>
    /// <param name="parts">What shards have beside their populations.</param>
    public SnapshotBuffer(Network network, RankLayout layout, Partition partition, SnapshotParts parts)
    {
        _network = network;
        _layout = layout;
        _partition = partition;
        _parts = parts;
        _plastic = network.Projections.Where(p => p.Learning is SynapseLearning).ToDictionary(p => p, p => new PlasticSnapshot(p, layout, parts));
        _populations = [.. network.Populations.Select(p => new PopulationCopy(p, network.Items, layout.Shards, network.Precision == Precision.Double))];
    }

    /// <summary>The next step of the state that is in it.</summary>
    public long Step { get; private set; }

    /// <summary>Called once all shards are built: makes room for the parts that they have declared.</summary>
    public void Prepare()
    {
        foreach (var part in _parts.All)
        {
            _bytes.TryAdd(part.Name, (part, new byte[part.Bytes]));
        }

        foreach (var (shard, actor) in _parts.Plastic)
        {
            _plastic[actor.Projection].Add(shard, actor);
        }
    }

    /// <summary>Called by one party while all workers stand at a boundary.</summary>
    public void Begin(long step)
    {
        Step = step;
        foreach (var plastic in _plastic.Values)
        {
            plastic.Begin();
        }

        Volatile.Write(ref _missing, _layout.Count);
    }

    /// <summary>Copies a part of a population. By its shard.</summary>
    /// <param name="shard">Index of the shard.</param>
    /// <param name="part">The part.</param>
    /// <param name="maxDelaySteps">For how long its spikes are needed, steps.</param>
    public void Take(int shard, PopulationActor part, int maxDelaySteps) =>
        _populations[part.Population.Index].Take(shard, part, Step, maxDelaySteps);

    /// <summary>Copies a part of a projection that learns. By its shard.</summary>
    /// <param name="shard">Index of the shard.</param>
    /// <param name="part">The part.</param>
    public void Take(int shard, PlasticConnectionActor part) => _plastic[part.Projection].Take(shard, Step);

    /// <summary>Where a shard writes its range of a part.</summary>
    /// <param name="name">Name of the part.</param>
    public Span<byte> Room(string name) => _bytes[name].Bytes;

    /// <summary>Sends what the shards of this rank have copied to rank 0.</summary>
    public void SendShare(RankWriter to)
    {
        foreach (var population in _populations)
        {
            var (first, count) = Range(population.Index, _layout.Rank);
            population.Send(to, _layout.First, _layout.First + _layout.Count, first, count);
        }

        foreach (var (projection, plastic) in _plastic)
        {
            var (first, count) = Range(projection.Target.Index, _layout.Rank);
            plastic.Send(to, first, count);
        }

        foreach (var (part, bytes) in _bytes.Values.OrderBy(b => b.Part.Name, StringComparer.Ordinal))
        {
            var (first, end) = ItemBytes(part, _layout.Rank);
            to.WriteAll<byte>(bytes.AsSpan(first, end - first));
        }
    }

    /// <summary>Takes what the shards of another rank have copied at the same step.</summary>
    public void ReceiveShare(RankReader from, int rank)
    {
        foreach (var population in _populations)
        {
            var (first, count) = Range(population.Index, rank);
            population.Receive(from, _layout.FirstShards[rank], _layout.FirstShards[rank + 1], first, count);
        }

        foreach (var (projection, plastic) in _plastic)
        {
            var (first, count) = Range(projection.Target.Index, rank);
            plastic.Receive(from, rank, first, count);
        }

        foreach (var (part, bytes) in _bytes.Values.OrderBy(b => b.Part.Name, StringComparer.Ordinal))
        {
            var (first, end) = ItemBytes(part, rank);
            from.ReadAll(bytes.AsSpan(first, end - first));
        }
    }

    /// <summary>A shard of this rank has copied all its parts. True for the last one.</summary>
    public bool Complete() => Interlocked.Decrement(ref _missing) == 0;

    /// <summary>What is in it: large arrays are not copied, so that the buffer is free again only once nobody needs the snapshot any more.</summary>
    /// <param name="recording">How far the recording had come.</param>
    /// <param name="generation">How often the run has been resumed.</param>
    public Snapshot ToSnapshot(RecordingPosition recording, int generation)
    {
        var parts = _bytes.Values.Select(p => new SnapshotArray(p.Part.Name, p.Part.TypeCode, p.Part.Shape, p.Bytes));
        var plastic = _plastic.Values.SelectMany(p => p.Arrays(_network.Precision == Precision.Double));
        var arrays = _populations.SelectMany(p => p.Arrays()).Concat(parts).Concat(plastic).ToDictionary(a => a.Name, StringComparer.Ordinal);
        var manifest = new SnapshotManifest
        {
            Format = SnapshotManifest.CurrentFormat,
            Snn = VersionSummary.Current.Snn,
            Step = Step,
            TimeMs = new StepTimes(_network.DtMs).At(Step),
            Network = _network.Name,
            Dynamics = Snapshot.Hex(_network.DynamicsHash()),
            Populations = [.. _populations.Select(p => p.Describe())],
            Generation = generation,
            Recording = recording.Parts,
        };
        return new Snapshot(manifest, arrays);
    }

    private (int First, int Count) Range(int population, int rank) =>
        (_layout.FirstNeuron(_partition, population, rank), _layout.Neurons(_partition, population, rank));

    /// <summary>The bytes of a rank's batch items: the first extent of a part is the items.</summary>
    private (int First, int End) ItemBytes(SnapshotPart part, int rank)
    {
        var perItem = (int)(part.Bytes / part.Shape[0]);
        var (first, count) = Range(0, rank);
        var size = _network.Populations[0].Size;
        return (first / size * perItem, (first + count) / size * perItem);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var plastic in _plastic.Values)
        {
            plastic.Dispose();
        }
    }

    /// <summary>One population, all its shards.</summary>
    private sealed class PopulationCopy
    {
        private readonly Population _population;
        private readonly int _size;
        private readonly bool _isDouble;
        private readonly byte[][] _state;
        private readonly SpikeTrainArrays _trains;
        private readonly List<int>[] _neurons;
        private readonly List<long>[] _steps;
        private readonly List<double>[] _values;
        private readonly long[] _spikes;
        private readonly ulong[] _hashes;

        public PopulationCopy(Population population, int items, int shards, bool isDouble)
        {
            _population = population;
            _size = population.Size * items;
            _isDouble = isDouble;
            _state = [.. Enumerable.Range(0, population.Model.StateColumns).Select(_ => new byte[_size * ElementBytes])];
            _trains = new SpikeTrainArrays(_size);
            _neurons = [.. Enumerable.Range(0, shards).Select(_ => new List<int>())];
            _steps = [.. Enumerable.Range(0, shards).Select(_ => new List<long>())];
            _values = [.. Enumerable.Range(0, shards).Select(_ => new List<double>())];
            _spikes = new long[shards];
            _hashes = new ulong[shards];
        }

        public int Index => _population.Index;

        private int ElementBytes => _isDouble ? sizeof(double) : sizeof(float);

        public void Send(RankWriter to, int firstShard, int lastShard, int first, int count)
        {
            for (var shard = firstShard; shard < lastShard; shard++)
            {
                to.Write(_spikes[shard]);
                to.Write(_hashes[shard]);
                to.WriteArray<int>(CollectionsMarshal.AsSpan(_neurons[shard]));
                to.WriteArray<long>(CollectionsMarshal.AsSpan(_steps[shard]));
                to.WriteArray<double>(CollectionsMarshal.AsSpan(_values[shard]));
            }

            foreach (var column in _state)
            {
                to.WriteAll<byte>(column.AsSpan(first * ElementBytes, count * ElementBytes));
            }

            _trains.Send(to, first, count);
        }

        public void Receive(RankReader from, int firstShard, int lastShard, int first, int count)
        {
            for (var shard = firstShard; shard < lastShard; shard++)
            {
                _spikes[shard] = from.Read<long>();
                _hashes[shard] = from.Read<ulong>();
                Replace(_neurons[shard], from.ReadArray<int>());
                Replace(_steps[shard], from.ReadArray<long>());
                Replace(_values[shard], from.ReadArray<double>());
            }

            foreach (var column in _state)
            {
                from.ReadAll(column.AsSpan(first * ElementBytes, count * ElementBytes));
            }

            _trains.Receive(from, first, count);
        }

        public void Take(int shard, PopulationActor part, long step, int maxDelaySteps)
        {
            _spikes[shard] = part.Statistics.Spikes;
            _hashes[shard] = part.Hash;
            for (var column = 0; column < _state.Length && part.Count > 0; column++)
            {
                part.CopyState(column, _state[column].AsSpan(part.First * ElementBytes, part.Count * ElementBytes));
            }

            part.Statistics.CopyTo(_trains);
            _neurons[shard].Clear();
            _steps[shard].Clear();
            _values[shard].Clear();
            for (var s = Math.Max(0, step - maxDelaySteps); s < step; s++)
            {
                foreach (var neuron in part.Outbox.Read(s))
                {
                    _neurons[shard].Add(neuron);
                    _steps[shard].Add(s);
                }

                if (part.Outbox.ValueBytes > 0)
                {
                    part.Outbox.AddValues(s, _values[shard]);
                }
            }
        }

        private static void Replace<T>(List<T> list, T[] by)
        {
            list.Clear();
            list.AddRange(by);
        }

        public SnapshotPopulation Describe() => new()
        {
            Name = _population.Name,
            Size = _population.Size,
            Model = _population.Model.Name,
            Spikes = _spikes.Sum(),
            Hash = Snapshot.Hex(_hashes.Aggregate(0UL, (sum, hash) => sum + hash)),
        };

        public IEnumerable<SnapshotArray> Arrays()
        {
            var name = _population.Name;
            var typeCode = _isDouble ? NpyFormat.TypeCode<double>() : NpyFormat.TypeCode<float>();
            foreach (var (column, variable) in SnapshotNames.StateColumns(_population))
            {
                yield return new SnapshotArray(SnapshotNames.State(name, variable), typeCode, [_size], _state[column]);
            }

            // By step, then neuron: shards hold ascending ranges, and the sort is stable.
            var flying = _steps.SelectMany((steps, shard) => steps.Zip(_neurons[shard])).OrderBy(s => s.First).ToArray();
            yield return SnapshotArray.Of<long>(SnapshotNames.SpikeSteps(name), flying.Select(s => s.First).ToArray());
            yield return SnapshotArray.Of<int>(SnapshotNames.SpikeNeurons(name), flying.Select(s => s.Second).ToArray());
            if (_population.Model.EmitsValues)
            {
                var values = _steps.SelectMany((steps, shard) => steps.Zip(_values[shard])).OrderBy(s => s.First).Select(s => s.Second).ToArray();
                yield return SnapshotArray.Of<double>(SnapshotNames.SpikeValues(name), values);
            }

            foreach (var array in _trains.ToSnapshot(name))
            {
                yield return array;
            }
        }
    }
}

/// <summary>Names of the arrays of a snapshot.</summary>
internal static class SnapshotNames
{
    public static string State(string population, string variable) => $"state/{population}/{variable}";

    public static string SpikeSteps(string population) => $"spikes/{population}/steps";

    public static string SpikeNeurons(string population) => $"spikes/{population}/neurons";

    public static string SpikeValues(string population) => $"spikes/{population}/values";

    public static string Trains(string population, string what) => $"trains/{population}/{what}";

    /// <summary>Every state column of a population with its name: that of the model's variable, with a number where it is a list.</summary>
    public static IEnumerable<(int Column, string Name)> StateColumns(Population population) =>
        population.Model.StateTable.SelectMany(v => Enumerable.Range(0, v.Length).Select(i => (v.Column + i, v.Length == 1 ? v.Name : $"{v.Name}[{i}]")));
}
