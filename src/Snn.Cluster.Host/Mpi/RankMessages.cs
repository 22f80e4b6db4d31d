using Snn.Actors.Simulation.Ranks;

namespace Snn.Cluster.Host.Mpi;

/// <summary>Messages of any length between ranks, for what is said once and not in every slice.</summary>
internal static unsafe class RankMessages
{
    /// <summary>The tag of these messages: the engine's are below.</summary>
    private const int Tag = 32767;

    /// <summary>Gives what rank 0 has to all. Every rank calls it and waits.</summary>
    /// <param name="transport">To the others.</param>
    /// <param name="message">What rank 0 says; nobody else's is looked at.</param>
    /// <returns>What rank 0 said.</returns>
    public static byte[] Broadcast(this IRankTransport transport, byte[] message)
    {
        // A binomial tree: a rank hears from the one whose number lacks its lowest bit, and tells those that differ in one bit below it.
        var lowest = transport.Rank == 0 ? Ceiling(transport.Ranks) : transport.Rank & -transport.Rank;
        var heard = transport.Rank == 0 ? message : Receive(transport, transport.Rank - lowest);
        for (var bit = lowest / 2; bit > 0; bit /= 2)
        {
            if (transport.Rank + bit < transport.Ranks)
            {
                Send(transport, transport.Rank + bit, heard);
            }
        }

        return heard;
    }

    private static int Ceiling(int ranks)
    {
        var power = 1;
        while (power < ranks)
        {
            power *= 2;
        }

        return power;
    }

    private static void Send(IRankTransport transport, int to, byte[] message)
    {
        var length = message.Length;
        Wait(transport, transport.Send(to, Tag, &length, sizeof(int)));
        fixed (byte* data = message)
        {
            Wait(transport, transport.Send(to, Tag, data, length));
        }
    }

    private static byte[] Receive(IRankTransport transport, int from)
    {
        var length = 0;
        Wait(transport, transport.Receive(from, Tag, &length, sizeof(int)));
        var message = new byte[length];
        fixed (byte* room = message)
        {
            Wait(transport, transport.Receive(from, Tag, room, length));
        }

        return message;
    }

    private static void Wait(IRankTransport transport, nint request)
    {
        // Rank 0 may read a file for minutes: who waits for that sleeps.
        var pause = default(SpinWait);
        while (!transport.IsDone(request, out _))
        {
            pause.SpinOnce();
        }
    }
}
