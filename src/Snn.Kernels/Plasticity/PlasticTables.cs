using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// All synapses of one projection of a model that is not static, onto the targets of one shard, with all that they need to learn: the shard sees all
/// spikes of the source population and those of its own targets, so shards share nothing.
/// </summary>
/// <remarks>
/// In every step: <see cref="Deliver"/>, then, once the targets have been advanced, <see cref="NoteTargets"/>; and <see cref="File"/> when spikes of
/// sources become known. A weight is what a spike would carry that reaches the target now: the synapse as it was a delay ago, since all of the
/// delay is dendritic. Every number is the same for every partition, number of lanes and length of history.
/// </remarks>
public sealed unsafe class PlasticTables : IDisposable
{
    private readonly ShardProjection _projection;
    private readonly PlasticTable[] _tables;
    private readonly int[] _delaySteps;
    private readonly int[] _firstTargets;
    private PlasticOrder? _order;

    private PlasticTables(ShardProjection projection, BuiltTables built, PlasticTable[] tables, int offset)
    {
        _projection = projection;
        _tables = tables;
        _delaySteps = built.DelaySteps;
        _firstTargets = [.. tables.Select(t => projection.FirstTarget + t.EntryBase - offset)];
        BuildBytes = built.BuildBytes;
    }

    /// <summary>Neurons of the source population.</summary>
    public int SourceCount => _projection.Rule.SourceCount;

    /// <summary>All delays, steps, ascending; a delay index is a place in it.</summary>
    public ReadOnlySpan<int> DelaySteps => _delaySteps;

    /// <summary>Number of synapses.</summary>
    public long SynapseCount => _tables.Sum(t => t.SynapseCount);

    /// <summary>Bytes of all that it holds.</summary>
    public long Bytes => _tables.Sum(t => t.Bytes);

    /// <summary>Most bytes that the tables and what served to build them took at any time of the build.</summary>
    public long BuildBytes { get; }

    /// <summary>Visits to rows that no spike of their source made necessary.</summary>
    public long RowsCaughtUp => _tables.Sum(t => t.RowsCaughtUp);

    /// <summary>Whether a synapse has a second number beside its weight.</summary>
    public bool HasSecondNumber => _tables.Length > 0 && _tables[0].Kernel.HasSecondNumber;

    /// <summary>Bytes that a target takes beside its synapses, at most.</summary>
    /// <param name="delays">Different delays of the projection.</param>
    /// <param name="longestDelaySteps">The longest, steps.</param>
    /// <param name="isDouble">Whether weights and inputs are double.</param>
    public static double BytesOfTarget(int delays, int longestDelaySteps, bool isDouble) => Dendrites.BytesOfTarget(delays, longestDelaySteps, isDouble);

    // Made when the first snapshot is taken: most runs of a network take none.
    private PlasticOrder Order => _order ??= new PlasticOrder(
        _tables, _projection.LastTarget - _projection.FirstTarget, [.. new[] { _projection.OffsetIfPositive, _projection.OffsetIfNegative }.Distinct().Order()]);

    /// <summary>Draws the synapses of a projection to the targets of one shard.</summary>
    /// <param name="model">The synapse model.</param>
    /// <param name="parameters">Its parameters, sound. [parameter]</param>
    /// <param name="projection">The projection.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <param name="lanes">As for <see cref="LanePolicy.Choose"/>.</param>
    /// <param name="isDouble">Whether weights and inputs are double.</param>
    /// <param name="historyCapacity">Spikes that are kept of a target, at least; 0: as many as seem good. Changes no result.</param>
    /// <param name="stop">Asked with every batch of synapses whether to give up.</param>
    /// <exception cref="OperationCanceledException">The build was asked to stop.</exception>
    /// <exception cref="ArgumentException">The projection is not sound, or its weights change their sign between two ports.</exception>
    /// <exception cref="InsufficientMemoryException">The system has not the memory; what was taken is freed.</exception>
    public static PlasticTables Build(
        SynapseModel model, double[] parameters, ShardProjection projection, double dtMs, int lanes, bool isDouble, int historyCapacity = 0, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(projection);
        projection.Check(projection.Rule.SourceCount);
        using var kernel = PlasticLanes.CreateKernel(model, parameters, dtMs, lanes, isDouble);
        if (kernel.PostTraces is not null)
        {
            projection = projection.OntoOnePort(model.WeightSign(parameters));
        }

        using var builder = new SynapseTablesBuilder(
            projection.Rule.SourceCount, [projection], isDouble ? WeightFormat.Double : WeightFormat.Single, arePlastic: true);
        var built = builder.Build(stop);
        var offset = Math.Min(projection.OffsetIfPositive, projection.OffsetIfNegative);
        var entryEnd = Math.Max(projection.OffsetIfPositive, projection.OffsetIfNegative) + (projection.LastTarget - projection.FirstTarget);
        var tables = built.Tables.Select((t, i) => new PlasticTable(
            t,
            (i + 1 < built.Tables.Length ? built.Tables[i + 1].Plan.EntryBase : entryEnd) - t.Plan.EntryBase,
            built.DelaySteps,
            PlasticLanes.CreateKernel(model, parameters, dtMs, lanes, isDouble),
            historyCapacity)).ToArray();
        return new PlasticTables(projection, built, tables, offset);
    }

