using Snn.Actors.Networks;
using Snn.Kernels.Random;

namespace Snn.Actors.Simulation;

/// <summary>
/// All currents into one population on one shard. The current column keeps its numbers from step to step; it is summed anew, in the
/// order of declaration, only in steps in which one of the currents changes.
/// </summary>
internal sealed class CurrentActor : InputActor
{
    private readonly CurrentSource[] _sources;
    private readonly ShardTarget _target;
    private readonly int _port;
    private long _nextChange;

    public CurrentActor(IEnumerable<NetworkInput> inputs, ShardTarget target, int port, ulong seed)
    {
        _target = target;
        _port = port;
        _sources = [.. inputs.Select(i => Create(i, target, seed))];
    }

    /// <inheritdoc/>
    public override void Add(long step)
    {
        if (step < _nextChange)
        {
            return;
        }

        for (var i = 0; i < _target.Count; i++)
        {
            _target.Input[_port, _target.Offset + i] = 0;
        }

        _nextChange = long.MaxValue;
        foreach (var source in _sources)
        {
            _nextChange = Math.Min(_nextChange, source.AddTo(_target, _port, step));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        System.Array.ForEach(_sources, s => s.Dispose());
        base.Dispose();
    }

    private static CurrentSource Create(NetworkInput input, ShardTarget target, ulong seed) => input switch
    {
        DcInput dc => new DcSource(dc, target, seed),
        NoiseInput noise => new NoiseSource(noise, target, seed),
        ArrayInput { Kind: ArrayKind.Current } array => new ArraySource(array, target),
        _ => throw new ArgumentException($"input '{input.Name}' is not a current", nameof(input)),
    };

    /// <summary>One declared current.</summary>
    private abstract class CurrentSource(NetworkInput input, ShardTarget target) : IDisposable
    {
        public virtual void Dispose()
        {
        }

        protected int[] Selected { get; } = [.. input.Neurons.Within(target.First, target.Count)];

        /// <summary>Adds the current that flows in a step; returns the next step in which it may be another.</summary>
        public long AddTo(ShardTarget target, int port, long step)
        {
            if (step < input.StartStep)
            {
                return input.StartStep;
            }

            return step >= input.StopStep ? long.MaxValue : Math.Min(input.StopStep, AddOn(target, port, step));
        }

        protected abstract long AddOn(ShardTarget target, int port, long step);
    }

    private sealed class DcSource(DcInput input, ShardTarget target, ulong seed) : CurrentSource(input, target)
    {
        private readonly double[][] _amplitudes =
        [
            .. input.AmplitudesPa.Select((a, k) => a.ForSelected(
                StreamKey.Derive(seed, $"input {input.Name} -> {target.Population.Name} amplitude[{k}]"), input.Neurons, target.First, target.Count)),
        ];

        private readonly long[] _steps = [.. input.Steps];

        // Amplitudes whose time has come; the last of them flows.
        private int _reached;

        protected override long AddOn(ShardTarget target, int port, long step)
        {
            while (_reached < _steps.Length && _steps[_reached] <= step)
            {
                _reached++;
            }

            if (_reached > 0)
            {
                var amplitudes = _amplitudes[_reached - 1];
                foreach (var neuron in Selected)
                {
                    target.Input[port, target.Offset + neuron] += amplitudes[neuron];
                }
            }

            return _reached < _steps.Length ? _steps[_reached] : long.MaxValue;
        }
    }

    private sealed unsafe class NoiseSource(NoiseInput input, ShardTarget target, ulong seed) : CurrentSource(input, target)
    {
        private readonly StreamKey _key = StreamKey.Derive(seed, $"input {input.Name} -> {target.Population.Name} noise");
        private readonly NumberColumns _noise = new(1, PopulationActor.Padded(target.Count), target.Input.IsDouble);

        public override void Dispose()
        {
            _noise.Dispose();
            base.Dispose();
        }

        protected override long AddOn(ShardTarget target, int port, long step)
        {
            var draw = (step - input.StartStep) / input.EverySteps;
            GaussianColumns.Fill(
                _key, draw, target.KeyFirst, (int)_noise.Stride, _noise.Data, _noise.IsDouble, input.MeanPa, input.StdPa);
            foreach (var neuron in Selected)
            {
                target.Input[port, target.Offset + neuron] += _noise[0, neuron];
            }

            return input.StartStep + ((draw + 1) * input.EverySteps);
        }
    }

    private sealed class ArraySource(ArrayInput input, ShardTarget target) : CurrentSource(input, target)
    {
        private readonly int _firstColumn = input.FirstColumn(target);
        private readonly int _columns = input.Columns;

        protected override long AddOn(ShardTarget target, int port, long step)
        {
            var row = Math.Min((step - input.StartStep) / input.EverySteps, input.Rows - 1);
            var first = (int)(row * _columns) + _firstColumn;
            for (var i = 0; i < Selected.Length; i++)
            {
                target.Input[port, target.Offset + Selected[i]] += input.Values[first + i];
            }

            return row == input.Rows - 1 ? long.MaxValue : input.StartStep + ((row + 1) * input.EverySteps);
        }
    }
}

/// <summary>Uniform random numbers for models that draw.</summary>
internal sealed unsafe class UniformActor(ShardTarget target, int port, ulong seed) : InputActor
{
    private readonly StreamKey _key = StreamKey.Derive(seed, $"population {target.Population.Name} uniform");

    /// <inheritdoc/>
    public override void Add(long step) => UniformColumns.FillUniform(
        _key, step, target.KeyFirst, PopulationActor.Padded(target.Count), target.Input.At(port, target.Offset), target.Input.IsDouble);
}
