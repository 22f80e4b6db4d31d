using System.Globalization;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Snn.Cluster.Host;
using Snn.Cluster.Host.Mpi;

namespace Snn.MpiTest;

/// <summary>What a rank of the test program does when all have found each other.</summary>
internal static unsafe class Parts
{
    private const int Tag = 7;

    /// <summary>Runs one part.</summary>
    /// <param name="args">Its name and arguments.</param>
    /// <param name="ranks">To the others.</param>
    /// <param name="context">Where it runs.</param>
    /// <returns>Exit status of the rank.</returns>
    public static int Run(string[] args, IRankTransport ranks, HostContext context)
    {
        int Number(int i) => int.Parse(args[i], CultureInfo.InvariantCulture);
        switch (args[0])
        {
            case "exchange":
                context.Out.WriteLine(Exchange.Run(ranks, (uint)Number(1), Number(2)));
                return ExitStatus.Done;
            case "broadcast":
                return Broadcast(ranks, Number(1), context);
            case "throw":
                return ranks.Rank == Number(1) ? throw new SimulationException("thrown on purpose") : WaitForEver(ranks);
            case "kill":
                return ranks.Rank == Number(1) ? Posix.Kill(Environment.ProcessId, 9) : WaitForEver(ranks);
            case "null":
                return NullReference(context);
            case "truncate":
                return Truncate(ranks);
            case "end":
                return Number(1);
            case "stop":
                return Stop(args[1], ranks, context);
            case "time":
                return Timing.Run(ranks, Number(1), Number(2), context);
            default:
                throw new ArgumentException($"there is no part {args[0]}", nameof(args));
        }
    }

    /// <summary>Waits for a request.</summary>
    /// <returns>Bytes.</returns>
    public static int Wait(IRankTransport ranks, nint request)
    {
        int bytes;
        while (!ranks.IsDone(request, out bytes))
        {
            Thread.Yield();
        }

        return bytes;
    }

    private static int Broadcast(IRankTransport ranks, int bytes, HostContext context)
    {
        var expected = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            expected[i] = (byte)(i * 31);
        }

        var heard = ranks.Broadcast(ranks.Rank == 0 ? expected : []);
        if (!heard.AsSpan().SequenceEqual(expected))
        {
            throw new InvalidOperationException("another message");
        }

        context.Out.WriteLine("heard");
        return ExitStatus.Done;
    }

    /// <summary>A message that nobody sends: only the end of another rank ends this one.</summary>
    private static int WaitForEver(IRankTransport ranks)
    {
        byte room;
        return Wait(ranks, ranks.Receive((ranks.Rank + 1) % ranks.Ranks, Tag, &room, 1));
    }

    private static int NullReference(HostContext context)
    {
        try
        {
            return Length(null);
        }
        catch (NullReferenceException)
        {
            context.Out.WriteLine("an exception");
            return ExitStatus.Done;
        }
    }

    private static int Length(string? text) => text!.Length;

    private static int Truncate(IRankTransport ranks)
    {
        var message = stackalloc byte[100];
        _ = ranks.Rank == 0 ? Wait(ranks, ranks.Send(1, Tag, message, 100)) : Wait(ranks, ranks.Receive(0, Tag, message, 10));
        return ExitStatus.Done;
    }

    /// <summary>Runs until it is stopped, then takes longer to write than a launcher waits for one that it kills.</summary>
    private static int Stop(string directory, IRankTransport ranks, HostContext context)
    {
        var name = Path.Combine(directory, ranks.Rank.ToString(CultureInfo.InvariantCulture));
        using var signals = new RunSignals(context, snapshots: null);
        File.WriteAllText(name + ".began", "");
        signals.Token.WaitHandle.WaitOne();
        Thread.Sleep(TimeSpan.FromSeconds(3));
        File.WriteAllText(name + ".wrote", "");
        return ExitStatus.Interrupted;
    }
}
