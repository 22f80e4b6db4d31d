using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>Input cells, a linear connection and neurons, for all items of a case: the closed loop in which PySNN's rules learn.</summary>
internal sealed class LinearLoop : IDisposable
{
    private readonly LayerConnection _connection;
    private readonly DelayedSpikes _line;
    private readonly PlainNeurons[] _inputs;
    private readonly PlainNeurons[] _neurons;

    public LinearLoop(SeedCase golden, ConvolutionShape shape, double[] weights, int items, bool isDouble)
    {
        var delay = SeedParams.Integer(golden, "delay");
        Layer = new LearningLayer(shape, weights, items, isDouble);
        Layer.Weights.SetDelay(delay);
        _connection = LayerRig.Connection(Layer.Weights);
        _line = new DelayedSpikes(_connection, delay, items, isDouble);
        _inputs = [.. Enumerable.Range(0, items).Select(_ => new PlainNeurons(golden.Params.GetProperty("input"), shape.SourceCount))];
        _neurons = [.. Enumerable.Range(0, items).Select(_ => new PlainNeurons(golden.Params.GetProperty("neuron"), shape.TargetCount))];
    }

    /// <summary>The weights and what the rule sees.</summary>
    public LearningLayer Layer { get; }

    /// <summary>Traces of the sources of an item.</summary>
    public double[] PreTraces(int item) => _inputs[item].Traces;

    /// <summary>One step forward of all items.</summary>
    public void Step(int t, SeedTensor x, SeedRecord record)
    {
        for (var item = 0; item < _inputs.Length; item++)
        {
            var (input, neurons) = (_inputs[item], _neurons[item]);
            input.StepInput(x.At(item).Data);
            var arrived = _line.Step(item, t, x.At(item).Data);
            neurons.Step(_line.Delivered, LayerRig.Traces(_connection, input.Traces, input.Spikes));
            Layer.Set(item, arrived, input.Traces, neurons.Spikes, neurons.Traces);
            record.Add("pre_spikes", Enumerable.Range(0, neurons.V.Length).SelectMany(_ => arrived));
            record.Add("pre_trace", input.Traces);
            record.Add("post_spikes", neurons.Spikes);
            record.Add("post_trace", neurons.Traces);
            record.Add("v", neurons.V);
        }
    }

    public void Dispose()
    {
        _line.Dispose();
        _connection.Dispose();
        Layer.Dispose();
    }
}
