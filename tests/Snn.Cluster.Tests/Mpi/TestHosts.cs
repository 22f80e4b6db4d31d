using System.Diagnostics;
using System.Globalization;
using Snn.Cluster.Host.Mpi;
using Xunit;

namespace Snn.Cluster.Tests.Mpi;

/// <summary>
/// Three hosts that are one machine: network namespaces with a name and an address each, joined by a bridge in a namespace of its own. The machine's own network is
/// not touched. Nothing but wires leads from host to host, so what ranks tell each other goes over TCP, and a wire can be cut.
/// </summary>
/// <remarks>Processes, files and cores are those of the machine: a shared file system, and processes that a test can look at.</remarks>
public sealed class TestHosts : IDisposable
{
    private const string Bridge = "bridge";

    private readonly string _folder = Directory.CreateTempSubdirectory("snn-hosts-").FullName;

    private readonly List<string> _namespaces = [];
    private readonly Dictionary<string, string> _hostsByNetwork = [];
    private readonly string? _lacking;

    /// <summary>Of the names of namespaces, which all of the machine sees: test runs at the same time do not get in each other's way.</summary>
    private readonly string _prefix;

    public TestHosts()
    {
        _prefix = Path.GetFileName(_folder) + "-";
        try
        {
            _lacking = FirstThatFails();
            if (_lacking is null)
            {
                foreach (var (host, number) in Names.Select((h, i) => (h, i + 1)))
                {
                    Add(host, string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number}"));
                }

                WriteScripts();
            }
        }
        catch
        {
            // Nobody disposes of what was not made.
            Dispose();
            throw;
        }
    }

    /// <summary>What the hosts are called.</summary>
    public static IReadOnlyList<string> Names { get; } = ["host1", "host2", "host3"];

    private string HostsFile => Path.Combine(_folder, "hosts");

    private string Enter => Path.Combine(_folder, "enter");

    private string Agent => Path.Combine(_folder, "agent");

    /// <summary>Skips the test where there can be no hosts.</summary>
    public void OrSkip() => Assert.SkipWhen(_lacking is not null, _lacking ?? "");

    /// <summary>Starts snn on the first host, from where it reaches the others.</summary>
    /// <param name="environment">Chooses the MPI.</param>
    /// <param name="args">Of snn.</param>
    public Process StartSnn(Dictionary<string, string?> environment, params string[] args)
    {
        var all = new Dictionary<string, string?>(environment)
        {
            ["OMPI_MCA_plm_rsh_agent"] = Agent,
            ["HYDRA_LAUNCHER"] = "ssh",
            ["HYDRA_LAUNCHER_EXEC"] = Agent,

            // Open MPI believes that a host has cores of its own, and would wait on them without letting others work.
            ["OMPI_MCA_mpi_yield_when_idle"] = "1",
        };
        return Processes.Start(Enter, all, [Names[0], Path.Combine(AppContext.BaseDirectory, "snn"), .. args]);
    }

    /// <summary>The host that a process is on, by its network; null: on none of them, or it has ended.</summary>
    public string? HostOf(int process)
    {
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/net")).LinkTarget is { } network ? _hostsByNetwork.GetValueOrDefault(network) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Cuts the wire between a host and the bridge.</summary>
    public void Cut(string host) => Ip("-n", _prefix + Bridge, "link", "set", host, "down");

    /// <summary>Puts it back.</summary>
    public void Mend(string host) => Ip("-n", _prefix + Bridge, "link", "set", host, "up");

    /// <summary>All processes on all hosts.</summary>
    public IReadOnlyList<int> ProcessesOnHosts() =>
    [
        .. _namespaces
            .SelectMany(n => Ip("netns", "pids", n).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        // A namespace lives as long as the last process in it.
        foreach (var id in ProcessesOnHosts())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has just ended.
            }
        }

        foreach (var name in _namespaces)
        {
            Ip("netns", "delete", name);
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs a program to its end.</summary>
    private static (int Status, string Output, string Error) Execute(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult().Trim());
    }

    private static string Ip(params string[] args)
    {
        var (status, output, error) = Execute("ip", args);
        Assert.True(status == 0, $"ip {string.Join(' ', args)}: status {status}: {error}");
        return output;
    }

    /// <summary>Makes the bridge, and does once all that a system may refuse. Returns null, or what it refused and what to do.</summary>
    private string? FirstThatFails()
    {
        if (MpiLauncher.OnPath("ip", Environment.GetEnvironmentVariable) is null)
        {
            return "IP IS MISSING: the tests over several hosts did not run. On Debian: apt-get install iproute2";
        }

        var bridge = _prefix + Bridge;
        string[][] needed =
        [
            ["netns", "add", bridge],
            ["-n", bridge, "link", "add", "probe", "type", "veth", "peer", "name", "eborp"],
            ["-n", bridge, "link", "add", Bridge, "type", "bridge"],
            ["netns", "exec", bridge, "unshare", "--uts", "/bin/sh", "-c", "hostname probe && mount --bind /etc/hosts /etc/hosts"],
        ];
        foreach (var words in needed)
        {
            var (status, _, error) = Execute("ip", words);
            if (status != 0)
            {
                return $"NO NETWORK NAMESPACES HERE: the tests over several hosts did not run, because of 'ip {string.Join(' ', words)}': {error}. "
                    + "Run them as root, in a container with --cap-add NET_ADMIN --cap-add SYS_ADMIN, with a kernel that has veth and bridge";
            }

            if (words[1] == "add")
            {
                _namespaces.Add(bridge);
            }
        }

        Ip("-n", bridge, "link", "set", Bridge, "up");
        return null;
    }

    /// <summary>Adds a host, and a wire from it to the bridge, where its end has the host's name.</summary>
    private void Add(string host, string address)
    {
        var (network, bridge) = (_prefix + host, _prefix + Bridge);
        Ip("netns", "add", network);
        _namespaces.Add(network);
        Ip("-n", bridge, "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", network);
        Ip("-n", bridge, "link", "set", host, "master", Bridge, "up");
        Ip("-n", network, "link", "set", "lo", "up");
        Ip("-n", network, "address", "add", $"{address}/24", "dev", "eth0");
        Ip("-n", network, "link", "set", "eth0", "up");
        File.AppendAllText(HostsFile, $"{address} {host}\n");
        _hostsByNetwork.Add(Ip("netns", "exec", network, "readlink", "/proc/self/ns/net").Trim(), host);
    }

    private void WriteScripts()
    {
        File.AppendAllText(HostsFile, "127.0.0.1 localhost\n");
        WriteScript(Enter, $"""
            # HOST COMMAND...: runs a command on a host: with its network, its name, and the names of the others.
            host=$1
            shift
            exec ip netns exec "{_prefix}$host" unshare --uts /bin/sh -c 'hostname "$0" && mount --bind "{HostsFile}" /etc/hosts && exec "$@"' "$host" "$@"
            """);
        WriteScript(Agent, $$"""
            # [OPTIONS] HOST COMMAND...: what ssh does, and as there, the variables of who calls do not come along (DOTNET_ROOT is one of the machine).
            while [ "${1#-}" != "$1" ]; do shift; done
            host=$1
            shift
            exec env -i PATH="$PATH" HOME="$HOME" ${DOTNET_ROOT:+DOTNET_ROOT="$DOTNET_ROOT"} "{{Enter}}" "$host" /bin/sh -c "$*"
            """);
    }

    private static void WriteScript(string file, string text)
    {
        File.WriteAllText(file, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
