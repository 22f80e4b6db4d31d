using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Actors.Simulation;
using Snn.Kernels.Plasticity;

namespace Snn.Actors.Snapshots;

/// <summary>
/// The synapses of a projection that learns, in a snapshot. At a boundary every shard copies its numbers as they lie in memory, which is fast; they are put into
/// the order of the network, (target, synapse of the target), by who writes the snapshot, while the simulation goes on. So the arrays are the same for
/// any number of shards, and any number of shards can take them up.
/// </summary>
internal sealed unsafe class PlasticSnapshot : IDisposable
{
    private readonly Projection _projection;
    private readonly PlasticConnectionActor?[] _actors;
    private readonly PlasticState?[] _states;
    private readonly byte*[] _numbers;

    /// <param name="projection">The projection.</param>
    /// <param name="shards">How many shards have a part of it.</param>
    public PlasticSnapshot(Projection projection, int shards)
    {
        _projection = projection;
        _actors = new PlasticConnectionActor?[shards];
        _states = new PlasticState?[shards];
        _numbers = new byte*[shards];
    }

    ~PlasticSnapshot() => Free();

    /// <summary>Copies the part of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="actor">Its actor.</param>
    /// <param name="step">The step that is delivered next.</param>
    public void Take(int shard, PlasticConnectionActor actor, long step)
    {
        _actors[shard] = actor;
        _states[shard] = actor.Tables.Capture(step);
        // As long as no snapshot is taken, none takes memory.
        _numbers[shard] = _numbers[shard] == null ? (byte*)NativeMemory.Alloc((nuint)Math.Max(1, actor.Tables.CapturedBytes)) : _numbers[shard];
        actor.Tables.CaptureNumbers(_numbers[shard]);
    }

    /// <summary>What was copied, as the arrays of a snapshot.</summary>
    /// <param name="isDouble">Whether weights are double.</param>
    public IEnumerable<SnapshotArray> Arrays(bool isDouble) => isDouble ? Arrays<double>() : Arrays<float>();

    /// <summary>Takes up the part of a shard.</summary>
    public static void Restore(PlasticConnectionActor actor, Snapshot snapshot)
    {
        if (actor.Target.Input.IsDouble)
        {
            Restore<double>(actor, snapshot);
        }
        else
        {
            Restore<float>(actor, snapshot);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void Restore<T>(PlasticConnectionActor actor, Snapshot snapshot)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var names = new Names(actor.Projection.Name);
        var (first, last) = (actor.Target.First, actor.Target.First + actor.Target.Count);
        actor.Tables.Restore(names.StateFrom(snapshot).Part(first, last));
        var counts = snapshot[names.Counts].As<int>();
        var begin = 0L;
        foreach (var count in counts[..first])
        {
            begin += count;
        }

        var seconds = actor.Tables.HasSecondNumber ? new SynapseNumbersReader<T>(snapshot, names.Seconds, begin) : null;
        actor.Tables.Visit(new Reader<T>(new SynapseNumbersReader<T>(snapshot, names.Weights, begin), seconds), writes: true);
    }

    private IEnumerable<SnapshotArray> Arrays<T>()
        where T : unmanaged, System.Numerics.INumber<T>
    {
        var names = new Names(_projection.Name);
        var synapses = _actors.Sum(a => a!.Tables.SynapseCount);
        var writer = new Writer<T>(
            new SynapseNumbersWriter<T>(names.Weights, synapses),
            _actors.Any(a => a!.Tables.HasSecondNumber) ? new SynapseNumbersWriter<T>(names.Seconds, synapses) : null,
            _projection.Target.Size);
        for (var shard = 0; shard < _actors.Length; shard++)
        {
            _actors[shard]!.Tables.Visit(writer, _numbers[shard]);
        }

        return
        [
            .. writer.Weights.Arrays,
            .. writer.Seconds?.Arrays ?? [],
            SnapshotArray.Of<int>(names.Counts, writer.Counts),
            .. names.ArraysOf(PlasticState.Join([.. _states.Select(s => s!)])),
        ];
    }

    private void Free()
    {
        for (var shard = 0; shard < _numbers.Length; shard++)
        {
            NativeMemory.Free(_numbers[shard]);
            _numbers[shard] = null;
        }
    }

    /// <summary>Puts synapses into arrays, in the order in which they come.</summary>
    private sealed class Writer<T>(SynapseNumbersWriter<T> weights, SynapseNumbersWriter<T>? seconds, int targets) : IPlasticVisitor
        where T : unmanaged, System.Numerics.INumber<T>
    {
        public SynapseNumbersWriter<T> Weights { get; } = weights;

        public SynapseNumbersWriter<T>? Seconds { get; } = seconds;

        public int[] Counts { get; } = new int[targets];

        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, Span<double> weights, Span<double> seconds)
        {
            Weights.Append(weights);
            Seconds?.Append(seconds);
            foreach (var target in targets)
            {
                Counts[target]++;
            }
        }
    }

    /// <summary>Gives synapses the numbers of arrays, in the order in which they come.</summary>
    private sealed class Reader<T>(SynapseNumbersReader<T> weights, SynapseNumbersReader<T>? seconds) : IPlasticVisitor
        where T : unmanaged, System.Numerics.INumber<T>
    {
        public void Take(ReadOnlySpan<int> sources, ReadOnlySpan<int> targets, ReadOnlySpan<int> delaySteps, Span<double> weightsTo, Span<double> secondsTo)
        {
            weights.Read(weightsTo);
            seconds?.Read(secondsTo);
        }
    }

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
