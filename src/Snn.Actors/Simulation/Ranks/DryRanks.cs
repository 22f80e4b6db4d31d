using System.Diagnostics;
using System.Runtime.InteropServices;
using Snn.Actors.Networks;
using Snn.Kernels.Lanes;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>
/// Answers for all other ranks of a run that has only one: says what they would say before the first slice, and makes their spikes up, so that the memory, the time and the bytes
/// of a rank can be measured without the others. The rank itself builds, packs, unpacks and simulates what it would among them.
/// </summary>
/// <remarks>
/// What is made up is reproducible: each neuron of another rank spikes in each step with a given probability, independently, from a keyed stream; which spikes of this rank another
/// one wants is drawn from the synapses that it can be expected to have. The others are never late: the message of a turn has come once this rank has sent its own.
/// </remarks>
public sealed unsafe class DryRanks : IRankTransport
{
    private const nint IsSend = 1;
    private const nint IsControl = 2;
    private const nint IsSlice = 3;

    private readonly Network _network;
    private readonly double[] _ratesHz;
    private readonly Other[] _others;
    private SimulationPlan? _plan;
    private Partition? _partition;
    private RankLayout? _layout;
    private ConnectionRule[]? _rules;
    private long _making;
    private long _connecting;

    /// <param name="network">What is simulated; not a layered one, whose ranks hear nothing of each other.</param>
    /// <param name="ranks">Ranks of the run.</param>
    /// <param name="rank">The one that there is.</param>
    /// <param name="ratesHz">Spikes a second of a neuron on the others. [population]</param>
    /// <exception cref="ArgumentException">The network is layered, or a rate is not one.</exception>
    public DryRanks(Network network, int ranks, int rank, IReadOnlyList<double> ratesHz)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(ratesHz);
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, ranks);
        if (network.IsLayered || ratesHz.Count != network.Populations.Count || ratesHz.Any(r => !(r >= 0 && r * network.DtMs < 1e3)))
        {
            throw new ArgumentException("a dry rank takes a network that is not layered, and for each of its populations a rate below one spike a step", nameof(ratesHz));
        }

        (_network, Ranks, Rank, _ratesHz) = (network, ranks, rank, [.. ratesHz]);
        _others = [.. Enumerable.Range(0, ranks).Select(_ => new Other())];
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Ranks { get; }

    /// <inheritdoc/>
    public bool AreOthersMadeUp => true;

    /// <summary>Neurons of this rank.</summary>
    public long Neurons => _layout is null ? 0 : _network.Populations.Sum(p => (long)_layout.Neurons(_partition!, p.Index, Rank));

    /// <summary>Messages of slices that this rank has sent; as many came.</summary>
    public long Messages => _others.Sum(o => o.TurnsSent);

    /// <summary>Bytes of the messages of slices that came.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Neurons of other ranks that this one has targets of.</summary>
    public long NeuronsHeard => _others.SelectMany(o => o.Sources).Sum(s => (long)s.NeuronsHeard);

    /// <summary>Their spikes.</summary>
    public long SpikesHeard => _others.SelectMany(o => o.Sources).Sum(s => s.Spikes);

    /// <summary>Seconds in which spikes were made up: this rank waited for them, and among others would not have.</summary>
    public double SecondsMakingUp => _making / (double)Stopwatch.Frequency;

    /// <summary>The same before the first slice, for what others want of this rank.</summary>
    public double SecondsConnecting => _connecting / (double)Stopwatch.Frequency;

    /// <inheritdoc/>
    public nint Send(int to, int tag, void* data, int bytes)
    {
        if (tag == (int)RankTag.Slice)
        {
            _others[to].TurnsSent++;
        }
        else
        {
            Hear(to, tag, new ReadOnlySpan<byte>(data, bytes));
        }

        return ((nint)bytes << 2) | IsSend;
    }

    /// <inheritdoc/>
    public nint Receive(int from, int tag, void* room, int capacity)
    {
        if (tag == (int)RankTag.Slice)
        {
            _others[from].SliceRoom = (byte*)room;
            return ((nint)from << 2) | IsSlice;
        }

        _others[from].ControlRoom = (byte*)room;
        _others[from].ControlCapacity = capacity;
        return ((nint)from << 2) | IsControl;
    }

    /// <inheritdoc/>
    public bool IsDone(nint request, out int bytes)
    {
        bytes = (int)(request >> 2);
        if ((request & 3) == IsSend)
        {
            return true;
        }

        var other = _others[bytes];
        if ((request & 3) == IsControl)
        {
            if (!other.Replies.TryDequeue(out var reply))
            {
                return false;
            }

            reply.CopyTo(new Span<byte>(other.ControlRoom, other.ControlCapacity));
            bytes = reply.Length;
            return true;
        }

        if (other.TurnsMade == other.TurnsSent)
        {
            return false;
        }

        var start = Stopwatch.GetTimestamp();
        bytes = MakeUp(other, _plan!, other.SliceRoom);
        other.TurnsMade++;
        BytesReceived += bytes;
        _making += Stopwatch.GetTimestamp() - start;
        return true;
    }

    /// <summary>Writes what a rank says of the slice before its next turn, as <see cref="SpikeExchange"/> packs it.</summary>
    private static int MakeUp(Other other, SimulationPlan plan, byte* room)
    {
        var turn = plan.FirstTurn + other.TurnsMade;
        *(long*)room = turn;
        *(int*)(room + sizeof(long)) = (int)TurnFlags.None;
        var populations = 0;
        var to = room + SpikeExchange.HeadBytes;
        if (turn > plan.FirstTurn)
        {
            var (first, last) = (plan.FirstStepOf(turn - 1), plan.LastStepOf(turn - 1));
            for (var place = 0; place < other.Sources.Length; place++)
            {
                var source = other.Sources[place];
                if (!source.SpikesBefore(last))
                {
                    continue;
                }

                populations++;
                System.Runtime.CompilerServices.Unsafe.WriteUnaligned(to, place);
                to += sizeof(int);
                for (var step = first; step < last; step++)
                {
                    to = source.IsNarrow ? source.Write<ushort>(step, to) : source.Write<uint>(step, to);
                }
            }
        }

        *(int*)(room + sizeof(long) + sizeof(int)) = populations;
        return (int)(to - room);
    }

    /// <summary>
    /// Answers what this rank tells all others before the first slice: first what it is about to do, which they are, too; then which spikes it needs; then what they
    /// may repeat. Each comes as its length and itself.
    /// </summary>
    private void Hear(int rank, int tag, ReadOnlySpan<byte> said)
    {
        if (tag != (int)RankTag.Control)
        {
            throw new SimulationException("a dry rank takes no snapshots: nobody has the others' share of them");
        }

        var other = _others[rank];
        var (isLength, exchange) = (other.ControlsHeard % 2 == 0, other.ControlsHeard / 2);
        other.ControlsHeard++;
        if (exchange != 1)
        {
            other.Replies.Enqueue(said.ToArray());
            if (exchange == 0 && !isLength)
            {
                Plan(MemoryMarshal.Cast<byte, ulong>(said));
            }

            return;
        }

        if (!isLength)
        {
            other.Sources = SourcesOf(rank, MemoryMarshal.Cast<byte, ulong>(said));
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var wanted = Wanted(rank);
        other.Replies.Enqueue(BitConverter.GetBytes(wanted.Length));
        other.Replies.Enqueue(wanted);
        _connecting += Stopwatch.GetTimestamp() - start;
    }

    /// <summary>All ranks have as many workers as this one, which says how many with its first words.</summary>
    private void Plan(ReadOnlySpan<ulong> said)
    {
        if (_plan is null)
        {
            var threads = (int)said[0];
            _plan = new SimulationPlan(_network, (long)said[3]);
            _layout = new RankLayout(Rank, [.. Enumerable.Range(0, Ranks + 1).Select(r => r * threads)]);
            _partition = _plan.Cut(_layout);
            _rules = [.. _network.Projections.Select(p => ConnectionRules.Of(p, _network.Seed))];
        }
    }

    /// <summary>Which of this rank's neurons another one has targets of: a neuron with m synapses to it on average has none with probability exp(-m).</summary>
    private byte[] Wanted(int rank)
    {
        var all = new List<ulong>();
        foreach (var population in _network.Populations)
        {
            var bits = new ulong[(_layout!.Neurons(_partition!, population.Index, Rank) + 63) / 64];
            var least = LaneMath.Exp(-Math.Min(SynapsesOf(population, rank), 100)) * (1L << 32);
            var key = StreamKey.Derive(_network.Seed, FormattableString.Invariant($"dry rank {rank} wants {population.Name} of rank {Rank}"));
            for (var neuron = 0; neuron < _layout.Neurons(_partition!, population.Index, Rank); neuron++)
            {
                bits[neuron >> 6] |= Philox4x32.Block(key, (uint)neuron, 0, 0, 0).W0 >= least ? 1UL << neuron : 0;
            }

            all.AddRange(bits);
        }

        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(all)).ToArray();
    }

    /// <summary>Synapses from one neuron of a population to a rank, on average; infinite where the rank needs all spikes for another reason.</summary>
    private double SynapsesOf(Population source, int rank)
    {
        var synapses = 0.0;
        foreach (var projection in _network.Projections)
        {
            var (first, count) = (_layout!.FirstNeuron(_partition!, projection.Target.Index, rank), _layout.Neurons(_partition!, projection.Target.Index, rank));
            if (count > 0 && projection.Source == source)
            {
                synapses += _rules![projection.Index].ExpectedCount(first, first + count) / source.Size;
            }

            if (count > 0 && projection.Learning is SynapseLearning { Dopamine: var dopamine } && dopamine.Contains(source))
            {
                return double.PositiveInfinity;
            }
        }

        return synapses;
    }

    /// <summary>The neurons of a rank that this one needs the spikes of.</summary>
    private MadeUpSpikes[] SourcesOf(int rank, ReadOnlySpan<ulong> needed)
    {
        var sources = new List<MadeUpSpikes>();
        foreach (var population in _network.Populations)
        {
            var neurons = _layout!.Neurons(_partition!, population.Index, rank);
            var bits = needed[..((neurons + 63) / 64)];
            needed = needed[bits.Length..];
            if (bits.ContainsAnyExcept(0UL))
            {
                var key = StreamKey.Derive(_network.Seed, FormattableString.Invariant($"dry rank {rank} spikes of {population.Name}"));
                sources.Add(new MadeUpSpikes(bits.ToArray(), neurons, _ratesHz[population.Index] * _network.DtMs * 1e-3, _plan!.FirstStep, key));
            }
        }

        return [.. sources];
    }

    /// <summary>Another rank.</summary>
    private sealed class Other
    {
        public MadeUpSpikes[] Sources { get; set; } = [];

        public Queue<byte[]> Replies { get; } = new();

        public int ControlsHeard { get; set; }

        public byte* ControlRoom { get; set; }

        public int ControlCapacity { get; set; }

        public byte* SliceRoom { get; set; }

        public long TurnsSent { get; set; }

        public long TurnsMade { get; set; }
    }

    /// <summary>Spikes of a population of another rank, each neuron's a Bernoulli process: the gaps between them, through neurons and then steps, are geometric.</summary>
    private sealed class MadeUpSpikes
    {
        private readonly ulong[] _bits;
        private readonly int _neurons;
        private readonly double _logOfSilence;
        private readonly StreamKey _key;

        /// <summary>Step times neurons, plus neuron, of the next spike.</summary>
        private long _next;
        private uint _drawn;

        public MadeUpSpikes(ulong[] bits, int neurons, double probability, long firstStep, StreamKey key)
        {
            _bits = bits;
            _neurons = neurons;
            _logOfSilence = LaneMath.Log(1 - probability);
            _key = key;
            _next = probability > 0 ? (firstStep * neurons) - 1 : long.MaxValue;
            IsNarrow = SpikeExchange.IsNarrow(neurons);
            NeuronsHeard = bits.Sum(System.Numerics.BitOperations.PopCount);
            if (probability > 0)
            {
                _next += Gap();
            }
        }

        /// <summary>Whether a neuron, and their number, go into 16 bits.</summary>
        public bool IsNarrow { get; }

        /// <summary>Neurons that are needed.</summary>
        public int NeuronsHeard { get; }

        /// <summary>Spikes of theirs.</summary>
        public long Spikes { get; private set; }

        /// <summary>Whether any neuron, needed or not, spikes before a step.</summary>
        public bool SpikesBefore(long step) => _next < step * _neurons;

        /// <summary>Writes the needed neurons that spike in a step, ascending; before them, how many they are. Steps ascend without a gap.</summary>
        public byte* Write<T>(long step, byte* to)
            where T : unmanaged, System.Numerics.IBinaryInteger<T>
        {
            var numbers = (T*)to;
            var count = 0;
            var first = step * _neurons;
            for (var end = first + _neurons; _next < end; _next += Gap())
            {
                var neuron = (int)(_next - first);
                if ((_bits[neuron >> 6] >> neuron & 1) != 0)
                {
                    numbers[++count] = T.CreateTruncating(neuron);
                }
            }

            numbers[0] = T.CreateTruncating(count);
            Spikes += count;
            return to + ((count + 1) * sizeof(T));
        }

        private long Gap()
        {
            var uniform = (Philox4x32.Block(_key, _drawn++, 0, 0, 0).W0 + 0.5) / (1L << 32);
            return 1 + (long)(LaneMath.Log(uniform) / _logOfSilence);
        }
    }
}
