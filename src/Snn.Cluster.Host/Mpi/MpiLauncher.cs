using System.Diagnostics;
using System.Globalization;

namespace Snn.Cluster.Host.Mpi;

/// <summary>An mpirun of this machine: where it is, whose it is, and how it is spoken to.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Family">Whose it is: it can start programs with a library of this family only.</param>
internal sealed record MpiLauncher(string Program, MpiFamily Family)
{
    /// <summary>
    /// A machine that is switched off or cut off says nothing, and Open MPI's launcher asks after 300 s of silence and waits for 180 s more. With these numbers it ends the
    /// run some 20 s after the last word.
    /// </summary>
    private static readonly string[] KeepAlive =
        ["--mca", "oob_tcp_keepalive_time", "5", "--mca", "oob_tcp_keepalive_intvl", "5", "--mca", "oob_tcp_keepalive_probes", "3"];

    /// <summary>What MPI's launchers are called; the later names are Debian's where both families are installed.</summary>
    private static readonly string[] Names = ["mpirun", "mpiexec", "mpirun.openmpi", "mpirun.mpich", "mpiexec.hydra"];

    /// <summary>The signal that reaches all ranks by way of this launcher, and stops them in order.</summary>
    public int StopSignal => Family == MpiFamily.OpenMpi ? Posix.UserSignal2 : Posix.Terminate;

    /// <summary>Finds a launcher whose library is here, too.</summary>
    /// <param name="asked">The option that asks for it, for messages.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="MpiException">There is none.</exception>
    public static MpiLauncher Find(string asked, Func<string, string?> variable)
    {
        var named = variable(MpiLibrary.Variable) is { Length: > 0 } ? MpiLibrary.Find(null, variable) : null;
        var lacking = new List<string>();
        foreach (var program in Names.Select(n => OnPath(n, variable)).OfType<string>())
        {
            if (FamilyOf(program) is not { } family)
            {
                continue;
            }

            if ((named ?? MpiLibrary.Find(family, variable))?.Family == family)
            {
                return new MpiLauncher(program, family);
            }

            lacking.Add(program);
        }

        throw new MpiException(lacking.Count == 0
            ? $"{asked}: MPI is not installed here: install Open MPI (Debian: apt install openmpi-bin) or MPICH (apt install mpich), or leave --ranks out"
            : $"{asked}: {string.Join(", ", lacking)} cannot start programs with {named?.Name ?? "any MPI library of this machine"}: install the launcher and the library of one MPI, or leave --ranks out");
    }

    /// <summary>A program of the PATH, or null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="variable">The environment.</param>
    public static string? OnPath(string name, Func<string, string?> variable) =>
        (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(d => Path.Combine(d, name)).FirstOrDefault(File.Exists);

    /// <summary>Which family prints this when it is asked for its version.</summary>
    internal static MpiFamily? FamilyThatSays(string version)
    {
        bool Says(string word) => version.Contains(word, StringComparison.OrdinalIgnoreCase);
        return Says("Open MPI") || Says("OpenRTE") ? MpiFamily.OpenMpi : Says("HYDRA") || Says("MPICH") || Says("Intel(R) MPI") ? MpiFamily.Mpich : null;
    }

    /// <summary>Its arguments, up to the program that it is to start.</summary>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="hosts">Where; empty: on this machine, or on those of the job that we are in.</param>
    /// <param name="cores">Cores of a machine: with more ranks than that, who waits lets others work.</param>
    /// <param name="exported">Variables that ranks of other machines need.</param>
    public IReadOnlyList<string> Arguments(int ranks, IReadOnlyList<HostSlots> hosts, int cores, IReadOnlyList<string> exported)
    {
        var places = HostSlots.ToOption(hosts);
        var number = ranks.ToString(CultureInfo.InvariantCulture);
        if (Family == MpiFamily.Mpich)
        {
            return ["-n", number, .. places.Length > 0 ? ["-hosts", places] : Array.Empty<string>(), "-bind-to", "none"];
        }

        // Quiet: what went wrong is said by the rank that it went wrong in. Unbound: a rank has as many workers as it has cores, and a core each.
        var mostOnOne = hosts.Count > 0 ? hosts.Max(h => h.Slots) : ranks;
        return
        [
            "--quiet", "-n", number, .. places.Length > 0 ? ["--host", places] : Array.Empty<string>(),
            "--oversubscribe", "--bind-to", "none",
            .. mostOnOne > cores ? ["--mca", "mpi_yield_when_idle", "1"] : Array.Empty<string>(),
            .. hosts.Count > 1 ? KeepAlive : [],
            .. exported.SelectMany(name => new[] { "-x", name }),
        ];
    }

    private static MpiFamily? FamilyOf(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
        if (process is null)
        {
            return null;
        }

        var error = process.StandardError.ReadToEndAsync();
        var version = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return FamilyThatSays(version);
    }
}
