using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Snn.Actors.Simulation.Ranks;
using Snn.Cluster.Host;
using Snn.Cluster.Host.Mpi;

namespace Snn.MpiTest;

/// <summary>How long a message takes through the transport, between ranks 0 and 1.</summary>
internal static unsafe class Timing
{
    private const int Tag = 1;

    /// <summary>Measures a ping-pong, an exchange in which both send at once, as for a slice, and MPI's own allgather of the same bytes.</summary>
    /// <param name="ranks">To the others.</param>
    /// <param name="bytes">Of a message.</param>
    /// <param name="rounds">How many.</param>
    /// <param name="context">Where it prints.</param>
    public static int Run(IRankTransport ranks, int bytes, int rounds, HostContext context)
    {
        if (ranks.Rank > 1)
        {
            return ExitStatus.Done;
        }

        var data = NativeMemory.AllocZeroed((nuint)bytes);
        var room = NativeMemory.AllocZeroed((nuint)bytes * 2);
        var other = 1 - ranks.Rank;
        void PingPong()
        {
            if (ranks.Rank == 0)
            {
                Await(ranks.Send(other, Tag, data, bytes));
                Await(ranks.Receive(other, Tag, room, bytes));
            }
            else
            {
                Await(ranks.Receive(other, Tag, room, bytes));
                Await(ranks.Send(other, Tag, data, bytes));
            }
        }

        void Both()
        {
            var receive = ranks.Receive(other, Tag, room, bytes);
            var send = ranks.Send(other, Tag, data, bytes);
            Await(receive);
            Await(send);
        }

        void Await(nint request)
        {
            // Two ranks with a core each: who yields measures the scheduler.
            while (!ranks.IsDone(request, out _))
            {
                Thread.SpinWait(1);
            }
        }

        // All ranks take part in it, and those above 1 do not come here.
        void Gather() => ((MpiTransport)ranks).Gather(data, room, bytes);

        var kinds = ranks.Ranks == 2 ? new (string, Action)[] { ("ping-pong", PingPong), ("exchange", Both), ("allgather", Gather) } : [("ping-pong", PingPong), ("exchange", Both)];
        foreach (var (name, round) in kinds)
        {
            var times = new double[5];
            for (var repeat = -1; repeat < times.Length; repeat++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < rounds; i++)
                {
                    round();
                }

                if (repeat >= 0)
                {
                    times[repeat] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / rounds;
                }
            }

            Array.Sort(times);
            context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} of {bytes} bytes: {times[0]:0.00} to {times[^1]:0.00}, median {times[2]:0.00} microseconds a round"));
        }

        NativeMemory.Free(data);
        NativeMemory.Free(room);
        return ExitStatus.Done;
    }
}
