using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Snn.Benchmarks;

/// <summary>
/// Milliseconds of a step of a whole batch through a layered network, beside <c>bench/peers/pytorch_layers.py</c>, which has the same networks, weights, inputs and
/// neurons (v = beta v + input; spike = v >= 1; v = v (1 - spike)). Items are split among threads; inputs come as dense 0/1 rows and are made events in the time
/// that counts. Also the processor time of one thread, which other processes on the machine disturb less.
/// </summary>
internal static unsafe class LayerBenchmarks
{
    private static readonly float[] _rates = [0.02f, 0.10f, 0.30f];

    public static void Run(string[] args)
    {
        var (steps, batch, repeats) = (Option(args, "--steps", 100), Option(args, "--batch", 64), Option(args, "--repeats", 5));
        foreach (var (name, size, create) in new (string, int, Func<LayerNetwork>)[]
        {
            ("linear 784-400-10", 784, LayerNetwork.Linear),
            ("conv 1x28x28-16x26x26-pool-32x11x11", 784, LayerNetwork.Convolution),
        })
        {
            foreach (var rate in _rates)
            {
                using var network = create();
                var inputs = Inputs(rate, steps * batch * size);
                var runs = Enumerable.Range(1, 2).Select(threads => Measure(network, inputs, steps, batch, threads, repeats)).ToArray();
                var best = runs.MinBy(m => m.Seconds);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} {rate:F2} {best.Seconds / steps * 1e3:F4} ms/step threads={best.Threads} cpu={runs[0].Cpu / steps * 1e3:F4} " +
                    $"spikes=[{string.Join(", ", best.Spikes)}]"));
                NativeMemory.AlignedFree(inputs);
            }
        }
    }

    /// <summary>The generator that the Python script has too: the upper 24 bits of a linear congruential sequence.</summary>
    public static float[] Uniforms(ulong seed, int count)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            seed = (seed * 6364136223846793005) + 1442695040888963407;
            numbers[i] = (seed >> 40) / (float)(1 << 24);
        }

        return numbers;
    }

    private static float* Inputs(float rate, int count)
    {
        var inputs = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        var numbers = Uniforms(5, count);
        for (var i = 0; i < count; i++)
        {
            inputs[i] = numbers[i] < rate ? 1 : 0;
        }

        return inputs;
    }

    private static (double Seconds, double Cpu, int Threads, long[] Spikes) Measure(
        LayerNetwork network, float* inputs, int steps, int batch, int threads, int repeats)
    {
        var (seconds, cpu) = (new List<double>(), new List<double>());
        long[] spikes = [];
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            var workers = Enumerable.Range(0, threads).Select(k => network.CreateWorker(batch * (k + 1) / threads - (batch * k / threads))).ToArray();
            var runs = workers.Select((w, k) => new Thread(() => w.Run(inputs, steps, batch, batch * k / threads))).ToArray();
            var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            Array.ForEach(runs, r => r.Start());
            Array.ForEach(runs, r => r.Join());
            if (repeat > 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                cpu.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
            }

            spikes = [workers.Sum(w => w.Spikes[0]), workers.Sum(w => w.Spikes[1])];
            Array.ForEach(workers, w => w.Dispose());
        }

        seconds.Sort();
        cpu.Sort();
        return (seconds[seconds.Count / 2], cpu[cpu.Count / 2], threads, spikes);
    }

    private static int Option(string[] args, string name, int byDefault) =>
        Array.IndexOf(args, name) is >= 0 and var i ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : byDefault;
}
