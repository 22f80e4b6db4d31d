using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Snn.Actors.Simulation;
using Snn.Cluster.Host.Mpi;

namespace Snn.Cluster.Host.Commands;

/// <summary>The options of 'snn run', and what their words may be.</summary>
internal sealed class RunOptions
{
    private const int MostThreads = 1024;
    private const int MostRanks = 65536;

    public Argument<string> File { get; } = new("FILE") { Description = "Network file" };

    public Option<string?> Out { get; } = new("--out")
    {
        HelpName = "DIR",
        Description = "Where the results go: a new or empty directory (default: runs/NAME-NNN, the next free number)",
    };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace an older run in --out" };

    public Option<int> Threads { get; } = new("--threads")
    {
        HelpName = "N",
        Description = "Workers of a rank (default: one a core, shared by the ranks of a machine); changes no spike",
        CustomParser = r => Whole(r, 1, MostThreads),
    };

    public Option<int> Ranks { get; } = new("--ranks")
    {
        HelpName = "N",
        Description = "Processes that share the network, started by MPI (default: one, without MPI); changes no spike",
        CustomParser = r => Whole(r, 1, MostRanks),
    };

    public Option<string?> Hosts { get; } = new("--hosts")
    {
        HelpName = "LIST",
        Description = "Machines that the ranks run on: a,b or, with the ranks of each, a:3,b:1 (default: this one, or those of the batch job)",
    };

    public Option<string?> Duration { get; } = new("--duration") { HelpName = "MS", Description = "Biological time to simulate, ms, instead of the file's" };

    public Option<string?> Seed { get; } = new("--seed") { HelpName = "N", Description = "Seed of every random number, instead of the file's" };

    public Option<string[]> Set { get; } = new("--set")
    {
        HelpName = "PATH=VALUE",
        Description = "Change a value of the file: --set inputs.external.rate=15000; may be repeated",
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string> Clock { get; } = Word(
        "--clock", "When a shard goes on: when all do (barrier), when it has the spikes that it needs (async), or at once (free): the only one that changes spikes", "barrier", ["async", "free"], []);

    public Option<string> Backend { get; } = Word("--backend", "What computes: cpu", "cpu", [], ["opencl"]);

    public Option<string> Lanes { get; } = Word(
        "--lanes", "Numbers a vector instruction works on: auto, 1, 8 or 16; changes no spike", "auto", ["1", "8", "16"], []);

    public Option<string> Progress { get; } = Word(
        "--progress", "auto (a bar on a terminal, else a line now and then) or none", "auto", ["none"], []);

    public Option<double?> SnapshotEvery { get; } = new("--snapshot-every")
    {
        HelpName = "MS",
        Description = "Biological time from one snapshot to the next, ms (default: about every minute of wall clock)",
        CustomParser = r => Milliseconds(r),
    };

    public Option<string?> Store { get; } = new("--store")
    {
        HelpName = "STORE",
        Description = "Where snapshots go: sqlite:FILE or postgres:CONNECTION (default: snapshots.sqlite in the run's directory)",
    };

    public Option<int> Keep { get; } = new("--keep")
    {
        HelpName = "K",
        Description = "Snapshots to keep: the last K",
        DefaultValueFactory = _ => 3,
        CustomParser = r => Whole(r, 1, 1_000_000),
    };

    public Option<int> Restarts { get; } = new("--restarts")
    {
        HelpName = "N",
        Description = "Watch the run from a process of its own, and resume it from its last snapshot up to N times if it crashes",
        CustomParser = r => Whole(r, 0, 1_000_000),
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print summary.json instead of the table" };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All =>
        [Out, Force, Threads, Ranks, Hosts, Duration, Seed, Set, SnapshotEvery, Store, Keep, Restarts, Clock, Backend, Lanes, Progress, Json];

    /// <summary>Those of 'snn resume'.</summary>
    public IReadOnlyList<Option> OfResume => [Out, Threads, Ranks, Hosts, Duration, Set, SnapshotEvery, Store, Keep, Clock, Backend, Lanes, Progress, Json];

    /// <summary>Refuses with '--clock free' what needs a run that can be repeated.</summary>
    public void RefuseWithFree(CommandResult command)
    {
        if (!IsFree(command))
        {
            return;
        }

        if (new Option[] { SnapshotEvery, Store, Keep, Restarts }.FirstOrDefault(o => command.GetResult(o) is { Implicit: false }) is { } snapshots)
        {
            command.AddError($"{snapshots.Name} with --clock free: a run that cannot be repeated has no snapshots to go on from; use another clock, or leave it out");
        }
        else if (new Option[] { Ranks, Hosts }.FirstOrDefault(o => command.GetResult(o) is { Implicit: false }) is { } ranks)
        {
            command.AddError($"{ranks.Name} with --clock free: in this version it runs in one process; use --threads, or another clock");
        }
    }

    /// <summary>Refuses '--clock free' where a run is to go on as if it had never stopped.</summary>
    public void RefuseFree(CommandResult command)
    {
        if (IsFree(command))
        {
            command.AddError("--clock free: what is resumed gives the spikes of a run that never stopped, which needs the clock barrier or async");
        }
    }

    /// <summary>The options of a command that may be one of several ranks.</summary>
    public static RunOptions Of(HostContext context) => new() { LocalRanks = RankEnvironment.Of(context.Variable)?.LocalRanks ?? 1 };

    /// <summary>How to simulate, as far as the options say.</summary>
    public SimulationOptions SimulationOf(ParseResult parsed)
    {
        var lanes = parsed.GetRequiredValue(Lanes);
        return new SimulationOptions
        {
            Threads = ThreadsOf(parsed),
            Clock = parsed.GetRequiredValue(Clock) switch { "async" => ClockPolicy.Async, "free" => ClockPolicy.Free, _ => ClockPolicy.Barrier },
            Lanes = lanes == "auto" ? 0 : int.Parse(lanes, CultureInfo.InvariantCulture),
        };
    }

    private bool IsFree(CommandResult command) => command.GetResult(Clock) is { Implicit: false } clock && clock.Tokens is [{ Value: "free" }];

    /// <summary>Ranks on this machine, which share its cores.</summary>
    public int LocalRanks { get; init; } = 1;

    /// <summary>Workers: as given, or one a core that this rank has for itself.</summary>
    public int ThreadsOf(ParseResult parsed) =>
        parsed.GetValue(Threads) is > 0 and var given ? given : Math.Max(Environment.ProcessorCount / LocalRanks, 1);

    /// <summary>An option that takes one of some words; those of a later version are known, and refused as such.</summary>
    private static Option<string> Word(string name, string description, string standard, string[] others, string[] later) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', [standard, .. others]),
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (later.Contains(given))
            {
                result.AddError($"{name} {given}: not in this version; use {name} {standard}");
            }
            else if (given != standard && !others.Contains(given))
            {
                result.AddError($"{name} {given}: not known; use {OneOf([standard, .. others])}");
            }

            return given;
        },
    };

    private static string OneOf(string[] words) =>
        words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";

    private static double? Milliseconds(ArgumentResult result)
    {
        var given = result.Tokens[0].Value;
        if (double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms > 0 && double.IsFinite(ms))
        {
            return ms;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} {given}: give a time above 0, ms");
        return null;
    }

    private static int Whole(ArgumentResult result, int least, int most)
    {
        var given = result.Tokens[0].Value;
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        var name = (result.Parent as OptionResult)?.Option.Name;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {given}: give a whole number from {least} to {most}"));
        return least;
    }
}
