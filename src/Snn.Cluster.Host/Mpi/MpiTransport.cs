using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;

namespace Snn.Cluster.Host.Mpi;

/// <summary>Carries bytes between ranks by MPI. One a process, and only once: MPI cannot be started again.</summary>
internal sealed unsafe class MpiTransport : IRankTransport, IDisposable
{
    private readonly MpiLibrary _library;
    private Slot[] _slots = new Slot[64];
    private int _free;
    private bool _isOver;

    private MpiTransport(MpiLibrary library)
    {
        _library = library;
        Link(0);
        Check(MpiNative.CommSetErrhandler(library.World, library.ErrorsReturn), "MPI_Comm_set_errhandler");
        Check(MpiNative.CommRank(library.World, out var rank), "MPI_Comm_rank");
        Check(MpiNative.CommSize(library.World, out var ranks), "MPI_Comm_size");
        (Rank, Ranks) = (rank, ranks);
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Ranks { get; }

    /// <summary>Starts MPI. The signals of the process stay as they are.</summary>
    /// <param name="library">Where it is.</param>
    /// <exception cref="MpiException">It does not start, or not for threads.</exception>
    public static MpiTransport Start(MpiLibrary library)
    {
        library.Use();
        var (error, provided) = (0, 0);
        Posix.KeepingHandlers(() => error = MpiNative.InitThread(null, null, MpiNative.ThreadSerialized, out provided));
        if (error != MpiNative.Success)
        {
            throw new MpiException($"{library.Name}: MPI does not start: {Describe(error)}");
        }

        if (provided < MpiNative.ThreadSerialized)
        {
            var transport = new MpiTransport(library);
            transport.Dispose();
            throw new MpiException($"{library.Name}: was built without threads (MPI_THREAD_SERIALIZED): use an MPI that was built with them");
        }

        return new MpiTransport(library);
    }

    /// <inheritdoc/>
    public nint Send(int to, int tag, void* data, int bytes)
    {
        nint handle = 0;
        Check(MpiNative.Isend(data, bytes, _library.Byte, to, tag, _library.World, &handle), "MPI_Isend", to);
        return Take(handle, to, bytes, isReceive: false);
    }

    /// <inheritdoc/>
    public nint Receive(int from, int tag, void* room, int capacity)
    {
        nint handle = 0;
        Check(MpiNative.Irecv(room, capacity, _library.Byte, from, tag, _library.World, &handle), "MPI_Irecv", from);
        return Take(handle, from, capacity, isReceive: true);
    }

    /// <inheritdoc/>
    public bool IsDone(nint request, out int bytes)
    {
        ref var slot = ref _slots[request - 1];
        if (!slot.IsTaken)
        {
            throw new ArgumentException("the request is none, or was done before", nameof(request));
        }

        var status = stackalloc long[MpiNative.StatusBytes / sizeof(long)];
        var isDone = 0;
        var handle = slot.Handle;
        Check(MpiNative.Test(&handle, &isDone, status), slot.IsReceive ? "receiving" : "sending", slot.Other);
        slot.Handle = handle;
        bytes = 0;
        if (isDone == 0)
        {
            return false;
        }

        bytes = slot.Bytes;
        if (slot.IsReceive)
        {
            var count = 0;
            Check(MpiNative.GetCount(status, _library.Byte, &count), "MPI_Get_count", slot.Other);
            bytes = count;
        }

        slot = new Slot { Next = _free };
        _free = (int)request - 1;
        return true;
    }

    /// <summary>Gives every rank the same number of bytes of each, rank by rank, and waits for it: MPI's own way, to measure the other one by. All ranks call it.</summary>
    /// <param name="own">Of this rank.</param>
    /// <param name="all">Takes those of all.</param>
    /// <param name="bytes">Of one rank.</param>
    public void Gather(void* own, void* all, int bytes) =>
        Check(MpiNative.Allgather(own, bytes, _library.Byte, all, bytes, _library.Byte, _library.World), "MPI_Allgather");

    /// <summary>Ends all ranks, wherever they are and whatever they wait for. Does not return.</summary>
    /// <param name="status">Their exit status.</param>
    public void Abort(int status)
    {
        _isOver = true;
        _ = MpiNative.Abort(_library.World, status);
        Environment.Exit(status);
    }

    /// <summary>Ends MPI; all ranks have to, and wait for each other.</summary>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            _ = MpiNative.End();
        }
    }

    private static string Describe(int error)
    {
        var text = stackalloc byte[1024];
        var length = 0;
        return MpiNative.ErrorString(error, text, &length) == MpiNative.Success
            ? Encoding.UTF8.GetString(text, length)
            : string.Create(CultureInfo.InvariantCulture, $"error {error}");
    }

    private void Check(int error, string what, int? other = null)
    {
        if (error != MpiNative.Success)
        {
            var whom = other is { } rank ? string.Create(CultureInfo.InvariantCulture, $", rank {Rank} with rank {rank}") : "";
            throw new SimulationException($"MPI: {what}{whom}: {Describe(error)}");
        }
    }

    private nint Take(nint handle, int other, int bytes, bool isReceive)
    {
        if (_free == _slots.Length)
        {
            var full = _slots.Length;
            Array.Resize(ref _slots, full * 2);
            Link(full);
        }

        var index = _free;
        _free = _slots[index].Next;
        _slots[index] = new Slot { Handle = handle, Other = other, Bytes = bytes, IsReceive = isReceive, IsTaken = true };
        return index + 1;
    }

    private void Link(int first)
    {
        for (var i = first; i < _slots.Length; i++)
        {
            _slots[i].Next = i + 1;
        }
    }

    /// <summary>A request that is under way, or a link of the chain of free slots, which ends behind the array.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public nint Handle;
        public int Other;
        public int Bytes;
        public int Next;
        public bool IsReceive;
        public bool IsTaken;
    }
}
