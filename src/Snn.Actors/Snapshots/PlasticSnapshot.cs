using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Snn.Kernels.Plasticity;

namespace Snn.Actors.Snapshots;

/// <summary>
/// The synapses of a projection that learns, in a snapshot. At a boundary every shard copies the numbers of its own to where they belong in the order of the
/// whole network, (target, port, source, delay, synapse). So the arrays are the same for any number of shards, and any number of shards can take them up.
/// </summary>
internal sealed unsafe class PlasticSnapshot : IDisposable
{
    private readonly Projection _projection;
    private readonly RankLayout _layout;
    private readonly SnapshotParts _parts;
    private readonly PlasticConnectionActor?[] _actors;
    private readonly PlasticState?[] _states;
    private readonly int[] _counts;
    private SynapseNumbers? _weights;
    private SynapseNumbers? _seconds;

    /// <param name="projection">The projection.</param>
    /// <param name="layout">Which shards are this rank's, and how many have a part of it.</param>
    /// <param name="parts">How many synapses each has.</param>
    public PlasticSnapshot(Projection projection, RankLayout layout, SnapshotParts parts)
    {
        _projection = projection;
        _layout = layout;
        _parts = parts;
        _actors = new PlasticConnectionActor?[layout.Shards];
        _states = new PlasticState?[layout.Shards];
        _counts = new int[projection.Target.Size];
    }

    /// <summary>Actors of this rank.</summary>
    private IEnumerable<PlasticConnectionActor> Own => _actors.OfType<PlasticConnectionActor>();

    /// <summary>Rank 0 has room for the numbers of all shards, others for their own.</summary>
    private int FirstShard => _layout.Rank == 0 ? 0 : _layout.First;

    /// <summary>Tells of the part of a shard of this rank, once all are built.</summary>
    public void Add(int shard, PlasticConnectionActor actor) => _actors[shard] = actor;

    /// <summary>Called by one party before the shards copy. As long as no snapshot is taken, none takes memory.</summary>
    public void Begin()
    {
        if (_weights is not null)
        {
            return;
        }

        var synapses = Synapses(FirstShard, _layout.Rank == 0 ? _layout.Shards : _layout.First + _layout.Count);
        var bytes = Own.First().Target.Input.IsDouble ? sizeof(double) : sizeof(float);
        _weights = new SynapseNumbers(synapses, bytes);
        _seconds = HasSeconds ? new SynapseNumbers(synapses, bytes) : null;
    }

    /// <summary>Copies the part of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="step">The step that is delivered next.</param>
    public void Take(int shard, long step)
    {
        var actor = _actors[shard]!;
        var first = Synapses(FirstShard, shard);
        _states[shard] = actor.Tables.Capture(step);
        actor.Tables.CaptureNumbers(_weights!.At(first), _seconds is null ? null : _seconds.At(first));
        actor.Tables.CountSynapses(_counts.AsSpan(actor.Target.First, actor.Target.Count));
    }

    /// <summary>Sends what the shards of this rank have copied to rank 0.</summary>
    /// <param name="to">Rank 0.</param>
    /// <param name="firstTarget">First target of this rank.</param>
    /// <param name="targets">How many it has.</param>
    public void Send(RankWriter to, int firstTarget, int targets)
    {
        for (var shard = _layout.First; shard < _layout.First + _layout.Count; shard++)
        {
            _states[shard]!.Send(to);
        }

        to.WriteAll<int>(_counts.AsSpan(firstTarget, targets));
        _weights!.Send(to);
        _seconds?.Send(to);
    }

    /// <summary>Takes what the shards of another rank have copied.</summary>
    /// <param name="from">The rank.</param>
    /// <param name="rank">Its number.</param>
    /// <param name="firstTarget">Its first target.</param>
    /// <param name="targets">How many it has.</param>
    public void Receive(RankReader from, int rank, int firstTarget, int targets)
    {
        var (firstShard, lastShard) = (_layout.FirstShards[rank], _layout.FirstShards[rank + 1]);
        for (var shard = firstShard; shard < lastShard; shard++)
        {
            _states[shard] = PlasticStateMessage.Receive(from);
        }

        from.ReadAll(_counts.AsSpan(firstTarget, targets));
        var (first, count) = (Synapses(0, firstShard), Synapses(firstShard, lastShard));
        _weights!.Receive(from, first, count);
        _seconds?.Receive(from, first, count);
    }

