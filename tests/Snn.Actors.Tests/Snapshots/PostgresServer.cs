using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Snn.Actors.Tests.Snapshots;

/// <summary>A PostgreSQL server of the tests' own: in a temporary folder, on a free port of this machine, gone afterwards.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("snn-pg-").FullName;
    private readonly string _programs;
    private readonly int _port;

    private PostgresServer(string programs)
    {
        _programs = programs;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        if (IsRoot)
        {
            // The server refuses to run as root.
            Execute("chown", "postgres", _folder);
        }

        AsServer("initdb", "-D", Data, "-U", "snn", "-A", "trust", "-E", "UTF8", "--no-sync");
        Start();
    }

    /// <summary>Address of its store.</summary>
    public string Store => string.Create(CultureInfo.InvariantCulture, $"postgres:Host=127.0.0.1;Port={_port};Username=snn;Database=postgres");

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts a server, or skips the test where there is none to start.</summary>
    public static PostgresServer StartOrSkip()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;
        Assert.SkipWhen(programs is null, "PostgreSQL's server is missing: the tests of --store postgres did not run. On Debian: apt-get install postgresql");
        return new PostgresServer(programs!);
    }

    /// <summary>Starts it (again).</summary>
    public void Start() => AsServer(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", string.Create(CultureInfo.InvariantCulture, $"-p {_port} -k {_folder} -h 127.0.0.1"), "start");

    /// <summary>Stops it at once, as a crash would.</summary>
    public void Crash() => AsServer("pg_ctl", "-D", Data, "-m", "immediate", "stop");

    public void Dispose()
    {
        Crash();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Execute(string program, params string[] arguments)
    {
        // Output goes nowhere: a server that inherits a pipe would keep it open for ever.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/null 2>&1", program, .. arguments]))!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{program} does not end");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private void AsServer(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (IsRoot)
        {
            Execute("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Execute(path, arguments);
        }
    }
}
