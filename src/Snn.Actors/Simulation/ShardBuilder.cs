using Snn.Actors.Networks;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Simulation;

/// <summary>What every shard has.</summary>
/// <param name="Input">Input columns of all its populations.</param>
/// <param name="Targets">Its part of every population.</param>
/// <param name="Populations">The populations.</param>
/// <param name="Inputs">What feeds them from outside. [population][place]</param>
/// <param name="SpikeTaps">Recorders of spikes.</param>
/// <param name="StateTaps">Recorders of state.</param>
internal sealed record ShardParts(
    NumberColumns? Input,
    ShardTarget[] Targets,
    PopulationActor[] Populations,
    InputActor[][] Inputs,
    SpikeTap[] SpikeTaps,
    StateTap[] StateTaps)
{
    /// <summary>Of a shard that is not built yet.</summary>
    public static ShardParts None { get; } = new(null, [], [], [], [], []);
}

/// <summary>Makes the actors of any shard of a planned and partitioned network. Shards are built at the same time and share nothing but the outboxes.</summary>
internal sealed class ShardBuilder : IDisposable
{
    private readonly RankOutboxes _outboxes;
    private readonly NeuronParameters[] _parameters;
    private readonly ILookup<int, NetworkInput> _inputs;
    private readonly ILookup<int, Projection> _projections;
    private readonly int _lanes;
    private readonly SharedConnections _shared;
    private readonly CancellationToken _stop;

    public ShardBuilder(
        SimulationPlan plan, Partition partition, Lookahead lookahead, RankOutboxes outboxes, int lanes, RunRecorders? recorders, SnapshotParts snapshotParts, SimulationOptions options, CancellationToken stop)
    {
        var resume = options.Resume;
        SnapshotParts = snapshotParts;
        Plan = plan;
        Partition = partition;
        _lanes = lanes;
        _stop = stop;
        Recorders = recorders;
        Resume = resume;
        Trains = resume is null ? [] : [.. plan.Network.Populations.Select(p => SpikeTrainArrays.From(resume, p.Name, p.Size * plan.Network.Items))];
        _shared = new SharedConnections(plan.Network, lanes, stop);
        _inputs = plan.Network.Inputs.ToLookup(i => i.Target.Index);
        _projections = plan.Network.Projections.Where(p => p.Learning is null).ToLookup(p => p.Source.Index);
        var populations = plan.Network.Populations;
        _parameters = [.. populations.Select(p => new NeuronParameters(p, plan.Network.Seed))];
        _outboxes = outboxes;
        Lookahead = lookahead;
        Rewards = new RewardBoard(plan.Network, partition, outboxes, options.Rewards);
        if (resume is not null)
        {
            RestoreSpikes(resume);
        }
    }

    /// <summary>What follows from the network alone.</summary>
    public SimulationPlan Plan { get; }

    /// <summary>When a shard needs to have heard of another.</summary>
    public Lookahead Lookahead { get; }

    /// <summary>Who owns which neurons.</summary>
    public Partition Partition { get; }

    /// <summary>What of the shards' connections and rules belongs to a snapshot.</summary>
    public SnapshotParts SnapshotParts { get; }

    /// <summary>Rewards of the step that is learned from.</summary>
    public RewardBoard Rewards { get; }

    /// <summary>Takes what is recorded, or null.</summary>
    public RunRecorders? Recorders { get; }

    /// <summary>The state to go on from, or null.</summary>
    public Snapshot? Resume { get; }

    /// <summary>The spike trains of <see cref="Resume"/>. [population]</summary>
    public IReadOnlyList<SpikeTrainArrays> Trains { get; }

    private Network Network => Plan.Network;

    private bool IsDouble => Network.Precision == Precision.Double;

    /// <summary>Makes the actors of a shard.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    public ShardParts Build(int shard)
    {
        var targets = Targets(shard, out var input);
        var populations = targets.Select(t => BuildPopulation(t, shard)).ToArray();
        var inputs = targets.Select(t => ItemsOf(t, shard).SelectMany(BuildInputs).ToArray()).ToArray();
        var spikeTaps = Recorders?.SpikeTaps(shard, populations) ?? [];
        var stateTaps = Recorders?.StateTaps(shard, populations) ?? [];
        return new ShardParts(input, targets, populations, inputs, spikeTaps, stateTaps);
    }

    /// <summary>What brings spikes to a population of a layered network on a shard, in the order of declaration.</summary>
    public FeedActor[] BuildFeeds(ShardParts parts, int population) =>
    [
        .. Network.Projections.Where(p => p.Target.Index == population).Select(p =>
            new LayerFeedActor(
                p, _shared[p.Index], parts.Populations[p.Source.Index], parts.Targets[population], IsFeedback(p), SnapshotParts, Network.Items)),
    ];