    /// <summary>What was copied, as the arrays of a snapshot: views of it, where they are large.</summary>
    /// <param name="isDouble">Whether weights are double.</param>
    public IEnumerable<SnapshotArray> Arrays(bool isDouble)
    {
        var names = new Names(_projection.Name);
        var typeCode = TypeCode(isDouble);
        return
        [
            .. _weights!.Arrays(names.Weights, typeCode),
            .. _seconds?.Arrays(names.Seconds, typeCode) ?? [],
            SnapshotArray.Of<int>(names.Counts, _counts),
            .. names.ArraysOf(PlasticState.Join([.. _states.Select(s => s!)])),
        ];
    }

    /// <summary>Takes up the part of a shard.</summary>
    public static void Restore(PlasticConnectionActor actor, Snapshot snapshot)
    {
        var names = new Names(actor.Projection.Name);
        var tables = actor.Tables;
        var first = actor.Target.First;
        tables.Restore(names.StateFrom(snapshot).Part(first, first + actor.Target.Count));
        var begin = 0L;
        foreach (var count in snapshot[names.Counts].As<int>()[..first])
        {
            begin += count;
        }

        var isDouble = actor.Target.Input.IsDouble;
        using var weights = Numbers(names.Weights);
        using var seconds = tables.HasSecondNumber ? Numbers(names.Seconds) : null;
        tables.RestoreNumbers(weights.At(0), seconds is null ? null : seconds.At(0));

        SynapseNumbers Numbers(string name)
        {
            var numbers = new SynapseNumbers(tables.SynapseCount, isDouble ? sizeof(double) : sizeof(float));
            numbers.Read(snapshot, name, TypeCode(isDouble), begin);
            return numbers;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights?.Dispose();
        _seconds?.Dispose();
    }

    private bool HasSeconds => ((SynapseLearning)_projection.Learning!).Rule.HasSecondNumber([.. _projection.Learning!.Parameters]);

    private long Synapses(int firstShard, int lastShard) =>
        _parts.SynapsesOf(_projection, _layout.Shards)[firstShard..lastShard].Sum();

    private static string TypeCode(bool isDouble) => isDouble ? NpyFormat.TypeCode<double>() : NpyFormat.TypeCode<float>();

    /// <summary>Names of the arrays of a projection, and the state that they hold beside the synapses' own numbers.</summary>
    private readonly struct Names(string projection)
    {
        public string Weights => $"plastic/{projection}/weight";

        public string Seconds => $"plastic/{projection}/eligibility";

        public string Counts => $"plastic/{projection}/synapses_of_target";

        public IEnumerable<SnapshotArray> ArraysOf(PlasticState s) =>
        [
            SnapshotArray.Of<long>(Of("step"), [s.Step, s.SpikesKept]),
            SnapshotArray.Of<long>(Of("source_spike"), s.LastSpikes),
            SnapshotArray.Of<double>(Of("source_trace"), s.SourceNumbers),
            SnapshotArray.Of<long>(Of("target_spikes"), s.TargetSpikes),
            SnapshotArray.Of<double>(Of("target_traces"), s.TargetTraces),
            SnapshotArray.Of<double>(Of("target_slow_traces"), s.TargetSlowTraces),
            .. Pairs("dopamine", s.DopamineMarks),
            .. Pairs("dopamine_to_come", s.DopamineSpikes),
        ];

        public PlasticState StateFrom(Snapshot snapshot)
        {
            var step = snapshot[Of("step")].As<long>();
            return new PlasticState
            {
                Step = step[0],
                SpikesKept = (int)step[1],
                LastSpikes = snapshot[Of("source_spike")].As<long>().ToArray(),
                SourceNumbers = snapshot[Of("source_trace")].As<double>().ToArray(),
                TargetSpikes = snapshot[Of("target_spikes")].As<long>().ToArray(),
                TargetTraces = snapshot[Of("target_traces")].As<double>().ToArray(),
                TargetSlowTraces = snapshot[Of("target_slow_traces")].As<double>().ToArray(),
                DopamineMarks = PairsFrom(snapshot, "dopamine"),
                DopamineSpikes = PairsFrom(snapshot, "dopamine_to_come"),
            };
        }

        private string Of(string what) => $"plastic/{projection}/{what}";

        private IEnumerable<SnapshotArray> Pairs(string what, (long Step, double Value)[] pairs) =>
        [
            SnapshotArray.Of<long>(Of(what + "_step"), pairs.Select(p => p.Step).ToArray()),
            SnapshotArray.Of<double>(Of(what), pairs.Select(p => p.Value).ToArray()),
        ];

        private (long Step, double Value)[] PairsFrom(Snapshot snapshot, string what) =>
            [.. snapshot[Of(what + "_step")].As<long>().ToArray().Zip(snapshot[Of(what)].As<double>().ToArray())];
    }
}
