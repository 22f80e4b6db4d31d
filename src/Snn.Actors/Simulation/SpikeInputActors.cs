using Snn.Actors.Networks;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>The weights of a spike input onto one population on one shard, split by port.</summary>
internal sealed class InputWeights : IDisposable
{
    private readonly NumberColumns _weights;
    private readonly int? _port;

    /// <param name="input">The declared input.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="port">The port of every weight, or null: by sign.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="key">Keys drawn weights.</param>
    public InputWeights(NetworkInput input, Distribution weight, int? port, ShardTarget target, StreamKey key)
    {
        var drawn = weight.ForSelected(key, input.Neurons, target.First, target.Count);
        _port = port;
        var ports = port is { } p ? [p] : target.Population.Model.PortsBySign();
        Ports = [.. ports.Distinct()];
        _weights = new NumberColumns(Ports.Length, PopulationActor.Padded(target.Count), target.Input.IsDouble);
        foreach (var neuron in input.Neurons.Within(target.First, target.Count))
        {
            var w = drawn[neuron];
            var column = System.Array.IndexOf(Ports, port ?? (w >= 0 ? ports[0] : ports[^1]));
            _weights[column, neuron] = w;
            Used[column] = true;
        }
    }

    /// <summary>Ports that the weights go to. [column]</summary>
    public int[] Ports { get; }

    /// <summary>Whether a column has any weight. [column]</summary>
    public bool[] Used { get; } = new bool[2];

    /// <summary>The weights of a port: zero for a neuron that is not selected. [column, neuron]</summary>
    public NumberColumns Columns => _weights;

    /// <summary>The port of a column's weights once scaled: a negative factor turns a weight's sign, and with it the port.</summary>
    public int PortOf(int column, double factor) =>
        factor > 0 || _port is not null || Ports.Length == 1 ? Ports[column] : Ports[1 - column];

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _weights.Dispose();
}

/// <summary>Independent Poisson spikes for every neuron.</summary>
internal sealed unsafe class PoissonInputActor : InputActor
{
    private readonly PoissonInput _input;
    private readonly ShardTarget _target;
    private readonly PoissonSource _source;
    private readonly InputWeights _weights;
    private readonly double? _sharedWeight;
    private readonly int _neurons;

    public PoissonInputActor(PoissonInput input, ShardTarget target, ulong seed, double dtMs, CancellationToken stop)
    {
        _input = input;
        _target = target;
        var stream = $"input {input.Name} -> {target.Population.Name}";
        var key = StreamKey.Derive(seed, stream);
        if (input.RateHz is Distribution.Constant rate)
        {
            _source = new PoissonSource(key, Mean(rate.Value, dtMs));
        }
        else
        {
            var means = input.RateHz.ForSelected(StreamKey.Derive(seed, $"{stream} rate"), input.Neurons, target.First, target.Count);
            for (var i = 0; i < means.Length; i++)
            {
                means[i] = Mean(means[i], dtMs);
            }

            _source = new PoissonSource(key, means, target.KeyFirst, stop);
        }

        _weights = new InputWeights(input, input.Weight, input.Port, target, StreamKey.Derive(seed, $"{stream} weight"));
        var selected = input.Neurons.Within(target.First, target.Count);
        // Nothing is drawn beyond the last selected neuron.
        _neurons = selected.Count == 0 ? 0 : PopulationActor.Padded(selected[^1] + 1);
        _sharedWeight = input.Weight is Distribution.Constant w && selected.Count == target.Count ? w.Value : null;
    }

