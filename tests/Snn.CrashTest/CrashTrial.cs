using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Snn.Actors.Recording;

namespace Snn.CrashTest;

/// <summary>What became of a trial.</summary>
/// <param name="Kills">How often the run was killed.</param>
/// <param name="Resumes">How often it went on from a snapshot.</param>
/// <param name="Problem">How it differs from a run that nobody killed, or null.</param>
public sealed record CrashOutcome(int Kills, int Resumes, string? Problem);

/// <summary>
/// Starts the real snn, kills it with SIGKILL at random moments - while it builds, simulates, records, or writes a snapshot - resumes it until it ends, and compares
/// every file with those of a run that nobody killed.
/// </summary>
public sealed class CrashTrial : IDisposable
{
    private const string Network = """
        {
          "snn": 1, "name": "crash", "dt": 0.1, "duration": 12000, "seed": 99,
          "populations": {
            "E": { "size": 800, "model": "iaf_psc_delta", "initial": { "V_m": { "uniform": [0, 20] } },
                   "params": { "tau_m": 20, "C_m": 1, "E_L": 0, "V_th": 20, "V_reset": 10, "t_ref": 2 } },
            "I": { "size": 200, "like": "E" }
          },
          "inputs": { "external": { "model": "poisson", "rate": 2000, "to": ["E", "I"], "weight": 1, "delay": 1.5 } },
          "projections": [
            { "from": "E", "to": ["E", "I"], "rule": { "fixed_indegree": 80 }, "weight": { "normal": { "mean": 1, "std": 0.1 } }, "delay": { "uniform": [0.5, 3] } },
            { "from": "I", "to": ["E", "I"], "rule": { "fixed_indegree": 20 }, "weight": -5, "delay": 1.5 }
          ],
          "record": { "spikes": ["E", "I"], "state": [ { "of": "E", "variables": ["V_m"], "neurons": [0, 500, 799], "every": 0.5 } ] }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("snn-crash-").FullName;
    private readonly string _network;
    private readonly Random _random;
    private readonly string? _store;
    private readonly int _ranks;
    private readonly IReadOnlyList<(string File, string Hash)> _expected;
    private TimeSpan _duration;

    /// <param name="seed">Of the moments of the kills.</param>
    /// <param name="store">Address of a store for the snapshots, or null: the default.</param>
    /// <param name="ranks">The most ranks; above 1, each start has a number of its own, and one rank, all of them or who started them is killed.</param>
    public CrashTrial(int seed, string? store = null, int ranks = 1)
    {
        _ranks = ranks;
        _random = new Random(seed);
        _store = store;
        _network = Path.Combine(_folder, "crash.json");
        File.WriteAllText(_network, Network);
        var whole = Path.Combine(_folder, "whole");
        var watch = Stopwatch.StartNew();
        using var process = Start("run", _network, "--out", whole, "--progress", "none");
        process.WaitForExit();
        _duration = watch.Elapsed;
        _expected = process.ExitCode == 0
            ? FilesOf(whole)
            : throw new InvalidOperationException($"the run that nobody kills ended with status {process.ExitCode}");
    }

    /// <summary>One trial.</summary>
    public CrashOutcome Run()
    {
        var run = Path.Combine(_folder, "run");
        var wanted = 1 + _random.Next(4);
        var (kills, resumes) = (0, 0);
        while (true)
        {
            var goesOn = HasSnapshot(run);
            resumes += goesOn ? 1 : 0;
            string[] place = _store is null ? [] : ["--store", _store];
            using var process = goesOn
                ? Start(["resume", run, "--progress", "none", "--snapshot-every", "40", "--threads", Threads(), .. Ranks(), .. place])
                : Start(["run", _network, "--out", run, "--force", "--progress", "none", "--snapshot-every", "40", "--threads", Threads(), .. Ranks(), .. place]);
            var watch = Stopwatch.StartNew();
            if (kills < wanted && !process.WaitForExit(_random.NextDouble() * _duration))
            {
                Kill(process, run);
                kills++;
                continue;
            }

            process.WaitForExit();
            if (!goesOn)
            {
                // Machines are busier at one time than at another; kills that come after the end show nothing.
                _duration = watch.Elapsed;
            }

            if (process.ExitCode != 0)
            {
                return new CrashOutcome(kills, resumes, $"a run ended with status {process.ExitCode}");
            }

            var problem = FilesOf(run).SequenceEqual(_expected) ? null : "the files differ from those of a run that nobody killed";
            Directory.Delete(run, recursive: true);
            return new CrashOutcome(kills, resumes, problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/null 2>&1", Path.Combine(AppContext.BaseDirectory, "snn"), .. arguments]))!;

    /// <summary>What 'snn snapshots --verify' says: a store that cannot be read is a failure of the trial.</summary>
    private bool HasSnapshot(string run)
    {
        if (!File.Exists(Path.Combine(run, "run.json")) || (_store is null && !File.Exists(Path.Combine(run, "snapshots.sqlite"))))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "snn"), ["snapshots", run, "--verify", .. _store is null ? Array.Empty<string>() : ["--store", _store]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var table = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error) switch
        {
            (0, _) => table.Contains("sound", StringComparison.Ordinal),
            (2, var e) when e.Contains("has no run", StringComparison.Ordinal) => false,
            _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"the store cannot be read after a kill ({process.ExitCode}): {error}{table}")),
        };
    }

    private static List<(string, string)> FilesOf(string run)
    {
        var summary = RunSummary.Read(Path.Combine(run, "summary.json"));
        var files = new[] { "spikes", "state" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(run, f)))
            .Order(StringComparer.Ordinal)
            .Select(f => (Path.GetRelativePath(run, f), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))))
            .ToList();
        files.Add(("spike_hash", summary.SpikeHash));
        return files;
    }

    private string[] Ranks() => _ranks == 1 ? [] : ["--ranks", _random.Next(1, _ranks + 1).ToString(CultureInfo.InvariantCulture)];

    /// <summary>Kills something of a run; returns when nothing of it is left that could still write.</summary>
    private void Kill(Process process, string run)
    {
        var ranks = ProcessesOf(run).Where(p => p.IsRank).ToArray();
        var what = ranks.Length == 0 ? 2 : _random.Next(3);
        foreach (var (id, _) in what switch { 0 => [ranks[_random.Next(ranks.Length)]], 1 => ranks, _ => [(process.Id, false)] })
        {
            try
            {
                using var victim = Process.GetProcessById(id);
                victim.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It ended meanwhile.
            }
        }

        process.WaitForExit();
        for (var waited = Stopwatch.StartNew(); _ranks > 1 && ProcessesOf(run).Any(); Thread.Sleep(20))
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException("a minute after a kill there is still a process of the run");
            }
        }
    }

    /// <summary>Whatever has the run's directory as an argument; ranks have a number from their launcher.</summary>
    private static IEnumerable<(int Id, bool IsRank)> ProcessesOf(string run)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            bool isRank;
            try
            {
                if (!File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Contains(run))
                {
                    continue;
                }

                isRank = File.ReadAllText(Path.Combine(folder, "environ")).Split('\0')
                    .Any(v => v.StartsWith("OMPI_COMM_WORLD_RANK=", StringComparison.Ordinal) || v.StartsWith("PMI_RANK=", StringComparison.Ordinal));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return (id, isRank);
        }
    }

    private string Threads() => (1 + _random.Next(3)).ToString(CultureInfo.InvariantCulture);
}
