using System.Diagnostics;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Runtime;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;
using Snn.Kernels.Lanes;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Synapses;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Simulation;

/// <summary>
/// Builds the actors of a network and runs them: one worker a shard, or all of them on one thread in an order drawn from a seed
/// (<see cref="SimulationOptions.DispatcherSeed"/>). Both ways give the same spikes.
/// </summary>
public sealed class Simulator : ISimulator
{
    /// <inheritdoc/>
    public IReadOnlyList<NetworkProblem> Check(Network network, SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        return [.. NeuronParameters.DrawnProblems(network), .. RewardBoard.Problems(network, options.Rewards)];
    }

    /// <inheritdoc/>
    public SimulationResult Run(
        Network network, SimulationOptions options, RunDirectory? run, SimulationProgress? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (Check(network, options) is { Count: > 0 } problems)
        {
            throw new NetworkException(problems);
        }

        options.Resume?.RefuseOther(network, branches: !options.ContinuesRecording);
        var generation = options.Resume is { } resumed ? resumed.Manifest.Generation + 1 : 0;
        if (options.Transport is { } ranks)
        {
            RefuseOnRanks(network, ranks.Ranks);
        }

        if (options.Clock == ClockPolicy.Free)
        {
            RefuseFree(network, options);
        }

        var supervisor = new Supervisor();
        var link = options.Transport is { Ranks: > 1 } transport ? new RankLink(transport, supervisor) : null;
        var before = options.ContinuesRecording && options.Resume is { } snapshot && run is not null ? new RecordingPosition(snapshot.Manifest.Recording) : null;
        if (link is null or { Rank: 0 })
        {
            before?.TruncateTo(run!.Parts);
        }

        var threads = Threads(network, options);
        // Nobody records before rank 0 has cut back what there is.
        var layout = link is null ? RankLayout.Single(threads) : RankLayout.Agree(link, network, options.Resume?.Manifest.Step ?? 0, threads);
        var recorder = run is null ? null : new Recorder(run.Parts, threads, generation, before: before);
        using var simulation = new Simulation(network, options, layout, link, supervisor, recorder, generation, cancellation);
        try
        {
            RunWithSlowActors(simulation, recorder, progress);
        }
        catch (SimulationFailedException e) when (e.InnerException is RecordingException recording)
        {
            throw new RecordingException(recording.Message, recording);
        }
        catch (SimulationFailedException e) when (e.InnerException is DivergenceException)
        {
            throw new SimulationException(e.InnerException.Message, e);
        }
        catch (SimulationFailedException e)
        {
            throw new SimulationException(e.Message, e);
        }

        return Finish(simulation, network, recorder, run, progress);
    }

    private static void RefuseOnRanks(Network network, int ranks)
    {
        if (ranks > 1 && network.IsLayered && network.Projections.Any(p => p.Learning is not null))
        {
            throw new SimulationException(
                $"a layered network that learns runs in one process in this version, not on {ranks} ranks: leave --ranks out and give it --threads");
        }

        if (ranks > 1 && network.IsLayered && network.Items < ranks)
        {
            throw new SimulationException(FormattableString.Invariant(
                $"a layered network is shared out by batch items, and this one has {network.Items}: give no more than {network.Items} ranks"));
        }
    }

    /// <summary>What needs spikes in their order, or a run that can be repeated.</summary>
    private static void RefuseFree(Network network, SimulationOptions options)
    {
        var problem = network.Projections.Any(p => p.Learning is not null) ? "a network that learns needs the spikes in their order"
            : options.Transport is { Ranks: > 1 } ? "in this version it runs in one process"
            : options.Snapshots is not null || options.Resume is not null ? "a run that cannot be repeated has no snapshots to go on from"
            : options.DispatcherSeed is not null ? "the seeded dispatcher has a clock of its own"
            : null;
        if (problem is not null)
        {
            throw new SimulationException($"the free clock is not for this run: {problem}; use the clock 'barrier' or 'async'");
        }
    }

