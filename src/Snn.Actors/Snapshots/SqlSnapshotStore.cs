using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Snn.Actors.Snapshots;

/// <summary>
/// Snapshots in a SQL database: one schema for all of them (docs/snapshots.md). A snapshot is written in one transaction, so that it is there wholly or
/// not at all, whatever crashes; each part and the manifest carry their SHA-256, so that damage on the disk is seen before anything is resumed from it.
/// </summary>
internal abstract class SqlSnapshotStore : ISnapshotStore
{
    /// <summary>Bytes of a row of a part: no database likes blobs of gigabytes.</summary>
    private const int ChunkBytes = 8 << 20;

    private readonly TimeProvider _time;
    private readonly HashSet<(string Run, long Step)> _sound = [];
    private bool _isMigrated;

    private protected SqlSnapshotStore(TimeProvider time) => _time = time;

    /// <inheritdoc/>
    public abstract string Address { get; }

    /// <summary>The migrations of the schema, in their order: the first makes it, each later one brings the one before up to date.</summary>
    /// <remarks>BLOB stands for the database's type of bytes.</remarks>
    private static IReadOnlyList<string> Migrations { get; } =
    [
        """
        CREATE TABLE runs (
          run TEXT PRIMARY KEY, name TEXT NOT NULL, network TEXT NOT NULL, parent TEXT, created TEXT NOT NULL);
        CREATE TABLE snapshots (
          run TEXT NOT NULL REFERENCES runs (run), step BIGINT NOT NULL, created TEXT NOT NULL,
          manifest TEXT NOT NULL, manifest_sha256 TEXT NOT NULL, PRIMARY KEY (run, step));
        CREATE TABLE parts (
          run TEXT NOT NULL, step BIGINT NOT NULL, name TEXT NOT NULL, bytes BIGINT NOT NULL, sha256 TEXT NOT NULL,
          PRIMARY KEY (run, step, name));
        CREATE TABLE chunks (
          run TEXT NOT NULL, step BIGINT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL,
          PRIMARY KEY (run, step, name, number));
        """,
    ];

