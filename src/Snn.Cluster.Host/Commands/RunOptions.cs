using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Snn.Cluster.Host.Commands;

/// <summary>The options of 'snn run', and what their words may be.</summary>
internal sealed class RunOptions
{
    private const int MostThreads = 1024;

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
        Description = "Workers (default: one a core); changes no spike",
        CustomParser = r => Whole(r, 1, MostThreads),
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

    public Option<string> Clock { get; } = Word("--clock", "Policy of the clock: barrier", "barrier", [], ["async", "free"]);

    public Option<string> Backend { get; } = Word("--backend", "What computes: cpu", "cpu", [], ["opencl"]);

    public Option<string> Lanes { get; } = Word(
        "--lanes", "Numbers a vector instruction works on: auto, 1, 8 or 16 (default: auto); changes no spike", "auto", ["1", "8", "16"], []);

    public Option<string> Progress { get; } = Word(
        "--progress", "auto (a bar on a terminal, else a line now and then) or none (default: auto)", "auto", ["none"], []);

    public Option<bool> Json { get; } = new("--json") { Description = "Print summary.json instead of the table" };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [Out, Force, Threads, Duration, Seed, Set, Clock, Backend, Lanes, Progress, Json];

    /// <summary>Workers: as given, or one a core.</summary>
    public int ThreadsOf(ParseResult parsed) => parsed.GetValue(Threads) is > 0 and var given ? given : Environment.ProcessorCount;

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
