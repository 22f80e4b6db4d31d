using System.Runtime.InteropServices;
using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>PySNN's FedeSTDP: Input -> Linear -> Fede cells with the rule in the loop, and one step on the traces of a convolution.</summary>
internal sealed unsafe class FedeRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/learning_fede"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) =>
        golden.OptionalInput("trace") is { } trace ? Convolution(golden, trace, isDouble) : Linear(golden, isDouble);

    /// <summary>One update of all weights from the traces of the items.</summary>
    internal static void Learn(SeedCase golden, LearningLayer layer, double[][] traces, double maxTrace, bool isDouble)
    {
        var columns = traces.Select(t => new Numbers(t, isDouble)).ToArray();
        var pointers = (void**)NativeMemory.Alloc((nuint)columns.Length, (nuint)sizeof(void*));
        for (var item = 0; item < columns.Length; item++)
        {
            pointers[item] = columns[item].Pointer;
        }

        var (plus, minus) = (new double[layer.Rows], new double[layer.Rows]);
        fixed (double* potentiation = plus, depression = minus)
        {
            layer.Rules.FedeAverages(pointers, columns.Length, maxTrace, 0, layer.Rows, potentiation, depression);
            layer.Rules.Fede(
                potentiation, depression, golden.Param("lr").Scalar, golden.Param("w_init").Scalar, golden.Param("a").Scalar, 0, layer.Rows);
        }

        NativeMemory.Free(pointers);
        Array.ForEach(columns, c => c.Dispose());
    }

    private static Dictionary<string, SeedTensor> Linear(SeedCase golden, bool isDouble)
    {
        var (x, weight) = (golden.Input("x"), golden.Input("weight0"));
        var items = x.Shape[1];
        using var loop = new LinearLoop(golden, ConvolutionShape.Linear(weight.Shape[1], weight.Shape[0]), weight.Data, items, isDouble);
        var record = new SeedRecord();
        for (var t = 0; t < x.Shape[0]; t++)
        {
            loop.Step(t, x.At(t), record);
            var traces = Enumerable.Range(0, items).Select(loop.PreTraces).ToArray();
            var max = double.NegativeInfinity;
            foreach (var trace in traces)
            {
                using var column = new Numbers(trace, isDouble);
                max = Math.Max(max, loop.Layer.Rules.MaxTrace(column.Pointer));
            }

            Learn(golden, loop.Layer, traces, max, isDouble);
            record.Add("weight", loop.Layer.Weights.ToArray());
        }

        return record.Outputs(golden);
    }

    /// <summary>
    /// The case gives each output channel traces of its own, [item][channel][tap][location], as no image can: each tap at each location is a source of its
    /// own here, of a linear layer of one target, whose items are the (item, location) pairs.
    /// </summary>
    private static Dictionary<string, SeedTensor> Convolution(SeedCase golden, SeedTensor trace, bool isDouble)
    {
        var (items, channels, taps, locations) = (trace.Shape[0], trace.Shape[1], trace.Shape[2], trace.Shape[3]);
        var weights = golden.Input("weight0");
        return new Dictionary<string, SeedTensor>
        {
            ["weight"] = weights with { Data = Channels((channel, item, tap, location) => ((((item * channels) + channel) * taps) + tap, location)) },

            // PySNN reshapes to samples of (channel, tap) without moving the locations.
            ["literal:weight"] = weights with { Data = Channels((channel, item, tap, location) => (0, (((((item * locations) + location) * channels) + channel) * taps) + tap)) },
        };

        double[] Channels(Func<int, int, int, int, (int Row, int Column)> place)
        {
            var learned = new List<double>();
            for (var channel = 0; channel < channels; channel++)
            {
                using var layer = new LearningLayer(
                    ConvolutionShape.Linear(taps, 1), weights.Data.AsSpan(channel * taps, taps), items * locations, isDouble);
                double[][] samples =
                [
                    .. Enumerable.Range(0, items * locations).Select(s => Enumerable.Range(0, taps).Select(tap =>
                    {
                        var (row, column) = place(channel, s / locations, tap, s % locations);
                        return trace.Data[(row * locations) + column];
                    }).ToArray()),
                ];
                Learn(golden, layer, samples, trace.Data.Max(), isDouble);
                learned.AddRange(layer.Weights.ToArray());
            }

            return [.. learned];
        }
    }
}
