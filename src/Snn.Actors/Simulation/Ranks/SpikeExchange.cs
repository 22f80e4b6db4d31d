using System.Runtime.InteropServices;
using Snn.Actors.Runtime;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>What ranks tell each other at a boundary beside their spikes.</summary>
[Flags]
internal enum TurnFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The rank was asked to stop.</summary>
    Stop = 1,

    /// <summary>A snapshot is to be taken here, if the run does not end: rank 0 says so.</summary>
    Snapshot = 2,

    /// <summary>The message ends with the spikes of every population so far.</summary>
    Totals = 4,
}

/// <summary>
/// Hands the spikes of a slice over to the ranks that have targets of them, and takes theirs, from one party while all workers of this rank stand at a boundary or
/// do what needs no spikes of others. From each rank to each other goes one message a slice: what the clock has to know; then, for each population that spiked, which of
/// those that the other wants it is, and step by step how many neurons spiked and which, in 2 bytes each where the rank has no more than 65 535 of the population, else in 4.
/// Populations that are silent cost nothing: with many ranks, most are in most slices.
/// </summary>
internal sealed unsafe class SpikeExchange : IDisposable
{
    /// <summary>Of a message, before the spikes: the turn, what the clock has to know, and how many populations spiked.</summary>
    public const int HeadBytes = 16;

    private const long TurnsBetweenTotals = 128;

    private readonly RankLink _link;
    private readonly SimulationPlan _plan;
    private readonly RankOutboxes _outboxes;
    private readonly Supervisor _supervisor;
    private readonly Peer[] _peers;

    /// <summary>Spikes of this rank. [population][shard]</summary>
    private readonly SpikeOutbox[][] _sources;

    /// <summary>Populations of this rank that spiked in the slice that is sent, the first <see cref="_spikingCount"/>.</summary>
    private readonly int[] _spiking;
    private readonly long[][] _totals;
    private readonly int _slots;
    private int _spikingCount;
    private TurnFlags _own;

    /// <param name="link">To the other ranks.</param>
    /// <param name="plan">Steps of a slice.</param>
    /// <param name="outboxes">Spikes of all ranks.</param>
    /// <param name="slicesAhead">Slices that the clock lets a rank run ahead of another.</param>
    /// <param name="supervisor">Whose failure ends every wait.</param>
    public SpikeExchange(RankLink link, SimulationPlan plan, RankOutboxes outboxes, int slicesAhead, Supervisor supervisor)
    {
        _slots = slicesAhead;
        _link = link;
        _plan = plan;
        _outboxes = outboxes;
        _supervisor = supervisor;
        _peers = [.. link.Others.Select(r => new Peer { Rank = r })];
        _sources = [.. Enumerable.Range(0, outboxes.Populations).Select(outboxes.Own)];
        _spiking = new int[outboxes.Populations];
        _totals = [.. Enumerable.Range(0, link.Ranks).Select(_ => new long[outboxes.Populations])];
    }

    /// <summary>Bytes sent so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Spikes of a population on the other ranks, as they were lately.</summary>
    public long SpikesElsewhere(int population) => _totals.Sum(t => Volatile.Read(ref t[population]));

    /// <summary>
    /// Tells the others which spikes of theirs have targets here, and hears from them which of this rank's. Once, by one party, when all shards of this rank are built.
    /// </summary>
    /// <param name="needed">Neurons of a population that have targets on this rank, one bit each. [population]</param>
    public void Connect(ulong[][] needed)
    {
        var to = new byte[_link.Ranks][];
        for (var r = 0; r < _link.Ranks; r++)
        {
            to[r] = [.. needed.SelectMany((bits, p) => MemoryMarshal.AsBytes(_outboxes.WordsOf(bits, p, r)).ToArray())];
        }

        var from = _link.Exchange(to);
        foreach (var peer in _peers)
        {
            peer.Connect(from[peer.Rank], needed, _outboxes, _link.Rank, _plan.SliceSteps, _slots);
        }
    }

    /// <summary>
    /// With the asynchronous clock: sends the slice before a turn, which all shards of this rank have finished. One turn after another.
    /// </summary>
    /// <param name="turn">The turn behind it.</param>
    /// <param name="flags">On rank 0, what was decided for the turn that others may begin once they have this; else what this rank has to say.</param>
    /// <param name="spikes">Spikes of a population on this rank so far.</param>
    public void Send(long turn, TurnFlags flags, Func<int, long> spikes)
    {
        FindSpiking(turn);
        foreach (var peer in _peers)
        {
            var slot = peer.Slots[turn % peer.Slots.Length];
            // The peer received what was in it long ago, or this rank could not be as far.
            Finish(slot);
            var withTotals = peer.Rank == 0 && turn % TurnsBetweenTotals == 0 ? TurnFlags.Totals : TurnFlags.None;
            var bytes = Pack(peer, slot.Room, turn, flags | withTotals, spikes);
            BytesSent += bytes;
            slot.Request = _link.Send(peer.Rank, RankTag.Slice, slot.Room.Pointer, bytes);
        }
    }

