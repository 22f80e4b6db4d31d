using System.IO.Compression;
using System.Text.Json;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Cluster.Host;
using Xunit;

namespace Snn.Cluster.Tests;

public class RunCommandTests
{
    [Fact]
    public void ARunLeavesItsFilesAndATable()
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("run", session.Network, "--out", session["out"], "--threads", "2", "--lanes", "16"));
        Assert.Equal("", session.Error.ToString());
        Assert.Equal(2, session.Simulator.Options!.Threads);
        Assert.Equal(16, session.Simulator.Options.Lanes);
        Assert.Equal(
            [".snn-run", "network.json", "run.json", "spikes", "summary.json"],
            Directory.GetFileSystemEntries(session["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var npz = ZipFile.OpenRead(session["out/spikes/E.npz"]);
        Assert.Equal(["senders.npy", "times.npy"], npz.Entries.Select(e => e.Name));
        var table = session.Out.ToString();
        foreach (var expected in new[] { "E ", "400", "100 ms in 0.20 s (real-time factor 2.00)", "1.23 million synapses", "0000000000001234" })
        {
            Assert.Contains(expected, table, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void JsonIsTheSummaryAndNothingElse()
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("run", session.Network, "--json"));
        Assert.Equal(File.ReadAllText(session["runs/tiny-001/summary.json"]), session.Out.ToString());
        using var json = JsonDocument.Parse(session.Out.ToString());
        Assert.Equal("done", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(1000, json.RootElement.GetProperty("populations").GetProperty("E").GetProperty("rate_hz").GetDouble());
        Assert.Equal(7, json.RootElement.GetProperty("network").GetProperty("seed").GetInt32());
    }

    [Fact]
    public void TheNetworkAsUnderstoodGivesTheSameNetwork()
    {
        using var session = new Session();
        session.Run("run", session.Network, "--duration", "20", "--seed", "9", "--set", "populations.E.size=6", "--set", "dt=0.2");
        var network = session.Simulator.Network!;
        Assert.Equal((100, 9UL, 6, 0.2), (network.DurationSteps, network.Seed, network.Populations[0].Size, network.DtMs));
        var again = NetworkFile.Read(session["runs/tiny-001/network.json"]);
        Assert.Equal(network.Hash(), again.Network!.Hash());
    }

    [Fact]
    public void AMistakeIsToldWithItsPlaceAndNothingIsRun()
    {
        using var session = new Session(Session.Tiny.Replace("iaf_psc_exp", "iaf_psc_expp", StringComparison.Ordinal));
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network));
        Assert.StartsWith(session.Network + ":3:", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 problem found; nothing was run", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(session.Simulator.Network);
        Assert.False(Directory.Exists(session["runs"]));
    }

    [Theory]
    [InlineData("--duration", "-5")]
    [InlineData("--duration", "long")]
    [InlineData("--seed", "x")]
    [InlineData("--set", "populations.E.size=0")]
    [InlineData("--set", "nothing")]
    public void AnOverrideThatIsWrongIsToldAsSuch(string option, string value)
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network, option, value));
        Assert.Contains(option, session.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(session.Simulator.Network);
    }

    [Theory]
    [InlineData("snn: there is no command 'rnu'; did you mean 'run'?", "rnu")]
    [InlineData("snn: there is no option '--jsn'; did you mean '--json'?", "run", "--jsn")]
    [InlineData("snn: there is no option '--thread'; did you mean '--threads'?", "run", "FILE", "--thread", "2")]
    [InlineData("snn: --threads 0: give a whole number from 1 to 1024", "run", "FILE", "--threads", "0")]
    [InlineData("snn: --threads two: give a whole number from 1 to 1024", "run", "FILE", "--threads", "two")]
    [InlineData("snn: --lanes 4: not known; use auto, 1, 8 or 16", "run", "FILE", "--lanes", "4")]
    [InlineData("snn: --clock fast: not known; use barrier, async or free", "run", "FILE", "--clock", "fast")]
    [InlineData("snn: --store with --clock free: a run that cannot be repeated has no snapshots to go on from; use another clock, or leave it out", "run", "FILE", "--clock", "free", "--store", "sqlite:x")]
    [InlineData("snn: --restarts with --clock free: a run that cannot be repeated has no snapshots to go on from; use another clock, or leave it out", "run", "FILE", "--clock", "free", "--restarts", "2")]
    [InlineData("snn: --ranks with --clock free: in this version it runs in one process; use --threads, or another clock", "run", "FILE", "--clock", "free", "--ranks", "2")]
    [InlineData("snn: --clock free: what is resumed gives the spikes of a run that never stopped, which needs the clock barrier or async", "resume", "RUN", "--clock", "free")]
    [InlineData("snn: --backend opencl: not in this version; use --backend cpu", "run", "FILE", "--backend", "opencl")]
    [InlineData("snn: --dry-ranks 1: takes 2 to 4096", "bench", "cuba", "--dry-ranks", "1")]
    [InlineData("snn: --dry-rank 8: 8 ranks are numbered 0 to 7", "bench", "cuba", "--dry-ranks", "8", "--dry-rank", "8")]
    [InlineData("snn: --dry-rank and --rate say something of the ranks of --dry-ranks N: give it, too", "bench", "cuba", "--rate", "5")]
    [InlineData("snn: --rate E=fast: takes a number of spikes a second, or POPULATION=HZ", "bench", "cuba", "--dry-ranks", "8", "--rate", "E=fast")]
    [InlineData("snn: cuba: --rate X: there is no such population; there are E, I", "bench", "cuba", "--dry-ranks", "8", "--rate", "X=5")]
    [InlineData("snn: cuba: --rate: a neuron spikes at most once a step", "bench", "cuba", "--dry-ranks", "8", "--rate", "10000")]
    [InlineData("snn: there is no model 'iaf_psc_exq'; did you mean 'iaf_psc_exp'?", "models", "iaf_psc_exq")]
    [InlineData("snn: there is no template 'brunnel'; did you mean 'brunel'?", "new", "brunnel")]
    [InlineData("snn: --scale 2: give a number above 0 and at most 1, such as 0.1", "new", "microcircuit", "--scale", "2")]
    [InlineData("snn: --scale 0.5: 'brunel' has one size; leave --scale out, or use the template microcircuit", "new", "brunel", "--scale", "0.5")]
    public void AWrongCommandLineIsToldInALine(string expected, params string[] args)
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.WrongInput, session.Run(args));
        Assert.Equal(expected, session.Error.ToString().Split('\n')[0]);
        Assert.Equal("", session.Out.ToString());
    }

    [Fact]
    public void AnOutThatHoldsOtherFilesIsRefusedBeforeAnythingIsBuilt()
    {
        using var session = new Session();
        Directory.CreateDirectory(session["out"]);
        File.WriteAllText(session["out/thesis.tex"], "");
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network, "--out", session["out"], "--force"));
        Assert.Contains("--out", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(session.Simulator.Network);
    }

    [Fact]
    public void ANetworkThatDoesNotFitIsRefusedWithNumbers()
    {
        using var session = new Session();
        session.Context = session.Context with { AvailableMemoryBytes = 1000 };
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network));
        Assert.Contains("4 neurons", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(session.Simulator.Network);
    }

    [Fact]
    public void AnInterruptedRunKeepsWhatWasRecorded()
    {
        using var session = new Session();
        using var stop = new CancellationTokenSource();
        session.Context = session.Context with
        {
            Cancellation = stop.Token,
            Simulator = new FakeSimulator
            {
                BeforeStep = step =>
                {
                    if (step == 500)
                    {
                        stop.Cancel();
                    }
                },
            },
        };
        Assert.Equal(ExitStatus.Interrupted, session.Run("run", session.Network));
        var summary = RunSummary.Read(session["runs/tiny-001/summary.json"]);
        Assert.Equal("interrupted", summary.Status);
        Assert.Equal(50.1, summary.SimulatedMs);
        Assert.Contains("Interrupted after 50.1 ms", session.Out.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(session["runs/tiny-001/spikes/E.npz"]));
    }

    [Fact]
    public void AFailedRunIsStatus1AndASentence()
    {
        var (status, error, trace) = RunWith(new SimulationException("population 'E', shard 0: V_m is not a number; use a smaller dt"));
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Equal("snn: the run failed: population 'E', shard 0: V_m is not a number; use a smaller dt\n", error);
        Assert.Contains("SimulationException", trace, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnexpectedExceptionIsASentenceAndAFile()
    {
        var (status, error, trace) = RunWith(new InvalidOperationException("a shard lost its way"));
        Assert.Equal(ExitStatus.Failed, status);
        Assert.Contains("internal error: a shard lost its way", error, StringComparison.Ordinal);
        Assert.Contains("please report", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Contains("   at ", trace, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsAreListedWithWhatBecameOfThem()
    {
        using var session = new Session();
        session.Run("run", session.Network);
        RunDirectory.CreateNext(session["runs"], "tiny");
        session.Out.GetStringBuilder().Clear();
        Assert.Equal(ExitStatus.Done, session.Run("runs"));
        var lines = session.Out.ToString().Split('\n');
        Assert.Contains(lines, l => l.Contains("tiny-001", StringComparison.Ordinal) && l.Contains("done", StringComparison.Ordinal)
            && l.Contains("E 1000", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("tiny-002", StringComparison.Ordinal) && l.Contains("unfinished", StringComparison.Ordinal));
    }

    private static (int Status, string Error, string Trace) RunWith(Exception failure)
    {
        using var session = new Session();
        session.Context = session.Context with { Simulator = new FakeSimulator { BeforeStep = _ => throw failure } };
        var status = session.Run("run", session.Network);
        return (status, session.Error.ToString(), File.ReadAllText(session["runs/tiny-001/error.txt"]));
    }
}
