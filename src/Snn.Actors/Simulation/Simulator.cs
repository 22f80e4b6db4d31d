using System.Diagnostics;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Runtime;
using Snn.Kernels.Lanes;

namespace Snn.Actors.Simulation;

/// <summary>
/// Builds the actors of a network and runs them: one worker a shard, or all of them on one thread in an order drawn from a seed
/// (<see cref="SimulationOptions.DispatcherSeed"/>). Both ways give the same spikes.
/// </summary>
public sealed class Simulator : ISimulator
{
    /// <inheritdoc/>
    public IReadOnlyList<NetworkProblem> Check(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return NeuronParameters.DrawnProblems(network);
    }

    /// <inheritdoc/>
    public SimulationResult Run(
        Network network, SimulationOptions options, RunDirectory? run, SimulationProgress? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (Check(network) is { Count: > 0 } problems)
        {
            throw new NetworkException(problems);
        }

        var recorder = run is null ? null : new Recorder(run.Parts, Threads(options));
        using var simulation = new Simulation(network, options, Threads(options), recorder, cancellation);
        try
        {
            RunWithSlowActors(simulation, recorder, progress);
        }
        catch (SimulationFailedException e) when (e.InnerException is RecordingException recording)
        {
            throw new RecordingException(recording.Message, recording);
        }
        catch (SimulationFailedException e)
        {
            throw new SimulationException(e.Message, e);
        }

        return Finish(simulation, network, recorder, run, progress);
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

            simulation.Run();
        }
        finally
        {
            pool.DisposeAsync().AsTask().Wait(CancellationToken.None);
        }
    }

    private static int Threads(SimulationOptions options) => options.Threads > 0 ? options.Threads : Environment.ProcessorCount;

    private static SimulationResult Finish(
        Simulation simulation, Network network, Recorder? recorder, RunDirectory? run, SimulationProgress? progress)
    {
        var result = simulation.Result();
        if (run is null || recorder is null)
        {
            return result;
        }

        progress?.Stage = SimulationStage.Writing;
        var start = Stopwatch.GetTimestamp();
        recorder.Flush();
        RecordingMerge.Write(network, run);
        WeightFiles.Write(network, run);
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
    private int _shardsToBuild;
    private long _built;
    private long _ended;

    public Simulation(Network network, SimulationOptions options, int threads, Recorder? recorder, CancellationToken cancellation)
    {
        Network = network;
        _options = options;
        var plan = new SimulationPlan(network);
        var partition = Partition.Even(network.Populations, plan.WorkPerNeuron(), threads);
        Lanes = LanePolicy.Choose(options.Lanes, network.Precision == Precision.Double);
        _schedule = new SliceSchedule(plan.Slices, cancellation);
        _builder = new ShardBuilder(plan, partition, Lanes, new RunRecorders(network, recorder, options.Log));
        _shards = [.. Enumerable.Range(0, threads).Select(i => new Shard(_builder, i, threads))];
        _shardsToBuild = threads;
    }

    /// <summary>Told of every actor of the run that fails.</summary>
    public Supervisor Supervisor { get; } = new();

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Lanes of a vector.</summary>
    public int Lanes { get; }

    /// <summary>The shards.</summary>
    public IReadOnlyList<Shard> Shards => _shards;

    /// <summary>Builds and runs to the end, to a stop or to a failure.</summary>
    /// <exception cref="SimulationFailedException">An actor failed.</exception>
    public void Run()
    {
        if (_options.DispatcherSeed is { } seed)
        {
            RunSeeded(seed);
        }
        else
        {
            var clock = new BarrierClock(_schedule, _shards.Length, Supervisor);
            new WorkerDispatcher(Supervisor).Run([.. _shards.Select(s => new ShardJob(s, clock, Built))]);
        }

        _ended = Stopwatch.GetTimestamp();
    }

    /// <summary>Publishes how far the run is.</summary>
    public void Publish(SimulationProgress progress)
    {
        var built = Volatile.Read(ref _shardsToBuild) == 0;
        progress.Stage = built ? SimulationStage.Simulating : SimulationStage.Building;
        progress.Step = built ? _shards.Min(s => Volatile.Read(ref s.Counters.StepsDone)) : 0;
        for (var p = 0; built && p < progress.Populations; p++)
        {
            progress.SetSpikes(p, _shards.Sum(s => s.Populations[p].Statistics.Spikes));
        }
    }

    /// <summary>What came out, once <see cref="Run"/> has returned.</summary>
    public SimulationResult Result()
    {
        var counters = _shards.Select(s => s.Counters).ToArray();
        var tables = _shards.SelectMany(s => s.Connections).Select(c => c.Tables).ToArray();
        var steps = counters.Min(c => c.StepsDone);
        double MeanSeconds(Func<ShardCounters, long> ticks) => counters.Average(c => ticks(c) / (double)Stopwatch.Frequency);
        return new SimulationResult
        {
            Interrupted = steps < Network.DurationSteps,
            Steps = steps,
            Threads = _shards.Length,
            Lanes = Lanes,
            Synapses = tables.Sum(t => t.SynapseCount),
            SynapseBytes = tables.Sum(t => t.Bytes),
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
                Record = MeanSeconds(c => c.RecordTicks),
                Wait = MeanSeconds(c => c.WaitTicks),
            },
            Populations = [.. Network.Populations.Select(p => ResultOf(p))],
            SpikeHash = _shards.SelectMany(s => s.Populations).Aggregate(0UL, (hash, p) => hash + p.Hash),
        };
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }

        _builder.DisposeOutboxes();
    }

    private void RunSeeded(ulong seed)
    {
        var dispatcher = new SeededDispatcher(Supervisor, seed) { FailAtTurn = _options.FailAtTurn };
        foreach (var shard in _shards)
        {
            shard.Build();
            Built();
        }

        var actors = _shards.Select(s => new ShardActor(s)).ToArray();
        var references = actors.Select((a, i) => dispatcher.Start($"shard {i}", a)).ToArray();
        var clock = new ClockActor(_schedule, references);
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
            shard.Finish();
        }
    }

    private void Built()
    {
        if (Interlocked.Decrement(ref _shardsToBuild) == 0)
        {
            _built = Stopwatch.GetTimestamp();
        }
    }

    private PopulationResult ResultOf(Population population)
    {
        var parts = _shards.Select(s => s.Populations[population.Index]).ToArray();
        return new PopulationResult(population.Name, population.Size, parts.Sum(p => p.Statistics.Spikes), SpikeTrainStatistics.MeanCv(parts.Select(p => p.Statistics)));
    }
}