    private bool IsFeedback(Projection projection) =>
        Plan.AdvanceOrder.IndexOf(projection.Source.Index) >= Plan.AdvanceOrder.IndexOf(projection.Target.Index);

    /// <summary>The learning rules of a layered network, as far as a shard is concerned.</summary>
    public LayerLearningActor[] BuildRules(ShardParts parts, IEnumerable<FeedActor> feeds, int shard)
    {
        var byProjection = feeds.Cast<LayerFeedActor>().ToDictionary(f => f.Projection);
        var rules = new List<LayerLearningActor>();
        foreach (var projection in Network.Projections.Where(p => p.Learning is LayerLearning))
        {
            var reward = ((LayerLearning)projection.Learning!).Reward;
            var rule = new LayerLearningActor(
                projection,
                _shared[projection.Index].Rule!,
                byProjection[projection],
                parts.Populations[projection.Source.Index],
                parts.Populations[projection.Target.Index],
                reward is null ? [] : Rewards.Values(reward),
                shard,
                Partition.Shards);
            rule.Declare(SnapshotParts);
            rules.Add(rule);
        }

        return [.. rules];
    }

    /// <summary>The weights of a projection of a layered network, as they are now; null where it has no matrix or kernels of them.</summary>
    public LayerWeights? Weights(Projection projection) => _shared[projection.Index].Weights;

    /// <summary>Frees what the shards share, once none runs any more.</summary>
    public void Dispose()
    {
        _shared.Dispose();
        _outboxes.Dispose();
    }

    /// <summary>Puts the spikes in flight where their shards would have put them; before any shard files them.</summary>
    private void RestoreSpikes(Snapshot snapshot)
    {
        foreach (var population in Network.Populations)
        {
            var steps = snapshot[SnapshotNames.SpikeSteps(population.Name)].As<long>();
            var neurons = snapshot[SnapshotNames.SpikeNeurons(population.Name)].As<int>();
            var values = population.Model.EmitsValues ? snapshot[SnapshotNames.SpikeValues(population.Name)].As<double>() : default;
            var next = 0;
            var oldest = Math.Max(0, Plan.FirstStep - Plan.MaxDelaySteps[population.Index]);
            for (var step = oldest; step < Plan.FirstStep; step++)
            {
                // A snapshot may hold more: a longer delay that a branch has no more.
                while (next < steps.Length && steps[next] < step)
                {
                    next++;
                }

                foreach (var (outbox, item, end) in Ranges(population))
                {
                    var first = next;
                    while (next < steps.Length && steps[next] == step && neurons[next] < end)
                    {
                        next++;
                    }

                    var carried = values.IsEmpty ? values : values[first..next];
                    outbox?.Restore(step, step == oldest && item == 0, neurons[first..next], item, carried);
                }
            }
        }
    }

    /// <summary>
    /// The neurons behind the last of every batch item of every shard, or, of other ranks, behind the rank's last, in the order of the neurons; and who takes their
    /// spikes, if anybody here does. [outbox, item of the shard, end]
    /// </summary>
    private IEnumerable<(SpikeOutbox? Outbox, int Item, int End)> Ranges(Population population)
    {
        foreach (var (outbox, shards) in _outboxes.All(population.Index).Zip(_outboxes.Shards()))
        {
            if (!shards.IsOwn)
            {
                yield return (Network.IsLayered ? null : outbox, 0, Partition.First(population.Index, shards.End));
                continue;
            }

            var items = ItemsOf(population, shards.First);
            var count = Partition.Count(population.Index, shards.First) / Math.Max(items, 1);
            for (var item = 0; item < items; item++)
            {
                yield return (outbox, item, Partition.First(population.Index, shards.First) + ((item + 1) * count));
            }
        }
    }

    /// <summary>Batch items of a shard; 1 where neurons are shared out.</summary>
    private int ItemsOf(Population population, int shard) =>
        Network.IsLayered ? Partition.Count(population.Index, shard) / population.Size : 1;

    /// <summary>The part of a population on a shard, one batch item after another.</summary>
    private IEnumerable<ShardTarget> ItemsOf(ShardTarget target, int shard)
    {
        if (!Network.IsLayered)
        {
            return target.Count > 0 ? [target] : [];
        }

        var size = target.Population.Size;
        return Enumerable.Range(0, ItemsOf(target.Population, shard)).Select(k => target with
        {
            First = 0,
            Count = size,
            Offset = target.Offset + ((nint)k * PopulationActor.Padded(size)),
            Item = (target.First / size) + k,
        });
    }