    private static void RunWithSlowActors(Simulation simulation, Recorder? recorder, SimulationProgress? progress)
    {
        var pool = new PoolDispatcher(simulation.Supervisor);
        try
        {
            if (progress is not null)
            {
                pool.StartTicking("progress", new ProgressActor(simulation, progress), ProgressActor.Period);
            }

            if (recorder is not null)
            {
                pool.StartTicking("recorder", new RecorderActor(recorder), RecorderActor.Period);
            }

            if (simulation.Snapshots is { } snapshots)
            {
                // A recorder that has failed fails the run by itself; here it only means that there is no snapshot any more.
                simulation.Captured = pool.Start("snapshots", snapshots).Tell;
            }

            simulation.Run();
        }
        finally
        {
            simulation.End();
            pool.DisposeAsync().AsTask().Wait(CancellationToken.None);
        }

        // A slow actor may have failed when the workers had ended: another rank could wait for what it should have sent.
        simulation.Supervisor.ThrowIfFailed();
    }

    /// <summary>Workers: not more than there are batch items to share out.</summary>
    private static int Threads(Network network, SimulationOptions options)
    {
        var asked = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var ranks = options.Transport?.Ranks ?? 1;
        return network.IsLayered ? Math.Clamp(network.Items / ranks, 1, asked) : asked;
    }

    private static SimulationResult Finish(
        Simulation simulation, Network network, Recorder? recorder, RunDirectory? run, SimulationProgress? progress)
    {
        progress?.Stage = SimulationStage.Writing;
        var start = Stopwatch.GetTimestamp();
        recorder?.Flush();
        // Where there are other ranks, their reports say too that their recordings are on the disk.
        var result = simulation.Result();
        if (run is null || recorder is null)
        {
            return result;
        }

        if (simulation.Rank > 0)
        {
            foreach (var projection in network.Projections.Where(p => p.RecordWeights && p.Learning is SynapseLearning))
            {
                simulation.VisitPlastic(projection, NoVisitor.Instance);
            }

            return result;
        }

        // What may be resumed keeps its parts: the recording of a longer run begins with them.
        RecordingMerge.Write(network, run, keepsParts: result.Snapshots > 0 || recorder.Continues);
        WeightFiles.Write(network, run, simulation.Weights, simulation.VisitPlastic);
        return result with
        {
            Seconds = result.Seconds with { Record = result.Seconds.Record + Stopwatch.GetElapsedTime(start).TotalSeconds },
            RecorderWaits = recorder.Waits,
        };
    }
}

/// <summary>One run of one network.</summary>
internal sealed class Simulation : IDisposable
{
    private readonly SimulationOptions _options;
    private readonly SliceSchedule _schedule;
    private readonly ShardBuilder _builder;
    private readonly Shard[] _shards;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly SimulationPlan _plan;
    private readonly SnapshotTaker? _taker;
    private readonly RankLayout _layout;
    private readonly RankPart? _ranks;
    private readonly CancellationToken _stop;
    private int _shardsToBuild;
    private long _built;
    private long _ended;
    private volatile bool _isOver;

    public Simulation(
        Network network,
        SimulationOptions options,
        RankLayout layout,
        RankLink? link,
        Supervisor supervisor,
        Recorder? recorder,
        int generation,
        CancellationToken cancellation)
    {
        Network = network;
        Supervisor = supervisor;
        _options = options;
        _layout = layout;
        _stop = cancellation;
        _plan = new SimulationPlan(network, options.Resume?.Manifest.Step ?? 0);
        var partition = _plan.Cut(layout);
        Lanes = LanePolicy.Choose(options.Lanes, network.Precision == Precision.Double);
        var parts = new SnapshotParts();
        var taker = options.Snapshots is { } policy ? new SnapshotTaker(policy, network, layout, partition, _plan.FirstStep, parts) : null;
        _taker = taker;
        // Who changes weights that all use has to wait for all.
        Clock = _plan.TurnsPerSlice > 1 ? ClockPolicy.Barrier : options.Clock;
        var slicesAhead = Clock switch { ClockPolicy.Async => Lookahead.MostAhead, ClockPolicy.Free => FreeClock.SlicesKept, _ => 1 };
        var outboxes = new RankOutboxes(layout, partition, _plan, slicesAhead);
        _ranks = link is null ? null : new RankPart(link, layout, _plan, partition, parts, new SpikeExchange(link, _plan, outboxes, slicesAhead, supervisor), () => _shards!, () => _built = Stopwatch.GetTimestamp());
        Snapshots = taker is null ? null : new SnapshotActor(options.Snapshots!, taker, recorder, _ranks, generation, () => _isOver);
        _builder = new ShardBuilder(
            _plan, partition, new Lookahead(_plan, layout, partition, waits: Clock != ClockPolicy.Free), outboxes, Lanes, new RunRecorders(network, recorder, options.Log, layout.First), parts, options, cancellation);
        _schedule = new SliceSchedule(_plan, taker, _builder.Rewards, cancellation);
        _shards = [.. Enumerable.Range(layout.First, layout.Count).Select(i => Shard.Create(_builder, i, layout.Shards))];
        _shardsToBuild = layout.Count;
    }

