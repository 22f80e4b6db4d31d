using System.Globalization;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Snn.Actors.Simulation.Ranks;
using Snn.Cluster.Host.Output;
using Spectre.Console;

namespace Snn.Cluster.Host.Commands;

/// <summary>snn bench --dry-ranks: what one rank of many costs, without the others.</summary>
internal sealed class DryBench
{
    private const double DefaultHz = 5;
    private const int MostRanks = 4096;

    private readonly int _rank;
    private readonly IReadOnlyList<(string? Population, double Hz)> _rates;
    private readonly HostContext _context;

    private DryBench(int ranks, int rank, IReadOnlyList<(string? Population, double Hz)> rates, HostContext context) =>
        (Ranks, _rank, _rates, _context) = (ranks, rank, rates, context);

    /// <summary>Ranks of the run.</summary>
    public int Ranks { get; }

    /// <summary>Reads the options.</summary>
    /// <param name="ranks">--dry-ranks, or 0.</param>
    /// <param name="rank">--dry-rank, or null.</param>
    /// <param name="rates">--rate.</param>
    /// <param name="context">Where it runs.</param>
    /// <param name="isSound">False: something is wrong with them, and was said.</param>
    /// <returns>Null where none is asked for.</returns>
    public static DryBench? Read(int ranks, int? rank, string[] rates, HostContext context, out bool isSound)
    {
        var given = rates.Select(Rate).ToArray();
        var problem = ranks == 0 && (rank is not null || rates.Length > 0) ? "--dry-rank and --rate say something of the ranks of --dry-ranks N: give it, too"
            : ranks != 0 && ranks is < 2 or > MostRanks ? string.Create(CultureInfo.InvariantCulture, $"--dry-ranks {ranks}: takes 2 to {MostRanks}")
            : ranks != 0 && (rank ?? 0) is var k && (k < 0 || k >= ranks) ? string.Create(CultureInfo.InvariantCulture, $"--dry-rank {k}: {ranks} ranks are numbered 0 to {ranks - 1}")
            : Array.FindIndex(given, g => g is null) is >= 0 and var wrong ? $"--rate {rates[wrong]}: takes a number of spikes a second, or POPULATION=HZ"
            : null;
        isSound = problem is null;
        if (problem is not null)
        {
            context.Error.WriteLine($"snn: {problem}");
        }

        return isSound && ranks != 0 ? new DryBench(ranks, rank ?? 0, [.. given.Select(g => g!.Value)], context) : null;
    }

    /// <summary>Whether a network can be run so; if not, that was said.</summary>
    public bool Takes(Network network)
    {
        var unknown = _rates.FirstOrDefault(r => r.Population is { } name && network.Populations.All(p => p.Name != name)).Population;
        var problem = network.IsLayered ? "a layered network is shared out by batch items, which exchange nothing: --dry-ranks has nothing to measure"
            : unknown is not null ? $"--rate {unknown}: there is no such population; there are {string.Join(", ", network.Populations.Select(p => p.Name))}"
            : RatesOf(network).Max() * network.DtMs >= 1e3 ? "--rate: a neuron spikes at most once a step"
            : null;
        if (problem is not null)
        {
            _context.Error.WriteLine($"snn: {network.Name}: {problem}");
        }

        return problem is null;
    }

    /// <summary>Runs and prints.</summary>
    public void Run(Network[] networks, int threads, int repeats)
    {
        _context.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{MachineDescription.Read().Cpu}, rank {_rank} of {Ranks}, {threads} threads, medians of {repeats}; load average {BenchCommand.LoadAverage()} at the start"));
        var size = Terminal.Table("network", "neurons", "synapses", "B/synapse", "peak MB", "build s");
        var phases = Terminal.Table("s / bio s of", "all", "deliver", "exchange", "advance", "messages", "made up");
        var traffic = Terminal.Table("a slice", "steps", "messages", "bytes sent", "bytes received", "sources heard", "spikes heard");
        foreach (var network in networks)
        {
            var runs = Enumerable.Range(0, repeats).Select(_ => RunOnce(network, threads)).ToArray();
            var (dry, result) = runs[0];
            var seconds = BenchCommand.BiologicalSeconds(network, [result]);
            string Median(Func<(DryRanks Dry, SimulationResult Result), double> value) => BenchCommand.Number(runs.Select(value).Order().ElementAt(repeats / 2));
            string PerSecond(Func<SimulationSeconds, DryRanks, double> value) => Median(r => value(r.Result.Seconds, r.Dry) / seconds);
            size.AddRow(
                network.Name,
                Quantity.Grouped(dry.Neurons),
                Quantity.Count(result.Synapses),
                BenchCommand.Number(result.SynapseBytes / (double)Math.Max(1, result.Synapses)),
                Quantity.Grouped(Math.Round(MachineDescription.PeakMemoryBytes() / 1e6)),
                Median(r => r.Result.Seconds.Build - r.Dry.SecondsConnecting));
            phases.AddRow(
                network.Name,
                PerSecond((s, d) => s.Simulate - d.SecondsMakingUp),
                PerSecond((s, _) => s.Deliver),
                PerSecond((s, _) => s.Exchange),
                PerSecond((s, _) => s.Advance),
                PerSecond((s, d) => s.Wait - d.SecondsMakingUp),
                PerSecond((_, d) => d.SecondsMakingUp));
            var slices = dry.Messages / (Ranks - 1.0);
            string PerSlice(double value) => Quantity.Grouped(Math.Round(value / slices));
            traffic.AddRow(
                network.Name,
                Quantity.Grouped(Math.Round(result.Steps / Math.Max(1, slices - 1))),
                PerSlice(dry.Messages),
                PerSlice(result.BytesSent),
                PerSlice(dry.BytesReceived),
                Quantity.Grouped(dry.NeuronsHeard),
                BenchCommand.Number(dry.SpikesHeard / slices));
        }

        Terminal.On(_context).Write(size);
        Terminal.On(_context).Write(phases);
        Terminal.On(_context).Write(traffic);
        _context.Out.WriteLine("peak: of this process so far; made up: time that spikes of the others took to be drawn, which is in no other figure with one thread;");
        _context.Out.WriteLine("messages: packing, unpacking and waiting of this rank; no time for a wire is in it");
        _context.Out.WriteLine($"load average {BenchCommand.LoadAverage()} at the end");
    }

    private static (string? Population, double Hz)? Rate(string text)
    {
        var cut = text.LastIndexOf('=');
        return double.TryParse(text.AsSpan(cut + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var hz) && double.IsFinite(hz) && hz >= 0
            ? (cut < 0 ? null : text[..cut], hz)
            : null;
    }

    private double[] RatesOf(Network network) =>
    [
        .. network.Populations.Select(p => _rates.LastOrDefault(r => r.Population == p.Name, _rates.LastOrDefault(r => r.Population is null, (null, DefaultHz))).Hz),
    ];

    private (DryRanks Dry, SimulationResult Result) RunOnce(Network network, int threads)
    {
        var dry = new DryRanks(network, Ranks, _rank, RatesOf(network));
        return (dry, _context.Simulator.Run(network, new SimulationOptions { Threads = threads, Transport = dry }, null, null, _context.Cancellation));
    }
}
