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
    public long LearnTicks;
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

    /// <summary>All counters, for <see cref="Set"/>.</summary>
    public long[] ToArray() =>
        [DeliverTicks, ExchangeTicks, AdvanceTicks, LearnTicks, RecordTicks, WaitTicks, SnapshotTicks, SynapticEvents, NeuronUpdates, AllocatedBytes, StepsDone];

    /// <summary>Sets all counters to those of a shard elsewhere.</summary>
    public void Set(ReadOnlySpan<long> counters)
    {
        DeliverTicks = counters[0];
        ExchangeTicks = counters[1];
        AdvanceTicks = counters[2];
        LearnTicks = counters[3];
        RecordTicks = counters[4];
        WaitTicks = counters[5];
        SnapshotTicks = counters[6];
        SynapticEvents = counters[7];
        NeuronUpdates = counters[8];
        AllocatedBytes = counters[9];
        StepsDone = counters[10];
    }
#pragma warning restore CS0169, IDE0051, IDE0044
}

/// <summary>Two cache lines that nobody uses.</summary>
[InlineArray(16)]
internal struct CacheLines
{
    private long _word;
}

/// <summary>
/// A contiguous range of every population with all that acts on it: the actors of one worker. Which ranges, and in which order its actors act within a
/// step, is for <see cref="NeuronShard"/> and <see cref="ItemShard"/> to say.
/// </summary>
internal abstract class Shard : IDisposable
{
    private readonly long[] _accepted;
    private readonly int[] _lookahead;

