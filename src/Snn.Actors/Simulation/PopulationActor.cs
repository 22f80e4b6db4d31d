using System.Globalization;
using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Simulation;

/// <summary>
/// A population on one shard: owns its neurons' state, advances them by the input that has accumulated, and emits a batch of spikes.
/// </summary>
internal sealed unsafe class PopulationActor : IDisposable
{
    private readonly NeuronKernel _kernel;
    private readonly NumberColumns _derived;
    private readonly NeuronColumns[] _columns;
    private readonly int _countPerItem;
    private NumberColumns? _initial;

    /// <param name="population">The population.</param>
    /// <param name="first">First of its neurons on this shard, counted through all batch items; without them, a multiple of <see cref="Partition.Alignment"/>.</param>
    /// <param name="count">Neurons on this shard, of all its batch items.</param>
    /// <param name="items">Batch items on this shard; 1 where neurons are shared out.</param>
    /// <param name="kernel">The model over the run's lanes.</param>
    /// <param name="parameters">Parameters and initial values of single neurons.</param>
    /// <param name="input">The shard's input columns.</param>
    /// <param name="inputOffset">Where this population's neurons begin in every input column.</param>
    /// <param name="outbox">Takes the spikes.</param>
    /// <param name="dtMs">Time step, ms.</param>
    public PopulationActor(
        Population population,
        int first,
        int count,
        int items,
        NeuronKernel kernel,
        NeuronParameters parameters,
        NumberColumns input,
        nint inputOffset,
        SpikeOutbox outbox,
        double dtMs)
    {
        Population = population;
        First = first;
        Count = count;
        Outbox = outbox;
        InputOffset = inputOffset;
        _kernel = kernel;
        Statistics = new SpikeTrainStatistics(first, count);
        _countPerItem = items == 0 ? 0 : count / items;
        var padded = Padded(_countPerItem);
        var isDouble = kernel.ElementBytes == sizeof(double);
        var shared = parameters.AreShared;
        State = new NumberColumns(population.Model.StateColumns, (nint)padded * items, isDouble);
        _derived = new NumberColumns(population.Model.DerivedColumns, shared ? 1 : padded, isDouble);
        Fill(parameters, dtMs, padded, shared);
        _columns =
        [
            .. Enumerable.Range(0, items).Select(item => new NeuronColumns
            {
                State = State.At(0, (nint)padded * item),
                StateStride = State.Stride,
                Derived = _derived.Data,
                DerivedStride = shared ? 0 : padded,
                Input = input.At(0, inputOffset + ((nint)padded * item)),
                InputStride = input.Stride,
                Count = _countPerItem,
            }),
        ];
    }

    /// <summary>The population.</summary>
    public Population Population { get; }

    /// <summary>First of its neurons on this shard, counted through all batch items.</summary>
    public int First { get; }

    /// <summary>Neurons on this shard, of all its batch items.</summary>
    public int Count { get; }

    /// <summary>Batch items on this shard.</summary>
    public int Items => _columns.Length;

    /// <summary>Where its neurons begin in every input column.</summary>
    public nint InputOffset { get; }

    /// <summary>Its spikes.</summary>
    public SpikeOutbox Outbox { get; }

    /// <summary>State columns of its neurons.</summary>
    public NumberColumns State { get; }

    /// <summary>Its spikes and intervals so far.</summary>
    public SpikeTrainStatistics Statistics { get; }

    /// <summary>Its part of the spike hash so far.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Neurons with the padding that every column has.</summary>
    public static int Padded(int count) => (count + Partition.Alignment - 1) / Partition.Alignment * Partition.Alignment;

    /// <summary>The row of <see cref="State"/> of a neuron, counted from the shard's first: the neurons of each batch item are padded.</summary>
    public int Row(int neuron) => (neuron / _countPerItem * Padded(_countPerItem)) + (neuron % _countPerItem);

    /// <summary>Advances all neurons by one step and commits their spikes.</summary>
    public void Advance(long step)
    {
        for (var item = 0; item < _columns.Length; item++)
        {
            Advance(step, item, First + (item * _countPerItem));
        }
    }

