using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Snn.Actors.Snapshots;
using Snn.Actors.Tests.Recording;
using Xunit;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>What any store has to do, whatever it is: the tests know <see cref="ISnapshotStore"/> only, but for how they damage what lies in it.</summary>
public abstract class SnapshotStoreTests : IDisposable
{
    protected internal abstract string Address { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void AnyHistoryLeavesWhatAModelOfItHolds()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            using var store = Open();
            var model = new SortedDictionary<string, SortedDictionary<long, Snapshot>>(StringComparer.Ordinal);
            var random = new Random(seed);
            for (var i = 0; i < 40; i++)
            {
                Step(store, model, random, seed);
                if (random.Next(4) == 0)
                {
                    using var another = Open();
                    AssertHolds(another, model, seed);
                }
            }

            AssertHolds(store, model, seed);
            foreach (var run in model.Keys)
            {
                store.Delete(run);
            }
        }
    }

    [Fact]
    public void ASnapshotLargerThanARowIsReadBack()
    {
        using var store = Open();
        store.Save(Run("large"));
        var large = Sample(3, elements: 5_000_000);
        store.Write("large", large);
        AssertSame(large, store.Read("large", 3));
    }

    /// <summary>Who looks at a snapshot while the run replaces it by the next one, sees it wholly or not at all: what is gone is not damaged.</summary>
    [Fact]
    public async Task ASnapshotThatIsReplacedMeanwhileIsNotDamaged()
    {
        // Many parts: whoever reads them one by one is at it for long.
        static Snapshot Many(long step) => Sample(step) with
        {
            Arrays = Enumerable.Range(0, 400).Select(i => SnapshotArray.Of<double>($"part {i}", [step, i])).ToDictionary(a => a.Name),
        };

        using var store = Open();
        store.Save(Run("moving"));
        store.Write("moving", Many(1));
        var writing = Task.Run(
            () =>
            {
                using var other = Open();
                for (var step = 2L; step < 20; step++)
                {
                    other.Write("moving", Many(step));
                    other.Keep("moving", 1);
                }
            },
            TestContext.Current.CancellationToken);
        var seen = 0;
        do
        {
            var damage = store.Verify("moving", store.List("moving")[^1].Step);
            Assert.True(damage.Count == 0 || damage[0] == "there is no such snapshot", string.Join("; ", damage));
            seen += damage.Count == 0 ? 1 : 0;
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.True(seen > 0);
    }

    [Theory]
    [InlineData("UPDATE chunks SET data = @bytes WHERE name = 'state/E/V_m'", "part state/E/V_m does not match its checksum")]
    [InlineData("DELETE FROM chunks WHERE name = 'spikes/E/steps'", "part spikes/E/steps does not match its checksum")]
    [InlineData("UPDATE parts SET sha256 = 'x' WHERE name = 'state/E/V_m'", "part state/E/V_m does not match its checksum")]
    [InlineData("UPDATE parts SET bytes = bytes - 1 WHERE name = 'state/E/V_m'", "part state/E/V_m does not match its checksum")]
    [InlineData("UPDATE snapshots SET manifest = '{}'", "its manifest does not match its checksum")]
    public void DamageIsSeenAndSaid(string damage, string expected)
    {
        using var store = Open();
        store.Save(Run("damaged"));
        store.Write("damaged", Sample(5));
        Assert.Empty(store.Verify("damaged", 5));

        Execute(damage + (damage.Contains("WHERE", StringComparison.Ordinal) ? " AND" : " WHERE") + " run = 'damaged'", new { bytes = new byte[] { 1, 2, 3 } });

        Assert.Equal([expected], store.Verify("damaged", 5));
        var refusal = Assert.Throws<SnapshotException>(() => store.Read("damaged", 5));
        Assert.EndsWith($"the snapshot of run damaged at step 5 is damaged: {expected}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLastSoundOneIsNotRemovedForADamagedOne()
    {
        using var store = Open();
        store.Save(Run("kept"));
        foreach (var step in new[] { 1, 2, 3, 4 })
        {
            store.Write("kept", Sample(step));
        }

        // Who resumes a run did not write what is there.
        Execute("UPDATE chunks SET data = @bytes WHERE run = 'kept' AND step = 4", new { bytes = new byte[] { 1 } });
        using var resumed = Open();
        resumed.Keep("kept", 1);

        Assert.Equal([3L, 4L], store.List("kept").Select(s => s.Step));
        Assert.Empty(store.Verify("kept", 3));
    }

    [Fact]
    public void ANewerSchemaIsRefused()
    {
        using (var store = Open())
        {
            store.Save(Run("new"));
        }

        Execute("INSERT INTO schema_version (version) VALUES (99)", null);
        try
        {
            using var store = Open();
            Assert.EndsWith(
                "has schema 99, this version of Snn knows schemas up to 1: use the version of Snn that made it, or another store",
                Assert.Throws<SnapshotException>(() => store.Runs()).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Execute("DELETE FROM schema_version WHERE version = 99", null);
        }
    }

    [Fact]
    public void ASnapshotOfARunThatIsNotThereIsRefused()
    {
        using var store = Open();
        Assert.Throws<SnapshotException>(() => store.Write("nobody", Sample(1)));
        Assert.Empty(store.List("nobody"));
        Assert.Contains("there is no such snapshot", Assert.Throws<SnapshotException>(() => store.Read("nobody", 1)).Message, StringComparison.Ordinal);
    }

    internal static StoredRun Run(string id) => new(id, "net", "{ \"snn\": 1 }", null, "2026-11-24T00:00:00Z");

    internal static Snapshot Sample(long step, int elements = 50) => new(
        new SnapshotManifest
        {
            Format = SnapshotManifest.CurrentFormat,
            Snn = "0.1.0",
            Step = step,
            TimeMs = step * 0.1,
            Network = "net",
            Dynamics = "0123456789abcdef",
            Populations = [new SnapshotPopulation { Name = "E", Size = 50, Model = "iaf_psc_exp", Spikes = step, Hash = "00000000000000ff" }],
            Generation = 0,
            Recording = new Dictionary<string, long> { ["spikes.0.0.0.50.part"] = step },
        },
        new[]
        {
            SnapshotArray.Of<float>("state/E/V_m", [.. Enumerable.Range(0, elements).Select(i => (float)(i * step))]),
            SnapshotArray.Of<long>("spikes/E/steps", [step, step + 1]),
            SnapshotArray.Of<int>("spikes/E/neurons", []),
        }.ToDictionary(a => a.Name));

    internal ISnapshotStore Open() => SnapshotStores.Open(Address, TimeProvider.System);

    protected abstract void Execute(string sql, object? parameters);

    protected virtual void Dispose(bool disposing)
    {
    }

    private static void Step(ISnapshotStore store, SortedDictionary<string, SortedDictionary<long, Snapshot>> model, Random random, int seed)
    {
        var run = $"run-{seed}-{random.Next(3)}";
        switch (random.Next(6))
        {
            case 0 or 1 when !model.ContainsKey(run):
                store.Save(Run(run));
                model[run] = [];
                break;
            case 2 when model.ContainsKey(run):
                var kept = 1 + random.Next(3);
                store.Keep(run, kept);
                foreach (var old in model[run].Keys.SkipLast(kept).ToArray())
                {
                    model[run].Remove(old);
                }

                break;
            case 3 when model.Remove(run):
                store.Delete(run);
                break;
            case var _ when model.TryGetValue(run, out var snapshots):
                var snapshot = Sample(random.Next(12), 1 + random.Next(40));
                store.Write(run, snapshot);
                snapshots[snapshot.Manifest.Step] = snapshot;
                break;
        }
    }

    private static void AssertHolds(ISnapshotStore store, SortedDictionary<string, SortedDictionary<long, Snapshot>> model, int seed)
    {
        Assert.Equal(model.Keys, store.Runs().Select(r => r.Id).Where(id => id.StartsWith($"run-{seed}-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (var (run, snapshots) in model)
        {
            Assert.Equal(snapshots.Keys, store.List(run).Select(s => s.Step));
            foreach (var (step, snapshot) in snapshots)
            {
                AssertSame(snapshot, store.Read(run, step));
            }
        }
    }

    private static void AssertSame(Snapshot expected, Snapshot actual)
    {
        Assert.Equal(expected.Manifest.ToJson(), actual.Manifest.ToJson());
        KeptSnapshots.AssertSame(expected, actual);
    }
}

/// <summary>The embedded store.</summary>
public sealed class SqliteSnapshotStoreTests : SnapshotStoreTests
{
    private readonly TemporaryDirectory _directory = new();

    protected internal override string Address => $"sqlite:{_directory["store.sqlite"]}";

    [Fact]
    public void AFileThatIsNoStoreIsRefused()
    {
        File.WriteAllText(_directory["store.sqlite"], new string('x', 5000));
        using var store = Open();
        Assert.EndsWith(
            "the file is damaged or none of Snn's; give another --store",
            Assert.Throws<SnapshotException>(() => store.Runs()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void BetweenSnapshotsThereIsOneFile()
    {
        using var store = Open();
        store.Save(Run("one"));
        store.Write("one", Sample(1));
        Assert.Equal(["store.sqlite"], Directory.EnumerateFiles(_directory.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("mysql:x", "--store mysql:x: not known; give sqlite:FILE or postgres:CONNECTION")]
    [InlineData("sqlite:", "--store sqlite:: not known; give sqlite:FILE or postgres:CONNECTION")]
    public void AnUnknownAddressIsRefused(string address, string message) =>
        Assert.Equal(message, Assert.Throws<SnapshotException>(() => SnapshotStores.Open(address, TimeProvider.System)).Message);

    protected override void Execute(string sql, object? parameters)
    {
        using var connection = new SqliteConnection($"Data Source={_directory["store.sqlite"]};Pooling=False");
        connection.Execute(sql, parameters);
    }

    protected override void Dispose(bool disposing)
    {
        _directory.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>One server for all tests of <see cref="PostgresSnapshotStoreTests"/>.</summary>
public sealed class PostgresFixture : IDisposable
{
    private PostgresServer? _server;

    internal PostgresServer Server => _server ??= PostgresServer.StartOrSkip();

    public void Dispose() => _server?.Dispose();
}

/// <summary>The store for teams, on a real server.</summary>
public sealed class PostgresSnapshotStoreTests(PostgresFixture fixture) : SnapshotStoreTests, IClassFixture<PostgresFixture>
{
    // Tests run in any order, one of them after the server was restarted: no connection is kept from one to the next.
    protected internal override string Address => fixture.Server.Store + ";Pooling=false";

    [Fact]
    public void AServerThatIsGoneIsSaidAndComesBack()
    {
        using var store = Open();
        store.Save(Run("back"));
        store.Write("back", Sample(1));
        fixture.Server.Crash();
        var gone = Assert.Throws<SnapshotException>(() => store.Write("back", Sample(2))).Message;
        Assert.StartsWith("postgres:snn@127.0.0.1:", gone, StringComparison.Ordinal);
        fixture.Server.Start();
        // The pool may hold a connection of the server that is gone.
        Assert.True(SpinWait.SpinUntil(() => Writes(store), TimeSpan.FromSeconds(30)));
        Assert.Equal([1L, 2L], store.List("back").Select(s => s.Step));
    }

    [Fact]
    public void AWrongConnectionIsRefused() => Assert.StartsWith(
        "--store postgres: ",
        Assert.Throws<SnapshotException>(() => SnapshotStores.Open("postgres:Hst=x", TimeProvider.System)).Message,
        StringComparison.Ordinal);

    protected override void Execute(string sql, object? parameters)
    {
        using var connection = new NpgsqlConnection(Address["postgres:".Length..]);
        connection.Execute(sql, parameters);
    }

    private static bool Writes(ISnapshotStore store)
    {
        try
        {
            store.Write("back", Sample(2));
            return true;
        }
        catch (SnapshotException)
        {
            return false;
        }
    }
}
