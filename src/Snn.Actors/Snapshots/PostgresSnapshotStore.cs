using System.Data;
using System.Data.Common;
using Npgsql;

namespace Snn.Actors.Snapshots;

/// <summary>Snapshots in a PostgreSQL database, for teams: any machine that reaches it can take a run up.</summary>
internal sealed class PostgresSnapshotStore : SqlSnapshotStore
{
    private readonly NpgsqlDataSource _source;

    /// <param name="connection">Npgsql's connection string, or a postgresql:// address.</param>
    /// <param name="time">Stamps snapshots.</param>
    /// <exception cref="SnapshotException">The connection string is wrong.</exception>
    public PostgresSnapshotStore(string connection, TimeProvider time)
        : base(time)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connection) { Timeout = 10 };
            Address = $"postgres:{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}";
            _source = NpgsqlDataSource.Create(builder);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new SnapshotException(
                $"--store postgres: {e.Message}; give 'postgres:Host=HOST;Database=NAME;Username=USER', and the password in the environment variable PGPASSWORD", e);
        }
    }

    /// <inheritdoc/>
    public override string Address { get; }

    /// <inheritdoc/>
    protected override string BytesType => "BYTEA";

    /// <inheritdoc/>
    public override void Dispose()
    {
        _source.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override DbConnection Open() => _source.OpenConnection();

    /// <inheritdoc/>
    protected override DbTransaction BeginReading(DbConnection db) => db.BeginTransaction(IsolationLevel.RepeatableRead);

    /// <inheritdoc/>
    protected override string Advice(Exception cause) => cause is PostgresException { SqlState: "28P01" or "28000" }
        ? "check the user, and the password in the environment variable PGPASSWORD"
        : cause is PostgresException { SqlState: "3D000" }
            ? "create the database, or give another name"
            : cause is PostgresException { SqlState: "53100" }
                ? "the server's disk is full; free space there"
                : "check that the server runs and can be reached from here";
}
