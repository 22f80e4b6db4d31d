using Snn.Kernels.Synapses;

namespace Snn.Kernels.Tests.Synapses;

/// <summary>Inputs that random spikes make, through tables and by hand.</summary>
internal static unsafe class Delivered
{
    public const int StepCount = 30;

    /// <summary>Ascending neurons that spike in each step.</summary>
    public static int[][] Spikes(int sourceCount, ulong seed)
    {
        var word = new Word(seed + 1000);
        return [.. Enumerable.Range(0, StepCount).Select(_ => Enumerable.Range(0, sourceCount).Where(_ => word.Next(6) == 0).ToArray())];
    }

    /// <summary>Input array after every step of delivery, from zero each time.</summary>
    public static List<double[]> Steps(
        int sourceCount, IReadOnlyList<ShardProjection> projections, WeightFormat format, int inputLength, ulong seed, int shortestDelaySteps = 0)
    {
        using var tables = SynapseTables.Build(sourceCount, projections, format, shortestDelaySteps);
        var spikes = Spikes(sourceCount, seed);
        var all = new List<double[]>();
        for (var step = 0; step < StepCount + tables.MaxDelaySteps; step++)
        {
            all.Add(Step(tables, step, inputLength, format == WeightFormat.Double, out _));
            if (step < StepCount)
            {
                File(tables, step, spikes[step]);
            }
        }

        return all;
    }

    public static void File(SynapseTables tables, long step, int[] spikes, long firstDueStep = long.MinValue)
    {
        fixed (int* s = spikes)
        {
            tables.File(step, s, spikes.Length, firstDueStep);
        }
    }

    public static double[] Step(SynapseTables tables, long step, int inputLength, bool isDouble, out long events)
    {
        tables.PrefetchFirst(step);
        if (isDouble)
        {
            var input = new double[inputLength];
            fixed (double* x = input)
            {
                events = tables.Deliver(step, x);
            }

            return input;
        }
        else
        {
            var input = new float[inputLength];
            fixed (float* x = input)
            {
                events = tables.Deliver(step, x);
            }

            return Array.ConvertAll(input, v => (double)v);
        }
    }

    /// <summary>
    /// The same, from a list of synapses: sums in the order (whether the delay is the shortest, group, step of emission, source, projection, synapse).
    /// </summary>
    public static List<double[]> Naive(
        int sourceCount,
        IReadOnlyList<ShardProjection> projections,
        WeightFormat format,
        int inputLength,
        int steps,
        ulong seed,
        int shortestDelaySteps = 0)
    {
        var spikes = Spikes(sourceCount, seed);
        var events =
            from s in NaiveNetwork.Synapses(projections, format)
            from step in Enumerable.Range(0, StepCount).Where(step => spikes[step].Contains(s.Source))
            orderby s.DelaySteps == shortestDelaySteps, s.Group, step, s.Source, s.Projection
            select (Due: step + s.DelaySteps, s.Entry, s.Weight, s.SingleWeight);
        var inSingle = Enumerable.Range(0, steps).Select(_ => new float[inputLength]).ToList();
        var inDouble = Enumerable.Range(0, steps).Select(_ => new double[inputLength]).ToList();
        foreach (var e in events)
        {
            inDouble[e.Due][e.Entry] += e.Weight;
            inSingle[e.Due][e.Entry] += e.SingleWeight;
        }

        return format == WeightFormat.Double ? inDouble : inSingle.ConvertAll(x => Array.ConvertAll(x, v => (double)v));
    }
}
