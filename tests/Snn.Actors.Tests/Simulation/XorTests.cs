using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Tests.Recording;
using Xunit;

namespace Snn.Actors.Tests.Simulation;

/// <summary>examples/mstdpet-xor.json learns what it says: the reward of its critic tells it XOR.</summary>
public sealed class XorTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public void TheOutputFiresWhereTheInputsDiffer(string seed)
    {
        var rates = RatesAtTheEnd(seed);
        Assert.True(HasLearned(rates), Said(rates));
    }

    /// <summary>The canary: what has not learned does not pass, nor does what is paid for the opposite.</summary>
    [Theory]
    [InlineData("projections[2].learning.lr=0")]
    [InlineData("inputs.critic={\"model\": \"reward\", \"of\": \"out\", \"wanted\": \"data/xor-wanted.npy\", \"right\": -2, \"wrong\": 1}")]
    public void WithoutTheRewardItDoesNot(string setting)
    {
        var rates = RatesAtTheEnd("1", setting);
        Assert.True(rates.Max() > 10, Said(rates));
        Assert.False(HasLearned(rates), Said(rates));
    }

    /// <summary>Every pattern that should make the output fire does so at twice the rate of any that should not.</summary>
    private static bool HasLearned(double[] rates) => Math.Min(rates[1], rates[2]) > 2 * Math.Max(rates[0], rates[3]);

    /// <summary>Rate of the output in the last tenth of the time, Hz. [pattern: 00, 01, 10, 11]</summary>
    private static double[] RatesAtTheEnd(string seed, params string[] settings)
    {
        var reading = NetworkFile.Read(TestData.Example("mstdpet-xor.json"), new NetworkOverrides { Seed = seed, Set = settings });
        var network = reading.Network ?? throw new InvalidOperationException(reading.Format("mstdpet-xor.json"));
        using var directory = new TemporaryDirectory();
        var run = RunDirectory.Create(directory["run"]);
        new Simulator().Run(network, new SimulationOptions { Threads = 2 }, run, null, TestContext.Current.CancellationToken);
        var recorded = Npz.Read(run.SpikesFile("out"));
        var (items, times) = (recorded["items"].As<long>(), recorded["times"].As<double>());
        var durationMs = network.DurationSteps * network.DtMs;
        var spikes = new int[network.Items];
        for (var i = 0; i < items.Length; i++)
        {
            spikes[items[i]] += times[i] > 0.9 * durationMs ? 1 : 0;
        }

        return [.. spikes.Select(s => s / (0.1 * durationMs / 1000))];
    }

    private static string Said(double[] rates) => "rates for 00, 01, 10, 11: " + string.Join(", ", rates.Select(r => FormattableString.Invariant($"{r:0.0}")));
}
