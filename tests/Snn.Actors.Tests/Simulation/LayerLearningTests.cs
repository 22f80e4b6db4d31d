using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Networks;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>Layered networks that learn: one answer for any split of the batch; rewards, times and resets do what they say.</summary>
public sealed class LayerLearningTests
{
    private static readonly string _file = Path.Combine(TestFiles.Root, "tests", "data", "networks", "learning.json");

    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    public void WeightsAreOneAnswerForAnyNumberOfThreadsAndLanes(string precision)
    {
        var network = Read($"precision={precision}");
        var (expected, weights) = Runs.RunForWeights(network, new SimulationOptions { Threads = 1 });
        Assert.Equal(0, expected.AllocatedBytes);
        Assert.All(expected.Populations, p => Assert.True(p.Spikes > 20, $"{p.Name} has {p.Spikes} spikes"));
        var unlearned = Runs.RunForWeights(Read($"precision={precision}", "duration=1", "projections[4].learning.lr=0"), new SimulationOptions()).Weights;
        Assert.All(weights, w => Assert.True(w.Value.Zip(unlearned[w.Key]).Any(p => p.First != p.Second), $"{w.Key} has not learned"));
        Assert.All(weights, w => Assert.All(w.Value, x => Assert.True(double.IsFinite(x) && Math.Abs(x) < 10, $"{w.Key} has a weight of {x}")));
        foreach (var (threads, lanes) in new[] { (2, 0), (3, 1), (5, 8), (4, 16) })
        {
            var (result, learned) = Runs.RunForWeights(network, new SimulationOptions { Threads = threads, Lanes = lanes });
            Assert.Equal(expected.SpikeHash, result.SpikeHash);
            Assert.All(weights, w => Assert.Equal(w.Value, learned[w.Key]));
        }

        for (ulong seed = 0; seed < 15; seed++)
        {
            Assert.Equal(expected.SpikeHash, Runs.Run(network, 1 + (int)(seed % 5), dispatcherSeed: seed).SpikeHash);
        }
    }

