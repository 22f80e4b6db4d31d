using System.Diagnostics;
using System.Runtime.CompilerServices;
using Snn.Actors.Runtime;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>What a shard counts; ticks are those of <see cref="Stopwatch"/>.</summary>
internal sealed class ShardCounters
{
    // Workers write their counters every step: those of two shards must not share a cache line, wherever the heap puts them.
#pragma warning disable CS0169, IDE0051, IDE0044 // Padding is there to be unused.
    private CacheLines _before;
    public long DeliverTicks;
    public long ExchangeTicks;
    public long AdvanceTicks;
    public long RecordTicks;
    public long WaitTicks;
    public long SnapshotTicks;
    public long SynapticEvents;
    public long NeuronUpdates;

    /// <summary>Bytes that the worker allocated since its second slice: 0 unless Snn is wrong.</summary>
    public long AllocatedBytes;

    /// <summary>Steps finished; read by others while the run goes on.</summary>
    public long StepsDone;

    private CacheLines _behind;
#pragma warning restore CS0169, IDE0051, IDE0044
}

/// <summary>Two cache lines that nobody uses.</summary>
[InlineArray(16)]
internal struct CacheLines
{
    private long _word;
}

/// <summary>
/// A contiguous range of every population with all that acts on it: the actors of one worker. Inside a slice, step by step: deliver
/// (connections), feed and advance (inputs and populations, one population after the other), sample (recorders).
/// </summary>
internal sealed class Shard : IDisposable
{
    private readonly ShardBuilder _builder;
    private readonly long[] _accepted;
    private readonly int _sliceSteps;
    private readonly long _durationSteps;
    private PopulationActor[] _populations = [];
    private ConnectionActor[] _connections = [];
    private InputActor[][] _inputs = [];
    private StateTap[] _stateTaps = [];
    private SpikeTap[] _spikeTaps = [];
    private NumberColumns? _input;
    private long _allocatedBefore;
    private long _eventsAhead;

