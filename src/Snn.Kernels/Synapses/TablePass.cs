using System.Numerics;

namespace Snn.Kernels.Synapses;

/// <summary>
/// One pass over the draws of all projections: turns every synapse into its row, its 16-bit place and its weight. Synapses come in chunks; the
/// chunks of two passes with one capacity are the same.
/// </summary>
/// <typeparam name="TWeight">Precision in which weights are drawn.</typeparam>
internal abstract class TablePass<TWeight> : ISynapseSink
    where TWeight : unmanaged, INumber<TWeight>
{
    private readonly RowLayout _layout;
    private readonly TablePlan _plan;
    private readonly IReadOnlyList<ShardProjection> _projections;
    private readonly int _capacity;
    private readonly CancellationToken _stop;
    private readonly ushort[] _delayIndex;
    private readonly ushort[] _steps = new ushort[SynapseBatch.Capacity];

    private ShardProjection _projection = null!;
    private int _number;
    private bool _bySign;
    private bool _needsWeights;

    protected TablePass(IReadOnlyList<ShardProjection> projections, TablePlan plan, RowLayout layout, int capacity, CancellationToken stop)
    {
        _projections = projections;
        _plan = plan;
        _layout = layout;
        _capacity = capacity;
        _stop = stop;
        _delayIndex = new ushort[plan.DelaySteps.DefaultIfEmpty(0).Max() + 1];
        for (var i = 0; i < plan.DelaySteps.Length; i++)
        {
            _delayIndex[plan.DelaySteps[i]] = (ushort)i;
        }
    }

    /// <summary>Synapses in the chunk.</summary>
    protected int Count { get; private set; }

    /// <summary>Rows of the batch. [synapse]</summary>
    protected uint[] Rows { get; } = new uint[SynapseBatch.Capacity];

    /// <summary>Places, within their tables, of the batch. [synapse]</summary>
    protected ushort[] Places { get; } = new ushort[SynapseBatch.Capacity];

    /// <summary>Weights of the batch, where <see cref="BatchHasWeights"/>. [synapse]</summary>
    protected TWeight[] Weights { get; } = new TWeight[SynapseBatch.Capacity];

    /// <summary>Whether weights were drawn for the batch.</summary>
    protected bool BatchHasWeights => _needsWeights;

    /// <summary>Runs the pass.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public void Run()
    {
        for (_number = 0; _number < _projections.Count; _number++)
        {
            _projection = _projections[_number];
            if (_projection.FirstTarget < _projection.LastTarget)
            {
                DrawProjection();
            }
        }

        EndChunk();
    }

    /// <inheritdoc/>
    public void Take(SynapseBatch batch)
    {
        if (Count + batch.Count > _capacity)
        {
            EndChunk();
            Count = 0;
        }

        if (_needsWeights)
        {
            DrawWeights(batch);
        }

        FillDelayIndices(batch);
        for (var i = 0; i < batch.Count;)
        {
            i = Route(batch, i);
        }

        Append(batch.Count);
        Count += batch.Count;
    }

    /// <summary>Whether the pass itself needs the weights of a group of varied weights.</summary>
    protected abstract bool StoresWeights { get; }

    /// <summary>Takes the first <paramref name="count"/> synapses of <see cref="Rows"/>, <see cref="Places"/> and <see cref="Weights"/>.</summary>
    protected abstract void Append(int count);

    /// <summary>The chunk is complete: it has <see cref="Count"/> synapses.</summary>
    protected abstract void EndChunk();

    private void DrawProjection()
    {
        var (min, max) = _projection.WeightRange;
        _bySign = min < 0 && max >= 0;
        _needsWeights = _bySign || (StoresWeights && !_plan.IsConstant(_number));
        _projection.Rule.Draw(_projection.FirstTarget, _projection.LastTarget, _projection.Words(_needsWeights), this, _stop);
    }

    private void DrawWeights(SynapseBatch batch)
    {
        if (typeof(TWeight) == typeof(float))
        {
            _projection.Weights(batch, (float[])(object)Weights);
        }
        else
        {
            _projection.Weights(batch, (double[])(object)Weights);
        }
    }

    private void FillDelayIndices(SynapseBatch batch)
    {
        if (_projection.HasOneDelay)
        {
            _steps.AsSpan(0, batch.Count).Fill(_delayIndex[_projection.Delay!.MinSteps]);
            return;
        }

        _projection.Delays(batch, _steps);
        var steps = _steps.AsSpan(0, batch.Count);
        var index = _delayIndex;
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = index[steps[i]];
        }
    }

    /// <summary>Finds rows and places of the synapses from <paramref name="begin"/> on, as far as their targets lie in the same tables.</summary>
    /// <returns>The first synapse that was not done.</returns>
    private int Route(SynapseBatch batch, int begin)
    {
        var target = batch.Targets[begin];
        var positive = RouteOf(_projection.OffsetIfPositive, target, _bySign || !IsNegative);
        var negative = RouteOf(_projection.OffsetIfNegative, target, _bySign || IsNegative);
        var targets = batch.Targets.AsSpan(begin, batch.Count - begin);
        targets = targets[..FirstAtOrAbove(targets, Math.Min(positive.TargetEnd, negative.TargetEnd))];

        var sources = batch.Sources.AsSpan(begin, targets.Length);
        var rows = Rows.AsSpan(begin, targets.Length);
        var places = Places.AsSpan(begin, targets.Length);
        var steps = _steps.AsSpan(begin, targets.Length);
        if (_bySign)
        {
            var weights = Weights.AsSpan(begin, targets.Length);
            BySign(positive, negative, sources, targets, steps, weights, _layout.Delays, rows, places);
        }
        else
        {
            ToOneTable(IsNegative ? negative : positive, sources, targets, steps, _layout.Delays, rows, places);
        }

        return begin + targets.Length;
    }

    private bool IsNegative => _projection.WeightRange.Max < 0;

    private TableRoute RouteOf(int offset, int target, bool isUsed)
    {
        if (!isUsed)
        {
            return new TableRoute(0, 0, long.MaxValue);
        }

        var shift = offset - _projection.FirstTarget;
        var (table, entryEnd) = _plan.TableOf(_number, target + shift);
        return new TableRoute(
            _layout.FirstRow(table),
            shift - _plan.Tables[table].EntryBase,
            entryEnd == long.MaxValue ? long.MaxValue : entryEnd - shift);
    }

    /// <summary>First of some ascending numbers that is at least <paramref name="bound"/>; their number if none is.</summary>
    private static int FirstAtOrAbove(Span<int> ascending, long bound)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ascending[middle] < bound ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static void ToOneTable(
        TableRoute route, Span<int> sources, Span<int> targets, Span<ushort> delays, int delayCount, Span<uint> rows, Span<ushort> places)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            rows[i] = route.FirstRow + ((uint)sources[i] * (uint)delayCount) + delays[i];
            places[i] = (ushort)(targets[i] + route.PlaceShift);
        }
    }

    private static void BySign(
        TableRoute positive, TableRoute negative, Span<int> sources, Span<int> targets, Span<ushort> delays, Span<TWeight> weights,
        int delayCount, Span<uint> rows, Span<ushort> places)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var isNegative = weights[i] < TWeight.Zero;
            rows[i] = (isNegative ? negative.FirstRow : positive.FirstRow) + ((uint)sources[i] * (uint)delayCount) + delays[i];
            places[i] = (ushort)(targets[i] + (isNegative ? negative.PlaceShift : positive.PlaceShift));
        }
    }

    /// <summary>Where the synapses onto some targets go.</summary>
    /// <param name="FirstRow">First row of their table.</param>
    /// <param name="PlaceShift">Place in the table, less the target.</param>
    /// <param name="TargetEnd">First target of which this is no longer true.</param>
    private readonly record struct TableRoute(uint FirstRow, int PlaceShift, long TargetEnd);
}
