using System.Diagnostics;
using System.Runtime.CompilerServices;
using Snn.Actors.Snapshots;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>
/// Some neurons of every population, and all synapses onto them. Inside a slice, step by step: deliver (connections), feed and advance (inputs and
/// populations, one population after the other), show the synapses that learn who spiked, sample (recorders).
/// </summary>
internal sealed class NeuronShard(ShardBuilder builder, int index, int shards) : Shard(builder, index, shards)
{
    private readonly int _sliceSteps = builder.Plan.SliceSteps;
    private readonly long[] _stepsDone = new long[shards];
    private ConnectionActor[] _connections = [];
    private PlasticConnectionActor[] _plastic = [];
    private PopulationActor[] _populations = [];
    private InputActor[][] _inputs = [];
    private long _eventsAhead;

    /// <inheritdoc/>
    public override long Synapses => _connections.Sum(c => c.Tables.SynapseCount) + _plastic.Sum(c => c.Tables.SynapseCount);

    /// <inheritdoc/>
    public override long SynapseBytes => _connections.Sum(c => c.Tables.Bytes) + _plastic.Sum(c => c.Tables.Bytes);

    /// <summary>Events that were delivered late, where nobody waits.</summary>
    public LateEvents Late { get; } = new();

    /// <summary>Its synapses that learn, one actor a projection.</summary>
    public IReadOnlyList<PlasticConnectionActor> Plastic => _plastic;

    /// <summary>Marks the neurons of a population whose spikes the shard needs, one bit each.</summary>
    public void MarkSources(Networks.Population population, Span<ulong> bits)
    {
        foreach (var connection in _connections.Where(c => c.Source == population))
        {
            connection.Tables.MarkSources(bits);
        }

        foreach (var connection in _plastic)
        {
            connection.MarkSources(population, bits);
        }
    }

    /// <summary>Events that would have been due before the end of the run, but whose spikes came when the shard had ended. Once, after the run, where nobody waits.</summary>
    /// <param name="end">Step behind the last.</param>
    public LateEvents CountNeverDelivered(long end)
    {
        var never = new LateEvents();
        System.Array.Fill(_stepsDone, end);
        foreach (var connection in _connections)
        {
            connection.FileArrived(_stepsDone, end, never);
        }

        return never;
    }

    /// <summary>
    /// Delivers, in the first step of a slice, what needs no spike of the slice before: most of the work of a slice of one step is then done in the time
    /// of waiting for the others.
    /// </summary>
    protected override void Ahead(long turn)
    {
        var mark = Stopwatch.GetTimestamp();
        _eventsAhead = DeliverStepAhead(Plan.FirstStepOf(turn));
        Counters.DeliverTicks += Stopwatch.GetTimestamp() - mark;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        System.Array.ForEach(_connections, c => c.Dispose());
        System.Array.ForEach(_plastic, c => c.Dispose());
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void BuildConnections()
    {
        _populations = Parts.Populations;
        _inputs = Parts.Inputs;
        _connections = Builder.BuildConnections(Parts, Index);
        _plastic = Builder.BuildPlastic(Parts, Index);
        foreach (var actor in _plastic)
        {
            Builder.SnapshotParts.Add(Index, actor);
        }
    }

    /// <summary>The synapses that learn; spikes in flight are in the outboxes, and static synapses are drawn again.</summary>
    protected override void CaptureConnections(SnapshotBuffer buffer)
    {
        foreach (var connection in _plastic)
        {
            connection.Capture(buffer, Index);
        }
    }

    /// <summary>Files the spikes in flight: what of them is still due.</summary>
    protected override void Restore(Snapshot snapshot)
    {
        // Those of the slice that the snapshot lies in, if it does not begin there, are filed with the next slice, like all others.
        var last = Plan.FirstSlice * _sliceSteps;
        foreach (var connection in _connections)
        {
            connection.File(Math.Max(0, Plan.FirstStep - Plan.MaxDelaySteps[connection.Source.Index]), last, Plan.FirstStep);
        }

        foreach (var connection in _plastic)
        {
            connection.Restore(snapshot);
            connection.File(Math.Max(0, Plan.FirstStep - Plan.MaxDelaySteps[connection.Projection.Source.Index]), last, Plan.FirstStep);
        }
    }

    /// <inheritdoc/>
    protected override void Run(long turn)
    {
        var slice = turn;
        var first = Plan.FirstStepOf(slice);
        var last = Plan.LastStepOf(slice);
        BeginSlice(slice, first);
        Counters.SynapticEvents += _eventsAhead;
        _eventsAhead = 0;
        var mark = Stopwatch.GetTimestamp();
        if (Builder.Lookahead.Waits)
        {
            FileNeeded(slice);
        }
        else
        {
            FileArrived(first);
        }

        var filed = Stopwatch.GetTimestamp();
        Counters.ExchangeTicks += filed - mark;
        mark = filed;
        for (var step = first; step < last; step++)
        {
            mark = RunStep(step, mark);
        }

        HandOver(first, last);
        Counters.RecordTicks += Stopwatch.GetTimestamp() - mark;
    }

    /// <summary>Files the slice of spikes that this one is the first to need.</summary>
    private void FileNeeded(long slice)
    {
        foreach (var connection in _connections)
        {
            if (IsRun(slice - connection.FilesAfter))
            {
                connection.File((slice - connection.FilesAfter) * _sliceSteps, (slice - connection.FilesAfter + 1) * _sliceSteps);
            }
        }

        foreach (var connection in _plastic)
        {
            if (IsRun(slice - connection.FilesAfter))
            {
                connection.File((slice - connection.FilesAfter) * _sliceSteps, (slice - connection.FilesAfter + 1) * _sliceSteps);
            }
        }
    }

    /// <summary>Files the spikes that have come.</summary>
    private void FileArrived(long now)
    {
        for (var shard = 0; shard < _stepsDone.Length; shard++)
        {
            _stepsDone[shard] = Plan.LastStepOf(Accepted[shard]);
        }

        foreach (var connection in _connections)
        {
            connection.FileArrived(_stepsDone, now, Late);
        }
    }

    /// <summary>Whether a slice is one of this run: the spikes of those before were filed when it was resumed.</summary>
    private bool IsRun(long slice) => slice >= Plan.FirstSlice;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long RunStep(long step, long start)
    {
        var events = DeliverStepAhead(step);
        foreach (var connection in _connections)
        {
            events += connection.Deliver(step);
        }

        foreach (var connection in _plastic)
        {
            events += connection.Deliver(step);
        }

        var delivered = Stopwatch.GetTimestamp();
        // The first rows of the next step come from memory while the neurons are computed.
        foreach (var connection in _connections)
        {
            connection.PrefetchFirst(step + 1);
        }

        foreach (var connection in _plastic)
        {
            connection.PrefetchFirst(step + 1);
        }

        // A population is fed just before it is advanced: what the one writes the other finds in the nearest cache.
        for (var p = 0; p < _populations.Length; p++)
        {
            foreach (var input in _inputs[p])
            {
                input.Add(step);
            }

            _populations[p].Advance(step);
        }

        foreach (var connection in _plastic)
        {
            connection.NoteTargets(step);
        }

        var advanced = Stopwatch.GetTimestamp();
        Sample(step);
        Counters.SynapticEvents += events;
        Counters.DeliverTicks += delivered - start;
        Counters.AdvanceTicks += advanced - delivered;
        return advanced;
    }

    private long DeliverStepAhead(long step)
    {
        var events = 0L;
        foreach (var connection in _connections)
        {
            events += connection.DeliverAhead(step);
        }

        return events;
    }
}
