using Snn.Actors.Networks;
using Snn.Actors.Recording;

namespace Snn.Actors.Simulation;

/// <summary>Where the spikes of a population on a shard go at the end of every slice.</summary>
internal abstract class SpikeTap(PopulationActor population)
{
    /// <summary>Takes the spikes of the steps [first, last).</summary>
    public void Append(long first, long last)
    {
        for (var step = first; step < last; step++)
        {
            var neurons = population.Outbox.Read(step);
            if (!neurons.IsEmpty)
            {
                Append(step, neurons);
            }
        }
    }

    /// <summary>Takes the spikes of a step: ascending indices in the population.</summary>
    protected abstract void Append(long step, ReadOnlySpan<int> neurons);
}

/// <summary>Spikes to the recorder's ring.</summary>
internal sealed class RecordedSpikes(PopulationActor population, SpikeBuffer buffer) : SpikeTap(population)
{
    /// <inheritdoc/>
    protected override void Append(long step, ReadOnlySpan<int> neurons) => buffer.Append(step, neurons);
}

/// <summary>Spikes to memory.</summary>
internal sealed class LoggedSpikes(PopulationActor population, SpikeLog log) : SpikeTap(population)
{
    private readonly SpikeLog.Part _part = log.AddPart(population.Population.Index);

    /// <inheritdoc/>
    protected override void Append(long step, ReadOnlySpan<int> neurons) => _part.Append(step, neurons);
}

/// <summary>Samples of state variables of a population on a shard to the recorder's ring.</summary>
internal sealed class StateTap
{
    private readonly PopulationActor _population;
    private readonly StateBuffer _buffer;
    private readonly int _everySteps;
    private readonly int[] _columns;
    private readonly int[] _neurons;
    private readonly float[] _singles;
    private readonly double[] _doubles;

    /// <param name="recording">What is sampled.</param>
    /// <param name="population">Its population on the shard.</param>
    /// <param name="neurons">Sampled neurons, counted from the shard's first.</param>
    /// <param name="buffer">Takes the samples.</param>
    public StateTap(StateRecording recording, PopulationActor population, IReadOnlyList<int> neurons, StateBuffer buffer)
    {
        _population = population;
        _buffer = buffer;
        _everySteps = recording.EverySteps;
        _columns = [.. recording.Variables.Select(v => v.Column)];
        _neurons = [.. neurons.Select(population.Row)];
        var isDouble = population.State.IsDouble;
        _singles = new float[isDouble ? 0 : _columns.Length * _neurons.Length];
        _doubles = new double[isDouble ? _columns.Length * _neurons.Length : 0];
    }

    /// <summary>Samples if the end of this step is a time of sampling.</summary>
    public void Sample(long step)
    {
        if ((step + 1) % _everySteps != 0)
        {
            return;
        }

        if (_population.State.IsDouble)
        {
            Gather(_population.State, _columns, _neurons, _doubles);
            _buffer.Append<double>(step, _doubles);
        }
        else
        {
            Gather(_population.State, _columns, _neurons, _singles);
            _buffer.Append<float>(step, _singles);
        }
    }

    private static unsafe void Gather<T>(NumberColumns state, int[] columns, int[] neurons, T[] values)
        where T : unmanaged
    {
        var next = 0;
        foreach (var column in columns)
        {
            var from = (T*)state.At(column, 0);
            foreach (var neuron in neurons)
            {
                values[next++] = from[neuron];
            }
        }
    }
}

/// <summary>Hands every shard the taps of what is recorded.</summary>
/// <param name="network">What is recorded.</param>
/// <param name="recorder">Takes it, or null: the recorder of this rank.</param>
/// <param name="log">Takes all spikes of this rank, or null.</param>
/// <param name="firstShard">First shard of this rank.</param>
internal sealed class RunRecorders(Network network, Recorder? recorder, SpikeLog? log, int firstShard)
{
    private readonly Lock _gate = new();

    /// <summary>Taps for the spikes of a shard.</summary>
    public SpikeTap[] SpikeTaps(int shard, PopulationActor[] populations)
    {
        lock (_gate)
        {
            var taps = new List<SpikeTap>();
            foreach (var population in populations.Where(p => p.Count > 0))
            {
                if (log is not null)
                {
                    taps.Add(new LoggedSpikes(population, log));
                }

                if (recorder is not null && network.Record.Spikes.Contains(population.Population))
                {
                    var buffer = recorder.AddSpikes(shard - firstShard, population.Population.Index, population.First, population.Count);
                    taps.Add(new RecordedSpikes(population, buffer));
                }
            }

            return [.. taps];
        }
    }

    /// <summary>Taps for the state of a shard.</summary>
    public StateTap[] StateTaps(int shard, PopulationActor[] populations)
    {
        if (recorder is null)
        {
            return [];
        }

        lock (_gate)
        {
            var taps = new List<StateTap>();
            for (var i = 0; i < network.Record.State.Count; i++)
            {
                var recording = network.Record.State[i];
                var population = populations[recording.Of.Index];
                var (first, neurons) = Sampled(recording, population);
                if (neurons.Length > 0)
                {
                    var elementBytes = population.State.IsDouble ? sizeof(double) : sizeof(float);
                    var buffer = recorder.AddState(shard - firstShard, i, first, neurons.Length, recording.Variables.Count, elementBytes);
                    taps.Add(new StateTap(recording, population, neurons, buffer));
                }
            }

            return [.. taps];
        }
    }

    /// <summary>
    /// The sampled neurons on a shard, counted from its first, and how many there are before: in a layered network the selected ones of one batch item after
    /// another.
    /// </summary>
    private (int First, int[] Neurons) Sampled(StateRecording recording, PopulationActor population)
    {
        if (!network.IsLayered)
        {
            return (recording.Neurons.Before(population.First), [.. recording.Neurons.Within(population.First, population.Count)]);
        }

        var size = population.Population.Size;
        var selected = recording.Neurons.Within(0, size);
        var items = Enumerable.Range(0, population.Count / size);
        return (population.First / size * selected.Count, [.. items.SelectMany(item => selected.Select(n => (item * size) + n))]);
    }

    /// <summary>A worker at a slice boundary of which a snapshot is taken: the recording up to here belongs to it.</summary>
    public void Mark(int shard) => recorder?.Mark(shard - firstShard);

    /// <summary>A worker's last act: what its ring still holds goes to the recorder.</summary>
    public void Finish(int shard) => recorder?.HandOver(shard - firstShard);
}
