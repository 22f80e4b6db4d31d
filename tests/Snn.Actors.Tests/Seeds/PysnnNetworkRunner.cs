using System.Text.Json;
using Snn.Actors.Networks;
using Snn.Kernels.Tests.Seeds;

namespace Snn.Actors.Tests.Seeds;

/// <summary>PySNN's cyclic network of three populations, with and without learning, as a network of the engine.</summary>
public sealed class PysnnNetworkRunner : ISeedRunner
{
    private static readonly string[] _connections = ["c1", "c2", "cb"];
    private static readonly string[] _weights = ["w1", "w2", "wb"];

    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/network"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var outputs = new Dictionary<string, SeedTensor>();
        var steps = golden.Input("x").Shape[0];
        using (var network = Declare(golden, isDouble))
        {
            var run = network.Run(threads: 2);
            foreach (var (name, n) in new[] { ("n1", "1"), ("n2", "2") })
            {
                outputs["s" + n] = Timed(run.Spikes(name));
                outputs["v" + n] = Timed(run.State(name, "v_cell"));
                outputs["t" + n] = Timed(run.State(name, "trace"));
            }
        }

        if (golden.Outputs().TryGetValue("weight_steps", out var at))
        {
            outputs["weight_steps"] = at;
            var runs = at.Data.Select(step => WeightsAfter(golden, isDouble, step + 1)).ToArray();
            for (var k = 0; k < _weights.Length; k++)
            {
                outputs[_weights[k]] = SeedTensor.Stack([.. runs.Select(r => r[k])]);
            }
        }

        return outputs;

        SeedTensor Timed(SeedTensor values) => values.Reshape(steps, 1, 1, values.Data.Length / steps);
    }

    private static SeedTensor[] WeightsAfter(SeedCase golden, bool isDouble, double steps)
    {
        using var network = Declare(golden, isDouble);
        var run = network.Run(threads: 1, durationMs: steps);
        return [.. _connections.Select(run.Weights)];
    }

    private static SeedNetwork Declare(SeedCase golden, bool isDouble)
    {
        var x = golden.Input("x");
        var network = new SeedNetwork(items: 1, x.Shape[0], isDouble);
        var builder = network.Builder;
        var input = network.Driven("in", x.Shape[^1], "pysnn_input", x);
        SetAll(input, golden.Params.GetProperty("input"));
        foreach (var (name, weight) in new[] { ("n1", "w1"), ("n2", "w2") })
        {
            var neurons = builder.Population(name, golden.Input(weight).Shape[0], golden.Word("neuron") == "fede" ? "pysnn_fede" : "pysnn_lif");
            SetAll(neurons, golden.Params.GetProperty("neuron_params"));
        }

        if (golden.Params.TryGetProperty("reset_state_before_step", out var reset) && reset.ValueKind == JsonValueKind.Number)
        {
            builder.Resets(reset.GetDouble());
        }

        var delays = golden.Params.GetProperty("delays");
        // The backward connection is handed the spikes of the step before.
        Connect(golden, network, "c1", "in", "n1", "w1", delays.GetProperty("c1").GetDouble());
        Connect(golden, network, "cb", "n2", "n1", "wb", delays.GetProperty("cb").GetDouble() + 1);
        Connect(golden, network, "c2", "n1", "n2", "w2", delays.GetProperty("c2").GetDouble());
        return network.Recording(["n1", "n2"], ["v_cell", "trace"], IsLearning(golden) ? _connections : []);
    }

    private static void Connect(SeedCase golden, SeedNetwork network, string name, string from, string to, string weight, double delay)
    {
        var projection = network.Builder.Projection(from, to).Name(name).Linear().Weight(new Distribution.Array(golden.Input(weight).Data)).Delay(delay)
            .DelayRule(Kernels.Synapses.Layers.DelayRule.Overwrite);
        if (IsLearning(golden))
        {
            Learn(network, golden.Params.GetProperty("learning"), projection);
        }
    }

    private static bool IsLearning(SeedCase golden) => golden.Params.GetProperty("learning").ValueKind == JsonValueKind.Object;

    private static void Learn(SeedNetwork network, JsonElement learning, ProjectionBuilder projection)
    {
        double Number(string name) => learning.GetProperty(name).GetDouble();
        if (learning.GetProperty("rule").GetString() == "FedeSTDP")
        {
            projection.Learning("fede_stdp", ("lr", Number("lr")), ("w_init", Number("w_init")), ("a", Number("a")))
                .LearningTime(start: Number("first_step"), stop: Number("last_step") + 1);
            return;
        }

        // "1.0 for step<30 else -0.5"
        network.DeclareOnce("reward", n => n.Builder.Reward("reward", n.Npy(new SeedTensor([60], [.. Enumerable.Range(0, 60).Select(t => t < 30 ? 1.0 : -0.5)]))));
        projection.Learning("mstdpet", ("a_pre", Number("a_pre")), ("a_post", Number("a_post")), ("lr", Number("lr")), ("e_trace_decay", Number("e_trace_decay")))
            .RewardedBy("reward");
    }

    private static void SetAll(PopulationBuilder population, JsonElement parameters)
    {
        foreach (var parameter in parameters.EnumerateObject().Where(p => p.Name is not ("dt" or "kind")))
        {
            SeedNetwork.Set(population, parameter.Name, parameter.Value);
        }
    }
}
