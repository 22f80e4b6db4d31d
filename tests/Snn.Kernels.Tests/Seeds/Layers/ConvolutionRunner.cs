using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>
/// PySNN's Conv2d as meant, and in its own layout, which mixes taps and locations. Both behind its own delay line: what was meant corrects the layout alone.
/// </summary>
internal sealed class ConvolutionRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/connection_conv2d"];

    /// <summary>The shape that a case describes.</summary>
    public static ConvolutionShape Shape(SeedCase golden)
    {
        var image = SeedParams.Pair(golden, "im_dims", 0);
        return new ConvolutionShape
        {
            Channels = SeedParams.Integer(golden, "in_channels"),
            Height = image.Y,
            Width = image.X,
            OutputChannels = SeedParams.Integer(golden, "out_channels"),
            Kernel = SeedParams.Pair(golden, "kernel_size", 1),
            Stride = SeedParams.Pair(golden, "stride", 1),
            Padding = SeedParams.Pair(golden, "padding", 0),
            Dilation = SeedParams.Pair(golden, "dilation", 1),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var shape = Shape(golden);
        var run = new Simulation(golden, shape, isDouble);
        var (items, channels, taps) = (run.Items, shape.OutputChannels, shape.Taps);
        var (height, width) = (shape.OutputHeight, shape.OutputWidth);
        int[] synapses = [items, channels, height, width, taps];
        return new Dictionary<string, SeedTensor>
        {
            ["activation_sum"] = run.ActivationSum,
            ["last_activation"] = new(synapses, run.TapsLast(run.Activation)),
            ["last_trace_out"] = new(synapses, run.TapsLast(run.Traces)),
            ["last_synapse_spikes"] = new([items, channels, taps, shape.Locations], run.Spikes),
            ["last_synapse_trace"] = new([items, channels, taps, shape.Locations], run.Traces),
            ["last_trace_out_sum"] = new([items, channels, height, width], Reshaped(run.Traces, taps)),
            ["image_out_shape"] = new([2], [height, width]),
            ["literal:activation_sum"] = run.ReshapedSum,
            ["literal:last_activation"] = new(synapses, run.Activation),
        };
    }

    /// <summary>Sums over the last axis of what PySNN reshapes without moving axes.</summary>
    private static double[] Reshaped(double[] synapses, int taps) => [.. synapses.Chunk(taps).Select(c => c.Sum())];

    /// <summary>All steps of a case. Arrays over synapses are [item][output channel][tap][location], of the last step.</summary>
    private sealed class Simulation
    {
        private readonly ConvolutionShape _shape;

        public Simulation(SeedCase golden, ConvolutionShape shape, bool isDouble)
        {
            _shape = shape;
            var (x, weights, trace) = (golden.Input("x"), golden.Input("weight").Data, golden.Input("trace_in"));
            Items = x.Shape[1];
            using var table = LayerRig.Weights(shape, weights, isDouble, delay: SeedParams.Integer(golden, "delay"));
            using var connection = LayerRig.Connection(table);
            using var probe = new SynapseProbe(shape, weights, null, isDouble);
            using var ones = new SynapseProbe(shape, [.. weights.Select(_ => 1.0)], null, isDouble);
            using var lines = new DelayLines(connection, Items, DelayRule.Accumulate);
            using var room = new EventList(lines.MaxArrivals, isDouble);
            var (sums, reshaped) = (new List<double>(), new List<double>());
            for (var t = 0; t < x.Shape[0]; t++)
            {
                var (activation, spikes, traces) = (new List<double>(), new List<double>(), new List<double>());
                for (var item = 0; item < Items; item++)
                {
                    using var entering = EventList.Of(x.At(t).At(item).Data, isDouble, out var events);
                    lines.Enter(item, t, events);
                    var arrivals = lines.Arrivals(item, t, room.Room);
                    activation.AddRange(probe.Deliver(arrivals));
                    spikes.AddRange(ones.Deliver(arrivals));
                    traces.AddRange(probe.Traces(trace.At(t).At(item).Data));
                    sums.AddRange(LayerRig.Deliver(connection, arrivals));
                }

                (Activation, Spikes, Traces) = ([.. activation], [.. spikes], [.. traces]);
                reshaped.AddRange(Reshaped(Activation, shape.Taps));
            }

            int[] targets = [x.Shape[0], Items, shape.OutputChannels, shape.OutputHeight, shape.OutputWidth];
            (ActivationSum, ReshapedSum) = (new SeedTensor(targets, [.. sums]), new SeedTensor(targets, [.. reshaped]));
        }

        public int Items { get; }

        public double[] Activation { get; } = [];

        public double[] Spikes { get; } = [];

        public double[] Traces { get; } = [];

        public SeedTensor ActivationSum { get; }

        public SeedTensor ReshapedSum { get; }

        /// <summary>[item][output channel][location][tap].</summary>
        public double[] TapsLast(double[] synapses)
        {
            var moved = new double[synapses.Length];
            for (var i = 0; i < moved.Length; i++)
            {
                var (rest, location) = Math.DivRem(i, _shape.Locations);
                var (unit, tap) = Math.DivRem(rest, _shape.Taps);
                moved[(((unit * _shape.Locations) + location) * _shape.Taps) + tap] = synapses[i];
            }

            return moved;
        }
    }
}