    /// <summary>
    /// Lays the populations out in the shard's input columns, one after another, each padded. A column is a port: so all excitatory inputs
    /// of a shard lie together, which lets 16 bits address more targets.
    /// </summary>
    private ShardTarget[] Targets(int shard, out NumberColumns input)
    {
        var offsets = new nint[Network.Populations.Count];
        nint stride = 0;
        foreach (var population in Network.Populations)
        {
            offsets[population.Index] = stride;
            stride += (nint)ItemsOf(population, shard) * PopulationActor.Padded(Network.IsLayered ? population.Size : Partition.Count(population.Index, shard));
        }

        var columns = Network.Populations.Max(p => p.Model.PortTable.Count);
        var made = new NumberColumns(columns, stride, IsDouble);
        input = made;
        return
        [
            .. Network.Populations.Select(p => new ShardTarget(
                p, Partition.First(p.Index, shard), Partition.Count(p.Index, shard), made, offsets[p.Index])),
        ];
    }

    private PopulationActor BuildPopulation(ShardTarget target, int shard) => new(
        target.Population,
        target.First,
        target.Count,
        ItemsOf(target.Population, shard),
        LanePolicy.CreateKernel(target.Population.Model, _lanes, IsDouble),
        _parameters[target.Population.Index],
        target.Input,
        target.Offset,
        _outboxes.OfShard(target.Population.Index, shard),
        Network.DtMs);

    /// <summary>Spikes in the order of declaration, which is the order of their sums; then all currents; then the random numbers of the model.</summary>
    private IEnumerable<InputActor> BuildInputs(ShardTarget target)
    {
        var isCurrent = _inputs[target.Population.Index].ToLookup(i => i is DcInput or NoiseInput or ArrayInput { Kind: ArrayKind.Current });
        foreach (var input in isCurrent[false])
        {
            yield return CreateSpikeInput(input, target);
        }

        if (isCurrent[true].Any())
        {
            yield return new CurrentActor(isCurrent[true], target, target.Population.Model.Port(PortKind.Current), Network.Seed);
        }

        if (target.Population.Model.Port(PortKind.Uniform) is >= 0 and var port)
        {
            yield return new UniformActor(target, port, Network.Seed);
        }
    }

    private InputActor CreateSpikeInput(NetworkInput input, ShardTarget target) => input switch
    {
        PoissonInput poisson => new PoissonInputActor(poisson, target, Network.Seed, Network.DtMs, _stop),
        SpikeTimesInput times => new SpikeTimesInputActor(times, target, Network.Seed),
        ArrayInput array => new ArraySpikesInputActor(array, target),
        EncodedInput encoded => new EncodedInputActor(encoded, target, Network),
        EventsInput events => new EventsInputActor(events, target, Network.Seed),
        _ => throw new ArgumentException($"input '{input.Name}' has no actor", nameof(input)),
    };

    /// <summary>The synapses onto the neurons of a shard, one actor a source population.</summary>
    public ConnectionActor[] BuildConnections(ShardParts parts, int shard)
    {
        var connections = new List<ConnectionActor>();
        foreach (var source in Network.Populations)
        {
            // Those without targets on this shard too: how weights are stored must not depend on the partition.
            var projections = _projections[source.Index].ToArray();
            if (projections.Length > 0)
            {
                var tables = ConnectionRules.BuildTables(Network, projections, parts.Targets, Plan.ShortestDelaySteps, _stop);
                connections.Add(new ConnectionActor(source, tables, _outboxes.All(source.Index), Lookahead.OfStatic(source, shard), parts.Input!));
            }
        }

        return [.. connections];
    }

    /// <summary>The synapses onto the neurons of a shard that learn, one actor a projection.</summary>
    public PlasticConnectionActor[] BuildPlastic(ShardParts parts, int shard) =>
    [
        .. Network.Projections.Where(p => p.Learning is SynapseLearning).Select(p =>
        {
            var target = parts.Targets[p.Target.Index];
            var dopamine = ((SynapseLearning)p.Learning!).Dopamine.Select(d => _outboxes.All(d.Index)).ToArray();
            return new PlasticConnectionActor(
                p, ConnectionRules.BuildPlastic(Network, p, target, _lanes, _stop), target, _outboxes.All(p.Source.Index), Lookahead.OfPlastic(p, shard), parts.Populations[p.Target.Index].Outbox, dopamine);
        }),
    ];
}