    private void Advance(long step, int item, int first)
    {
        var room = Outbox.Room;
        ref var columns = ref _columns[item];
        columns.Spikes = room;
        columns.Values = Outbox.ValueRoom;
        var count = _kernel.Advance(in columns);
        if (count > 0)
        {
            for (var i = 0; i < count; i++)
            {
                room[i] += first;
            }

            var neurons = new ReadOnlySpan<int>(room, count);
            Statistics.Add(step, neurons);
            Hash += SpikeHash.Of(step, Population.Index, neurons);
        }

        Outbox.Commit(step, count, item);
    }

    /// <summary>Copies a column of its state, without padding. [neuron of the shard]</summary>
    public void CopyState(int column, Span<byte> to)
    {
        var bytes = to.Length / Items;
        for (var item = 0; item < Items; item++)
        {
            var from = State.At(column, (nint)item * Padded(_countPerItem));
            new ReadOnlySpan<byte>(from, bytes).CopyTo(to[(item * bytes)..]);
        }
    }

    /// <summary>Keeps the state as it is now for <see cref="Reset"/>. Before the first step.</summary>
    public void KeepForReset()
    {
        _initial = new NumberColumns(State.Columns, State.Stride, State.IsDouble);
        State.CopyTo(_initial);
    }

    /// <summary>Returns to the state of <see cref="KeepForReset"/>.</summary>
    public void Reset() => _initial!.CopyTo(State);

    /// <summary>Takes up its state from a snapshot.</summary>
    /// <param name="snapshot">Of a network with the same population.</param>
    /// <param name="trains">The spike trains of the whole population.</param>
    /// <param name="countsForAll">Whether this shard counts the spikes that all shards have seen so far.</param>
    public void Restore(Snapshot snapshot, SpikeTrainArrays trains, bool countsForAll)
    {
        var elementBytes = State.IsDouble ? sizeof(double) : sizeof(float);
        foreach (var (column, variable) in SnapshotNames.StateColumns(Population))
        {
            var array = snapshot[SnapshotNames.State(Population.Name, variable)];
            var values = State.IsDouble ? MemoryMarshal.AsBytes(array.As<double>()) : MemoryMarshal.AsBytes(array.As<float>());
            if (values.Length < (First + Count) * elementBytes || values.Length % (Population.Size * elementBytes) != 0)
            {
                throw new SnapshotException($"the snapshot's array {array.Name} has {values.Length / elementBytes} elements, not one a neuron: it is damaged");
            }

            var padded = Padded(_countPerItem);
            for (var row = 0; row < State.Stride; row++)
            {
                // Padding behaves like the last neuron.
                var neuron = First + (row / padded * _countPerItem) + Math.Min(row % padded, _countPerItem - 1);
                values.Slice(neuron * elementBytes, elementBytes).CopyTo(new Span<byte>(State.At(column, row), elementBytes));
            }
        }

        var population = snapshot.Manifest.Populations[Population.Index];
        Statistics.Restore(trains, countsForAll ? population.Spikes : 0);
        Hash = countsForAll ? ulong.Parse(population.Hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Frees the columns.</summary>
    public void Dispose()
    {
        State.Dispose();
        _initial?.Dispose();
        _derived.Dispose();
    }

    private void Fill(NeuronParameters parameters, double dtMs, int padded, bool shared)
    {
        var p = new double[Population.Model.ParameterCount];
        var d = new double[_derived.Columns];
        var s = new double[State.Columns];
        for (var i = 0; i < padded; i++)
        {
            // Padding behaves like the last neuron; its spikes are dropped.
            var neuron = (First % Population.Size) + Math.Min(i, _countPerItem - 1);
            parameters.Parameters(neuron, p);
            if (i == 0 || !shared)
            {
                Population.Model.Derive(p, dtMs, d);
                for (var k = 0; k < d.Length; k++)
                {
                    _derived[k, i] = d[k];
                }
            }

            parameters.Initial(neuron, p, s);
            for (var k = 0; k < s.Length; k++)
            {
                for (var item = 0; item < State.Stride / padded; item++)
                {
                    State[k, ((nint)item * padded) + i] = s[k];
                }
            }
        }
    }
}
