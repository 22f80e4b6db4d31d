using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Benchmarks;

/// <summary>
/// What does learning cost? Nanoseconds of a synaptic event, static and plastic, with the rows of NEST's hpc_benchmark at scale 1: 9000 synapses from
/// each excitatory neuron onto 9000, both sides at 7.6 Hz, so that between two spikes of a source each target spikes once. Of the 9000 sources only
/// some are built: rows do not know of each other, but all together are more than a cache holds.
/// </summary>
internal static unsafe class PlasticBenchmark
{
    private const int Targets = 9000;
    private const double RateHz = 7.6;
    private const double DtMs = 0.1;
    private const double DelayMs = 1.5;
    private const int WarmSteps = 3000;
    private const int Steps = 10_000;
    private const int Runs = 3;

    public static void Run(string[] args)
    {
        var sources = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2000;
        var projection = new ShardProjection
        {
            Rule = new FixedIndegreeRule { SourceCount = sources, TargetCount = Targets, Indegree = sources, Key = StreamKey.Derive(1, "plastic") },
            Weight = ValueDistribution.Normal(45, 4),
            Delay = new DelayDistribution(ValueDistribution.Constant(DelayMs), DtMs),
            FirstTarget = 0,
            LastTarget = Targets,
            OffsetIfPositive = 0,
            OffsetIfNegative = 0,
        };
        var models = new[] { null, "stdp_synapse", "stdp_pl_synapse_hom", "stdp_triplet_synapse", "vogels_sprekeler_synapse", "tsodyks2_synapse" };
        var times = models.Select(_ => new double[Runs]).ToArray();
        var bytes = new double[models.Length];
        for (var run = 0; run < Runs; run++)
        {
            for (var m = 0; m < models.Length; m++)
            {
                (times[m][run], bytes[m]) = models[m] is { } name ? Plastic(name, projection) : Static(projection);
            }
        }

        Console.WriteLine($"{"model",-28} {"ns/event",9} {"of static",10} {"bytes/synapse",14}");
        var median = Array.ConvertAll(times, t => t.Order().ElementAt(Runs / 2));
        for (var m = 0; m < models.Length; m++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{models[m] ?? "static, 32 bits",-28} {median[m],9:f3} {median[m] / median[0],10:f2} {bytes[m],14:f2}"));
        }
    }

    private static (double Ns, double Bytes) Static(ShardProjection projection)
    {
        using var tables = SynapseTables.Build(projection.Rule.SourceCount, [projection], WeightFormat.Single);
        return (Time(projection.Rule.SourceCount, tables.File, (step, input) => tables.Deliver(step, (float*)input), null), (double)tables.Bytes / tables.SynapseCount);
    }

    private static (double Ns, double Bytes) Plastic(string name, ShardProjection projection)
    {
        var model = SynapseModels.Find(name)!;
        var parameters = model.DefaultParameters();
        foreach (var (parameter, value) in new[] { ("lambda", name == "stdp_synapse" ? 0.01 : 0.1), ("alpha", 0.0513), ("mu", 0.4), ("tau_plus", 15), ("tau_minus", 30), ("Wmax", 100) })
        {
            if (model.ParameterTable.FirstOrDefault(p => p.Name == parameter) is { } found)
            {
                parameters[found.Index] = value;
            }
        }

        using var tables = PlasticTables.Build(model, parameters, projection, DtMs, lanes: 0, isDouble: false);
        return (Time(projection.Rule.SourceCount, tables.File, tables.Deliver, tables.NoteTargets), (double)tables.Bytes / tables.SynapseCount);
    }

    private static double Time(int sources, FileSpikes file, DeliverStep deliver, NoteSpikes? note)
    {
        var input = (float*)NativeMemory.AlignedAlloc(Targets * sizeof(float), 64);
        var spikes = stackalloc int[Targets];
        var (word, ticks, events) = (12345UL, 0L, 0L);
        for (var step = 0; step < WarmSteps + Steps; step++)
        {
            NativeMemory.Clear(input, Targets * sizeof(float));
            var begin = Stopwatch.GetTimestamp();
            var count = deliver(step, input);
            ticks += step < WarmSteps ? 0 : Stopwatch.GetTimestamp() - begin;
            events += step < WarmSteps ? 0 : count;
            var targets = Draw(Targets, spikes, ref word);
            begin = Stopwatch.GetTimestamp();
            note?.Invoke(step, spikes, targets);
            ticks += step < WarmSteps ? 0 : Stopwatch.GetTimestamp() - begin;
            file(step, spikes, Draw(sources, spikes, ref word), long.MinValue);
        }

        NativeMemory.AlignedFree(input);
        return Stopwatch.GetElapsedTime(0, ticks).TotalNanoseconds / events;
    }

    /// <summary>Neurons that spike in a step, by SplitMix64: the same for all models.</summary>
    private static int Draw(int neurons, int* spikes, ref ulong word)
    {
        var count = 0;
        var threshold = (uint)(RateHz * DtMs / 1000 * uint.MaxValue);
        for (var i = 0; i < neurons; i++)
        {
            word += 0x9E3779B97F4A7C15UL;
            var z = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            if ((uint)(z >> 32) < threshold)
            {
                spikes[count++] = i;
            }
        }

        return count;
    }

    private delegate void FileSpikes(long step, int* sources, int count, long firstDueStep);

    private delegate long DeliverStep(long step, void* input);

    private delegate void NoteSpikes(long step, int* neurons, int count);
}
