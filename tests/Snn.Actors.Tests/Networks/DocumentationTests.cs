using System.Text;
using System.Text.RegularExpressions;
using Snn.Actors.Networks;
using Xunit;

namespace Snn.Actors.Tests.Networks;

/// <summary>The page on the format says what the reader does.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "network-format.md"));

    [Fact]
    public void The_networks_of_the_page_are_valid()
    {
        using var folder = new Data.DataFolder();
        folder.Npy("targets.npy", new float[20], 2, 10);
        var networks = Fence().Matches(Page).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(networks);
        Assert.All(networks.Where(text => text.StartsWith('{')), text =>
        {
            var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(text), null, folder.Path);
            Assert.True(reading.IsValid, reading.Format("network-format.md"));
        });
    }

    /// <summary>Inputs that the page shows by themselves.</summary>
    [Fact]
    public void The_inputs_of_the_page_are_valid()
    {
        using var folder = new Data.DataFolder();
        folder.Idx("train-images-idx3-ubyte.gz", new byte[1000 * 4], 1000, 2, 2);
        var inputs = Fence().Matches(Page).Select(m => m.Groups[1].Value).Where(text => text.StartsWith('"')).ToList();
        Assert.NotEmpty(inputs);
        Assert.All(inputs, text =>
        {
            var network = "{ \"snn\": 1, \"duration\": 10, \"populations\": { \"input\": { \"size\": 4, \"model\": \"iaf_psc_exp\" } }, \"inputs\": {" + text + "} }";
            var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(network), null, folder.Path);
            Assert.True(reading.IsValid, reading.Format("network-format.md"));
        });
    }

    /// <summary>The reader lists the keys that it knows when it meets one that it does not; each must be on the page.</summary>
    /// <param name="setting">Puts a key that does not exist somewhere.</param>
    /// <param name="except">Keys that are on other pages.</param>
    [Theory]
    [InlineData("?=1")]
    [InlineData("populations.E.?=1")]
    [InlineData("inputs.poisson.?=1")]
    [InlineData("inputs.dc.?=1")]
    [InlineData("inputs.spike_times.?=1")]
    [InlineData("inputs.noise.?=1")]
    [InlineData("inputs.array.?=1")]
    [InlineData("inputs.rate.?=1")]
    [InlineData("inputs.latency.?=1")]
    [InlineData("inputs.delta.?=1")]
    [InlineData("inputs.intervals.?=1")]
    [InlineData("inputs.events.?=1")]
    [InlineData("projections[0].?=1")]
    [InlineData("projections[0].rule={\"?\": 1}")]
    [InlineData("projections[0].weight={\"?\": 1}")]
    [InlineData("projections[0].weight={\"normal\": {\"mean\": 1, \"std\": 1, \"?\": 1}}")]
    [InlineData("projections[0].weight={\"lognormal\": {\"mu\": 1, \"sigma\": 1, \"?\": 1}}")]
    [InlineData("projections[0].weight={\"exponential\": {\"mean\": 1, \"?\": 1}}")]
    [InlineData("inputs.reward.?=1")]
    [InlineData("projections[0].learning={\"rule\": \"mstdpet\", \"reward\": \"reward\", \"?\": 1}", "lr a_pre a_post e_trace_decay w_min w_max")]
    [InlineData("record.?=1")]
    [InlineData("record.state[0].?=1")]
    public void Every_key_is_on_the_page(string setting, string except = "")
    {
        const string Text = """
            {
              "snn": 1, "duration": 10,
              "populations": { "E": { "size": 5, "model": "iaf_psc_exp" } },
              "inputs": {
                "poisson": { "model": "poisson", "to": "E", "rate": 1, "weight": 1 },
                "dc": { "model": "dc", "to": "E", "amplitude": 1 },
                "spike_times": { "model": "spike_times", "to": "E", "times": [1], "weight": 1 },
                "noise": { "model": "noise", "to": "E", "mean": 0, "std": 1 },
                "array": { "model": "array", "to": "E", "kind": "current", "file": "none.npy" },
                "rate": { "model": "encode", "encoder": "rate", "to": "E", "file": "none.npy", "present": 1, "weight": 1 },
                "latency": { "model": "encode", "encoder": "latency", "to": "E", "file": "none.npy", "present": 1, "weight": 1 },
                "delta": { "model": "encode", "encoder": "delta", "to": "E", "file": "none.npy", "present": 1, "weight": 1 },
                "intervals": { "model": "encode", "encoder": "poisson_intervals", "to": "E", "file": "none.npy", "present": 1, "weight": 1 },
                "events": { "model": "events", "to": "E", "file": "none.bin", "format": "2d", "shape": [5, 1, 1], "weight": 1 },
                "reward": { "model": "reward", "value": 1 },
              },
              "projections": [{ "from": "E", "to": "E", "rule": "all_to_all", "weight": 1 }],
              "record": { "state": [{ "of": "E", "variables": ["V_m"] }] },
            }
            """;
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(Text), new NetworkOverrides { Set = [setting] });
        var message = Assert.Single(reading.Problems, p => p.Message.StartsWith("unknown ", StringComparison.Ordinal)).Message;
        var keys = Word().Matches(message[message.IndexOf("allowed:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).Except(except.Split(' ')).ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.True(
            Page.Contains("`" + key + "`", StringComparison.Ordinal) || Page.Contains("\"" + key + "\"", StringComparison.Ordinal), key + " is not on the page"));
    }

    [GeneratedRegex("```jsonc\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Word();
}
