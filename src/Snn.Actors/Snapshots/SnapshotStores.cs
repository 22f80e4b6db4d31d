namespace Snn.Actors.Snapshots;

/// <summary>Opens stores by their address.</summary>
public static class SnapshotStores
{
    private const string Sqlite = "sqlite:";
    private const string Postgres = "postgres:";

    /// <summary>Opens a store: sqlite:FILE or postgres:CONNECTION.</summary>
    /// <param name="address">The address.</param>
    /// <param name="time">Stamps snapshots.</param>
    /// <param name="mustExist">Whether a SQLite file must be there already.</param>
    /// <exception cref="SnapshotException">There is no such kind of store, or the address is wrong. A server is not asked yet.</exception>
    public static ISnapshotStore Open(string address, TimeProvider time, bool mustExist = false)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.StartsWith(Sqlite, StringComparison.Ordinal) && address.Length > Sqlite.Length)
        {
            return new SqliteSnapshotStore(Path.GetFullPath(address[Sqlite.Length..]), time, mustExist);
        }

        return address.StartsWith(Postgres, StringComparison.Ordinal)
            ? new PostgresSnapshotStore(address[Postgres.Length..], time)
            : throw new SnapshotException($"--store {address}: not known; give sqlite:FILE or postgres:CONNECTION");
    }
}
