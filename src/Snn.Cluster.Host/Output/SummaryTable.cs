using System.Globalization;
using Snn.Actors.Recording;
using Spectre.Console;

namespace Snn.Cluster.Host.Output;

/// <summary>What a run gave, at a glance: one row a population, how fast it was, where the files are.</summary>
internal static class SummaryTable
{
    public static void Write(RunSummary summary, RunDirectory run, HostContext context)
    {
        var console = Terminal.On(context);
        var table = Terminal.Table("population", "neurons", "spikes", "rate (Hz)", "CV of intervals", "silent");
        foreach (var (name, p) in summary.Populations)
        {
            table.AddRow(
                Markup.Escape(name), Quantity.Grouped(p.Neurons), Quantity.Grouped(p.Spikes), Quantity.Number(p.RateHz), Quantity.Number(p.CvIsi),
                Quantity.Percent(p.Silent));
        }

        console.Write(table);
        foreach (var line in Lines(summary, run))
        {
            context.Out.WriteLine(line);
        }
    }

    private static IEnumerable<string> Lines(RunSummary s, RunDirectory run)
    {
        var ms = string.Create(CultureInfo.InvariantCulture, $"{s.SimulatedMs:0.###} ms");
        if (s.Status == "interrupted")
        {
            yield return $"Interrupted after {ms}: the files hold what was recorded until then.";
        }

        var factor = s.RealTimeFactor is { } f ? $" (real-time factor {Quantity.Number(f)})" : "";
        yield return $"{ms} in {Quantity.Seconds(s.Seconds.Simulate)}{factor}, built in {Quantity.Seconds(s.Seconds.Build)}, "
            + $"on {s.Threads} {(s.Threads == 1 ? "thread" : "threads")} of {Quantity.Count(s.Lanes, "lane")}{(s.Ranks > 1 ? $", on each of {s.Ranks} ranks" : "")}";
        var ns = s.NsPerEvent is { } n ? $", {Quantity.Number(n)} ns each" : "";
        yield return $"{Quantity.Count(s.Synapses, "synapse")}, {Quantity.Count(s.SynapticEvents, "synaptic event")}{ns}; "
            + $"peak memory {Quantity.Bytes(s.PeakMemoryBytes)}";
        if (s.Late is { } late)
        {
            var most = late.Histogram.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", by up to {late.Histogram[^1].ToMs:0.###} ms");
            yield return $"late: {Quantity.Count(late.Events, "synaptic event")}{most}; never delivered: {Quantity.Count(late.NeverDelivered, "synaptic event")}; with this clock, other spikes in every run";
        }

        yield return $"spike hash {s.SpikeHash}";
        yield return $"results in {Path.GetRelativePath(".", run.Root)}";
    }
}