    protected Shard(ShardBuilder builder, int index, int shards)
    {
        Builder = builder;
        Index = index;
        _lookahead = builder.Lookahead.Of(index);
        _accepted = new long[shards];
        System.Array.Fill(_accepted, builder.Plan.FirstTurn - 1);
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>What it counted.</summary>
    public ShardCounters Counters { get; } = new();

    /// <summary>Its populations; those of which it has no neurons included.</summary>
    public IReadOnlyList<PopulationActor> Populations => Parts.Populations;

    /// <summary>Synapses that it holds.</summary>
    public abstract long Synapses { get; }

    /// <summary>Bytes of their tables.</summary>
    public abstract long SynapseBytes { get; }

    /// <summary>Turns after which it needs to have heard of each shard. [shard]</summary>
    public IReadOnlyList<int> Hears => _lookahead;

    /// <summary>The last turn that each shard has handed over. [shard]</summary>
    protected ReadOnlySpan<long> Accepted => _accepted;

    /// <summary>What its actors are made by.</summary>
    protected ShardBuilder Builder { get; }

    /// <summary>What follows from the network alone.</summary>
    protected SimulationPlan Plan => Builder.Plan;

    /// <summary>Its actors.</summary>
    protected ShardParts Parts { get; private set; } = ShardParts.None;

    /// <summary>A shard of the kind that a network asks for.</summary>
    public static Shard Create(ShardBuilder builder, int index, int shards) =>
        builder.Plan.Network.IsLayered ? new ItemShard(builder, index, shards) : new NeuronShard(builder, index, shards);

    /// <summary>Makes the actors and their synapses. On the worker's thread, so that its memory is near it.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    public void Build()
    {
        Parts = Builder.Build(Index);
        BuildConnections();
        if (Builder.Resume is { } snapshot)
        {
            foreach (var population in Populations)
            {
                population.Restore(snapshot, Builder.Trains[population.Population.Index], countsForAll: Index == 0);
            }

            Restore(snapshot);
            Counters.StepsDone = Plan.FirstStep;
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

        var mark = Stopwatch.GetTimestamp();
        // What is kept can be gone on from.
        ThrowIfDiverged(buffer.Step);
        foreach (var population in Populations)
        {
            buffer.Take(Index, population, Plan.MaxDelaySteps[population.Population.Index]);
        }

        CaptureConnections(buffer);
        Builder.Recorders?.Mark(Index);
        if (buffer.Complete())
        {
            captured(buffer);
        }

        Counters.SnapshotTicks += Stopwatch.GetTimestamp() - mark;
    }

    /// <summary>Notes that a shard has handed over what it did in a turn.</summary>
    public void Accept(int shard, long turn)
    {
        Invariant.That(_accepted[shard] == turn - 1, "turns of one shard arrive in order");
        _accepted[shard] = turn;
    }

    /// <summary>Notes that a shard has handed over all turns up to one.</summary>
    public void AcceptUpTo(int shard, long turn)
    {
        Invariant.That(_accepted[shard] <= turn, "what was accepted stays so");
        _accepted[shard] = turn;
    }

    /// <summary>Notes that all shards have.</summary>
    public void AcceptAll(long turn) => System.Array.Fill(_accepted, turn);

    /// <summary>Whether all shards have handed over a turn.</summary>
    public bool HasAccepted(long turn) => System.Array.TrueForAll(_accepted, a => a >= turn);

    /// <summary>
    /// Does what of a turn needs nothing of the turn before. May be called once this shard has finished that one, while others have not. If the run
    /// ends before the turn, nothing of it is counted or read.
    /// </summary>
    public void RunAhead(long turn)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Ahead(turn);
        CountAllocated(turn, allocated);
    }

    /// <summary>
    /// Runs a turn: the steps of a slice. Every spike that it needs was emitted in an earlier turn, by its <see cref="Lookahead"/>, and all of those have been accepted.
    /// </summary>
    public void RunTurn(long turn)
    {
        for (var shard = 0; shard < _accepted.Length; shard++)
        {
            Invariant.That(_accepted[shard] >= turn - _lookahead[shard], "a turn starts once all spikes that it needs have come");
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Run(turn);
        CountAllocated(turn, allocated);
    }

    /// <summary>Called once, on the worker, after the last slice.</summary>
    public void Finish() => Builder.Recorders?.Finish(Index);

    /// <summary>Frees everything.</summary>
    public virtual void Dispose()
    {
        foreach (var owned in Parts.Inputs.SelectMany(i => i).Concat<IDisposable>(Populations))
        {
            owned.Dispose();
        }

        Parts.Input?.Dispose();
    }

    /// <summary>Makes what brings spikes to the populations.</summary>
    protected abstract void BuildConnections();

    /// <summary>Copies to a snapshot what is not the populations'.</summary>
    protected abstract void CaptureConnections(SnapshotBuffer buffer);

    /// <summary>Takes up from a snapshot what is not the populations'.</summary>
    protected abstract void Restore(Snapshot snapshot);

    /// <summary>See <see cref="RunAhead"/>.</summary>
    protected virtual void Ahead(long turn)
    {
    }

    /// <summary>Runs a turn.</summary>
    protected abstract void Run(long turn);

    /// <summary>Turns the outboxes to a slice, if it is run from its first step on.</summary>
    protected void BeginSlice(long slice, long firstStep)
    {
        if (firstStep % Plan.SliceSteps == 0)
        {
            foreach (var population in Parts.Populations)
            {
                population.Outbox.BeginSlice(slice);
            }
        }
    }

    /// <summary>Samples the state at the end of a step.</summary>
    protected void Sample(long step)
    {
        foreach (var tap in Parts.StateTaps)
        {
            tap.Sample(step);
        }
    }

    /// <summary>At the end of a slice: spikes go to the recorders and numbers to who watches.</summary>
    protected void HandOver(long first, long last)
    {
        foreach (var tap in Parts.SpikeTaps)
        {
            tap.Append(first, last);
        }

        foreach (var population in Parts.Populations)
        {
            Counters.NeuronUpdates += population.Count * (last - first);
        }

        if (last / DivergenceException.EverySteps > first / DivergenceException.EverySteps || last == Plan.Network.DurationSteps)
        {
            ThrowIfDiverged(last);
        }

        Volatile.Write(ref Counters.StepsDone, last);
    }

    private void ThrowIfDiverged(long step)
    {
        foreach (var population in Parts.Populations)
        {
            DivergenceException.ThrowIfDiverged(population, step, Plan.Network.DtMs);
        }
    }

    /// <summary>What was allocated since, on the step path: waiting for others is not on it, and the first turns may set up thread-local things of the runtime.</summary>
    private void CountAllocated(long turn, long before)
    {
        if (turn >= Plan.FirstTurn + Plan.TurnsPerSlice)
        {
            Counters.AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
