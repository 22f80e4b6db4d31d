using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;

namespace Snn.Cluster.Host.Commands;

/// <summary>The snapshots of a run that is under way: opens the store when the first one comes, so that a short run pays nothing.</summary>
internal sealed partial class RunSnapshots : IDisposable
{
    private readonly HostContext _context;
    private readonly RunDirectory _directory;
    private readonly RunIdentity _identity;
    private readonly Network _network;
    private readonly string? _address;
    private readonly int _keep;
    private ISnapshotStore? _store;
    private bool _isSaved;

    private RunSnapshots(HostContext context, RunDirectory directory, RunIdentity identity, Network network, string? address, int keep)
    {
        _context = context;
        _directory = directory;
        _identity = identity;
        _network = network;
        _address = address;
        _keep = keep;
    }

    /// <summary>The snapshot that the run branched off from, or null.</summary>
    public string? Parent => _identity.Parent;

    /// <summary>The time of the last one that was written, ms; null: none was.</summary>
    public double? LastMs { get; private set; }

    /// <summary>For a run that begins in a directory of its own.</summary>
    /// <exception cref="SnapshotException">The store cannot be opened.</exception>
    public static RunSnapshots Begin(
        HostContext context, RunDirectory directory, Network network, ParseResult parsed, RunOptions options, string? parent = null)
    {
        var address = parsed.GetValue(options.Store);
        var started = context.Time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var id = string.Create(CultureInfo.InvariantCulture, $"{network.Name}-{started}-{Environment.ProcessId}");
        var identity = new RunIdentity(id, address is null ? null : WithoutPassword(address), parent);
        identity.Write(directory);
        var snapshots = new RunSnapshots(context, directory, identity, network, address, parsed.GetValue(options.Keep));
        if (address is not null)
        {
            // Given by hand: a mistake is told before anything is built.
            snapshots.Save();
        }

        return snapshots;
    }

    /// <summary>For a run that goes on in its directory.</summary>
    public static RunSnapshots Continue(
        HostContext context, RunDirectory directory, RunIdentity identity, Network network, ParseResult parsed, RunOptions options) =>
        new(context, directory, identity, network, parsed.GetValue(options.Store), parsed.GetValue(options.Keep)) { _isSaved = true };

    /// <summary>When snapshots are taken, as the options say.</summary>
    public SnapshotPolicy Policy(ParseResult parsed, RunOptions options, bool isResumed) => new()
    {
        EveryMs = parsed.GetValue(options.SnapshotEvery),
        AtEndOfShortRuns = IsKept(parsed, options, isResumed),
        Time = _context.Time,
        Warn = text => _context.Error.WriteLine($"snn: {text}"),
        Write = Write,
    };

    /// <summary>That of a rank behind the first: it takes part in the snapshots that rank 0 decides on, and writes none.</summary>
    public static SnapshotPolicy PolicyOfFollower(ParseResult parsed, RunOptions options, bool isResumed) => new()
    {
        AtEndOfShortRuns = IsKept(parsed, options, isResumed),
        Write = _ => throw new InvalidOperationException("rank 0 writes snapshots"),
    };

    /// <summary>Whether the end of the run is kept however short it was.</summary>
    private static bool IsKept(ParseResult parsed, RunOptions options, bool isResumed) =>
        isResumed || parsed.GetValue(options.SnapshotEvery) is not null || parsed.GetValue(options.Store) is not null;

    /// <summary>Takes a run that never began out of the store.</summary>
    public void Forget()
    {
        _store?.Delete(_identity.Run);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();

    [GeneratedRegex(@"(?i)(password|pwd)\s*=\s*[^;]*;?|(?<=://[^:/@]+):[^@/]*(?=@)")]
    private static partial Regex PasswordPattern();

    private static string WithoutPassword(string address) => PasswordPattern().Replace(address, "");

    private void Write(Snapshot snapshot)
    {
        var store = Save();
        store.Write(_identity.Run, snapshot);
        store.Keep(_identity.Run, _keep);
        LastMs = snapshot.Manifest.TimeMs;
    }

    private ISnapshotStore Save()
    {
        _store ??= SnapshotStores.Open(_address ?? _identity.StoreOf(_directory), _context.Time);
        if (!_isSaved)
        {
            var now = _context.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            _store.Save(new StoredRun(_identity.Run, _network.Name, NetworkFile.ToText(_network), _identity.Parent, now));
            _isSaved = true;
        }

        return _store;
    }
}