    /// <inheritdoc cref="SynapseTables.File"/>
    public void File(long step, int* sources, int count, long firstDueStep = long.MinValue)
    {
        foreach (var table in _tables)
        {
            table.File(step, sources, count, firstDueStep);
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Lets all rows learn that are due in a step, and adds their weights to the inputs. Not ahead of time: a snapshot at the boundary before the step
    /// would hold weights that have learnt from it.
    /// </summary>
    /// <param name="step">The step; every step is delivered once, in order.</param>
    /// <param name="input">The shard's whole input array, of floats or doubles.</param>
    /// <returns>Synaptic events: weights added.</returns>
    /// <remarks>Each input receives its weights in the order (table, step of emission, source, synapse of the target).</remarks>
    public long Deliver(long step, void* input)
    {
        long events = 0;
        foreach (var table in _tables)
        {
            events += table.Deliver(step, input);
        }

        GC.KeepAlive(this);
        return events;
    }

    /// <summary>Targets have spiked in the step that was delivered last.</summary>
    /// <param name="step">The step.</param>
    /// <param name="neurons">Those that spiked, as numbers in their population; those of other shards are passed over. [spike]</param>
    /// <param name="count">How many.</param>
    public void NoteTargets(long step, int* neurons, int count)
    {
        for (var i = 0; i < _tables.Length; i++)
        {
            _tables[i].NoteTargets(step, neurons, count, _firstTargets[i]);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Dopamine neurons have spiked: the synapses feel it from a step on.</summary>
    /// <param name="step">
    /// Step of emission, and the delay to the synapses: steps ascending, and known before any row is delivered whose source spiked in that step or later.
    /// </param>
    /// <param name="count">How many spikes.</param>
    public void NoteDopamine(long step, int count)
    {
        foreach (var table in _tables)
        {
            table.Kernel.Dopamine?.Spikes.Add(step, count);
        }
    }

    /// <summary>Asks for the first rows of a step.</summary>
    /// <param name="step">The step.</param>
    public void PrefetchFirst(long step)
    {
        foreach (var table in _tables)
        {
            table.PrefetchFirst(step);
        }
    }

    /// <summary>
    /// Lets all spikes of targets act that will have reached the synapses when a step is delivered: weights are then as of that step, and what is
    /// still to be done does not depend on when rows were visited. Changes nothing of what comes.
    /// </summary>
    /// <param name="step">The step that is delivered next.</param>
    public void CatchUp(long step) => Array.ForEach(_tables, t => t.CatchUp(step));

    /// <summary>Copies the numbers of all synapses, by (target, port, source, delay, synapse): the copies of all shards, one after the other, are that of a single shard.</summary>
    /// <param name="weights">Takes the weights. [synapse]</param>
    /// <param name="seconds">Takes the second numbers, where there are any. [synapse]</param>
    public void CaptureNumbers(void* weights, void* seconds)
    {
        Order.Capture(weights, seconds: false);
        if (HasSecondNumber)
        {
            Order.Capture(seconds, seconds: true);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Takes up numbers from <see cref="CaptureNumbers"/>, of any partition.</summary>
    /// <param name="weights">Weights of this shard's synapses. [synapse]</param>
    /// <param name="seconds">Their second numbers, where there are any. [synapse]</param>
    public void RestoreNumbers(void* weights, void* seconds)
    {
        Order.Restore(weights, seconds: false);
        if (HasSecondNumber)
        {
            Order.Restore(seconds, seconds: true);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Marks the sources that have a synapse here, one bit each.</summary>
    /// <param name="bits">[source / 64]</param>
    public void MarkSources(Span<ulong> bits)
    {
        foreach (var table in _tables)
        {
            for (var source = 0; source < SourceCount; source++)
            {
                var row = (nint)source * _delaySteps.Length;
                bits[source >> 6] |= table.Offsets[row + _delaySteps.Length] > table.Offsets[row] ? 1UL << source : 0;
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>How many synapses each target of the shard has.</summary>
    /// <param name="counts">[target]</param>
    public void CountSynapses(Span<int> counts) => Order.CountSynapses(counts);

    /// <summary>Visits all synapses by (target, synapse of the target): one after the other, the shards' visits are that of a single shard.</summary>
    /// <param name="visitor">Takes the synapses.</param>
    public void Visit(IPlasticVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        using var readout = new PlasticReadout(_projection, _tables, _delaySteps, visitor);
        readout.Run();
        GC.KeepAlive(this);
    }

    /// <summary>Copies all but the numbers of synapses. First catches up: then the state does not depend on the partition.</summary>
    /// <param name="step">The step that is delivered next.</param>
    public PlasticState Capture(long step)
    {
        CatchUp(step);
        return PlasticStates.Capture(step, SourceCount * _delaySteps.Length, _projection.LastTarget - _projection.FirstTarget, _tables);
    }

    /// <summary>
    /// Takes up a state, of any partition, in place of all that has happened so far. Numbers of synapses are written by <see cref="RestoreNumbers"/>; spikes of sources
    /// that are on their way are filed again.
    /// </summary>
    /// <param name="state">What belongs to sources, of all shards together; what belongs to targets, of this shard's.</param>
    /// <exception cref="ArgumentException">The state is of another projection.</exception>
    public void Restore(PlasticState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        PlasticStates.Restore(state, _projection.LastTarget - _projection.FirstTarget, _tables);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_tables, t => t.Dispose());
}
