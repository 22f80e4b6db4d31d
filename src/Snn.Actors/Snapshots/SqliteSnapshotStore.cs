using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Snn.Actors.Snapshots;

/// <summary>
/// Snapshots in one SQLite file. A rollback journal, not a write-ahead log, so that between two snapshots there is nothing but the file; every commit is on
/// the disk before it returns. The largest pages there are: hundreds of megabytes in pages of 4 KiB took twice the time, page by page through the system.
/// </summary>
/// <param name="path">The file; made if there is none.</param>
/// <param name="time">Stamps snapshots.</param>
/// <param name="mustExist">Whether a missing file is an error.</param>
internal sealed class SqliteSnapshotStore(string path, TimeProvider time, bool mustExist) : SqlSnapshotStore(time)
{
    /// <inheritdoc/>
    public override string Address => $"sqlite:{path}";

    /// <inheritdoc/>
    protected override string BytesType => "BLOB";

    /// <inheritdoc/>
    protected override DbConnection Open()
    {
        if (mustExist && !File.Exists(path))
        {
            throw new SnapshotException($"{Address}: there is no such file; give the store that the run was started with");
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mustExist ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        connection.Open();
        connection.Execute("PRAGMA page_size = 65536; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
        return connection;
    }

    /// <inheritdoc/>
    protected override DbTransaction BeginReading(DbConnection db) => ((SqliteConnection)db).BeginTransaction(deferred: true);

    /// <inheritdoc/>
    protected override string Advice(Exception cause) => cause is SqliteException { SqliteErrorCode: 5 or 6 }
        ? "another program holds the file; close it"
        : cause is SqliteException { SqliteErrorCode: 13 }
            ? "free space there, or give another --store"
            : cause is SqliteException { SqliteErrorCode: 11 or 26 }
                ? "the file is damaged or none of Snn's; give another --store"
                : "check that the folder exists and may be written, or give another --store";
}