    /// <summary>With the asynchronous clock: looks whether the next slice of a rank has come, and takes it if it has.</summary>
    /// <param name="peer">Index among the other ranks.</param>
    /// <param name="turn">The turn behind that slice.</param>
    /// <param name="flags">What the rank said.</param>
    public bool Receives(int peer, long turn, out TurnFlags flags)
    {
        var from = _peers[peer];
        flags = TurnFlags.None;
        if (from.Receiving == 0)
        {
            from.Receiving = _link.Receive(from.Rank, RankTag.Slice, from.Received.Pointer, from.Received.Bytes);
        }

        if (!_link.IsDone(from.Receiving, out var bytes))
        {
            return false;
        }

        from.Receiving = 0;
        flags = Unpack(from, turn, bytes);
        return true;
    }

    /// <summary>Returns once all that was sent is under way, and its room free.</summary>
    public void Drain()
    {
        foreach (var slot in _peers.SelectMany(p => p.Slots))
        {
            Finish(slot);
        }
    }

    /// <summary>Begins to send the slice before a turn, and to receive it from the others.</summary>
    /// <param name="turn">The turn that all workers of this rank want to start.</param>
    /// <param name="flags">What this rank has to say.</param>
    /// <param name="spikes">Spikes of a population on this rank so far.</param>
    public void Begin(long turn, TurnFlags flags, Func<int, long> spikes)
    {
        _own = flags;
        FindSpiking(turn);
        foreach (var peer in _peers)
        {
            peer.Receiving = _link.Receive(peer.Rank, RankTag.Slice, peer.Received.Pointer, peer.Received.Bytes);
            var withTotals = peer.Rank == 0 && turn % TurnsBetweenTotals == 0 ? TurnFlags.Totals : TurnFlags.None;
            var slot = peer.Slots[0];
            var bytes = Pack(peer, slot.Room, turn, flags | withTotals, spikes);
            BytesSent += bytes;
            slot.Request = _link.Send(peer.Rank, RankTag.Slice, slot.Room.Pointer, bytes);
        }
    }

    /// <summary>Waits until all that <see cref="Begin"/> began is done, and gives the spikes of the others to this rank's shards.</summary>
    /// <param name="turn">As for <see cref="Begin"/>.</param>
    /// <param name="flags">What any rank had to say.</param>
    /// <returns>False if an actor of this rank failed meanwhile.</returns>
    public bool Complete(long turn, out TurnFlags flags)
    {
        flags = _own;
        for (var (looks, waiting) = (0, _peers.Length * 2); waiting > 0; looks++)
        {
            if (_supervisor.HasFailed)
            {
                return false;
            }

            waiting = 0;
            foreach (var peer in _peers)
            {
                if (peer.Receiving != 0 && _link.IsDone(peer.Receiving, out var bytes))
                {
                    peer.Receiving = 0;
                    flags |= Unpack(peer, turn, bytes);
                }

                var slot = peer.Slots[0];
                if (slot.Request != 0 && _link.IsDone(slot.Request, out _))
                {
                    slot.Request = 0;
                }

                waiting += (peer.Receiving != 0 ? 1 : 0) + (slot.Request != 0 ? 1 : 0);
            }

            if (waiting > 0)
            {
                RankLink.Pause(looks);
            }
        }

        return true;
    }

    /// <summary>Whether a neuron of a rank, and how many spiked in a step, go into 16 bits.</summary>
    public static bool IsNarrow(int neurons) => neurons <= ushort.MaxValue;

    /// <inheritdoc/>
    public void Dispose() => System.Array.ForEach(_peers, p => p.Dispose());

    private void Finish(Slot slot)
    {
        if (slot.Request != 0)
        {
            _link.Wait(slot.Request);
            slot.Request = 0;
        }
    }

