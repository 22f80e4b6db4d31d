using System.Globalization;
using Snn.Actors.Networks;
using Snn.Actors.Recording;
using Snn.Actors.Simulation;
using Spectre.Console;

namespace Snn.Cluster.Host.Output;

/// <summary>
/// Says how far a simulation is: a bar on a terminal, elsewhere a line now and then. It reads published counters on the thread pool and asks
/// no worker for anything.
/// </summary>
internal sealed class ProgressReport(Network network, SimulationProgress progress, HostContext context)
{
    /// <summary>More populations than that are summed up in one rate.</summary>
    private const int MostRates = 3;

    private const int LeastWidth = 80;

    private static readonly TimeSpan BarPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(10);

    private readonly StepTimes _times = new(network.DtMs);
    private long _simulatingSince;

    /// <summary>Does some work while a report, if there is one, says how far it is.</summary>
    public static T While<T>(ProgressReport? report, Func<T> work) => report is null ? work() : report.Run(work);

    /// <summary>What is being done, how fast, and how long it will take: one line.</summary>
    public string Describe()
    {
        switch (progress.Stage)
        {
            case SimulationStage.Building:
                return "building";
            case SimulationStage.Writing:
                return "writing";
            default:
                var now = context.Time.GetTimestamp();
                _simulatingSince = _simulatingSince == 0 ? now : _simulatingSince;
                return Describe(_times.At(progress.Step), context.Time.GetElapsedTime(_simulatingSince, now).TotalSeconds);
        }
    }

    private string Describe(double ms, double seconds)
    {
        var total = _times.At(network.DurationSteps);
        var where = string.Create(CultureInfo.InvariantCulture, $"{ms:0} of {total:0} ms");
        if (ms <= 0 || seconds <= 0)
        {
            return where;
        }

        var left = seconds / ms * (total - ms);
        return $"{where}  real-time factor {Quantity.Number(seconds * 1000 / ms)}  {Rates(ms)}  {Quantity.Seconds(left)} left";
    }

    private string Rates(double ms)
    {
        double Rate(long spikes, double neurons) => spikes * 1000.0 / (neurons * network.Items * ms);
        var populations = network.Populations;
        return populations.Count <= MostRates
            ? string.Join("  ", populations.Select(p => $"{p.Name} {Quantity.Number(Rate(progress.Spikes(p.Index), p.Size))} Hz"))
            : $"{Quantity.Number(Rate(populations.Sum(p => progress.Spikes(p.Index)), populations.Sum(p => (double)p.Size)))} Hz";
    }

    private T Run<T>(Func<T> work)
    {
        if (!context.ErrorIsTerminal)
        {
            using var lines = context.Time.CreateTimer(_ => context.Error.WriteLine($"snn: {Describe()}"), null, LinePeriod, LinePeriod);
            return work();
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        if (console.Profile.Width < LeastWidth)
        {
            console.Profile.Width = LeastWidth; // a pseudo-terminal that nobody gave a size (containers)
        }

        return console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 24 }, new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(display =>
            {
                var bar = display.AddTask("building", maxValue: Math.Max(1, network.DurationSteps));
                using var timer = context.Time.CreateTimer(_ => Update(bar), null, TimeSpan.Zero, BarPeriod);
                return work();
            });
    }

    private void Update(ProgressTask bar)
    {
        bar.IsIndeterminate = progress.Stage != SimulationStage.Simulating;
        bar.Value = progress.Step;
        bar.Description = Markup.Escape(Describe());
    }
}