    /// <summary>A critic is a program that counts spikes: the one that is built in does the same.</summary>
    [Fact]
    public void AProgramMayBeTheCritic()
    {
        var wanted = Recording.Npy.Parse(File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(_file)!, "wanted.npy"))).As<float>();
        var expected = Runs.RunForWeights(Read(), new SimulationOptions { Threads = 2 });
        var network = Read("inputs.critic={\"model\": \"reward\"}");
        var of = network.Populations.Single(p => p.Name == "out").Index;
        var room = new int[10];
        var options = new SimulationOptions
        {
            Threads = 3,
            Rewards = new Dictionary<string, RewardFunction>
            {
                ["critic"] = (spikes, rewards) =>
                {
                    for (var item = 0; item < rewards.Length; item++)
                    {
                        foreach (var neuron in room.AsSpan(0, spikes.Read(of, item, room)))
                        {
                            rewards[item] += wanted[((int)(spikes.Step / 10 % 6) * 10) + neuron] != 0 ? 1 : -0.5;
                        }
                    }
                },
            },
        };
        var (result, weights) = Runs.RunForWeights(network, options);
        Assert.Equal(expected.Result.SpikeHash, result.SpikeHash);
        Assert.All(expected.Weights, w => Assert.Equal(w.Value, weights[w.Key]));
    }

    [Fact]
    public void ARewardThatNobodyGivesIsAMistake()
    {
        var problem = Assert.Single(new Simulator().Check(Read("inputs.critic={\"model\": \"reward\"}"), new SimulationOptions()));
        Assert.StartsWith("inputs.critic", problem.Path, StringComparison.Ordinal);
    }

    /// <summary>A constant reward, one in a file, and half of it with twice the rate are the same.</summary>
    [Fact]
    public void WhereARewardComesFromDoesNotMatter()
    {
        using var folder = new Data.DataFolder();
        folder.Npy("ones.npy", Enumerable.Repeat(1f, 60).ToArray(), 60);
        folder.Npy("halves.npy", Enumerable.Repeat(0.5f, 60 * 4).ToArray(), 60, 4);
        double[] Learn(string reward, double lr) => Runs.RunForWeights(Runs.FromText(Small(reward, FormattableString.Invariant($"\"lr\": {lr}")), folder.Path), new SimulationOptions { Threads = 2 }).Weights["A->B"];
        var expected = Learn("\"value\": 1", 0.0625);
        Assert.Equal(expected, Learn("\"file\": \"ones.npy\"", 0.0625));
        Assert.Equal(expected, Learn("\"file\": \"halves.npy\"", 0.125));
        Assert.NotEqual(expected, Learn("\"file\": \"halves.npy\"", 0.0625));
        Assert.Equal(Learn("\"value\": 0", 0.0625), Learn("\"value\": 1", 0));
    }

    [Fact]
    public void ARuleLearnsFromStartToStopOnly()
    {
        double[] Learn(string times, double durationMs) => Runs.RunForWeights(
            Runs.FromText(Small("\"value\": 1", times).Replace("\"duration\": 60", FormattableString.Invariant($"\"duration\": {durationMs}"), StringComparison.Ordinal)),
            new SimulationOptions { Threads = 2 }).Weights["A->B"];
        var initial = Learn("\"lr\": 0", 60);
        Assert.Equal(initial, Learn("\"start\": 20", 20));
        Assert.NotEqual(initial, Learn("\"start\": 20", 40));
        Assert.Equal(Learn("\"stop\": 30", 30), Learn("\"stop\": 30", 60));
        Assert.Equal(initial, Learn("\"every\": 25", 24));
        Assert.Equal(Learn("\"every\": 25", 25), Learn("\"every\": 25", 49));
        Assert.NotEqual(initial, Learn("\"every\": 25", 25));
    }

    /// <summary>With inputs that repeat, every period is the first one over again, until the weights change.</summary>
    [Theory]
    [InlineData("{ \"every\": 20 }")]
    [InlineData("[20, 40]")]
    public void AResetBeginsAnew(string reset)
    {
        static string Declare(string head, double lr) => $$"""
            { "snn": 1, "dt": 1, "duration": 60, "batch": 2, {{head}}
              "populations": { "A": { "size": 4, "model": "pysnn_lif", "params": { "thresh": 0.5 } }, "B": { "size": 3, "model": "pysnn_lif", "params": { "tau_v": 0.97, "thresh": 2 } } },
              "inputs": { "drive": { "model": "spike_times", "to": "A", "times": [1, 3, 8, 9, 15, 19, 21, 23, 28, 29, 35, 39, 41, 43, 48, 49, 55, 59], "weight": 1, "delay": 0 }, "praise": { "model": "reward", "value": 1 } },
              "projections": [ { "from": "A", "to": "B", "rule": "linear", "weight": { "uniform": [0.1, 0.3] }, "delay": 3, "learning": { "rule": "mstdpet", "reward": "praise", "lr": {{lr.ToString(System.Globalization.CultureInfo.InvariantCulture)}} } } ] }
            """;

        static List<(long, int)>[] Periods(string text)
        {
            var log = new SpikeLog();
            Runs.Run(Runs.FromText(text), new SimulationOptions { Threads = 2, Log = log });
            return [.. Enumerable.Range(0, 3).Select(k => log.Of(1).Where(s => s.Step / 20 == k).Select(s => (s.Step - (20 * k), s.Neuron)).ToList())];
        }

        var periods = Periods(Declare($"\"reset\": {reset},", 0));
        Assert.NotEmpty(periods[0]);
        Assert.Equal(periods[0], periods[1]);
        Assert.Equal(periods[0], periods[2]);
        Assert.NotEqual(periods[0], Periods(Declare(string.Empty, 0))[1]);
        Assert.NotEqual(periods[0], Periods(Declare($"\"reset\": {reset},", 0.05))[2]);
    }

    /// <summary>A pair of spikes before a reset leaves an eligibility, which a reward after it would make use of.</summary>
    [Theory]
    [InlineData("mstdpet", ", \"a_post\": 0")]
    [InlineData("snntorch_mstdpet", ", \"tau_trace\": 50, \"f_post\": \"none\"")]
    public void AResetForgetsEligibility(string rule, string parameters)
    {
        using var folder = new Data.DataFolder();
        folder.Npy("late.npy", [.. Enumerable.Range(0, 20).Select(t => t < 10 ? 0f : 1f)], 20);
        double[] Learn(string reset, double lr = 0.1) => Runs.RunForWeights(
            Runs.FromText(FormattableString.Invariant($$"""
                { "snn": 1, "dt": 1, "duration": 20, "batch": 2, {{reset}}
                  "populations": { "A": { "size": 1, "model": "pysnn_lif" }, "B": { "size": 1, "model": "pysnn_lif" } },
                  "inputs": { "pair": { "model": "spike_times", "to": "A", "times": [3], "weight": 2 }, "praise": { "model": "reward", "file": "late.npy" } },
                  "projections": [ { "from": "A", "to": "B", "rule": "linear", "weight": 1.5, "learning": { "rule": "{{rule}}", "reward": "praise", "lr": {{lr}}, "start": 0{{parameters}} } } ],
                  "record": { "weights": "A->B" } }
                """), folder.Path), new SimulationOptions { Threads = 2 }).Weights["A->B"];
        Assert.NotEqual(Learn(string.Empty, lr: 0), Learn(string.Empty));
        Assert.Equal(Learn(string.Empty, lr: 0), Learn("\"reset\": [8],"));
    }

    [Fact]
    public void AFileOfLearningIsWrittenAndReadBack()
    {
        var network = Read();
        var again = NetworkFile.Read(System.Text.Encoding.UTF8.GetBytes(NetworkFile.ToText(network)), null, Path.GetDirectoryName(_file));
        Assert.True(again.IsValid, again.Format("again"));
        Assert.Null(Same.Difference(network, again.Network));
        Assert.Equal(network.Hash(), again.Network!.Hash());
    }

    private static string Small(string reward, string learning) => $$"""
        { "snn": 1, "dt": 1, "duration": 60, "batch": 4, "seed": 5,
          "populations": { "A": { "size": 9, "model": "pysnn_lif" }, "B": { "size": 5, "model": "pysnn_lif" } },
          "inputs": { "drive": { "model": "poisson", "to": "A", "rate": 300, "weight": 2 }, "praise": { "model": "reward", {{reward}} } },
          "projections": [ { "from": "A", "to": "B", "rule": "linear", "weight": { "uniform": [0.1, 0.5] }, "learning": { "rule": "mstdpet", "reward": "praise", {{learning}} } } ],
          "record": { "weights": "A->B" } }
        """;

    private static Network Read(params string[] settings)
    {
        var reading = NetworkFile.Read(_file, new NetworkOverrides { Set = settings });
        return reading.Network ?? throw new InvalidOperationException(reading.Format("learning.json"));
    }
}
