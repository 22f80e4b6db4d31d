using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>A state that leaves the numbers ends the run with a message that says whose, which and when; what was kept before stays.</summary>
public sealed class DivergenceTests
{
    [Theory]
    [InlineData(1, null, "")]
    [InlineData(3, null, "")]
    [InlineData(2, 5, "")]
    [InlineData(2, null, "\"batch\": 3,")]
    public void AStateThatDivergesEndsTheRun(int threads, int? dispatcherSeed, string batch)
    {
        var error = Assert.Throws<SimulationException>(() => Runs.Run(
            Absurd(100, batch), new SimulationOptions { Threads = threads, DispatcherSeed = (ulong?)dispatcherSeed }));
        Assert.Matches(
            "^population \"N\", neuron 17( of batch item [012])?: [A-Za-z_]+ is (infinite|not a number) at 76.8 ms, step 768, and was finite 256 steps before",
            error.Message);
    }

    /// <summary>The same network whose absurd spike comes too late.</summary>
    [Fact]
    public void AStateThatDoesNotDivergeEndsNothing() => Assert.False(Runs.Run(Absurd(60, "")).Interrupted);

    /// <summary>The steps after the last look are looked at too, as is a run that is shorter than from one look to the next.</summary>
    [Theory]
    [InlineData(60.8)]
    [InlineData(61)]
    public void TheEndIsLookedAt(double durationMs) => Assert.Throws<SimulationException>(() => Runs.Run(Absurd(durationMs, "")));

    /// <summary>Snapshots are due in every slice; none of a state that has diverged is written.</summary>
    [Fact]
    public void NoSnapshotIsTakenOfIt()
    {
        var written = new List<Snapshot>();
        var policy = new SnapshotPolicy { EveryMs = 0.1, SkipsWhileBusy = false, AtEndOfShortRuns = true, Write = s => written.Add(s.Copy()) };
        var network = Absurd(100, "");
        Assert.Throws<SimulationException>(() => Runs.Run(network, new SimulationOptions { Threads = 2, Snapshots = policy }));
        Assert.NotEmpty(written);
        foreach (var snapshot in written)
        {
            Assert.All(snapshot.Arrays.Values.Where(a => a.Name.StartsWith("state", StringComparison.Ordinal)), a => Assert.All(a.As<float>().ToArray(), x => Assert.True(float.IsFinite(x))));
        }

        // The last one was taken at the last boundary of a slice before the spike.
        var last = written[^1];
        Assert.InRange(last.Manifest.TimeMs, 57, 58);
    }

    /// <summary>1e15 pA four times over, from 60 ms on, at one neuron.</summary>
    internal static Network Absurd(double durationMs, string batch) => Runs.FromText(FormattableString.Invariant($$"""
        { "snn": 1, "name": "absurd", "dt": 0.1, "duration": {{durationMs}}, {{batch}}
          "populations": { "M": { "size": 50, "model": "iaf_psc_exp" }, "N": { "size": 100, "model": "hh_psc_alpha" } },
          "inputs": { "x": { "model": "spike_times", "times": [60, 60, 60, 60], "to": "N", "neurons": [17], "weight": 1e15, "delay": 0.1 } } }
        """));
}
