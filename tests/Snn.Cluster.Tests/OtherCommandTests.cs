using System.Globalization;
using Snn.Actors.Networks.Templates;
using Snn.Actors.Simulation;
using Snn.Cluster.Host;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Cluster.Tests;

public class OtherCommandTests
{
    public static TheoryData<string> Templates => [.. NetworkTemplates.Names];

    public static TheoryData<string> Models => [.. NeuronModels.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void EveryTemplateIsWrittenAndValid(string template)
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("new", template, "--out", session["new.json"]));
        Assert.Equal(ExitStatus.WrongInput, session.Run("new", template, "--out", session["new.json"]));
        Assert.Contains("--force", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitStatus.Done, session.Run("validate", session["new.json"]));
        Assert.Matches(@"valid: [\d ]+ neurons, about .* synapses, about .* [MG]B", session.Out.ToString());
    }

    [Fact]
    public void TheMicrocircuitComesInAnySize()
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("new", "microcircuit", "--scale", "0.01", "--out", session["new.json"]));
        session.Run("validate", session["new.json"]);
        Assert.Matches(@"valid: 77\d neurons", session.Out.ToString());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryModelIsListedAndDescribed(string name)
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("models"));
        Assert.Contains(name + " ", session.Out.ToString(), StringComparison.Ordinal);
        session.Out.GetStringBuilder().Clear();
        Assert.Equal(ExitStatus.Done, session.Run("models", name));
        var text = session.Out.ToString();
        var model = NeuronModels.Find(name)!;
        Assert.All(model.ParameterTable, p => Assert.Contains($"  {p.Name} ", text, StringComparison.Ordinal));
        Assert.All(model.StateTable.Where(s => s.Info.IsPublic), s => Assert.Contains($"  {s.Name} ", text, StringComparison.Ordinal));
        Assert.All(model.Equations.Split('\n'), line => Assert.Contains(line, text, StringComparison.Ordinal));
    }

    /// <summary>What only drawing shows is said by validate, and by run before it claims a directory.</summary>
    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    public void ParametersThatDoNotGoTogetherAsDrawnAreRefused(string command)
    {
        using var session = new Session("""
            { "snn": 1, "duration": 1, "populations": { "A": { "size": 100, "model": "iaf_psc_exp",
              "params": { "V_reset": { "normal": { "mean": -70, "std": 10 } } } } } }
            """);
        Assert.Equal(ExitStatus.WrongInput, session.Run(command, session.Network));
        Assert.Matches(@"tiny\.json:2:26: populations\.A\.params\.V_reset: neuron \d+, as drawn: V_reset = -\d\d\.\d{1,4} mV is .*nothing was run", session.Error.ToString().ReplaceLineEndings(" "));
        Assert.False(Directory.Exists(session["runs"]));
    }

    /// <summary>A parameter that comes from another population, or from the command line, has its place too.</summary>
    [Fact]
    public void WhatIsWrongAsDrawnIsToldWhereItWasGiven()
    {
        using var session = new Session("""
            { "snn": 1, "duration": 1, "populations": {
              "A": { "size": 1, "model": "iaf_psc_exp", "params": { "V_reset": { "normal": { "mean": -70, "std": 1 } } } },
              "B": { "size": 100, "like": "A" } } }
            """);
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network, "--set", "populations.A.params.V_reset.normal.std=10"));
        Assert.Contains("tiny.json:3:8: populations.B.params.V_reset: neuron ", session.Error.ToString(), StringComparison.Ordinal);
        session.Error.GetStringBuilder().Clear();
        Assert.Equal(ExitStatus.WrongInput, session.Run("run", session.Network, "--set", "populations.B.params={\"V_reset\": {\"uniform\": [-70, -50]}}"));
        Assert.StartsWith("--set populations.B.params={", session.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains(": populations.B.params.V_reset: neuron ", session.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void HelpNamesTheCommands()
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("--help"));
        Assert.All(["run", "validate", "new", "models", "runs"], c => Assert.Contains($"  {c} ", session.Out.ToString(), StringComparison.Ordinal));
        Assert.Equal(ExitStatus.WrongInput, session.Run());
    }

    [Fact]
    public void ADirectoryThatIsNotThereIsWrongInput()
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run("runs"));
        Assert.Equal("", session.Error.ToString());
        Assert.Equal(ExitStatus.WrongInput, session.Run("runs", session["nowhere"]));
        Assert.Equal($"snn: {session["nowhere"]}: there is no such directory\n", session.Error.ToString());
    }

    /// <summary>The parser adds the defaults that it knows; a text that says them too says them twice.</summary>
    [Theory]
    [InlineData("run")]
    [InlineData("resume")]
    [InlineData("runs")]
    [InlineData("snapshots")]
    [InlineData("bench")]
    [InlineData("new")]
    public void HelpSaysADefaultOnce(string command)
    {
        using var session = new Session();
        Assert.Equal(ExitStatus.Done, session.Run(command, "--help"));
        Assert.All(session.Out.ToString().Split('\n'), line => Assert.False(
            line.Contains("(default", StringComparison.Ordinal) && line.Contains("[default", StringComparison.Ordinal), line));
    }

    /// <summary>Of a file; the rank that is run has its share of the neurons, and the rate of the others is the one that was given.</summary>
    [Fact]
    public void BenchRunsOneRankOfMany()
    {
        using var session = new Session("""
            { "snn": 1, "name": "pair", "dt": 0.1, "duration": 100,
              "populations": { "A": { "size": 256, "model": "iaf_psc_exp" }, "B": { "size": 256, "model": "iaf_psc_exp" } },
              "projections": [ { "from": "A", "to": "B", "rule": "all_to_all", "weight": 0.001, "delay": 2 } ] }
            """);
        session.Context = new HostContext { Out = session.Out, Error = session.Error, Simulator = new Simulator(), RunsDirectory = session["runs"] };
        string Heard(params string[] rates)
        {
            session.Out.GetStringBuilder().Clear();
            Assert.Equal(ExitStatus.Done, session.Run(["bench", session.Network, "--dry-ranks", "4", "--dry-rank", "3", "--threads", "1", "--repeats", "1", .. rates]));
            return session.Out.ToString().Split('\n').Where(l => l.TrimStart().StartsWith("pair ", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Last()[^1];
        }

        Assert.Equal("0.00", Heard("--rate", "5", "--rate", "A=0"));
        var atFive = double.Parse(Heard(), CultureInfo.InvariantCulture);
        // 192 neurons, 50 slices of 2 ms: 1.9 spikes each.
        Assert.InRange(atFive, 1, 3);
        Assert.InRange(double.Parse(Heard("--rate", "50", "--rate", "B=0"), CultureInfo.InvariantCulture), 8 * atFive, 14 * atFive);
        Assert.Contains(" 128 ", session.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ResumeSaysWhereItGoesOn()
    {
        using var session = new Session();
        session.Run("resume", "--help");
        Assert.Contains("the run goes on in its own directory", session.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("NAME-NNN", session.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void OneIsOne()
    {
        using var session = new Session(Session.Tiny.Replace("\"size\": 4", "\"size\": 1", StringComparison.Ordinal));
        Assert.Equal(ExitStatus.Done, session.Run("validate", session.Network));
        Assert.Contains(" valid: 1 neuron, about 0 synapses, ", session.Out.ToString(), StringComparison.Ordinal);
    }
}
