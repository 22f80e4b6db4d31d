using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Networks.Reading;
using Snn.Actors.Snapshots;
using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Simulation;

/// <summary>
/// Brings the spikes of one population to another, for the batch items of a shard. Where every synapse has the same delay and no spike waits for another, the
/// source's own outbox is the delay line.
/// </summary>
internal sealed unsafe class LayerFeedActor : FeedActor
{
    private readonly SharedConnection _shared;
    private readonly LayerConnection _connection;
    private readonly PopulationActor _source;
    private readonly ShardTarget _target;
    private readonly LayerWorkspace _workspace;
    private readonly DelayLines? _lines;
    private readonly int[] _sources;
    private readonly int[] _delayIndices;
    private readonly NumberColumns? _values;
    private readonly LayerEvents[] _arrivals;
    private readonly nint[] _inputs;
    private readonly int _delaySteps;
    private readonly bool _hasBias;
    private readonly bool _hasValues;
    private readonly nint[] _traceInputs;
    private readonly int _traceColumn;
    private readonly NumberColumns? _seenTraces;
    private readonly string _counters;
    private readonly int _items;
    private long _firstStep;

    /// <param name="projection">The projection.</param>
    /// <param name="shared">Its synapses.</param>
    /// <param name="source">Its source on the shard.</param>
    /// <param name="target">Its target on the shard.</param>
    /// <param name="isFeedback">Whether the source is advanced after the target, or is the target.</param>
    /// <param name="parts">Takes what of it belongs to a snapshot.</param>
    /// <param name="items">Batch items of all shards.</param>
    public LayerFeedActor(
        Projection projection, SharedConnection shared, PopulationActor source, ShardTarget target, bool isFeedback, SnapshotParts parts, int items)
    {
        Projection = projection;
        _shared = shared;
        _connection = shared.Kernel;
        _source = source;
        _target = target;
        _hasBias = projection.Bias is not null;
        _items = items;
        _workspace = new LayerWorkspace(_connection);
        _delaySteps = _connection.DelaySteps[0];
        var needsLines = _connection.DelaySteps.Count > 1 || (projection.DelayRule != DelayRule.Queue && _delaySteps > 0);
        _hasValues = source.Outbox.ValueBytes > 0;
        _lines = needsLines ? new DelayLines(_connection, source.Items, projection.DelayRule, _hasValues) : null;
        _counters = $"delays/{projection.Name}";
        if (HasCounters)
        {
            parts.Add(SnapshotPart.Of<int>(_counters, items, source.Population.Size, _connection.DelaySteps.Count));
        }

        var room = _lines?.MaxArrivals ?? source.Population.Size;
        _sources = GC.AllocateArray<int>(room * source.Items, pinned: true);
        _delayIndices = GC.AllocateArray<int>(_connection.DelaySteps.Count > 1 ? room * source.Items : 0, pinned: true);
        _values = _lines is not null && _hasValues ? new NumberColumns(source.Items, room, source.State.IsDouble) : null;
        _arrivals =
        [
            .. Enumerable.Range(0, source.Items).Select(item => new LayerEvents
            {
                Sources = At(_sources, item * room),
                DelayIndices = At(_delayIndices, item * room),
                Values = _values is null ? null : _values.At(item, 0),
            }),
        ];
        var ports = projection.Port is { } port ? [port] : target.Population.Model.PortsBySign();
        var padded = PopulationActor.Padded(target.Population.Size);
        _inputs = [.. Enumerable.Range(0, source.Items).Select(item => (nint)target.Input.At(ports[0], target.Offset + ((nint)item * padded)))];
        _traceColumn = LearningReader.TraceColumn(source.Population.Model);
        _seenTraces = isFeedback && _traceColumn >= 0 && projection.Learning is not null
            ? new NumberColumns(source.Items, PopulationActor.Padded(source.Population.Size), source.State.IsDouble)
            : null;
        var tracePort = _traceColumn < 0 ? -1 : target.Population.Model.Port(PortKind.Trace);
        _traceInputs = tracePort < 0 ? [] : [.. Enumerable.Range(0, source.Items).Select(item => (nint)target.Input.At(tracePort, target.Offset + ((nint)item * padded)))];
    }

    /// <summary>The projection.</summary>
    public Projection Projection { get; }

    /// <inheritdoc/>
    public override long Synapses => _shared.Synapses;

    /// <inheritdoc/>
    public override long SynapseBytes => _shared.Bytes;

    /// <inheritdoc/>
    public override long Deliver(long step)
    {
        for (var item = 0; item < _arrivals.Length; item++)
        {
            if (_hasBias)
            {
                _connection.AddBias((void*)_inputs[item]);
            }

            if (_lines is null)
            {
                Take(item, step - _delaySteps, ref _arrivals[item]);
            }
            else
            {
                TakeDelayed(item, step);
            }
        }

        KeepTraces();
        for (var item = 0; item < _traceInputs.Length; item++)
        {
            _connection.AddTraces(in _arrivals[item], SourceTraces(item), (void*)_traceInputs[item], _workspace);
        }

        fixed (LayerEvents* arrivals = _arrivals)
        fixed (nint* inputs = _inputs)
        {
            return _connection.Deliver(arrivals, (void**)inputs, _arrivals.Length, _workspace);
        }
    }