    /// <summary>The database's type of bytes.</summary>
    protected abstract string BytesType { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StoredRun> Runs() => Do(db => db.Query<StoredRun>(
        "SELECT run AS Id, name AS Name, network AS Network, parent AS Parent, created AS Created FROM runs ORDER BY created, run").AsList());

    /// <inheritdoc/>
    public void Save(StoredRun run) => Do((db, transaction) => db.Execute(
        """
        INSERT INTO runs (run, name, network, parent, created) VALUES (@Id, @Name, @Network, @Parent, @Created)
        ON CONFLICT (run) DO UPDATE SET name = excluded.name, network = excluded.network, parent = excluded.parent
        """,
        run,
        transaction));

    /// <inheritdoc/>
    public IReadOnlyList<StoredSnapshot> List(string run) => Do(db => db.Query<(long Step, string Created, long Parts, long Bytes)>(
        """
        SELECT s.step, s.created, COUNT(p.name), CAST(COALESCE(SUM(p.bytes), 0) AS BIGINT) FROM snapshots s
        LEFT JOIN parts p ON p.run = s.run AND p.step = s.step WHERE s.run = @run GROUP BY s.step, s.created ORDER BY s.step
        """,
        new { run }).Select(s => new StoredSnapshot(s.Step, s.Created, (int)s.Parts, s.Bytes)).ToArray());

    /// <inheritdoc/>
    public void Write(string run, Snapshot snapshot)
    {
        _sound.Remove((run, snapshot.Manifest.Step));
        Do((db, transaction) => Write(db, transaction, run, snapshot));
        _sound.Add((run, snapshot.Manifest.Step));
    }

    /// <inheritdoc/>
    public Snapshot Read(string run, long step)
    {
        var arrays = new Dictionary<string, SnapshotArray>(StringComparer.Ordinal);
        var damage = Check(run, step, (name, npy) => arrays[name] = SnapshotArray.FromNpy(name, npy), out var manifest);
        return damage.Count == 0
            ? new Snapshot(SnapshotManifest.FromJson(manifest!), arrays)
            : throw new SnapshotException(string.Create(CultureInfo.InvariantCulture, $"{Address}: the snapshot of run {run} at step {step} is damaged: {damage[0]}"));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Verify(string run, long step) => Check(run, step, (_, _) => { }, out _);

    /// <inheritdoc/>
    public void Keep(string run, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var steps = List(run).Select(s => s.Step).Reverse().ToArray();
        var sound = 0;
        foreach (var step in steps)
        {
            // One that is damaged does not count, or the only good one might be removed for its sake.
            if (sound < count)
            {
                sound += steps.Length <= count || IsSound(run, step) ? 1 : 0;
                continue;
            }

            Do((db, transaction) => Remove(db, transaction, run, step));
            _sound.Remove((run, step));
        }
    }

    /// <inheritdoc/>
    public void Delete(string run)
    {
        foreach (var snapshot in List(run))
        {
            Do((db, transaction) => Remove(db, transaction, run, snapshot.Step));
        }

        Do((db, transaction) => db.Execute("DELETE FROM runs WHERE run = @run", new { run }, transaction));
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>A connection, open and ready.</summary>
    protected abstract DbConnection Open();

    /// <summary>Begins to read: all that is read in it is as it was at one moment, whatever another process writes or removes meanwhile.</summary>
    protected abstract DbTransaction BeginReading(DbConnection db);

    /// <summary>What to do where the database refuses.</summary>
    protected abstract string Advice(Exception cause);

    private static int Remove(DbConnection db, DbTransaction transaction, string run, long step) =>
        db.Execute("DELETE FROM snapshots WHERE run = @run AND step = @step", new { run, step }, transaction)
        + db.Execute("DELETE FROM parts WHERE run = @run AND step = @step", new { run, step }, transaction)
        + db.Execute("DELETE FROM chunks WHERE run = @run AND step = @step", new { run, step }, transaction);

    private int Write(DbConnection db, DbTransaction transaction, string run, Snapshot snapshot)
    {
        var step = snapshot.Manifest.Step;
        Remove(db, transaction, run, step);
        foreach (var array in snapshot.Arrays.Values)
        {
            using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var (number, bytes) = (0, 0L);
            foreach (var data in array.NpyChunks(ChunkBytes))
            {
                sha256.AppendData(data);
                bytes += data.Length;
                db.Execute(
                    "INSERT INTO chunks (run, step, name, number, data) VALUES (@run, @step, @Name, @number, @data)",
                    new { run, step, array.Name, number = number++, data },
                    transaction);
            }

            db.Execute(
                "INSERT INTO parts (run, step, name, bytes, sha256) VALUES (@run, @step, @Name, @bytes, @sha256)",
                new { run, step, array.Name, bytes, sha256 = Convert.ToHexStringLower(sha256.GetHashAndReset()) },
                transaction);
        }

        var manifest = snapshot.Manifest.ToJson();
        return db.Execute(
            "INSERT INTO snapshots (run, step, created, manifest, manifest_sha256) VALUES (@run, @step, @created, @manifest, @sha256)",
            new { run, step, created = Now(), manifest, sha256 = Sha256(Encoding.UTF8.GetBytes(manifest)) },
            transaction);
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Looks at every part; returns what is wrong, and the manifest, if that is sound.</summary>
    private static (IReadOnlyList<string> Damage, string? Manifest) Check(
        DbConnection db, DbTransaction transaction, string run, long step, Action<string, byte[]> take)
    {
        var head = db.QuerySingleOrDefault<(string Manifest, string Sha256)>(
            "SELECT manifest, manifest_sha256 FROM snapshots WHERE run = @run AND step = @step", new { run, step }, transaction);
        if (head.Manifest is null)
        {
            return (["there is no such snapshot"], null);
        }

        if (Sha256(Encoding.UTF8.GetBytes(head.Manifest)) != head.Sha256)
        {
            return (["its manifest does not match its checksum"], null);
        }

        var damage = new List<string>();
        foreach (var (name, bytes, sha256) in db.Query<(string, long, string)>(
            "SELECT name, bytes, sha256 FROM parts WHERE run = @run AND step = @step ORDER BY name", new { run, step }, transaction).AsList())
        {
            // What a damaged row says of its size is not believed.
            var there = db.QuerySingle<long>(
                "SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM chunks WHERE run = @run AND step = @step AND name = @name", new { run, step, name }, transaction);
            if (there != bytes || there > Array.MaxLength)
            {
                damage.Add($"part {name} does not match its checksum");
                continue;
            }

            var npy = GC.AllocateUninitializedArray<byte>((int)there);
            var read = 0;
            foreach (var data in db.Query<byte[]>(
                "SELECT data FROM chunks WHERE run = @run AND step = @step AND name = @name ORDER BY number", new { run, step, name }, transaction, buffered: false))
            {
                data.CopyTo(npy, read);
                read += data.Length;
            }

            if (Sha256(npy) != sha256)
            {
                damage.Add($"part {name} does not match its checksum");
                continue;
            }

            take(name, npy);
        }

        return (damage, head.Manifest);
    }

    private string Now() => _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private IReadOnlyList<string> Check(string run, long step, Action<string, byte[]> take, out string? manifest)
    {
        var (damage, text) = Do(db =>
        {
            using var transaction = BeginReading(db);
            return Check(db, transaction, run, step, take);
        });
        manifest = text;
        return damage;
    }

    /// <summary>Reads each once: what was written here, or found sound, is not read again for every one that follows.</summary>
    private bool IsSound(string run, long step)
    {
        if (!_sound.Contains((run, step)) && Verify(run, step).Count == 0)
        {
            _sound.Add((run, step));
        }

        return _sound.Contains((run, step));
    }

    private T Do<T>(Func<DbConnection, T> work)
    {
        try
        {
            using var db = OpenMigrated();
            return work(db);
        }
        catch (Exception e) when (e is DbException or IOException or TimeoutException or System.Net.Sockets.SocketException or InvalidDataException)
        {
            throw new SnapshotException($"{Address}: {e.Message}; {Advice(e)}", e);
        }
    }

    private void Do(Func<DbConnection, DbTransaction, int> work) => Do(db =>
    {
        using var transaction = db.BeginTransaction();
        var changed = work(db, transaction);
        transaction.Commit();
        return changed;
    });

    private DbConnection OpenMigrated()
    {
        var db = Open();
        try
        {
            if (!_isMigrated)
            {
                Migrate(db);
                _isMigrated = true;
            }

            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    private void Migrate(DbConnection db)
    {
        using var transaction = db.BeginTransaction(System.Data.IsolationLevel.Serializable);
        db.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", transaction: transaction);
        var version = db.QuerySingleOrDefault<int?>("SELECT MAX(version) FROM schema_version", transaction: transaction) ?? 0;
        if (version > Migrations.Count)
        {
            throw new SnapshotException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Address}: has schema {version}, this version of Snn knows schemas up to {Migrations.Count}: use the version of Snn that made it, or another store"));
        }

        for (; version < Migrations.Count; version++)
        {
            db.Execute(Migrations[version].Replace("BLOB", BytesType, StringComparison.Ordinal), transaction: transaction);
            db.Execute("INSERT INTO schema_version (version) VALUES (@version)", new { version = version + 1 }, transaction);
        }

        transaction.Commit();
    }
}
