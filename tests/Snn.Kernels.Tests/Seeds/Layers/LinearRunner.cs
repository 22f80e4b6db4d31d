using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Synapses.Layers;

namespace Snn.Kernels.Tests.Seeds.Layers;

/// <summary>PySNN's Linear: delays of either rule, per synapse too, traces, synapse by synapse.</summary>
internal sealed class LinearRunner : ISeedRunner
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => ["pysnn/connection_linear"];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var (x, weight, trace) = (golden.Input("x"), golden.Input("weight"), golden.OptionalInput("trace_in"));
        var (steps, items) = (x.Shape[0], x.Shape[1]);
        var shape = ConvolutionShape.Linear(weight.Shape[1], weight.Shape[0]);
        var synapses = shape.Taps * shape.OutputChannels;
        var names = new[] { "activation", "spikes", "literal:activation", "literal:spikes", "delay_counter", "trace_out" };
        var data = names.ToDictionary(n => n, _ => new double[steps * items * synapses]);
        for (var item = 0; item < items; item++)
        {
            var delays = Delays(golden, item, synapses);
            using var line = new ItemLine(shape, weight.Data, delays, isDouble, DelayRule.Overwrite);
            using var literal = new ItemLine(shape, weight.Data, delays, isDouble, DelayRule.Accumulate);
            for (var t = 0; t < steps; t++)
            {
                if (t == SeedParams.Integer(golden, "reset_state_before_step", -1))
                {
                    line.Clear();
                    literal.Clear();
                }

                var to = ((t * items) + item) * synapses;
                line.Step(t, x.At(t).At(item).Data, data["activation"].AsSpan(to, synapses), data["spikes"].AsSpan(to, synapses));
                literal.Step(t, x.At(t).At(item).Data, data["literal:activation"].AsSpan(to, synapses), data["literal:spikes"].AsSpan(to, synapses));
                literal.Counters(t, data["delay_counter"].AsSpan(to, synapses));
                if (trace is not null)
                {
                    line.Traces(trace.At(t).At(item).Data).CopyTo(data["trace_out"].AsSpan(to, synapses));
                }
            }
        }

        var expected = golden.Outputs(literal: true);
        return data.Where(d => expected.ContainsKey(d.Key.Replace("literal:", string.Empty, StringComparison.Ordinal)))
            .ToDictionary(d => d.Key, d => new SeedTensor(expected[d.Key.Replace("literal:", string.Empty, StringComparison.Ordinal)].Shape, d.Value));
    }

    /// <summary>The delay of each synapse of an item, [target, source]: PySNN may give each item other ones, so each has its own connection here.</summary>
    private static int[] Delays(SeedCase golden, int item, int synapses)
    {
        var all = SeedParams.Integers(golden.Params.GetProperty("delay"));
        return all.Length == 1 ? [.. Enumerable.Repeat(all[0], synapses)]
            : all.Length == synapses ? all
            : all[(item * synapses)..((item + 1) * synapses)];
    }

    /// <summary>One item's connection and delay line.</summary>
    private sealed class ItemLine : IDisposable
    {
        private readonly ConvolutionShape _shape;
        private readonly int[] _delays;
        private readonly bool _isDouble;
        private readonly LayerWeights _weights;
        private readonly LayerConnection _connection;
        private readonly SynapseProbe _probe;
        private readonly SynapseProbe _ones;
        private readonly DelayLines _lines;
        private readonly EventList _room;

        public ItemLine(ConvolutionShape shape, double[] weights, int[] delays, bool isDouble, DelayRule rule)
        {
            (_shape, _delays, _isDouble) = (shape, delays, isDouble);
            _weights = LayerRig.Weights(shape, weights, isDouble, delays: delays);
            _connection = LayerRig.Connection(_weights);
            _probe = new SynapseProbe(shape, weights, delays, isDouble);
            _ones = new SynapseProbe(shape, [.. weights.Select(_ => 1.0)], delays, isDouble);
            _lines = new DelayLines(_connection, 1, rule, graded: true);
            _room = new EventList(_lines.MaxArrivals, isDouble);
        }

        public void Clear() => _lines.Clear();

        public void Step(int t, double[] x, Span<double> activation, Span<double> spikes)
        {
            using var entering = EventList.Of(x, _isDouble, out var events);
            _lines.Enter(0, t, events);
            var arrivals = _lines.Arrivals(0, t, _room.Room);
            _probe.Deliver(arrivals).CopyTo(activation);
            var arrived = _ones.Deliver(arrivals);
            for (var i = 0; i < arrived.Length; i++)
            {
                spikes[i] = arrived[i] != 0 ? 1 : 0;
            }
        }

        public void Counters(int t, Span<double> counters)
        {
            var steps = _connection.DelaySteps.ToArray();
            for (var i = 0; i < counters.Length; i++)
            {
                counters[i] = _lines.CounterAfter(0, t, i % _shape.Taps, Array.IndexOf(steps, _delays[i]));
            }
        }

        public double[] Traces(double[] traces) => _probe.Traces(traces);

        public void Dispose()
        {
            _room.Dispose();
            _lines.Dispose();
            _probe.Dispose();
            _ones.Dispose();
            _connection.Dispose();
            _weights.Dispose();
        }
    }
}
