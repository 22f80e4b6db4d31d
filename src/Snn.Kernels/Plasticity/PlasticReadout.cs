using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>Takes the numbers of plastic synapses.</summary>
public interface IPlasticVisitor
{
    /// <summary>Takes some synapses.</summary>
    /// <param name="sources">Source neurons. [synapse]</param>
    /// <param name="targets">Target neurons. [synapse]</param>
    /// <param name="delaySteps">Delays, steps. [synapse]</param>
    /// <param name="weights">Weights, in the unit of the port. [synapse]</param>
    /// <param name="seconds">The other number of each synapse where the rule has one, else empty. [synapse]</param>
    void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, ReadOnlySpan<double> weights, ReadOnlySpan<double> seconds);
}

/// <summary>
/// Visits the synapses of a shard in canonical order (target, synapse of the target), in which the parts of all shards follow one another. The synapses
/// are drawn again: those of a row come in the order in which they lie in it, so that a counter a row finds each.
/// </summary>
internal sealed unsafe class PlasticReadout : ISynapseSink, IDisposable
{
    private readonly ShardProjection _projection;
    private readonly PlasticTable[] _tables;
    private readonly int[] _firstEntries;
    private readonly int[] _entries = new int[SynapseBatch.Capacity];
    private readonly bool _bySign;
    private readonly NativeArray<uint>[] _next;
    private readonly IPlasticVisitor _visitor;
    private readonly ushort[] _delayIndex;
    private readonly int _delays;
    private readonly ushort[] _steps = new ushort[SynapseBatch.Capacity];
    private readonly int[] _delaySteps = new int[SynapseBatch.Capacity];
    private readonly double[] _weights = new double[SynapseBatch.Capacity];
    private readonly float[] _singles = new float[SynapseBatch.Capacity];
    private readonly double[] _seconds;

    /// <param name="projection">The projection.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="delaySteps">Delays, ascending.</param>
    /// <param name="visitor">Takes the synapses.</param>
    public PlasticReadout(ShardProjection projection, PlasticTable[] tables, int[] delaySteps, IPlasticVisitor visitor)
    {
        _projection = projection;
        _tables = tables;
        _firstEntries = [.. tables.Select(t => t.EntryBase)];
        _bySign = projection.WeightRange is { Min: < 0, Max: >= 0 } && projection.OffsetIfPositive != projection.OffsetIfNegative;
        _visitor = visitor;
        _delays = delaySteps.Length;
        _seconds = tables.Length > 0 && tables[0].Kernel.HasSecondNumber ? new double[SynapseBatch.Capacity] : [];
        _delayIndex = new ushort[delaySteps.DefaultIfEmpty(0).Max() + 1];
        for (var d = 0; d < delaySteps.Length; d++)
        {
            _delayIndex[delaySteps[d]] = (ushort)d;
        }

        _next = [.. tables.Select(t => new NativeArray<uint>(t.Rows + 1, "Places in rows"))];
        for (var t = 0; t < tables.Length; t++)
        {
            new ReadOnlySpan<uint>(tables[t].Offsets, (int)_next[t].Length).CopyTo(new Span<uint>(_next[t].Pointer, (int)_next[t].Length));
        }
    }

    /// <summary>Visits all synapses.</summary>
    public void Run() => _projection.Rule.Draw(_projection.FirstTarget, _projection.LastTarget, _projection.Words(_bySign), this);

    /// <inheritdoc/>
    public void Take(SynapseBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var count = batch.Count;
        FillDelays(batch);
        FillEntries(batch);
        for (var i = 0; i < count; i++)
        {
            var table = FindTable(_entries[i]);
            var row = ((nint)batch.Sources[i] * _delays) + _delayIndex[_delaySteps[i]];
            Read(i, _tables[table], _next[table].Pointer[row]++);
        }

        _visitor.Take(
            batch.Sources.AsSpan(0, count),
            batch.Targets.AsSpan(0, count),
            _delaySteps.AsSpan(0, count),
            _weights.AsSpan(0, count),
            _seconds.AsSpan(0, Math.Min(count, _seconds.Length)));
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_next, n => n.Dispose());

    private void FillDelays(SynapseBatch batch)
    {
        if (_projection.HasOneDelay)
        {
            _delaySteps.AsSpan(0, batch.Count).Fill(_projection.Delay!.MinSteps);
            return;
        }

        _projection.Delays(batch, _steps);
        for (var i = 0; i < batch.Count; i++)
        {
            _delaySteps[i] = _steps[i];
        }
    }

    /// <summary>Places in the input array, by which tables are told: the port may depend on the sign that a weight has from the start.</summary>
    private void FillEntries(SynapseBatch batch)
    {
        var isNegative = _projection.WeightRange.Max < 0;
        if (_bySign)
        {
            FillSigns(batch);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            var offset = (_bySign ? _weights[i] < 0 : isNegative) ? _projection.OffsetIfNegative : _projection.OffsetIfPositive;
            _entries[i] = offset + batch.Targets[i] - _projection.FirstTarget;
        }
    }

    /// <summary>The weights that synapses started from, in the precision of the tables, for their signs.</summary>
    private void FillSigns(SynapseBatch batch)
    {
        if (_tables[0].Kernel.IsDouble)
        {
            _projection.Weights(batch, _weights);
            return;
        }

        _projection.Weights(batch, _singles);
        for (var i = 0; i < batch.Count; i++)
        {
            _weights[i] = _singles[i];
        }
    }

    private int FindTable(int entry)
    {
        var table = _firstEntries.Length - 1;
        while (_firstEntries[table] > entry)
        {
            table--;
        }

        return table;
    }

    private void Read(int i, PlasticTable table, uint slot)
    {
        var isDouble = table.Kernel.IsDouble;
        _weights[i] = Read(table.Weights, isDouble, slot);
        if (_seconds.Length > 0)
        {
            _seconds[i] = Read(table.Seconds, isDouble, slot);
        }
    }

    private static double Read(byte* numbers, bool isDouble, uint slot) => isDouble ? ((double*)numbers)[slot] : ((float*)numbers)[slot];
}