    /// <summary>The traces that the source had when the connection was asked for its spikes; null of a model without traces. [source]</summary>
    public void* SourceTraces(int item) =>
        _traceColumn < 0 ? null
        : _seenTraces is null ? _source.State.At(_traceColumn, (nint)item * PopulationActor.Padded(_source.Population.Size))
        : _seenTraces.At(item, 0);

    /// <summary>What arrived in the step delivered last.</summary>
    public ref readonly LayerEvents Arrivals(int item) => ref _arrivals[item];

    /// <summary>The items begin anew: what is on its way is lost, and what was emitted before a step is no longer looked at.</summary>
    /// <param name="step">The step that is about to begin.</param>
    public override void Reset(long step)
    {
        _firstStep = step;
        _lines?.Clear();
    }

    /// <summary>Whether spikes wait for each other, so that what is on its way does not follow from the latest spikes.</summary>
    private bool HasCounters => _lines?.Rule == DelayRule.Accumulate;

    /// <inheritdoc/>
    public override void Capture(SnapshotBuffer buffer)
    {
        if (HasCounters)
        {
            var room = MemoryMarshal.Cast<byte, int>(buffer.Room(_counters));
            for (var item = 0; item < _arrivals.Length; item++)
            {
                _lines!.Counters(item).CopyTo(room[PlaceOf(item, room.Length)..]);
            }
        }
    }

    /// <summary>Enters the spikes of the last steps again: what of them is still on its way.</summary>
    public override void Restore(Snapshot snapshot, long latestReset)
    {
        _firstStep = latestReset;
        if (_lines is null)
        {
            return;
        }

        var next = snapshot.Manifest.Step - (_delaySteps == 0 ? 0 : 1);
        for (var item = 0; item < _arrivals.Length; item++)
        {
            for (var step = next - _lines.MaxDelaySteps - 1; step < next; step++)
            {
                var entering = _arrivals[item];
                Take(item, step, ref entering);
                _lines.Enter(item, step, entering);
            }
        }

        if (HasCounters)
        {
            var counters = snapshot[_counters].As<int>();
            for (var item = 0; item < _arrivals.Length; item++)
            {
                counters.Slice(PlaceOf(item, counters.Length), counters.Length / _items).CopyTo(_lines.Counters(item));
            }
        }
    }

    /// <summary>A source that is advanced after the target, or is the target, has other traces by the time that a rule learns.</summary>
    private void KeepTraces()
    {
        for (var item = 0; item < _arrivals.Length && _seenTraces is not null; item++)
        {
            var bytes = (nuint)_source.Population.Size * (nuint)(_seenTraces.IsDouble ? sizeof(double) : sizeof(float));
            var traces = _source.State.At(_traceColumn, (nint)item * PopulationActor.Padded(_source.Population.Size));
            NativeMemory.Copy(traces, _seenTraces.At(item, 0), bytes);
        }
    }

    /// <summary>Where one of the shard's items begins in an array over all items.</summary>
    private int PlaceOf(int item, int length) => ((_source.First / _source.Population.Size) + item) * (length / _items);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _seenTraces?.Dispose();
        _workspace.Dispose();
        _lines?.Dispose();
        _values?.Dispose();
    }

    /// <summary>An element of a pinned array; null of an empty one.</summary>
    private static int* At(int[] pinned, int index) => pinned.Length == 0 ? null : (int*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);

    /// <summary>The spikes that the source emitted in a step, as sources of the connection.</summary>
    private void Take(int item, long step, ref LayerEvents events)
    {
        events.Count = 0;
        if (step < _firstStep)
        {
            return;
        }

        if (_hasValues)
        {
            events.Values = _source.Outbox.ReadValues(step, item);
        }

        var neurons = _source.Outbox.ReadItem(step, item, out var count);
        var first = _source.First + (item * _source.Population.Size);
        for (var i = 0; i < count; i++)
        {
            events.Sources[i] = neurons[i] - first;
        }

        events.Count = count;
    }

    /// <summary>
    /// A connection that has synapses without delay lets in what its source has emitted in this step; one that has none what it had emitted in the step before,
    /// for it may be asked before its source is advanced.
    /// </summary>
    private void TakeDelayed(int item, long step)
    {
        ref var arrivals = ref _arrivals[item];
        var entering = arrivals;
        var entered = _delaySteps == 0 ? step : step - 1;
        Take(item, entered, ref entering);
        _lines!.Enter(item, entered, entering);
        arrivals = _lines.Arrivals(item, step, arrivals);
    }
}
