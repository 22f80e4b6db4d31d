using Snn.Actors.Networks;

namespace Snn.Actors.Snapshots;

/// <summary>
/// The complete state of a simulation between two steps, per population in neuron order: it knows nothing of shards, threads or machines, so any of
/// them can take it up. Static synapses and random numbers are not in it: both come from the seed.
/// </summary>
/// <param name="Manifest">What it is of.</param>
/// <param name="Arrays">By name; docs/snapshots.md lists them.</param>
public sealed record Snapshot(SnapshotManifest Manifest, IReadOnlyDictionary<string, SnapshotArray> Arrays)
{
    /// <summary>An array.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="SnapshotException">There is none of that name.</exception>
    public SnapshotArray this[string name] => Arrays.TryGetValue(name, out var array)
        ? array
        : throw new SnapshotException($"the snapshot has no array {name}: it is of another network, or damaged");

    /// <summary>The same with arrays of its own: what a simulation hands out is valid only as long as <see cref="SnapshotPolicy.Write"/> has not returned.</summary>
    public Snapshot Copy() => this with
    {
        Arrays = Arrays.Values.ToDictionary(a => a.Name, a => a with { Data = a.Data.ToArray() }, StringComparer.Ordinal),
    };

    /// <summary>Refuses a snapshot that does not fit a network.</summary>
    /// <param name="network">What is to go on.</param>
    /// <param name="branches">Whether parameters, weights and inputs may differ: what-if. Populations must be the same in any case.</param>
    /// <exception cref="SnapshotException">It does not fit; says why.</exception>
    public void RefuseOther(Network network, bool branches)
    {
        var dynamics = Hex(network.DynamicsHash());
        if (!branches && dynamics != Manifest.Dynamics)
        {
            throw new SnapshotException(
                $"the snapshot is of another network: its parameters hash to {Manifest.Dynamics}, those of '{network.Name}' to {dynamics}; give the network that "
                + "the run was started with, or branch off into a new directory with --out");
        }

        var mine = network.Populations.Select(p => (p.Name, p.Size, Model: p.Model.Name)).ToArray();
        var its = Manifest.Populations.Select(p => (p.Name, p.Size, p.Model)).ToArray();
        foreach (var (a, b) in its.Zip(mine))
        {
            if (a != b)
            {
                throw new SnapshotException(
                    $"the snapshot is of another network: its population '{a.Name}' has {a.Size} neurons of {a.Model}, the network's '{b.Name}' has {b.Size} of {b.Model}");
            }
        }

        if (its.Length != mine.Length)
        {
            throw new SnapshotException($"the snapshot is of another network: it has {its.Length} populations, the network has {mine.Length}");
        }

        if (Manifest.Step > network.DurationSteps)
        {
            throw new SnapshotException(
                FormattableString.Invariant($"the snapshot was taken at {Manifest.TimeMs} ms, after the end at {network.DurationSteps * network.DtMs} ms; give a longer --duration"));
        }
    }

    internal static string Hex(ulong hash) => hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
