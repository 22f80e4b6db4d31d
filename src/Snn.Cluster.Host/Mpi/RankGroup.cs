using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Snn.Actors.Snapshots;

namespace Snn.Cluster.Host.Mpi;

/// <summary>What rank 0 tells the others when its part of the beginning is over.</summary>
/// <param name="Status">Null: go on; else nothing is run, and this is how all end.</param>
/// <param name="Directory">The run's directory.</param>
/// <param name="Network">The network, as in network.json.</param>
/// <param name="ResumeStep">The snapshot to go on from, or null.</param>
internal sealed record RankOrder(int? Status, string Directory = "", string Network = "", long? ResumeStep = null)
{
    /// <summary>The order to simulate.</summary>
    /// <param name="directory">Where rank 0 writes.</param>
    /// <param name="network">What.</param>
    /// <param name="resume">The step of the snapshot to go on from, or null.</param>
    public static RankOrder Of(RunDirectory directory, Network network, long? resume) => new(null, directory.Root, NetworkFile.ToText(network), resume);
}

/// <summary>
/// The ranks of one command: rank 0 leads, the others follow. Rank 0 reads, checks, makes directories and prints; the others wait for its order. If one fails,
/// all are ended; else all end MPI together.
/// </summary>
internal sealed class RankGroup
{
    private readonly MpiTransport _transport;
    private bool _isOrdered;
    private bool _isRefusal;

    private RankGroup(MpiTransport transport) => _transport = transport;

    /// <summary>To the other ranks.</summary>
    public IRankTransport Transport => _transport;

    /// <summary>Runs a command in this process, as one rank of several if a launcher started it so.</summary>
    /// <param name="context">Where it runs.</param>
    /// <param name="lead">What rank 0 does; it is given null where it is the only one. It calls <see cref="Order"/> before it simulates.</param>
    /// <param name="follow">What the others do when they have their order.</param>
    /// <returns>One of <see cref="ExitStatus"/>.</returns>
    /// <exception cref="MpiException">There is no MPI, or not that of the launcher.</exception>
    public static int Run(HostContext context, Func<RankGroup?, int> lead, Func<RankGroup, RankOrder, int> follow)
    {
        if (RankEnvironment.Of(context.Variable) is not { Ranks: not 1 } launched)
        {
            return lead(null);
        }

        var group = new RankGroup(Connect(launched, context));
        int status;
        try
        {
            status = group.Transport.Rank == 0 ? group.Lead(lead) : group.Follow(follow);
        }
        catch (Exception e)
        {
            // Whatever it is, the others are not to wait for this rank.
            status = group.Report(e, context);
        }

        return group.End(status, context);
    }

    /// <summary>Has the others begin. Rank 0 calls it once.</summary>
    public void Order(RankOrder order)
    {
        _isOrdered = true;
        Transport.Broadcast(JsonSerializer.SerializeToUtf8Bytes(order, RankOrderJson.Default.RankOrder));
    }

    private static MpiTransport Connect(RankEnvironment launched, HostContext context)
    {
        var library = MpiLibrary.Find(launched.Family, context.Variable) ?? throw new MpiException(string.Create(
            CultureInfo.InvariantCulture,
            $"rank {launched.Rank}: {launched.Launcher} started this, but there is no MPI library on {Environment.MachineName}: install Open MPI (Debian: apt install openmpi-bin) or MPICH there, or name its library in {MpiLibrary.Variable}"))
        {
            IsOfOneRank = true,
        };
        var transport = MpiTransport.Start(library);
        if (launched.Ranks is { } ranks && transport.Ranks != ranks)
        {
            transport.Dispose();
            throw new MpiException(string.Create(
                CultureInfo.InvariantCulture,
                $"{launched.Launcher} started {ranks} ranks, but {library.Name} sees {transport.Ranks}: it belongs to another MPI than the launcher; start with the mpirun of that MPI (srun: --mpi=pmix for Open MPI, --mpi=pmi2 for MPICH), or name the launcher's library in {MpiLibrary.Variable}"));
        }

        return transport;
    }

    private int Lead(Func<RankGroup?, int> lead)
    {
        var status = lead(this);
        if (!_isOrdered)
        {
            _isRefusal = true;
            Order(new RankOrder(status));
        }

        return status;
    }

    private int Follow(Func<RankGroup, RankOrder, int> follow)
    {
        var order = JsonSerializer.Deserialize(Transport.Broadcast([]), RankOrderJson.Default.RankOrder)
            ?? throw new InvalidOperationException("rank 0 sent no order");
        _isRefusal = order.Status is not null;
        return order.Status ?? follow(this, order);
    }

    private int Report(Exception exception, HostContext context)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"snn: rank {Transport.Rank} on {Environment.MachineName}");
        switch (exception)
        {
            case RunDirectoryException or SnapshotException or MpiException:
                context.RankError.WriteLine($"{where}: {exception.Message}");
                return ExitStatus.WrongInput;
            case SimulationException or IOException or UnauthorizedAccessException or OutOfMemoryException:
                InternalError.WriteTrace(exception, directory: null);
                context.RankError.WriteLine($"{where}: the run failed: {exception.Message}");
                return ExitStatus.Failed;
            default:
                context.RankError.Write($"{where}: ");
                return InternalError.Report(exception, context.RankError, directory: null);
        }
    }

    /// <summary>All ranks that end in order have the same status. One that did not cannot wait for the others, which may be waiting for it.</summary>
    private int End(int status, HostContext context)
    {
        if (Transport.Rank == 0 && context.Variable(MpiLaunch.StatusVariable) is { } file && File.Exists(file))
        {
            File.WriteAllText(file, status.ToString(CultureInfo.InvariantCulture));
        }

        if (_isRefusal || status is ExitStatus.Done or ExitStatus.Interrupted)
        {
            _transport.Dispose();
        }
        else
        {
            _transport.Abort(status);
        }

        return status;
    }
}

/// <summary>Serialisation without reflection: it starts faster.</summary>
[JsonSerializable(typeof(RankOrder))]
internal sealed partial class RankOrderJson : JsonSerializerContext;
