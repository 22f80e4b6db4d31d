namespace Snn.Kernels.Synapses;

/// <summary>Takes synapses one by one.</summary>
/// <param name="source">Source neuron.</param>
/// <param name="entry">Place in the shard's input array.</param>
/// <param name="delaySteps">Delay, steps.</param>
/// <param name="weight">Weight as stored, in the unit of the port.</param>
public delegate void SynapseVisitor(int source, int entry, int delaySteps, double weight);

/// <summary>
/// All static synapses from one source population to the targets of one shard. Built from keyed draws (<see cref="Build"/>), so that any
/// partition into shards gives the same network, and delivered so that it gives the same sums.
/// </summary>
public sealed unsafe class SynapseTables : IDisposable
{
    private readonly SynapseTable[] _tables;
    private readonly int[] _delaySteps;

    internal SynapseTables(int sourceCount, int[] delaySteps, SynapseTable[] tables, long buildBytes)
    {
        BuildBytes = buildBytes;
        SourceCount = sourceCount;
        _delaySteps = delaySteps;
        _tables = tables;
    }

    /// <summary>Neurons of the source population.</summary>
    public int SourceCount { get; }

    /// <summary>All delays, steps, ascending; a delay index is a place in it.</summary>
    public ReadOnlySpan<int> DelaySteps => _delaySteps;

    /// <summary>Longest delay, steps; 0 without projections.</summary>
    public int MaxDelaySteps => _delaySteps.Length == 0 ? 0 : _delaySteps[^1];

    /// <summary>The tables, in the order of delivery.</summary>
    public IReadOnlyList<SynapseTable> Tables => _tables;

    /// <summary>Number of synapses.</summary>
    public long SynapseCount => _tables.Sum(t => t.SynapseCount);

    /// <summary>Bytes of all tables.</summary>
    public long Bytes => _tables.Sum(t => t.Bytes);

    /// <summary>Most bytes that the tables and what served to build them took at any time of the build.</summary>
    public long BuildBytes { get; }

    /// <summary>Bytes of the lists of rows on their way.</summary>
    public long CalendarBytes => _tables.Sum(t => t.Calendar.Bytes);

    /// <summary>Draws the synapses of all projections from one population to the targets of one shard.</summary>
    /// <param name="sourceCount">Neurons of the source population.</param>
    /// <param name="projections">
    /// All projections from it, in one order for all shards, with those that have no target in this shard: how weights are stored must not depend
    /// on the partition.
    /// </param>
    /// <param name="format">How weights are stored that are not constant.</param>
    /// <param name="shortestDelaySteps">
    /// The shortest delay of the whole network, steps, whether these tables have it or not: its rows are delivered after the others. 0: none is
    /// held back.
    /// </param>
    /// <param name="stop">Asked with every batch of synapses whether to give up.</param>
    /// <returns>The tables, which the caller disposes of.</returns>
    /// <remarks>
    /// Safe to call on several threads for several shards. Takes at most about 1.3 times the memory of the finished tables, and 2 MiB.
    /// </remarks>
    /// <exception cref="ArgumentException">A projection is not sound.</exception>
    /// <exception cref="InsufficientMemoryException">The system has not the memory; what was taken is freed.</exception>
    /// <exception cref="OperationCanceledException">The build was asked to stop; what was taken is freed.</exception>
    public static SynapseTables Build(
        int sourceCount, IReadOnlyList<ShardProjection> projections, WeightFormat format, int shortestDelaySteps = 0, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(projections);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceCount);
        foreach (var projection in projections)
        {
            projection.Check(sourceCount);
        }

