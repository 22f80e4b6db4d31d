using Snn.Actors.Networks;
using Snn.Actors.Simulation;

namespace Snn.Actors.Snapshots;

/// <summary>An array of a snapshot beside those of the populations: what is on its way in a connection, learned weights, eligibility.</summary>
/// <param name="Name">Its name in the snapshot.</param>
/// <param name="TypeCode">NumPy's code of its elements.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="ElementBytes">Bytes of an element.</param>
internal sealed record SnapshotPart(string Name, string TypeCode, IReadOnlyList<long> Shape, int ElementBytes)
{
    /// <summary>Bytes in all.</summary>
    public long Bytes => Shape.Aggregate((long)ElementBytes, (n, d) => n * d);

    /// <summary>A part of elements of a type.</summary>
    public static SnapshotPart Of<T>(string name, params IReadOnlyList<long> shape)
        where T : unmanaged => new(name, Recording.NpyFormat.TypeCode<T>(), shape, System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
}

/// <summary>The parts that the actors of all shards have; several shards may share one, each filling its own range. Complete once all shards are built.</summary>
internal sealed class SnapshotParts
{
    private readonly Dictionary<string, SnapshotPart> _parts = new(StringComparer.Ordinal);
    private readonly List<(int Shard, PlasticConnectionActor Actor)> _plastic = [];
    private readonly Dictionary<Projection, long[]> _synapses = [];
    private readonly Lock _gate = new();

    /// <summary>All parts, by name.</summary>
    public IReadOnlyList<SnapshotPart> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _parts.Values.OrderBy(p => p.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The projections that learn, part by part.</summary>
    public IReadOnlyList<(int Shard, PlasticConnectionActor Actor)> Plastic
    {
        get
        {
            lock (_gate)
            {
                return [.. _plastic];
            }
        }
    }

    /// <summary>
    /// How many synapses of a projection that learns the shards of all ranks have. [shard]
    /// </summary>
    /// <param name="projection">The projection.</param>
    /// <param name="shards">How many shards there are, of all ranks.</param>
    public long[] SynapsesOf(Projection projection, int shards)
    {
        lock (_gate)
        {
            if (!_synapses.TryGetValue(projection, out var synapses))
            {
                synapses = new long[shards];
                foreach (var (shard, actor) in _plastic.Where(p => p.Actor.Projection == projection))
                {
                    synapses[shard] = actor.Tables.SynapseCount;
                }

                _synapses[projection] = synapses;
            }

            return synapses;
        }
    }

    /// <summary>Declares a shard's part of a projection that learns.</summary>
    public void Add(int shard, PlasticConnectionActor actor)
    {
        lock (_gate)
        {
            _plastic.Add((shard, actor));
        }
    }

    /// <summary>Declares a part, once or, with the same shape, several times.</summary>
    public void Add(SnapshotPart part)
    {
        lock (_gate)
        {
            Runtime.Invariant.That(
                !_parts.TryGetValue(part.Name, out var there) || there.Shape.SequenceEqual(part.Shape), "shards that share a part of a snapshot agree on its shape");
            _parts[part.Name] = part;
        }
    }
}
