using Snn.Actors.Runtime;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>Kinds of messages between ranks.</summary>
internal enum RankTag
{
    /// <summary>Spikes of a slice, and what the clocks say.</summary>
    Slice = 1,

    /// <summary>Before the first slice and after the last.</summary>
    Control = 2,

    /// <summary>Shares of a snapshot.</summary>
    Snapshot = 3,
}

/// <summary>The transport as the threads of a rank use it: one at a time, and none waits longer than the run lasts.</summary>
/// <param name="transport">Carries the bytes.</param>
/// <param name="supervisor">Whose failure ends every wait.</param>
internal sealed unsafe class RankLink(IRankTransport transport, Supervisor supervisor)
{
    private readonly Lock _gate = new();

    /// <summary>Number of this rank.</summary>
    public int Rank => transport.Rank;

    /// <summary>How many there are.</summary>
    public int Ranks => transport.Ranks;

    /// <inheritdoc cref="IRankTransport.AreOthersMadeUp"/>
    public bool AreOthersMadeUp => transport.AreOthersMadeUp;

    /// <summary>All ranks but this one.</summary>
    public IEnumerable<int> Others => Enumerable.Range(0, Ranks).Where(r => r != Rank);

    /// <inheritdoc cref="IRankTransport.Send"/>
    public nint Send(int to, RankTag tag, void* data, int bytes)
    {
        lock (_gate)
        {
            return transport.Send(to, (int)tag, data, bytes);
        }
    }

    /// <inheritdoc cref="IRankTransport.Receive"/>
    public nint Receive(int from, RankTag tag, void* room, int capacity)
    {
        lock (_gate)
        {
            return transport.Receive(from, (int)tag, room, capacity);
        }
    }

    /// <inheritdoc cref="IRankTransport.IsDone"/>
    public bool IsDone(nint request, out int bytes)
    {
        lock (_gate)
        {
            return transport.IsDone(request, out bytes);
        }
    }

    /// <summary>
    /// Lets some time pass between two looks. Where ranks have cores of their own the other is close; where they share one, it needs this one to get on; and who waits for
    /// long is to cost nothing.
    /// </summary>
    /// <param name="looks">Looks so far.</param>
    public static void Pause(int looks)
    {
        if (looks < 200)
        {
            Thread.SpinWait(10);
        }
        else if (looks < 20_000)
        {
            Thread.Yield();
        }
        else
        {
            Thread.Sleep(millisecondsTimeout: 1);
        }
    }

    /// <summary>Waits for a request. Returns the bytes of the message.</summary>
    /// <exception cref="SimulationException">An actor of this rank failed meanwhile.</exception>
    public int Wait(nint request)
    {
        for (var looks = 0; ; looks++)
        {
            if (IsDone(request, out var bytes))
            {
                return bytes;
            }

            if (supervisor.HasFailed)
            {
                throw new SimulationException("the run ended while this rank waited for another");
            }

            Pause(looks);
        }
    }

    /// <summary>Gives every rank the bytes of all: those of rank r at index r. All ranks call it.</summary>
    public byte[][] Share(byte[] own) => Exchange([.. Enumerable.Repeat(own, Ranks)]);

    /// <summary>Gives every rank the bytes that are for it. All ranks call it.</summary>
    /// <param name="to">For each rank; those for this one stay.</param>
    /// <returns>From each rank.</returns>
    public byte[][] Exchange(byte[][] to)
    {
        var from = new byte[Ranks][];
        from[Rank] = to[Rank];
        var lengths = new int[Ranks];
        var sizes = to.Select(b => b.Length).ToArray();
        fixed (int* own = sizes, others = lengths)
        {
            var requests = new List<nint>();
            foreach (var r in Others)
            {
                requests.Add(Receive(r, RankTag.Control, others + r, sizeof(int)));
                requests.Add(Send(r, RankTag.Control, own + r, sizeof(int)));
            }

            requests.ForEach(r => Wait(r));
        }

        var pins = new List<System.Runtime.InteropServices.GCHandle>();
        byte* Pinned(byte[] bytes)
        {
            var pin = System.Runtime.InteropServices.GCHandle.Alloc(bytes, System.Runtime.InteropServices.GCHandleType.Pinned);
            pins.Add(pin);
            return (byte*)pin.AddrOfPinnedObject();
        }

        try
        {
            var requests = new List<nint>();
            foreach (var r in Others)
            {
                from[r] = new byte[lengths[r]];
                requests.Add(Receive(r, RankTag.Control, Pinned(from[r]), lengths[r]));
                requests.Add(Send(r, RankTag.Control, Pinned(to[r]), to[r].Length));
            }

            requests.ForEach(r => Wait(r));
        }
        finally
        {
            pins.ForEach(p => p.Free());
        }

        return from;
    }
}
