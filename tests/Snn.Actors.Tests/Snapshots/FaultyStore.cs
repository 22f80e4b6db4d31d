using Snn.Actors.Snapshots;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>A store in memory: the model of what a store is.</summary>
internal sealed class MemoryStore : ISnapshotStore
{
    private readonly SortedDictionary<string, StoredRun> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<long, Snapshot>> _snapshots = new(StringComparer.Ordinal);
    private readonly HashSet<(string, long)> _damaged = [];

    public string Address => "memory:";

    public IReadOnlyList<StoredRun> Runs() => [.. _runs.Values];

    public void Save(StoredRun run)
    {
        _runs[run.Id] = run;
        _snapshots.TryAdd(run.Id, []);
    }

    public IReadOnlyList<StoredSnapshot> List(string run) =>
        [.. _snapshots[run].Values.Select(s => new StoredSnapshot(s.Manifest.Step, "", s.Arrays.Count, s.Arrays.Values.Sum(a => (long)a.Data.Length)))];

    public void Write(string run, Snapshot snapshot)
    {
        _snapshots[run][snapshot.Manifest.Step] = snapshot.Copy();
        _damaged.Remove((run, snapshot.Manifest.Step));
    }

    public Snapshot Read(string run, long step) => Verify(run, step).Count == 0
        ? _snapshots[run][step]
        : throw new SnapshotException("damaged");

    public IReadOnlyList<string> Verify(string run, long step) => _damaged.Contains((run, step)) ? ["damaged"] : [];

    public void Keep(string run, int count)
    {
        var sound = _snapshots[run].Keys.Where(s => !_damaged.Contains((run, s))).ToArray();
        foreach (var step in sound.Length > count ? _snapshots[run].Keys.Where(s => s < sound[^count]).ToArray() : [])
        {
            _snapshots[run].Remove(step);
        }
    }

    public void Delete(string run)
    {
        _runs.Remove(run);
        _snapshots.Remove(run);
    }

    /// <summary>A disk that forgets.</summary>
    public void Damage(string run, long step) => _damaged.Add((run, step));

    public void Dispose()
    {
    }
}

/// <summary>A store with the faults of real ones, drawn from a seed: it refuses, it writes and then says that it did not, its disk damages what it holds.</summary>
internal sealed class FaultyStore(MemoryStore store, Random random) : ISnapshotStore
{
    /// <summary>Faults so far.</summary>
    public int Faults { get; private set; }

    public string Address => store.Address;

    public IReadOnlyList<StoredRun> Runs() => store.Runs();

    public void Save(StoredRun run) => store.Save(run);

    public IReadOnlyList<StoredSnapshot> List(string run) => store.List(run);

    public void Write(string run, Snapshot snapshot)
    {
        switch (random.Next(8))
        {
            case 0:
                Faults++;
                throw new SnapshotException("the disk is full");
            case 1:
                Faults++;
                store.Write(run, snapshot);
                throw new SnapshotException("the connection broke after the commit");
            case 2:
                Faults++;
                store.Write(run, snapshot);
                store.Damage(run, snapshot.Manifest.Step);
                break;
            default:
                store.Write(run, snapshot);
                break;
        }
    }

    public Snapshot Read(string run, long step) => store.Read(run, step);

    public IReadOnlyList<string> Verify(string run, long step) => store.Verify(run, step);

    public void Keep(string run, int count) => store.Keep(run, count);

    public void Delete(string run) => store.Delete(run);

    public void Dispose() => store.Dispose();
}