    /// <inheritdoc/>
    public override void Add(long step)
    {
        var emitted = step - _input.DelaySteps;
        if (emitted < _input.StartStep || emitted >= _input.StopStep || _neurons == 0)
        {
            return;
        }

        for (var c = 0; c < _weights.Ports.Length; c++)
        {
            if (!_weights.Used[c])
            {
                continue;
            }

            var column = _target.Input.At(_weights.Ports[c], _target.Offset);
            if (_sharedWeight is { } weight)
            {
                _source.AddTo(column, _target.Input.IsDouble, _target.KeyFirst, _neurons, emitted, weight);
            }
            else
            {
                _source.AddTo(column, _target.Input.IsDouble, _target.KeyFirst, _neurons, emitted, _weights.Columns.At(c, 0));
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _weights.Dispose();
        base.Dispose();
    }

    /// <summary>Spikes a step. The greatest rate of a file is the greatest mean divided by the step, and may come back a rounding above it.</summary>
    private static double Mean(double rateHz, double dtMs) => Math.Min(rateHz * (dtMs * 1e-3), PoissonSource.MaxMean);
}

/// <summary>Given spikes, the same for every selected neuron.</summary>
internal sealed class SpikeTimesInputActor : InputActor
{
    private readonly SpikeTimesInput _input;
    private readonly long[] _steps;
    private readonly double[]? _factors;
    private readonly ShardTarget _target;
    private readonly InputWeights _weights;
    private int _next;

    public SpikeTimesInputActor(SpikeTimesInput input, ShardTarget target, ulong seed)
    {
        _input = input;
        // Arrays, because the step path calls nothing through an interface; the reader's own, where it gave arrays.
        _steps = input.Steps as long[] ?? [.. input.Steps];
        _factors = input.Factors as double[] ?? (input.Factors is { } factors ? [.. factors] : null);
        _target = target;
        var key = StreamKey.Derive(seed, $"input {input.Name} -> {target.Population.Name} weight");
        _weights = new InputWeights(input, input.Weight, input.Port, target, key);
    }

    /// <inheritdoc/>
    public override void Add(long step)
    {
        // A spike at k dt belongs to the step that ends then, which is step k - 1.
        var emitted = step + 1 - _input.DelaySteps;
        var steps = _steps;
        while (_next < steps.Length && steps[_next] < emitted)
        {
            _next++;
        }

        for (; _next < steps.Length && steps[_next] == emitted; _next++)
        {
            var isOn = emitted >= _input.StartStep && emitted < _input.StopStep;
            var factor = _factors?[_next] ?? 1;
            if (!isOn || factor == 0)
            {
                continue;
            }

            for (var c = 0; c < _weights.Ports.Length; c++)
            {
                if (_weights.Used[c])
                {
                    AddScaled(_weights.PortOf(c, factor), c, factor);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _weights.Dispose();
        base.Dispose();
    }

    private void AddScaled(int port, int column, double factor)
    {
        var input = _target.Input;
        for (var i = 0; i < _target.Count; i++)
        {
            var w = _weights.Columns[column, i];
            if (w != 0)
            {
                input[port, _target.Offset + i] += w * factor;
            }
        }
    }
}

/// <summary>Numbers of spikes from an array, one row a step.</summary>
internal sealed class ArraySpikesInputActor : InputActor
{
    private readonly ArrayInput _input;
    private readonly ShardTarget _target;
    private readonly int[] _selected;
    private readonly int _firstColumn;
    private readonly int _columns;
    private readonly int _port;

    public ArraySpikesInputActor(ArrayInput input, ShardTarget target)
    {
        _input = input;
        _target = target;
        _selected = [.. input.Neurons.Within(target.First, target.Count)];
        _firstColumn = input.FirstColumn(target);
        _columns = input.Columns;
        var ports = target.Population.Model.PortsBySign();
        _port = input.Port ?? (input.Weight >= 0 ? ports[0] : ports[^1]);
    }

    /// <inheritdoc/>
    public override void Add(long step)
    {
        var since = step - _input.DelaySteps - _input.StartStep;
        if (since < 0 || since % _input.EverySteps != 0 || step - _input.DelaySteps >= _input.StopStep)
        {
            return;
        }

        var row = since / _input.EverySteps;
        if (row >= _input.Rows)
        {
            return;
        }

        var first = (int)(row * _columns) + _firstColumn;
        for (var i = 0; i < _selected.Length; i++)
        {
            var value = _input.Values[first + i];
            if (value != 0)
            {
                _target.Input[_port, _target.Offset + _selected[i]] += value * _input.Weight;
            }
        }
    }
}