    private int Pack(Peer peer, Room room, long turn, TurnFlags flags, Func<int, long> spikes)
    {
        var to = room.Pointer;
        *(long*)to = turn;
        *(int*)(to + sizeof(long)) = (int)flags;
        ref var populations = ref *(int*)(to + sizeof(long) + sizeof(int));
        populations = 0;
        to += HeadBytes;
        if (turn > _plan.FirstTurn)
        {
            var (first, last) = (_plan.FirstStepOf(turn - 1), _plan.LastStepOf(turn - 1));
            for (var s = 0; s < _spikingCount; s++)
            {
                var place = peer.Places[_spiking[s]];
                if (place < 0)
                {
                    continue;
                }

                var wanted = peer.Wanted[place];
                populations++;
                System.Runtime.CompilerServices.Unsafe.WriteUnaligned(to, place);
                to += sizeof(int);
                for (var step = first; step < last; step++)
                {
                    to = wanted.IsNarrow ? Pack<ushort>(wanted, step, to) : Pack<uint>(wanted, step, to);
                }
            }
        }

        for (var p = 0; p < _outboxes.Populations && flags.HasFlag(TurnFlags.Totals); p++, to += sizeof(long))
        {
            System.Runtime.CompilerServices.Unsafe.WriteUnaligned(to, spikes(p));
        }

        return (int)(to - room.Pointer);
    }

    /// <summary>Looks, once for all peers, which populations have anything to send of the slice before a turn.</summary>
    private void FindSpiking(long turn)
    {
        _spikingCount = 0;
        var (first, last) = turn > _plan.FirstTurn ? (_plan.FirstStepOf(turn - 1), _plan.LastStepOf(turn - 1)) : (0, 0);
        for (var p = 0; p < _sources.Length; p++)
        {
            var spikes = 0;
            foreach (var outbox in _sources[p])
            {
                for (var step = first; step < last; step++)
                {
                    outbox.Read(step, out var count);
                    spikes += count;
                }
            }

            _spiking[_spikingCount] = p;
            _spikingCount += spikes > 0 ? 1 : 0;
        }
    }

    /// <summary>Writes the neurons that spiked in a step and are wanted, counted from the rank's first; before them, how many they are.</summary>
    private static byte* Pack<T>(WantedSpikes wanted, long step, byte* to)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var numbers = (T*)to;
        var next = 1;
        foreach (var outbox in wanted.Outboxes)
        {
            var neurons = outbox.Read(step, out var count);
            for (var i = 0; i < count; i++)
            {
                // Branch-free: one that nobody wants is overwritten.
                var neuron = neurons[i] - wanted.First;
                numbers[next] = T.CreateTruncating(neuron);
                next += (int)(wanted.Bits[neuron >> 6] >> neuron) & 1;
            }
        }

