using Snn.Actors.Networks;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>The samples of a file as spikes, one sample after the other.</summary>
internal sealed class EncodedInputActor : InputActor
{
    private readonly EncodedInput _input;
    private readonly SampleCode _code;
    private readonly SpikeAdder _adder;
    private readonly int _item;
    private readonly int _items;
    private readonly int _firstColumn;
    private readonly int _columns;
    private readonly int[] _spiking;
    private long _presentation = -1;
    private bool _isShown;

    public EncodedInputActor(EncodedInput input, ShardTarget target, Network network)
    {
        int[] selected = [.. input.Neurons.Within(target.First, target.Count)];
        _input = input;
        (_item, _items) = (target.Item, network.Items);
        (_firstColumn, _columns) = (input.Neurons.Before(target.First), selected.Length);
        _spiking = new int[selected.Length];
        _code = SampleCode.Create(input, target, selected, network);
        _adder = new SpikeAdder(input, target, selected, network.Seed);
    }

    /// <inheritdoc/>
    public override void Add(long step)
    {
        var emitted = step - _input.DelaySteps;
        if (emitted < _input.StartStep || emitted >= _input.StopStep || _columns == 0)
        {
            return;
        }

        var since = emitted - _input.StartStep;
        var period = (long)_input.PresentSteps + _input.RestSteps;
        var presentation = since / period;
        var within = since - (presentation * period);
        if (within >= _input.PresentSteps)
        {
            return;
        }

        if (presentation != _presentation)
        {
            Begin(presentation);
        }

        if (_isShown)
        {
            _adder.Add(_spiking.AsSpan(0, _code.Emit(emitted, (int)within, _spiking)));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _adder.Dispose();
        base.Dispose();
    }

    private void Begin(long presentation)
    {
        _presentation = presentation;
        var sample = _input.SampleAt(presentation, _item, _items);
        _isShown = sample >= 0;
        if (_isShown)
        {
            _code.Begin(presentation, Values(sample), presentation == 0 ? [] : Values(_input.SampleAt(presentation - 1, _item, _items)));
        }
    }

    private ReadOnlySpan<float> Values(int sample) => _input.ValuesOf(sample).Slice(_firstColumn, _columns);
}

/// <summary>The events of a file as spikes.</summary>
internal sealed class EventsInputActor : InputActor
{
    private readonly EventsInput _input;
    private readonly SpikeAdder _adder;
    private readonly int[] _steps;
    private readonly int[] _spikes;
    private int _next;

    public EventsInputActor(EventsInput input, ShardTarget target, ulong seed)
    {
        int[] selected = [.. input.Neurons.Within(target.First, target.Count)];
        var firstColumn = input.Neurons.Before(target.First);
        int[] mine = [.. Enumerable.Range(0, input.Spikes.Count).Where(i => input.Spikes[i] >= firstColumn && input.Spikes[i] < firstColumn + selected.Length)];
        _input = input;
        _steps = Array.ConvertAll(mine, i => input.Steps[i]);
        _spikes = Array.ConvertAll(mine, i => input.Spikes[i] - firstColumn);
        _adder = new SpikeAdder(input, target, selected, seed);
    }

    /// <inheritdoc/>
    public override void Add(long step)
    {
        var emitted = step - _input.DelaySteps;
        var since = emitted - _input.StartStep;
        if (since < 0 || emitted >= _input.StopStep)
        {
            return;
        }

        var steps = _steps;
        while (_next < steps.Length && steps[_next] < since)
        {
            _next++;
        }

        var first = _next;
        while (_next < steps.Length && steps[_next] == since)
        {
            _next++;
        }

        _adder.Add(_spikes.AsSpan(first, _next - first));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _adder.Dispose();
        base.Dispose();
    }
}

/// <summary>Adds the weights of the spikes of single neurons to their inputs.</summary>
internal sealed class SpikeAdder(SpikeInput input, ShardTarget target, int[] selected, ulong seed) : IDisposable
{
    private readonly InputWeights _weights = new(
        input, input.Weight, input.Port, target, StreamKey.Derive(seed, $"input {input.Name} -> {target.Population.Name} weight"));

    /// <summary>Adds spikes.</summary>
    /// <param name="spiking">Places among the driven neurons of the shard; ~place for a negative spike.</param>
    public void Add(ReadOnlySpan<int> spiking)
    {
        foreach (var spike in spiking)
        {
            var (neuron, sign) = spike >= 0 ? (selected[spike], 1) : (selected[~spike], -1);
            for (var c = 0; c < _weights.Ports.Length; c++)
            {
                if (_weights.Columns[c, neuron] is not 0 and var weight)
                {
                    target.Input[_weights.PortOf(c, sign), target.Offset + neuron] += sign * weight;
                }
            }
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _weights.Dispose();
}
