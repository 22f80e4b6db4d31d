using System.Runtime.InteropServices;

namespace Snn.Cluster.Host.Mpi;

/// <summary>The two binary interfaces that MPI comes in.</summary>
internal enum MpiFamily
{
    /// <summary>Open MPI: handles are addresses of exported symbols.</summary>
    OpenMpi,

    /// <summary>MPICH and its relatives (Intel MPI, MVAPICH, Cray MPICH): handles are fixed integers.</summary>
    Mpich,
}

/// <summary>An MPI library that was found on this machine, and its constants.</summary>
internal sealed class MpiLibrary
{
    /// <summary>The environment variable that names a library instead of the usual ones.</summary>
    public const string Variable = "SNN_MPI_LIBRARY";

    private readonly nint _handle;

    private MpiLibrary(string name, nint handle)
    {
        Name = name;
        _handle = handle;
        var isOpen = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out var world);
        Family = isOpen ? MpiFamily.OpenMpi : MpiFamily.Mpich;
        World = isOpen ? world : 0x44000000;
        Byte = isOpen ? NativeLibrary.GetExport(handle, "ompi_mpi_byte") : 0x4c00010d;
        ErrorsReturn = isOpen ? NativeLibrary.GetExport(handle, "ompi_mpi_errors_return") : 0x54000001;
    }

    /// <summary>As it was loaded.</summary>
    public string Name { get; }

    /// <summary>Whose it is.</summary>
    public MpiFamily Family { get; }

    /// <summary>MPI_COMM_WORLD.</summary>
    public nint World { get; }

    /// <summary>MPI_BYTE.</summary>
    public nint Byte { get; }

    /// <summary>MPI_ERRORS_RETURN.</summary>
    public nint ErrorsReturn { get; }

    /// <summary>Finds a library.</summary>
    /// <param name="preferred">The family to look for first, as the launcher needs it; null: whichever is there.</param>
    /// <param name="variable">The environment.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="MpiException"><see cref="Variable"/> names something else.</exception>
    public static MpiLibrary? Find(MpiFamily? preferred, Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } given)
        {
            return Load(given) ?? throw new MpiException(
                $"{Variable}={given}: is no MPI library that can be loaded here: give the path of a libmpi.so.40 (Open MPI), libmpich.so.12 or libmpi.so.12 (MPICH), or unset it");
        }

        string[] open = OperatingSystem.IsMacOS() ? ["libmpi.40.dylib"] : ["libmpi.so.40"];
        string[] mpich = OperatingSystem.IsMacOS() ? ["libmpi.12.dylib"] : ["libmpich.so.12", "libmpi.so.12"];
        return (preferred == MpiFamily.Mpich ? [.. mpich, .. open] : open.Concat(mpich)).Select(Load).FirstOrDefault(l => l is not null);
    }

    /// <summary>Has the functions of <see cref="MpiNative"/> taken from this library.</summary>
    public void Use() => MpiNative.Use(_handle);

    private static MpiLibrary? Load(string name)
    {
        if (!Environment.Is64BitProcess || !BitConverter.IsLittleEndian || OperatingSystem.IsWindows())
        {
            return null;
        }

        nint handle = 0;
        Posix.KeepingHandlers(() => _ = NativeLibrary.TryLoad(name, out handle));
        if (handle == 0)
        {
            return null;
        }

        if (NativeLibrary.TryGetExport(handle, "MPI_Init_thread", out _))
        {
            return new MpiLibrary(name, handle);
        }

        NativeLibrary.Free(handle);
        return null;
    }
}