        numbers[0] = T.CreateTruncating(next - 1);
        return to + (next * sizeof(T));
    }

    private TurnFlags Unpack(Peer peer, long turn, int bytes)
    {
        var from = peer.Received.Pointer;
        Invariant.That(*(long*)from == turn, "ranks are at the same turn");
        var flags = (TurnFlags)(*(int*)(from + sizeof(long)));
        var populations = *(int*)(from + sizeof(long) + sizeof(int));
        from += HeadBytes;
        if (turn > _plan.FirstTurn)
        {
            var slice = turn - 1;
            var (first, last) = (_plan.FirstStepOf(slice), _plan.LastStepOf(slice));
            for (; populations > 0; populations--)
            {
                var given = peer.Given[System.Runtime.CompilerServices.Unsafe.ReadUnaligned<int>(from)];
                from += sizeof(int);
                if (first % _plan.SliceSteps == 0)
                {
                    given.Outbox.BeginSlice(slice);
                }

                for (var step = first; step < last; step++)
                {
                    from = given.IsNarrow ? Unpack<ushort>(given, step, from) : Unpack<uint>(given, step, from);
                }
            }
        }

        for (var p = 0; p < _outboxes.Populations && flags.HasFlag(TurnFlags.Totals); p++, from += sizeof(long))
        {
            Volatile.Write(ref _totals[peer.Rank][p], System.Runtime.CompilerServices.Unsafe.ReadUnaligned<long>(from));
        }

        Invariant.That(from == peer.Received.Pointer + bytes, "a message of a slice is read to its end");
        return flags & ~TurnFlags.Totals;
    }

    private static byte* Unpack<T>(GivenSpikes given, long step, byte* from)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var numbers = (T*)from;
        var count = int.CreateTruncating(numbers[0]);
        var room = given.Outbox.Room;
        for (var i = 0; i < count; i++)
        {
            room[i] = given.First + int.CreateTruncating(numbers[i + 1]);
        }

        given.Outbox.Commit(step, count);
        return from + ((count + 1) * sizeof(T));
    }

    /// <summary>Spikes of a population of this rank that another one has targets of.</summary>
    /// <param name="Outboxes">Those of this rank's shards.</param>
    /// <param name="First">First neuron of this rank.</param>
    /// <param name="Bits">Which neurons, counted from it.</param>
    /// <param name="IsNarrow">Whether a neuron, and their number, go into 16 bits.</param>
    private sealed record WantedSpikes(SpikeOutbox[] Outboxes, int First, ulong[] Bits, bool IsNarrow);

    /// <summary>Spikes of a population of another rank that this one has targets of.</summary>
    /// <param name="Outbox">Takes them.</param>
    /// <param name="First">First neuron of that rank.</param>
    /// <param name="IsNarrow">Whether a neuron, and their number, go into 16 bits.</param>
    private sealed record GivenSpikes(SpikeOutbox Outbox, int First, bool IsNarrow);

    /// <summary>Bytes that no spike may ever touch take no memory.</summary>
    private sealed class Room : IDisposable
    {
        public Room(long bytes)
        {
            if (bytes > int.MaxValue)
            {
                throw new SimulationException($"a slice could have {bytes >> 20} MiB of spikes from one rank to another, and 2047 MiB are the most: use more ranks");
            }

            Bytes = (int)bytes;
            Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        }

        ~Room() => NativeMemory.AlignedFree(Pointer);

        public int Bytes { get; }

        public byte* Pointer { get; private set; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(Pointer);
            Pointer = null;
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>A message under way, and where it lies.</summary>
    private sealed class Slot(Room room)
    {
        public Room Room { get; } = room;

        /// <summary>0: none.</summary>
        public nint Request { get; set; }
    }

    /// <summary>Another rank.</summary>
    private sealed class Peer : IDisposable
    {
        public required int Rank { get; init; }

        public WantedSpikes[] Wanted { get; private set; } = [];

        /// <summary>Where a population is in <see cref="Wanted"/>, and at the other rank in its <see cref="Given"/>; -1: nowhere. [population]</summary>
        public int[] Places { get; private set; } = [];

        public GivenSpikes[] Given { get; private set; } = [];

        /// <summary>One for each slice that may be under way.</summary>
        public Slot[] Slots { get; private set; } = [];

        public Room Received { get; private set; } = new(HeadBytes);

        public nint Receiving { get; set; }

        /// <param name="wanted">Which neurons of this rank it wants: bits, population after population.</param>
        /// <param name="needed">Which neurons this rank needs. [population]</param>
        /// <param name="outboxes">All spikes.</param>
        /// <param name="own">This rank.</param>
        /// <param name="sliceSteps">Steps of a slice.</param>
        /// <param name="slots">Slices that may be under way.</param>
        public void Connect(byte[] wanted, ulong[][] needed, RankOutboxes outboxes, int own, int sliceSteps, int slots)
        {
            var bits = MemoryMarshal.Cast<byte, ulong>(wanted).ToArray();
            var next = 0;
            Places = new int[outboxes.Populations];
            System.Array.Fill(Places, -1);
            var (sends, gives) = (new List<WantedSpikes>(), new List<GivenSpikes>());
            var (sent, received) = (HeadBytes + (outboxes.Populations * (long)sizeof(long)), HeadBytes + (outboxes.Populations * (long)sizeof(long)));
            for (var p = 0; p < outboxes.Populations; p++)
            {
                var words = outboxes.WordsOf(p, own);
                var ofPopulation = bits[next..(next + words)];
                next += words;
                if (ofPopulation.Any(w => w != 0))
                {
                    Places[p] = sends.Count;
                    sends.Add(new WantedSpikes(outboxes.Own(p), outboxes.First(p, own), ofPopulation, IsNarrow(outboxes.Count(p, own))));
                    sent += BytesOf(outboxes.Count(p, own));
                }

                if (outboxes.WordsOf(needed[p], p, Rank).ContainsAnyExcept(0UL))
                {
                    gives.Add(new GivenSpikes(outboxes.Remote(p, Rank), outboxes.First(p, Rank), IsNarrow(outboxes.Count(p, Rank))));
                    received += BytesOf(outboxes.Count(p, Rank));
                }
            }

            (Wanted, Given) = ([.. sends], [.. gives]);
            Dispose();
            Slots = [.. Enumerable.Range(0, slots).Select(_ => new Slot(new Room(sent)))];
            Received = new Room(received);

            // One more than there are neurons: Pack writes before it knows whether a neuron is wanted.
            long BytesOf(int neurons) => sizeof(int) + (sliceSteps * (neurons + 2L) * (IsNarrow(neurons) ? sizeof(ushort) : sizeof(uint)));
        }

        public void Dispose()
        {
            System.Array.ForEach(Slots, s => s.Room.Dispose());
            Received.Dispose();
        }
    }
}