    /// <summary>Number of this process.</summary>
    public int Rank => _layout.Rank;

    /// <summary>Told of every actor of the run that fails.</summary>
    public Supervisor Supervisor { get; }

    /// <summary>Writes the snapshots, or null. Not started yet.</summary>
    public SnapshotActor? Snapshots { get; }

    /// <summary>Takes a full buffer: the snapshot actor's mailbox.</summary>
    public Func<SnapshotBuffer, bool> Captured { get; set; } = _ => true;

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Lanes of a vector.</summary>
    public int Lanes { get; }

    /// <summary>The clock: where shards change weights that all of them use, always the barrier.</summary>
    public ClockPolicy Clock { get; }

    /// <summary>The shards.</summary>
    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>Builds and runs to the end, to a stop or to a failure.</summary>
    /// <exception cref="SimulationFailedException">An actor failed.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop before its first step.</exception>
    public void Run()
    {
        if (_options.DispatcherSeed is { } seed)
        {
            RunSeeded(seed);
        }
        else
        {
            WorkerClock clock = Clock switch
            {
                ClockPolicy.Async => new AsyncClock(_plan, _schedule, _ranks, _layout, Supervisor),
                ClockPolicy.Free => new FreeClock(_plan, _schedule, _shards.Length, Supervisor),
                _ => new BarrierClock(_schedule, _ranks, _shards.Length, Supervisor),
            };
            new WorkerDispatcher(Supervisor).Run([.. _shards.Select(s => new ShardJob(s, clock, _schedule, Built, b => Captured(b)))]);
        }

        _ended = Stopwatch.GetTimestamp();
        if ((_stop.IsCancellationRequested || _schedule.IsStopped) && !HasBegun())
        {
            throw new OperationCanceledException(_stop);
        }
    }

    /// <summary>No slice is run any more: whoever still waits for a store may lose patience.</summary>
    public void End() => _isOver = true;

    /// <summary>The weights of a projection of a layered network, as they are now; null where it has no matrix or kernels of them.</summary>
    public LayerWeights? Weights(Projection projection) => _builder.Weights(projection);

    /// <summary>
    /// Shows the synapses of a projection of a sparse network that learns, as they are when the next step begins: to rank 0's visitor those of all ranks, which all
    /// call this.
    /// </summary>
    public void VisitPlastic(Projection projection, IPlasticVisitor visitor)
    {
        if (_ranks is null)
        {
            VisitOwn(visitor);
        }
        else
        {
            _ranks.Visit(visitor, VisitOwn);
        }

        void VisitOwn(IPlasticVisitor own)
        {
            foreach (var tables in _shards.OfType<NeuronShard>().SelectMany(s => s.Plastic).Where(p => p.Projection == projection).Select(p => p.Tables))
            {
                // What the spikes before the end do to the weights is to be in them, however seldom their sources spike.
                tables.CatchUp(_shards.Min(s => s.Counters.StepsDone));
                tables.Visit(own);
            }
        }
    }

    /// <summary>Publishes how far the run is.</summary>
    public void Publish(SimulationProgress progress)
    {
        var built = Volatile.Read(ref _shardsToBuild) == 0;
        progress.Stage = built ? SimulationStage.Simulating : SimulationStage.Building;
        progress.Step = built ? _shards.Min(s => Volatile.Read(ref s.Counters.StepsDone)) : 0;
        for (var p = 0; built && p < progress.Populations; p++)
        {
            progress.SetSpikes(p, _shards.Sum(s => s.Populations[p].Statistics.Spikes) + (_ranks?.SpikesElsewhere(p) ?? 0));
        }
    }

