using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>PySNN's MSTDPET: Input -> Linear -> LIF with the rule in the loop, and the rule on a convolution whose targets are given.</summary>
internal sealed unsafe class MstdpetRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/learning_mstdpet"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) =>
        golden.Params.TryGetProperty("out_channels", out _) ? Convolution(golden, isDouble) : Linear(golden, isDouble);

    private static Dictionary<string, SeedTensor> Linear(SeedCase golden, bool isDouble)
    {
        var (x, weight, reward) = (golden.Input("x"), golden.Input("weight0"), golden.Input("reward").Data);
        var (steps, items) = (x.Shape[0], x.Shape[1]);
        var (sources, targets) = (weight.Shape[1], weight.Shape[0]);
        using var loop = new LinearLoop(golden, ConvolutionShape.Linear(sources, targets), weight.Data, items, isDouble);
        var eligibility = loop.Layer.Synapses(items);
        var record = new SeedRecord();
        for (var t = 0; t < steps; t++)
        {
            loop.Step(t, x.At(t), record);
            var (decay, pre, post) = (golden.Param("e_trace_decay").Scalar, golden.Param("a_pre").Scalar, golden.Param("a_post").Scalar);
            for (var item = 0; item < items; item++)
            {
                var own = isDouble ? (void*)((double*)eligibility.Pointer + (item * loop.Layer.Rules.SynapseNumbers)) : (float*)eligibility.Pointer + (item * loop.Layer.Rules.SynapseNumbers);
                loop.Layer.Rules.UpdateEligibility(loop.Layer.Activity[item], own, decay, pre, post, 0, sources);
                record.Add("e_trace", loop.Layer.Read(eligibility, item));
            }

            if ((t + 1) % SeedParams.Integer(golden, "step_every", 1) == 0)
            {
                double[] rewards = [.. Enumerable.Repeat(reward[t], items)];
                loop.Layer.Rules.Reward(eligibility.Pointer, rewards, items, golden.Param("lr").Scalar, 0, sources);
            }

            record.Add("weight", loop.Layer.Weights.ToArray());
        }

        return record.Outputs(golden);
    }

    private static Dictionary<string, SeedTensor> Convolution(SeedCase golden, bool isDouble)
    {
        var (x, reward) = (golden.Input("x"), golden.Input("reward").Data);
        var (postSpikes, postTraces) = (golden.Input("post_spikes"), golden.Input("post_trace"));
        var shape = ConvolutionRunner.Shape(golden);
        var items = x.Shape[1];
        using var layer = new LearningLayer(shape, golden.Input("weight0").Data, items, isDouble);
        using var connection = LayerRig.Connection(layer.Weights);
        using var line = new DelayedSpikes(connection, SeedParams.Integer(golden, "delay"), items, isDouble);
        var inputs = Enumerable.Range(0, items).Select(_ => new PlainNeurons(golden.Params.GetProperty("input"), shape.SourceCount)).ToArray();
        var eligibility = layer.Synapses(items);
        var parts = Enumerable.Range(0, items * shape.Locations).Select(_ => layer.Synapses()).ToArray();
        var (decay, pre, post) = (golden.Param("e_trace_decay").Scalar, golden.Param("a_pre").Scalar, golden.Param("a_post").Scalar);
        var record = new SeedRecord();
        for (var t = 0; t < x.Shape[0]; t++)
        {
            for (var item = 0; item < items; item++)
            {
                inputs[item].StepInput(x.At(t).At(item).Data);
                layer.Set(item, line.Step(item, t, x.At(t).At(item).Data), inputs[item].Traces, postSpikes.At(t).At(item).Data, postTraces.At(t).At(item).Data);
                var own = isDouble ? (void*)((double*)eligibility.Pointer + (item * layer.Rules.SynapseNumbers)) : (float*)eligibility.Pointer + (item * layer.Rules.SynapseNumbers);
                layer.Rules.UpdateEligibility(layer.Activity[item], own, decay, pre, post, 0, layer.Rows);

                // What PySNN keeps: an eligibility a location.
                for (var location = 0; location < shape.Locations; location++)
                {
                    layer.Rules.UpdateEligibility(
                        layer.Activity[item], parts[(item * shape.Locations) + location].Pointer, decay, pre, post, 0, layer.Rows, location, location + 1);
                }
            }

            layer.Rules.Reward(eligibility.Pointer, [.. Enumerable.Repeat(reward[t], items)], items, golden.Param("lr").Scalar, 0, layer.Rows);
            record.Add("weight", layer.Weights.ToArray());
            var sums = Enumerable.Range(0, items).Select(i => layer.Read(eligibility, i)).ToArray();
            record.Add("e_trace_reduced", [.. sums[0].Select((_, k) => sums.Sum(s => s[k]) / (items * shape.Locations))]);
        }

        var single = parts.Select(p => layer.Read(p)).ToArray();
        for (var item = 0; item < items; item++)
        {
            for (var synapse = 0; synapse < shape.OutputChannels * shape.Taps; synapse++)
            {
                record.Add("last_e_trace", [.. Enumerable.Range(item * shape.Locations, shape.Locations).Select(p => single[p][synapse])]);
            }
        }

        return record.Outputs(golden);
    }
}
