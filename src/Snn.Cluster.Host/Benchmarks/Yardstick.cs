using System.Diagnostics;

namespace Snn.Cluster.Host.Benchmarks;

/// <summary>
/// What this machine can do, measured by the plainest loops over the same amounts of memory and in the same minutes as a benchmark: machines
/// differ, and a shared one differs from hour to hour, so figures are compared as ratios to these.
/// </summary>
internal static class Yardstick
{
    private const int Repeats = 5;
    private const int Events = 1 << 22;

    /// <summary>Nanoseconds of one read-modify-write at a random place of an array of floats, one thread: the least that a synaptic event costs.</summary>
    /// <param name="targets">Floats in the array.</param>
    public static double RandomAddNs(int targets)
    {
        var places = RandomPlaces(targets);
        var input = new float[targets];
        return Enumerable.Range(0, Repeats).Min(_ => TimeNs(() => Add(places, input))) / Events;
    }

    /// <summary>Gigabytes a second of reading a large array from end to end, all threads together.</summary>
    /// <param name="threads">Threads, each with an array of its own.</param>
    public static double SequentialReadGbPerS(int threads)
    {
        const int Longs = 1 << 24;
        var arrays = Enumerable.Range(0, threads).Select(_ => Filled(Longs)).ToArray();
        var sums = new long[threads * 16];
        var ns = Enumerable.Range(0, Repeats).Min(_ => TimeNs(() => OnThreads(threads, t => sums[t * 16] += Sum(arrays[t]))));
        return threads * (double)Longs * sizeof(long) / ns;
    }

    /// <summary>Gigabytes a second of reading rows at random places of a large array, each row from end to end, all threads together.</summary>
    /// <param name="threads">Threads, each with an array of its own.</param>
    /// <param name="rowBytes">Bytes of a row; a multiple of 64.</param>
    public static double RandomRowsGbPerS(int threads, int rowBytes)
    {
        const int Longs = 1 << 25;
        const int Rows = 1 << 16;
        var rowLongs = rowBytes / sizeof(long);
        var arrays = Enumerable.Range(0, threads).Select(_ => Filled(Longs)).ToArray();
        var places = RandomPlaces(Longs / rowLongs);
        var sums = new long[threads * 16];
        var ns = Enumerable.Range(0, Repeats).Min(
            _ => TimeNs(() => OnThreads(threads, t => sums[t * 16] += SumRows(arrays[t], places, Rows, rowLongs))));
        return threads * (double)Rows * rowBytes / ns;
    }

    private static void Add(int[] places, float[] input)
    {
        foreach (var place in places)
        {
            input[place] += 1;
        }
    }

    private static long Sum(long[] array)
    {
        var (a, b, c, d) = (0L, 0L, 0L, 0L);
        for (var i = 0; i + 3 < array.Length; i += 4)
        {
            a += array[i];
            b += array[i + 1];
            c += array[i + 2];
            d += array[i + 3];
        }

        return a + b + c + d;
    }

    private static long SumRows(long[] array, int[] rows, int count, int rowLongs)
    {
        var sum = 0L;
        for (var r = 0; r < count; r++)
        {
            foreach (var value in array.AsSpan(rows[r] * rowLongs, rowLongs))
            {
                sum += value;
            }
        }

        return sum;
    }

    private static void OnThreads(int threads, Action<int> work)
    {
        var others = Enumerable.Range(1, threads - 1).Select(t => new Thread(() => work(t))).ToArray();
        Array.ForEach(others, t => t.Start());
        work(0);
        Array.ForEach(others, t => t.Join());
    }

    /// <summary>Places from a multiplicative generator: good enough to defeat caches and prefetchers, and the same in every run.</summary>
    private static int[] RandomPlaces(int below)
    {
        var places = new int[Events];
        var state = 0x9E3779B97F4A7C15UL;
        for (var i = 0; i < places.Length; i++)
        {
            state = (state * 6364136223846793005UL) + 1442695040888963407UL;
            places[i] = (int)(((state >> 32) * (ulong)below) >> 32);
        }

        return places;
    }

    private static long[] Filled(int longs)
    {
        var array = new long[longs];
        Array.Fill(array, 1);
        return array;
    }

    private static double TimeNs(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}
