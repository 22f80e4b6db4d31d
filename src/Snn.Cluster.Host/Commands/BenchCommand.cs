using System.CommandLine;
using System.Globalization;
using System.Text;
using Snn.Actors.Networks;
using Snn.Actors.Networks.Templates;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Cluster.Host.Benchmarks;
using Snn.Cluster.Host.Output;
using Spectre.Console;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn bench: the standard networks, timed, each beside a yardstick that is measured in the same minute.</summary>
internal static class BenchCommand
{
    private static readonly int[] RowBytes = [128, 256, 512, 4096];

    private static readonly string[] Standard = ["brunel", "cuba", "coba", "microcircuit"];

    public static Command Create(HostContext context)
    {
        var names = new Argument<string[]>("NETWORK")
        {
            Description = $"Templates and network files to run (default: {string.Join(", ", Standard)})",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var threads = new Option<int>("--threads") { HelpName = "N", Description = "Workers", DefaultValueFactory = _ => Environment.ProcessorCount };
        var repeats = new Option<int>("--repeats") { HelpName = "N", Description = "Runs of each network; the median is shown", DefaultValueFactory = _ => 3 };
        var duration = new Option<string?>("--duration") { HelpName = "MS", Description = "Biological time, ms (default: the network's)" };
        var scale = new Option<double>("--scale") { HelpName = "S", Description = "Part of the neurons of the microcircuit", DefaultValueFactory = _ => 0.1 };
        var set = new Option<string[]>("--set") { HelpName = "PATH=VALUE", Description = "Change the networks: weight_precision=half", DefaultValueFactory = _ => [] };
        var machine = new Option<bool>("--machine") { Description = "Measure the memory of the machine too" };
        var dryRanks = new Option<int>("--dry-ranks") { HelpName = "N", Description = "Run one rank's share of a run of N ranks; the spikes of the others are made up" };
        var dryRank = new Option<int>("--dry-rank") { HelpName = "K", Description = "With --dry-ranks: which rank" };
        var rates = new Option<string[]>("--rate")
        {
            HelpName = "HZ",
            Description = "With --dry-ranks: spikes a second of a neuron on the others; POPULATION=HZ for those of one population (default: 5)",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("bench", "Time the standard networks on this machine") { names, threads, repeats, duration, scale, set, machine, dryRanks, dryRank, rates };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is < 1 or > 1024 || parsed.GetValue(repeats) is < 1 or > 1000 || parsed.GetValue(scale) is not (> 0 and <= 1))
            {
                context.Error.WriteLine("snn: bench takes --threads 1 to 1024, --repeats 1 to 1000 and a --scale above 0 and at most 1");
                return ExitStatus.WrongInput;
            }

            var dry = DryBench.Read(parsed.GetValue(dryRanks), parsed.GetResult(dryRank) is null ? null : parsed.GetValue(dryRank), parsed.GetValue(rates)!, context, out var isSound);
            if (!isSound)
            {
                return ExitStatus.WrongInput;
            }

            var chosen = parsed.GetValue(names) is { Length: > 0 } given ? given : Standard;
            var overrides = new NetworkOverrides { Duration = parsed.GetValue(duration), Set = parsed.GetValue(set)! };
            var networks = chosen.Select(n => Load(n, parsed.GetValue(scale), parsed.GetValue(threads), dry?.Ranks ?? 1, overrides, context)).ToArray();
            if (networks.Any(n => n is null || dry?.Takes(n) == false))
            {
                return ExitStatus.WrongInput;
            }

            if (dry is not null)
            {
                dry.Run(networks!, parsed.GetValue(threads), parsed.GetValue(repeats));
                return ExitStatus.Done;
            }

            Run(networks!, parsed.GetValue(threads), parsed.GetValue(repeats), parsed.GetValue(machine), context);
            return ExitStatus.Done;
        });
        return command;
    }

    private static Network? Load(string name, double scale, int threads, int ranks, NetworkOverrides overrides, HostContext context)
    {
        // A file that is not there is said to be a template that is not there, unless it looks like a file.
        var reading = File.Exists(name) || name.EndsWith(".json", StringComparison.Ordinal) ? NetworkLoading.Load(name, overrides, context) : LoadTemplate(name, scale, overrides, context);
        return reading?.Network is { } network && NetworkLoading.Fits(name, NetworkEstimate.Of(network, threads * ranks), context, ranks) ? network : null;
    }

    private static NetworkReading? LoadTemplate(string name, double scale, NetworkOverrides overrides, HostContext context)
    {
        var text = name == "microcircuit" ? Microcircuit.Text(scale) : NetworkTemplates.Find(name);
        if (text is null)
        {
            context.Error.WriteLine($"snn: there is no template '{name}'; there are {string.Join(", ", NetworkTemplates.Names)}");
            return null;
        }

        var reading = NetworkFile.Read(Encoding.UTF8.GetBytes(text), overrides);
        if (!reading.IsValid)
        {
            context.Error.WriteLine(reading.Format(name));
            return null;
        }

        return reading;
    }

    private static void Run(Network[] networks, int threads, int repeats, bool machine, HostContext context)
    {
        context.Out.WriteLine($"{MachineDescription.Read().Cpu}, {threads} threads, medians of {repeats}; load average {LoadAverage()} at the start");
        var speed = Terminal.Table("network", "synapses", "build s", "s / bio s", "ns/event", "x yardstick", "ns/update");
        var phases = Terminal.Table("s / bio s of", "deliver", "exchange", "advance", "wait", "B/synapse");
        var hashes = new List<string>();
        foreach (var network in networks)
        {
            var targets = network.Populations.Sum(p => p.Size) / threads;
            var yardstick = Yardstick.RandomAddNs(targets);
            var results = Enumerable.Range(0, repeats)
                .Select(_ => context.Simulator.Run(
                    network, new SimulationOptions { Threads = threads }, null, null, context.Cancellation))
                .ToArray();
            speed.AddRow(Speed(network, results, threads, yardstick));
            phases.AddRow(Phases(network, results));
            hashes.Add($"{network.Name} {results[0].SpikeHash.ToString("x16", CultureInfo.InvariantCulture)}");
        }

        Terminal.On(context).Write(speed);
        Terminal.On(context).Write(phases);
        context.Out.WriteLine("s / bio s: seconds a biological second; its parts are means of the workers; ns: nanoseconds of one worker;");
        context.Out.WriteLine("yardstick: random read-modify-write over a worker's share of the targets, one thread");
        context.Out.WriteLine($"spike hashes: {string.Join(", ", hashes)}");
        if (machine)
        {
            WriteMachine(threads, context.Out);
        }

        context.Out.WriteLine($"load average {LoadAverage()} at the end");
    }

    private static string[] Speed(Network network, SimulationResult[] results, int threads, double yardstickNs)
    {
        var nsPerEvent = Median(results, r => r.Seconds.Deliver * threads * 1e9 / Math.Max(1, r.SynapticEvents));
        return
        [
            network.Name,
            Quantity.Count(results[0].Synapses),
            Number(Median(results, r => r.Seconds.Build)),
            Number(Median(results, r => r.Seconds.Simulate) / BiologicalSeconds(network, results)),
            Number(nsPerEvent),
            Number(nsPerEvent / yardstickNs),
            Number(Median(results, r => r.Seconds.Advance * threads * 1e9 / Math.Max(1, r.NeuronUpdates))),
        ];
    }

    private static string[] Phases(Network network, SimulationResult[] results)
    {
        var seconds = BiologicalSeconds(network, results);
        return
        [
            network.Name,
            Number(Median(results, r => r.Seconds.Deliver) / seconds),
            Number(Median(results, r => r.Seconds.Exchange) / seconds),
            Number(Median(results, r => r.Seconds.Advance) / seconds),
            Number(Median(results, r => r.Seconds.Wait) / seconds),
            Number(results[0].SynapseBytes / (double)Math.Max(1, results[0].Synapses)),
        ];
    }

    internal static double BiologicalSeconds(Network network, SimulationResult[] results) => results[0].Steps * network.DtMs * 1e-3;

    internal static double Median(SimulationResult[] results, Func<SimulationResult, double> value) =>
        results.Select(value).Order().ElementAt(results.Length / 2);

    private static void WriteMachine(int threads, TextWriter output)
    {
        foreach (var t in Enumerable.Range(1, threads).Where(t => t == 1 || t == threads))
        {
            output.WriteLine($"{t} threads: reading in sequence {Number(Yardstick.SequentialReadGbPerS(t))} GB/s; rows at random places "
                + string.Join(", ", RowBytes.Select(b => $"of {b} bytes {Number(Yardstick.RandomRowsGbPerS(t, b))} GB/s")));
        }
    }

    internal static string Number(double value) => value.ToString("0.00#", CultureInfo.InvariantCulture);

    internal static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
