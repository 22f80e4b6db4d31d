using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Snapshots;
using Snn.Kernels.Plasticity.Layers;
using Snn.Kernels.Plasticity.Layers.Rules;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Simulation;

/// <summary>
/// The learning rule of one connection of a layered network, as far as one shard is concerned. At the end of a step it shows the rule what the shard's batch
/// items did; once all shards have, it changes the rows of the weights that the shard owns, by what all items did, item by item. So the weights are one
/// answer for any number of shards.
/// </summary>
internal sealed unsafe class LayerLearningActor : IDisposable
{
    private readonly LayerLearning _learning;
    private readonly LayerRuleKernel _kernel;
    private readonly LayerFeedActor _feed;
    private readonly PopulationActor _source;
    private readonly PopulationActor _target;
    private readonly double[] _rewards;
    private readonly NumberColumns _preSpikes;
    private readonly NumberColumns _postSpikes;
    private readonly NumberColumns? _postTraces;
    private readonly int _firstItem;
    private readonly int _firstRow;
    private readonly int _lastRow;
    private readonly int _targetTrace;
    private readonly int _preNumbers;

    /// <param name="projection">A projection that learns.</param>
    /// <param name="kernel">Its rule, which all shards share.</param>
    /// <param name="feed">Its connection on the shard.</param>
    /// <param name="source">Its source on the shard.</param>
    /// <param name="target">Its target on the shard.</param>
    /// <param name="rewards">The rewards of a step; empty for rules without. [item]</param>
    /// <param name="shard">Which share of the rows is the shard's.</param>
    /// <param name="shards">Number of shards.</param>
    public LayerLearningActor(
        Projection projection, LayerRuleKernel kernel, LayerFeedActor feed, PopulationActor source, PopulationActor target, double[] rewards, int shard, int shards)
    {
        Projection = projection;
        _learning = (LayerLearning)projection.Learning!;
        _kernel = kernel;
        _feed = feed;
        _source = source;
        _target = target;
        _rewards = rewards;
        _firstItem = source.First / source.Population.Size;
        (_firstRow, _lastRow) = (Share(kernel.Weights.Rows, shard, shards), Share(kernel.Weights.Rows, shard + 1, shards));
        var (weights, items, isDouble) = (kernel.Weights, source.Items, source.State.IsDouble);
        _preNumbers = (((source.Population.Size * weights.DelaySteps.Count) + LayerWeights.Pad - 1) / LayerWeights.Pad * LayerWeights.Pad);
        var postNumbers = weights.Shape.Locations * (int)weights.Stride;
        _preSpikes = new NumberColumns(items, _preNumbers, isDouble);
        _postSpikes = new NumberColumns(items, postNumbers, isDouble);
        var traces = _learning.Rule.Traces;
        _targetTrace = traces == TraceSource.OfBoth ? TraceColumn(target) : -1;
        // A linear layer reads the target's own column.
        _postTraces = _targetTrace >= 0 && weights.Shape.Locations > 1 ? new NumberColumns(items, postNumbers, isDouble) : null;
    }

    /// <summary>The projection that learns.</summary>
    public Projection Projection { get; }

    /// <summary>Shows the rule what the shard's items did in a step.</summary>
    public void Observe(long step)
    {
        for (var item = 0; item < _source.Items; item++)
        {
            var activity = new LayerActivity
            {
                PreSpikes = PreSpikes(item),
                PreTraces = _feed.SourceTraces(item),
                PostSpikes = PostSpikes(item, step),
                PostTraces = _targetTrace < 0 ? null : PostTraces(item),
            };
            _kernel.Observe(_firstItem + item, activity);
        }
    }

    /// <summary>Changes the shard's rows by what all items did in a step.</summary>
    public void Learn(long step)
    {
        if (step < _learning.StartStep || step >= _learning.StopStep)
        {
            return;
        }

        _kernel.Learn(_rewards, (step + 1) % _learning.EverySteps == 0, _firstRow, _lastRow);
    }

    /// <summary>The shard's items begin anew: traces and eligibility are zero.</summary>
    public void Reset()
    {
        for (var item = 0; item < _source.Items; item++)
        {
            _kernel.Reset(_firstItem + item);
        }
    }

    /// <summary>Declares what of the rule belongs to a snapshot.</summary>
    public void Declare(SnapshotParts parts)
    {
        var weights = _kernel.Weights;
        parts.Add(Part(WeightsName, weights.Shape.OutputChannels, weights.Shape.Taps));
        foreach (var array in _kernel.State)
        {
            parts.Add(Part(NameOf(array), _kernel.Items, array.Count / _kernel.Items));
        }
    }

    /// <summary>Copies the shard's share of weights and state.</summary>
    public void Capture(SnapshotBuffer buffer)
    {
        CaptureWeights(buffer.Room(WeightsName));
        foreach (var array in _kernel.State)
        {
            var room = buffer.Room(NameOf(array));
            var perItem = room.Length / _kernel.Items;
            var from = new ReadOnlySpan<byte>((void*)array.Pointer, room.Length);
            for (var item = 0; item < _kernel.Items; item++)
            {
                var (first, count) = array.IsByRow ? Rows(perItem) : IsOwn(item) ? (0, perItem) : (0, 0);
                from.Slice((item * perItem) + first, count).CopyTo(room.Slice((item * perItem) + first, count));
            }
        }
    }