    public Shard(ShardBuilder builder, int index, int shards)
    {
        _builder = builder;
        Index = index;
        _accepted = new long[shards];
        System.Array.Fill(_accepted, builder.Plan.FirstSlice - 1);
        _sliceSteps = builder.Plan.SliceSteps;
        _durationSteps = builder.Plan.Network.DurationSteps;
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>What it counted.</summary>
    public ShardCounters Counters { get; } = new();

    /// <summary>Its populations; those of which it has no neurons included.</summary>
    public IReadOnlyList<PopulationActor> Populations => _populations;

    /// <summary>Its connections.</summary>
    public IReadOnlyList<ConnectionActor> Connections => _connections;

    /// <summary>Makes the actors and their synapses. On the worker's thread, so that its memory is near it.</summary>
    public void Build()
    {
        var parts = _builder.Build(Index);
        _input = parts.Input;
        _populations = parts.Populations;
        _connections = parts.Connections;
        _inputs = parts.Inputs;
        _spikeTaps = parts.SpikeTaps;
        _stateTaps = parts.StateTaps;
        if (_builder.Resume is { } snapshot)
        {
            Restore(snapshot);
        }
    }

    /// <summary>
    /// Copies the state at the boundary that all workers stand at. What was delivered ahead of the slice is not in it: it is filed again from the spikes
    /// in flight when the run is resumed.
    /// </summary>
    /// <param name="buffer">Where to; null: no snapshot is taken here.</param>
    /// <param name="captured">Told, by the last shard, that the buffer is full.</param>
    public void Capture(SnapshotBuffer? buffer, Action<SnapshotBuffer> captured)
    {
        if (buffer is null)
        {
            return;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var mark = Stopwatch.GetTimestamp();
        foreach (var population in _populations)
        {
            buffer.Take(Index, population, _builder.Plan.MaxDelaySteps[population.Population.Index]);
        }

        _builder.Recorders?.Mark(Index);
        if (buffer.Complete())
        {
            captured(buffer);
        }

        Counters.SnapshotTicks += Stopwatch.GetTimestamp() - mark;
        _allocatedBefore += GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    /// <summary>Notes that a shard has handed over its spikes of a slice.</summary>
    public void Accept(int shard, long slice)
    {
        Invariant.That(_accepted[shard] == slice - 1, "slices of one shard arrive in order");
        _accepted[shard] = slice;
    }

    /// <summary>Notes that all shards have.</summary>
    public void AcceptAll(long slice) => System.Array.Fill(_accepted, slice);

    /// <summary>Whether all shards have handed over a slice.</summary>
    public bool HasAccepted(long slice) => System.Array.TrueForAll(_accepted, a => a >= slice);

    /// <summary>
    /// Delivers, in the first step of a slice, what needs no spike of the slice before. May be called once this shard has finished that one, while
    /// others have not: most of the work of a slice of one step is then done in the time of waiting for them. If the run ends before the
    /// slice, nothing of it is counted or read.
    /// </summary>
    public void DeliverAhead(long slice)
    {
        var mark = Stopwatch.GetTimestamp();
        _eventsAhead = DeliverStepAhead(FirstStep(slice));
        Counters.DeliverTicks += Stopwatch.GetTimestamp() - mark;
    }

    /// <summary>
    /// Runs the steps of a slice. Every spike that it needs was emitted in an earlier slice, and all of those have been accepted.
    /// </summary>
    public void RunSlice(long slice)
    {
        foreach (var accepted in _accepted)
        {
            Invariant.That(accepted == slice - 1, "a slice starts once all spikes of the slice before have come, and no later ones are read");
        }

        if (slice == _builder.Plan.FirstSlice + 1)
        {
            // The first slice may still set up thread-local things of the runtime; from here on nothing allocates.
            _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        }

        var first = FirstStep(slice);
        var last = Math.Min((slice + 1) * _sliceSteps, _durationSteps);
        if (first % _sliceSteps == 0)
        {
            foreach (var population in _populations)
            {
                population.Outbox.BeginSlice(slice);
            }
        }

        Counters.SynapticEvents += _eventsAhead;
        _eventsAhead = 0;
        var mark = Stopwatch.GetTimestamp();
        if (slice > _builder.Plan.FirstSlice)
        {
            foreach (var connection in _connections)
            {
                connection.File((slice - 1) * _sliceSteps, slice * _sliceSteps);
            }
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
        if (slice > _builder.Plan.FirstSlice)
        {
            Counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        }
    }

    /// <summary>Called once, on the worker, after the last slice.</summary>
    public void Finish() => _builder.Recorders?.Finish(Index);

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        foreach (var owned in _connections.Cast<IDisposable>().Concat(_inputs.SelectMany(i => i)).Concat(_populations))
        {
            owned.Dispose();
        }

        _input?.Dispose();
    }

    private long FirstStep(long slice) => Math.Max(slice * _sliceSteps, _builder.Plan.FirstStep);

    /// <summary>Takes up its part of a snapshot, and files the spikes in flight: what of them is still due.</summary>
    private void Restore(Snapshot snapshot)
    {
        foreach (var population in _populations)
        {
            population.Restore(snapshot, _builder.Trains[population.Population.Index], countsForAll: Index == 0);
        }

        // Those of the slice that the snapshot lies in, if it does not begin there, are filed with the next slice, like all others.
        var plan = _builder.Plan;
        var last = plan.FirstSlice * _sliceSteps;
        foreach (var connection in _connections)
        {
            connection.File(Math.Max(0, plan.FirstStep - plan.MaxDelaySteps[connection.Source.Index]), last, plan.FirstStep);
        }

        Counters.StepsDone = plan.FirstStep;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long RunStep(long step, long start)
    {
        var events = DeliverStepAhead(step);
        foreach (var connection in _connections)
        {
            events += connection.Deliver(step);
        }

        var delivered = Stopwatch.GetTimestamp();
        // The first rows of the next step come from memory while the neurons are computed.
        foreach (var connection in _connections)
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

        var advanced = Stopwatch.GetTimestamp();
        foreach (var tap in _stateTaps)
        {
            tap.Sample(step);
        }

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

    /// <summary>At the end of a slice: spikes go to the recorders and numbers to who watches.</summary>
    private void HandOver(long first, long last)
    {
        foreach (var tap in _spikeTaps)
        {
            tap.Append(first, last);
        }

        foreach (var population in _populations)
        {
            Counters.NeuronUpdates += population.Count * (last - first);
        }

        Volatile.Write(ref Counters.StepsDone, last);
    }
}
