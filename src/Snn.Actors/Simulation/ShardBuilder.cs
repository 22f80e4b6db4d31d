using Snn.Actors.Networks;
using Snn.Actors.Snapshots;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Actors.Simulation;

/// <summary>The actors of a shard.</summary>
internal sealed record ShardParts(
    NumberColumns Input,
    PopulationActor[] Populations,
    ConnectionActor[] Connections,
    InputActor[][] Inputs,
    SpikeTap[] SpikeTaps,
    StateTap[] StateTaps);

/// <summary>Makes the actors of any shard of a planned and partitioned network. Shards are built at the same time and share nothing but the outboxes.</summary>
internal sealed class ShardBuilder
{
    private readonly SpikeOutbox[][] _outboxes;
    private readonly NeuronParameters[] _parameters;
    private readonly ILookup<int, NetworkInput> _inputs;
    private readonly ILookup<int, Projection> _projections;
    private readonly int _lanes;

    public ShardBuilder(SimulationPlan plan, Partition partition, int lanes, RunRecorders? recorders, Snapshot? resume = null)
    {
        Plan = plan;
        Partition = partition;
        _lanes = lanes;
        Recorders = recorders;
        Resume = resume;
        Trains = resume is null ? [] : [.. plan.Network.Populations.Select(p => SpikeTrainArrays.From(resume, p.Name, p.Size))];
        _inputs = plan.Network.Inputs.ToLookup(i => i.Target.Index);
        _projections = plan.Network.Projections.ToLookup(p => p.Source.Index);
        var populations = plan.Network.Populations;
        _parameters = [.. populations.Select(p => new NeuronParameters(p, plan.Network.Seed))];
        _outboxes =
        [
            .. populations.Select(p => Enumerable.Range(0, partition.Shards)
                .Select(s => new SpikeOutbox(partition.Count(p.Index, s), plan.SliceSteps, plan.MaxDelaySteps[p.Index]))
                .ToArray()),
        ];
        if (resume is not null)
        {
            RestoreSpikes(resume);
        }
    }

    /// <summary>What follows from the network alone.</summary>
    public SimulationPlan Plan { get; }

    /// <summary>Who owns which neurons.</summary>
    public Partition Partition { get; }

    /// <summary>Takes what is recorded, or null.</summary>
    public RunRecorders? Recorders { get; }

    /// <summary>The state to go on from, or null.</summary>
    public Snapshot? Resume { get; }

    /// <summary>The spike trains of <see cref="Resume"/>. [population]</summary>
    public IReadOnlyList<SpikeTrainArrays> Trains { get; }

    private Network Network => Plan.Network;

    private bool IsDouble => Network.Precision == Precision.Double;

    /// <summary>Makes the actors of a shard.</summary>
    public ShardParts Build(int shard)
    {
        var targets = Targets(shard, out var input);
        var populations = targets.Select(t => BuildPopulation(t, shard)).ToArray();
        var inputs = targets.Select(t => t.Count > 0 ? BuildInputs(t).ToArray() : []).ToArray();
        var connections = BuildConnections(targets, input);
        var spikeTaps = Recorders?.SpikeTaps(shard, populations) ?? [];
        var stateTaps = Recorders?.StateTaps(shard, populations) ?? [];
        return new ShardParts(input, populations, connections, inputs, spikeTaps, stateTaps);
    }

    /// <summary>Frees the outboxes, once no shard runs any more.</summary>
    public void DisposeOutboxes()
    {
        foreach (var outbox in _outboxes.SelectMany(o => o))
        {
            outbox.Dispose();
        }
    }

    /// <summary>Puts the spikes in flight where their shards would have put them; before any shard files them.</summary>
    private void RestoreSpikes(Snapshot snapshot)
    {
        foreach (var population in Network.Populations)
        {
            var steps = snapshot[SnapshotNames.SpikeSteps(population.Name)].As<long>();
            var neurons = snapshot[SnapshotNames.SpikeNeurons(population.Name)].As<int>();
            var next = 0;
            var oldest = Math.Max(0, Plan.FirstStep - Plan.MaxDelaySteps[population.Index]);
            for (var step = oldest; step < Plan.FirstStep; step++)
            {
                // A snapshot may hold more: a longer delay that a branch has no more.
                while (next < steps.Length && steps[next] < step)
                {
                    next++;
                }

                for (var shard = 0; shard < Partition.Shards; shard++)
                {
                    var first = next;
                    var end = Partition.First(population.Index, shard) + Partition.Count(population.Index, shard);
                    while (next < steps.Length && steps[next] == step && neurons[next] < end)
                    {
                        next++;
                    }

                    _outboxes[population.Index][shard].Restore(step, step == oldest, neurons[first..next]);
                }
            }
        }
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
            stride += PopulationActor.Padded(Partition.Count(population.Index, shard));
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
        LanePolicy.CreateKernel(target.Population.Model, _lanes, IsDouble),
        _parameters[target.Population.Index],
        target.Input,
        target.Offset,
        _outboxes[target.Population.Index][shard],
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
        PoissonInput poisson => new PoissonInputActor(poisson, target, Network.Seed, Network.DtMs),
        SpikeTimesInput times => new SpikeTimesInputActor(times, target, Network.Seed),
        ArrayInput array => new ArraySpikesInputActor(array, target),
        _ => throw new ArgumentException($"input '{input.Name}' has no actor", nameof(input)),
    };

    private ConnectionActor[] BuildConnections(ShardTarget[] targets, NumberColumns input)
    {
        var connections = new List<ConnectionActor>();
        foreach (var source in Network.Populations)
        {
            // Those without targets on this shard too: how weights are stored must not depend on the partition.
            var projections = _projections[source.Index].ToArray();
            if (projections.Length > 0)
            {
                var tables = ConnectionRules.BuildTables(Network, projections, targets, Plan.ShortestDelaySteps);
                connections.Add(new ConnectionActor(source, tables, _outboxes[source.Index], input));
            }
        }

        return [.. connections];
    }
}