    /// <summary>Takes up all weights and state: one shard does so for all, before any runs.</summary>
    public void Restore(Snapshot snapshot)
    {
        var weights = snapshot[WeightsName];
        _kernel.Weights.Set(_kernel.Weights.IsDouble ? weights.As<double>() : Widened(weights.As<float>()));
        foreach (var array in _kernel.State)
        {
            snapshot[NameOf(array)].Data.Span.CopyTo(new Span<byte>((void*)array.Pointer, (int)(array.Count * NumberBytes)));
        }
    }

    /// <summary>Frees what the actor owns.</summary>
    public void Dispose()
    {
        _preSpikes.Dispose();
        _postSpikes.Dispose();
        _postTraces?.Dispose();
    }

    private string WeightsName => $"weights/{Projection.Name}";

    private int NumberBytes => _kernel.Weights.IsDouble ? sizeof(double) : sizeof(float);

    private static int Share(int rows, int shard, int shards) => (int)((long)rows * shard / shards);

    private static int TraceColumn(PopulationActor population) => population.Population.Model.StateTable.First(s => s.Name == "trace").Column;

    private static double[] Widened(ReadOnlySpan<float> numbers)
    {
        var wide = new double[numbers.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = numbers[i];
        }

        return wide;
    }

    private string NameOf(LayerRuleArray array) => $"learning/{Projection.Name}/{array.Name}";

    private SnapshotPart Part(string name, params IReadOnlyList<long> shape) =>
        _kernel.Weights.IsDouble ? SnapshotPart.Of<double>(name, shape) : SnapshotPart.Of<float>(name, shape);

    private bool IsOwn(int item) => item >= _firstItem && item < _firstItem + _source.Items;

    private (int First, int Count) Rows(int perItem)
    {
        var perRow = perItem / _kernel.Weights.Rows;
        return (_firstRow * perRow, (_lastRow - _firstRow) * perRow);
    }

    /// <summary>Weights go to a snapshot in the order of users, [target, source]: the shard's rows are columns there.</summary>
    private void CaptureWeights(Span<byte> room)
    {
        var shape = _kernel.Weights.Shape;
        for (var tap = 0; tap < shape.Taps; tap++)
        {
            var row = _kernel.Weights.RowOf(tap);
            if (row < _firstRow || row >= _lastRow)
            {
                continue;
            }

            var from = (byte*)_kernel.Weights.Pointer + (row * _kernel.Weights.Stride * NumberBytes);
            for (var channel = 0; channel < shape.OutputChannels; channel++)
            {
                new ReadOnlySpan<byte>(from + (channel * NumberBytes), NumberBytes).CopyTo(room[(((channel * shape.Taps) + tap) * NumberBytes)..]);
            }
        }
    }

    /// <summary>Sizes of the spikes that left the delay line. [delay, source]</summary>
    private void* PreSpikes(int item)
    {
        var to = _preSpikes.At(item, 0);
        NativeMemory.Clear(to, (nuint)(_preNumbers * NumberBytes));
        ref readonly var arrivals = ref _feed.Arrivals(item);
        for (var e = 0; e < arrivals.Count; e++)
        {
            var place = arrivals.Sources[e] + (arrivals.DelayIndices == null ? 0 : arrivals.DelayIndices[e] * _source.Population.Size);
            Put(to, place, arrivals.Values, e);
        }

        return to;
    }

    /// <summary>Sizes of the target's spikes. [location, channel]</summary>
    private void* PostSpikes(int item, long step)
    {
        var to = _postSpikes.At(item, 0);
        NativeMemory.Clear(to, (nuint)(_postSpikes.Stride * NumberBytes));
        var (locations, stride) = (_kernel.Weights.Shape.Locations, (int)_kernel.Weights.Stride);
        var neurons = _target.Outbox.ReadItem(step, item, out var count);
        var values = _target.Outbox.ReadValues(step, item);
        var first = _target.First + (item * _target.Population.Size);
        for (var i = 0; i < count; i++)
        {
            var (channel, location) = Math.DivRem(neurons[i] - first, locations);
            Put(to, (location * stride) + channel, values, i);
        }

        return to;
    }

    private void* PostTraces(int item)
    {
        var own = _target.State.At(_targetTrace, (nint)item * PopulationActor.Padded(_target.Population.Size));
        if (_postTraces is null)
        {
            return own;
        }

        var to = _postTraces.At(item, 0);
        _kernel.Arithmetic.ByLocation(own, to);
        return to;
    }

    private void Put(void* to, int place, void* values, int value)
    {
        if (_kernel.Weights.IsDouble)
        {
            ((double*)to)[place] = values == null ? 1 : ((double*)values)[value];
        }
        else
        {
            ((float*)to)[place] = values == null ? 1 : ((float*)values)[value];
        }
    }
}
