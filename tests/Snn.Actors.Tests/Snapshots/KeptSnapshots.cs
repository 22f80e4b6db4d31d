using Snn.Actors.Snapshots;
using Xunit;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>Snapshots in memory, for tests.</summary>
internal static class KeptSnapshots
{
    /// <summary>A policy that keeps copies of all, one after another.</summary>
    public static SnapshotPolicy Policy(List<Snapshot> snapshots, double everyMs, bool atEnd = false) => new()
    {
        EveryMs = everyMs,
        AtEnd = atEnd,
        AtEndOfShortRuns = atEnd,
        SkipsWhileBusy = false,
        Write = s =>
        {
            lock (snapshots)
            {
                snapshots.Add(s.Copy());
            }
        },
    };

    /// <summary>Asserts that two are the same, but for how the recordings were shared out.</summary>
    public static void AssertSame(Snapshot expected, Snapshot actual)
    {
        Assert.Equal(WithoutRecording(expected), WithoutRecording(actual));
        Assert.Equal(expected.Arrays.Keys.Order(), actual.Arrays.Keys.Order());
        Assert.All(expected.Arrays.Values, a => Assert.Equal(a.NpyChunks(int.MaxValue).Single(), actual[a.Name].NpyChunks(int.MaxValue).Single()));
    }

    private static string WithoutRecording(Snapshot snapshot) => (snapshot.Manifest with { Recording = new Dictionary<string, long>() }).ToJson();
}