        using var builder = new SynapseTablesBuilder(sourceCount, projections, format, arePlastic: false);
        var built = builder.Build(stop);
        var tables = Array.ConvertAll(built.Tables, t => new SynapseTable(t, format, built.DelaySteps, shortestDelaySteps));
        return new SynapseTables(sourceCount, built.DelaySteps, tables, built.BuildBytes);
    }

    /// <summary>Files spikes that were emitted in one step; their rows are delivered in the steps in which they are due.</summary>
    /// <param name="step">Step of emission.</param>
    /// <param name="sources">Neurons that spiked, ascending. [spike]</param>
    /// <param name="count">How many.</param>
    /// <param name="firstDueStep">
    /// Rows due before this step are left out: where a run resumes, spikes that were on their way are filed again, and what they had already
    /// delivered is not delivered twice.
    /// </param>
    /// <remarks>
    /// Canonical sums need the same calls in the same order for every partition, up to cuts: steps ascending, and the spikes of one step,
    /// in one call or several, by neuron. Spikes are filed before their first row is due and no earlier than the longest delay before the step
    /// that is delivered next. The lists grow where a step has more spikes than any before: in native memory, not on the managed heap.
    /// </remarks>
    public void File(long step, int* sources, int count, long firstDueStep = long.MinValue)
    {
        foreach (var table in _tables)
        {
            table.Calendar.File(step, sources, count, firstDueStep);
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Files spikes that were emitted in one step and have just come, however late: rows that should have been delivered already are delivered in the next step. The sums
    /// of a run that is late anywhere are no longer canonical.
    /// </summary>
    /// <param name="step">Step of emission, not after <paramref name="now"/>.</param>
    /// <param name="sources">Neurons that spiked, ascending. [spike]</param>
    /// <param name="count">How many.</param>
    /// <param name="now">The step that is delivered next.</param>
    /// <param name="late">Counts the synapses whose spike came too late.</param>
    public void FileArrived(long step, int* sources, int count, long now, LateEvents late)
    {
        ArgumentNullException.ThrowIfNull(late);
        foreach (var table in _tables)
        {
            table.Calendar.FileArrived(step, sources, count, now, late);
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Adds the weights of the rows that are due in a step, but for those of the network's shortest delay, to single-precision inputs. All of them
    /// are filed before the slice ahead of the step's has ended: this needs not wait for it.
    /// </summary>
    /// <param name="step">The step; every step is delivered once.</param>
    /// <param name="input">The shard's whole input array.</param>
    /// <returns>Synaptic events: weights added.</returns>
    /// <remarks>Each input receives its weights in the order (table, step of emission, source, projection, synapse of the target).</remarks>
    /// <exception cref="InvalidOperationException">The weights are stored in double precision.</exception>
    public long DeliverAhead(long step, float* input) => Deliver(step, shortest: false, input);

    /// <inheritdoc cref="DeliverAhead(long, float*)"/>
    /// <summary>The same for double-precision inputs.</summary>
    public long DeliverAhead(long step, double* input) => Deliver(step, shortest: false, input);

    /// <summary>
    /// Adds the weights of all rows that are due in a step to single-precision inputs: what <see cref="DeliverAhead(long, float*)"/> would, if it has not,
    /// then the rows of the network's shortest delay, in the same order.
    /// </summary>
    /// <param name="step">The step; every step is delivered once.</param>
    /// <param name="input">The shard's whole input array.</param>
    /// <returns>Synaptic events: weights added.</returns>
    /// <exception cref="InvalidOperationException">The weights are stored in double precision.</exception>
    public long Deliver(long step, float* input) => DeliverAhead(step, input) + Deliver(step, shortest: true, input);

    /// <inheritdoc cref="Deliver(long, float*)"/>
    /// <summary>The same for double-precision inputs.</summary>
    public long Deliver(long step, double* input) => DeliverAhead(step, input) + Deliver(step, shortest: true, input);

    /// <summary>Asks the processor to bring near what <see cref="Deliver(long, float*)"/> of a step will read first.</summary>
    /// <param name="step">The step.</param>
    public void PrefetchFirst(long step)
    {
        foreach (var table in _tables)
        {
            table.PrefetchFirst(step);
        }
    }

    /// <summary>Marks the sources that have a synapse here, one bit each.</summary>
    /// <param name="bits">[source / 64]</param>
    public void MarkSources(Span<ulong> bits)
    {
        foreach (var table in _tables)
        {
            for (var source = 0; source < SourceCount; source++)
            {
                for (var d = 0; d < _delaySteps.Length; d++)
                {
                    bits[source >> 6] |= table.Row(source, d).Count > 0 ? 1UL << source : 0;
                }
            }
        }
    }

    /// <summary>Forgets all spikes that are on their way.</summary>
    public void ClearSpikes() => Array.ForEach(_tables, t => t.Calendar.Clear());

    /// <summary>Visits every synapse, table by table, by (source, delay, projection, synapse of the target).</summary>
    /// <param name="visit">Takes the synapses.</param>
    public void ForEachSynapse(SynapseVisitor visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        foreach (var table in _tables)
        {
            for (var source = 0; source < SourceCount; source++)
            {
                for (var d = 0; d < _delaySteps.Length; d++)
                {
                    var row = table.Row(source, d);
                    for (var i = 0; i < row.Count; i++)
                    {
                        var slot = row.First + (uint)i;
                        visit(source, table.EntryOf(slot), _delaySteps[d], table.WeightOf(slot));
                    }
                }
            }
        }
    }

    private long Deliver(long step, bool shortest, float* input)
    {
        long events = 0;
        foreach (var table in _tables)
        {
            events += table.Deliver(step, shortest, input);
        }

        GC.KeepAlive(this);
        return events;
    }

    private long Deliver(long step, bool shortest, double* input)
    {
        long events = 0;
        foreach (var table in _tables)
        {
            events += table.Deliver(step, shortest, input);
        }

        GC.KeepAlive(this);
        return events;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_tables, t => t.Dispose());
}
