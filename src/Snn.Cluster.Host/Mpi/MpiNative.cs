using System.Reflection;
using System.Runtime.InteropServices;

namespace Snn.Cluster.Host.Mpi;

/// <summary>
/// The functions of MPI that Snn calls. Open MPI's handles are addresses, MPICH's are ints: both go through here as <see cref="nint"/>, because a 64-bit
/// calling convention passes an int in the lower half of the same register, and a little-endian machine writes it to the lower half of the same memory.
/// </summary>
internal static unsafe partial class MpiNative
{
    /// <summary>What every function returns if all went well.</summary>
    public const int Success = 0;

    /// <summary>MPI_THREAD_SERIALIZED: any thread may call, one at a time.</summary>
    public const int ThreadSerialized = 2;

    /// <summary>Room for an MPI_Status: 20 bytes in MPICH, 24 in Open MPI.</summary>
    public const int StatusBytes = 64;

    private const string Library = "mpi";

    private static nint _library;

    static MpiNative() =>
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Library ? _library : 0);

    /// <summary>Says which library the functions are in. Before the first call.</summary>
    /// <param name="library">Handle of the loaded library.</param>
    public static void Use(nint library) => _library = library;

    [LibraryImport(Library, EntryPoint = "MPI_Init_thread")]
    internal static partial int InitThread(void* argc, void* argv, int required, out int provided);

    [LibraryImport(Library, EntryPoint = "MPI_Finalize")]
    internal static partial int End();

    [LibraryImport(Library, EntryPoint = "MPI_Abort")]
    internal static partial int Abort(nint communicator, int status);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_rank")]
    internal static partial int CommRank(nint communicator, out int rank);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_size")]
    internal static partial int CommSize(nint communicator, out int size);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_set_errhandler")]
    internal static partial int CommSetErrhandler(nint communicator, nint handler);

    [LibraryImport(Library, EntryPoint = "MPI_Isend")]
    internal static partial int Isend(void* data, int count, nint type, int to, int tag, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Irecv")]
    internal static partial int Irecv(void* room, int count, nint type, int from, int tag, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Test")]
    internal static partial int Test(nint* request, int* isDone, void* status);

    [LibraryImport(Library, EntryPoint = "MPI_Get_count")]
    internal static partial int GetCount(void* status, nint type, int* count);

    [LibraryImport(Library, EntryPoint = "MPI_Allgather")]
    internal static partial int Allgather(void* own, int ownCount, nint ownType, void* all, int count, nint type, nint communicator);

    [LibraryImport(Library, EntryPoint = "MPI_Error_string")]
    internal static partial int ErrorString(int error, byte* text, int* length);
}
