using Snn.Kernels.Plasticity.Layers;
using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>snngrow's STDP: a linear layer, IF or LIF nodes (plain loops here) and the rule in the loop.</summary>
internal sealed unsafe class SnngrowStdpRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["snngrow/stdp"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var (x, weight) = (golden.Input("x"), golden.Input("weight0"));
        var (items, sources, targets) = (x.Shape[1], weight.Shape[1], weight.Shape[0]);
        using var layer = new LearningLayer(ConvolutionShape.Linear(sources, targets), weight.Data, items, isDouble);
        using var connection = LayerRig.Connection(layer.Weights);
        var traces = new TracePair(layer, items, Keep(golden, "tau_pre"), Keep(golden, "tau_post"), isDouble);
        var v = Enumerable.Range(0, items).Select(_ => new double[targets]).ToArray();
        var (causal, acausal) = (layer.Synapses(), layer.Synapses());
        var record = new SeedRecord();
        for (var t = 0; t < x.Shape[0]; t++)
        {
            for (var item = 0; item < items; item++)
            {
                var spikes = Nodes(golden, v[item], LayerRig.Deliver(connection, x.At(t).At(item).Data));
                traces.Step(item, x.At(t).At(item).Data, spikes);
                record.Add("spike", spikes);
                record.Add("v", v[item]);
                record.Add("trace_pre", traces.Pre(item));
                record.Add("trace_post", traces.Post(item));
            }

            fixed (LayerActivity* activity = layer.Activity)
            {
                layer.Rules.SumPairs(activity, items, 0, sources, causal.Pointer, acausal.Pointer);
            }

            layer.Rules.PairChange(causal.Pointer, acausal.Pointer, WeightDependence.Clamped, WeightDependence.Clamped, 0, sources);
            record.Add("dw", layer.Read(causal));
            layer.Rules.Add(causal.Pointer, golden.Param("lr").Scalar, 0, sources);
            record.Add("weight", layer.Weights.ToArray());
        }

        return record.Outputs(golden);
    }

    private static double Keep(SeedCase golden, string tau) => 1 - (1 / golden.Param(tau, 2).Scalar);

    /// <summary>A step of the nodes: leak, input, threshold reached, reset; gives the spikes.</summary>
    private static double[] Nodes(SeedCase golden, double[] v, double[] input)
    {
        var p = golden.Params.GetProperty("node_params");
        var threshold = Number(p, "v_threshold", 1);
        double? reset = p.TryGetProperty("v_reset", out var r) && r.ValueKind != System.Text.Json.JsonValueKind.Number ? null : Number(p, "v_reset", 0);
        var leak = golden.Word("node") == "LIF" ? 1 / Number(p, "tau", 2) : 0;
        var scale = leak > 0 && (!p.TryGetProperty("decay_input", out var d) || d.GetBoolean()) ? leak : 1;
        var spikes = new double[v.Length];
        for (var i = 0; i < v.Length; i++)
        {
            v[i] += (scale * input[i]) - (leak * (v[i] - (reset ?? 0)));
            spikes[i] = v[i] >= threshold ? 1 : 0;
            v[i] = spikes[i] == 0 ? v[i] : reset ?? (v[i] - threshold);
        }

        return spikes;
    }

    private static double Number(System.Text.Json.JsonElement p, string name, double byDefault) =>
        p.TryGetProperty(name, out var value) ? SeedTensor.Of(value).Scalar : byDefault;
}
