using System.CommandLine;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;

namespace Snn.Cluster.Host.Commands;

/// <summary>A run as a user names it: by its directory, or by a store and its identity there, STORE#ID.</summary>
internal sealed class RunReference : IDisposable
{
    private RunReference(ISnapshotStore store, StoredRun run, RunDirectory? directory, RunIdentity? identity)
    {
        Store = store;
        Run = run;
        Directory = directory;
        Identity = identity;
    }

    /// <summary>Where its snapshots are.</summary>
    public ISnapshotStore Store { get; }

    /// <summary>The run.</summary>
    public StoredRun Run { get; }

    /// <summary>Its directory, held by this process, if that was asked for; null where it was named by its store.</summary>
    public RunDirectory? Directory { get; }

    /// <summary>Its run.json; null where it was named by its store.</summary>
    public RunIdentity? Identity { get; }

    /// <summary>The argument of commands that take a run.</summary>
    public static Argument<string> Argument() => new("RUN") { Description = "A run's directory, or its store and identity: sqlite:FILE#ID, postgres:CONNECTION#ID" };

    /// <summary>Finds a run.</summary>
    /// <param name="given">As the user named it.</param>
    /// <param name="store">Another address of its store, or null.</param>
    /// <param name="takesDirectory">Whether this process is going to work in its directory.</param>
    /// <param name="context">Where it runs.</param>
    /// <exception cref="SnapshotException">There is no such run.</exception>
    /// <exception cref="RunDirectoryException">The directory is none of a run, or taken.</exception>
    public static RunReference Open(string given, string? store, bool takesDirectory, HostContext context)
    {
        if (!System.IO.Directory.Exists(given) && given.Split('#') is [{ Length: > 0 } address, { Length: > 0 } id] && address.Contains(':', StringComparison.Ordinal))
        {
            var found = SnapshotStores.Open(address, context.Time, mustExist: true);
            return new RunReference(found, Find(found, id), null, null);
        }

        var directory = takesDirectory ? RunDirectory.Open(given) : RunDirectory.At(given);
        try
        {
            var identity = RunIdentity.Read(directory);
            var opened = SnapshotStores.Open(store ?? identity.StoreOf(directory), context.Time, mustExist: true);
            return new RunReference(opened, Find(opened, identity.Run), directory, identity);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Store.Dispose();
        Directory?.Dispose();
    }

    private static StoredRun Find(ISnapshotStore store, string id)
    {
        var runs = store.Runs();
        return runs.FirstOrDefault(r => r.Id == id) ?? throw new SnapshotException(
            $"{store.Address}: has no run '{id}'; it has {(runs.Count == 0 ? "none" : string.Join(", ", runs.Select(r => r.Id)))}");
    }
}
