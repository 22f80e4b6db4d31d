using System.CommandLine;
using System.Text;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Snapshots;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>The part of a run of the ranks behind the first: they simulate, and nothing else.</summary>
internal static class FollowerExecution
{
    /// <summary>Simulates what rank 0 ordered.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="order">From rank 0.</param>
    /// <param name="parsed">The command line, the same for all.</param>
    /// <param name="options">Its options.</param>
    /// <param name="resume">The state to go on from, or null.</param>
    /// <param name="context">Where it runs.</param>
    /// <returns>One of <see cref="ExitStatus"/>.</returns>
    public static int Run(RankGroup ranks, RankOrder order, ParseResult parsed, RunOptions options, Snapshot? resume, HostContext context)
    {
        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(order.Network));
        var network = reading.Network ?? throw new RunDirectoryException($"the network of rank 0 cannot be read here: {reading.Format(order.Directory)}");
        if (!Directory.Exists(order.Directory))
        {
            throw new RunDirectoryException($"{order.Directory}: is not there, though rank 0 made it: give an --out DIR on a file system that all machines share");
        }

        using var signals = new RunSignals(context, snapshots: null);
        var simulation = options.SimulationOf(parsed) with
        {
            Transport = ranks.Transport,
            Resume = resume,
            ContinuesRecording = parsed.GetValue(options.Out) is null,
            Snapshots = RunSnapshots.PolicyOfFollower(parsed, options, isResumed: resume is not null),
        };
        try
        {
            var result = context.Simulator.Run(network, simulation, RunDirectory.At(order.Directory), new SimulationProgress(network.Populations.Count), signals.Token);
            return result.Interrupted ? ExitStatus.Interrupted : ExitStatus.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitStatus.Interrupted;
        }
    }
}