    /// <summary>What came out, once <see cref="Run"/> has returned: at rank 0 of all ranks, which all call this.</summary>
    public SimulationResult Result()
    {
        var own = _shards.Select(ShardReport.Of).ToArray();
        var reports = _ranks?.Gather(own) ?? own;
        var counters = reports.Select(s => s.Counters).ToArray();
        var steps = counters.Min(c => c.StepsDone);
        double MeanSeconds(Func<ShardCounters, long> ticks) => counters.Average(c => ticks(c) / (double)Stopwatch.Frequency);
        return new SimulationResult
        {
            Interrupted = steps < Network.DurationSteps,
            Steps = steps,
            FirstStep = _plan.FirstStep,
            Snapshots = Snapshots?.Written ?? 0,
            SnapshotProblem = Snapshots?.Problem,
            Threads = _shards.Length,
            Ranks = _layout.Ranks,
            Workers = _layout.Shards,
            Clock = Clock,
            LateEvents = Clock == ClockPolicy.Free ? Sum(s => s.Late) : null,
            NeverDelivered = Clock == ClockPolicy.Free ? Sum(s => s.CountNeverDelivered(steps)).Total : 0,
            BytesSent = _ranks?.BytesSent ?? 0,
            Lanes = Lanes,
            Synapses = reports.Sum(s => s.Synapses),
            SynapseBytes = reports.Sum(s => s.SynapseBytes),
            SynapticEvents = counters.Sum(c => c.SynapticEvents),
            NeuronUpdates = counters.Sum(c => c.NeuronUpdates),
            AllocatedBytes = counters.Max(c => c.AllocatedBytes),
            Seconds = new SimulationSeconds
            {
                Build = Stopwatch.GetElapsedTime(_start, _built).TotalSeconds,
                Simulate = Stopwatch.GetElapsedTime(_built, _ended).TotalSeconds,
                Deliver = MeanSeconds(c => c.DeliverTicks),
                Exchange = MeanSeconds(c => c.ExchangeTicks),
                Advance = MeanSeconds(c => c.AdvanceTicks),
                Learn = MeanSeconds(c => c.LearnTicks),
                Record = MeanSeconds(c => c.RecordTicks),
                Wait = MeanSeconds(c => c.WaitTicks),
                Snapshot = MeanSeconds(c => c.SnapshotTicks),
            },
            Populations = [.. Network.Populations.Select(p => ResultOf(p, reports))],
            SpikeHash = reports.SelectMany(s => s.Hashes).Aggregate(0UL, (all, hash) => all + hash),
        };
    }

    private LateEvents Sum(Func<NeuronShard, LateEvents> count)
    {
        var sum = new LateEvents();
        foreach (var shard in _shards.OfType<NeuronShard>())
        {
            sum.Add(count(shard));
        }

        return sum;
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }

        _taker?.Dispose();
        _ranks?.Dispose();
        _builder.Dispose();
    }

    private void RunSeeded(ulong seed)
    {
        var dispatcher = new SeededDispatcher(Supervisor, seed) { FailAtTurn = _options.FailAtTurn };
        foreach (var shard in _shards)
        {
            shard.Build();
            Built();
        }

        var actors = _shards.Select(s => new ShardActor(s, _schedule, b => Captured(b))).ToArray();
        var references = actors.Select((a, i) => dispatcher.Start($"shard {i}", a)).ToArray();
        var clock = new ClockActor(_schedule, _ranks, references);
        var clockReference = dispatcher.Start("clock", clock);
        foreach (var actor in actors)
        {
            actor.Connect(references, clockReference);
        }

        clock.Begin();
        dispatcher.Run();
        Supervisor.ThrowIfFailed();
        foreach (var shard in _shards)
        {
            shard.Capture(_schedule.BufferAt(clock.EndedBefore), b => Captured(b));
            shard.Finish();
        }
    }

    private bool HasBegun() =>
        Volatile.Read(ref _shardsToBuild) == 0 && (_shards[0].Counters.StepsDone > _plan.FirstStep || _plan.FirstStep >= Network.DurationSteps);

    private void Built()
    {
        if (Interlocked.Decrement(ref _shardsToBuild) == 0)
        {
            _taker?.Prepare();
            _built = Stopwatch.GetTimestamp();
        }
    }

    private static PopulationResult ResultOf(Population population, IReadOnlyList<ShardReport> reports)
    {
        var statistics = reports.Select(r => r.Statistics[population.Index]).ToArray();
        return new PopulationResult(
            population.Name,
            population.Size,
            statistics.Sum(s => s.Spikes),
            SpikeTrainStatistics.MeanCv(statistics),
            SpikeTrainStatistics.SilentNeurons(statistics, population.Size));
    }
}
