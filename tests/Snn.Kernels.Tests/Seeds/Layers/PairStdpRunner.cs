using Snn.Kernels.Lanes;
using Snn.Kernels.Plasticity.Layers;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>snnTorch's stdp, mstdp and mstdpet helpers, on linear and convolutional layers.</summary>
internal sealed unsafe class PairStdpRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["snntorch/stdp"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var (input, output) = (golden.Input("in_spike"), golden.Input("out_spike"));
        var weights = golden.OptionalInput("weight0") ?? golden.Input("weight");
        var isConvolution = golden.OptionalInput("weight0") is null;
        var shape = isConvolution ? Convolution(golden, weights, input) : ConvolutionShape.Linear(weights.Shape[1], weights.Shape[0]);
        var unbatched = input.Shape.Length == 2;
        var items = unbatched ? 1 : input.Shape[1];
        using var layer = new LearningLayer(shape, weights.Data, items, isDouble);

        // The reward-modulated helpers let traces decay by exp(-1 / tau), the plain ones by 1 - 1 / tau.
        var keep = golden.Kind.Contains("mstdp", StringComparison.Ordinal) ? (Func<double, double>)(tau => LaneMath.Exp(-1 / tau)) : tau => 1 - (1 / tau);
        var traces = new TracePair(layer, items, keep(golden.Param("tau_pre").Scalar), keep(golden.Param("tau_post").Scalar), isDouble);
        var bySample = golden.Kind.Contains("mstdp", StringComparison.Ordinal);
        var f = golden.Word("f") == "identity" ? WeightDependence.Proportional : WeightDependence.Clamped;
        var record = new SeedRecord();
        for (var t = 0; t < input.Shape[0]; t++)
        {
            for (var item = 0; item < items; item++)
            {
                traces.Step(item, unbatched ? input.At(t).Data : input.At(t).At(item).Data, unbatched ? output.At(t).Data : output.At(t).At(item).Data);
                record.Add("trace_pre", traces.Pre(item));
                record.Add("trace_post", traces.Post(item));
            }

            var change = bySample ? Enumerable.Range(0, items).Select(i => Change(layer, i, 1, f)).ToArray() : [Change(layer, 0, items, f)];
            foreach (var one in change)
            {
                record.Add(isConvolution ? "delta_w" : "out", layer.Read(one));
                if (!isConvolution)
                {
                    layer.Rules.Add(one.Pointer, 0.01 / change.Length, 0, layer.Rows);
                }
            }

            record.Add("weight", layer.Weights.ToArray());
        }

        for (var item = 0; item < items; item++)
        {
            record.Add("trace_pre_last", Padded(shape, traces.Pre(item)));
            record.Add("trace_post_last", traces.Post(item));
        }

        return record.Outputs(golden);
    }

    private static Synapses.Layers.Numbers Change(LearningLayer layer, int firstItem, int items, WeightDependence f)
    {
        var (causal, acausal) = (layer.Synapses(), layer.Synapses());
        fixed (LayerActivity* activity = layer.Activity)
        {
            layer.Rules.SumPairs(activity + firstItem, items, 0, layer.Rows, causal.Pointer, acausal.Pointer);
        }

        layer.Rules.PairChange(causal.Pointer, acausal.Pointer, f, f, 0, layer.Rows);
        return causal;
    }

    /// <summary>One- or two-dimensional.</summary>
    private static ConvolutionShape Convolution(SeedCase golden, SeedTensor weights, SeedTensor input)
    {
        var isFlat = weights.Shape.Length == 3;
        var (stride, padding) = (SeedParams.Pair(golden, "stride", 1), SeedParams.Pair(golden, "padding", 0));
        return new ConvolutionShape
        {
            Channels = weights.Shape[1],
            OutputChannels = weights.Shape[0],
            Height = isFlat ? 1 : input.Shape[3],
            Width = input.Shape[^1],
            Kernel = (isFlat ? 1 : weights.Shape[2], weights.Shape[^1]),
            Stride = (isFlat ? 1 : stride.Y, stride.X),
            Padding = (isFlat ? 0 : padding.Y, padding.X),
        };
    }

    /// <summary>snnTorch keeps the traces of the silent border too.</summary>
    private static double[] Padded(ConvolutionShape shape, double[] plane)
    {
        var (height, width) = (shape.Height + (2 * shape.Padding.Y), shape.Width + (2 * shape.Padding.X));
        var padded = new double[shape.Channels * height * width];
        for (var i = 0; i < plane.Length; i++)
        {
            var (row, x) = Math.DivRem(i, shape.Width);
            var (channel, y) = Math.DivRem(row, shape.Height);
            padded[(((channel * height) + y + shape.Padding.Y) * width) + x + shape.Padding.X] = plane[i];
        }

        return padded;
    }
}
