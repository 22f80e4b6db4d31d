using Snn.Kernels.Random;

namespace Snn.Actors.Data;

/// <summary>Parts of a data set, as indices of its samples.</summary>
public static class SampleSplit
{
    /// <summary>One of several parts of equal size: the samples from index * (count / parts) on. What does not divide is left out.</summary>
    /// <param name="count">Samples.</param>
    /// <param name="parts">Into how many parts they are cut, at least 1.</param>
    /// <param name="index">Which part, 0 to parts - 1.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Range Subset(int count, int parts, int index = 0)
    {
        if (count < 0 || parts < 1 || index < 0 || index >= parts)
        {
            throw new ArgumentException($"SampleSplit.Subset: part {index} of {parts} of {count} samples; give at least one part and an index from 0 to parts - 1.");
        }

        var size = count / parts;
        return new Range(index * size, (index + 1) * size);
    }

    /// <summary>Training samples, drawn without replacement and in random order, and validation samples, the others in their order.</summary>
    /// <param name="count">Samples.</param>
    /// <param name="validationShare">Part that is for validation, 0 to 1: count times it, cut to a whole number.</param>
    /// <param name="seed">Seed of the draw.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static (int[] Training, int[] Validation) Validation(int count, double validationShare, ulong seed)
    {
        if (count < 0 || !(validationShare is >= 0 and <= 1))
        {
            throw new ArgumentException($"SampleSplit.Validation: {validationShare} of {count} samples; give a share from 0 to 1.");
        }

        return Draw(count, count - (int)(count * validationShare), seed);
    }

    /// <summary>Some samples in random order, and the others in their order.</summary>
    internal static (int[] Drawn, int[] Others) Draw(int count, int drawn, ulong seed)
    {
        // Sorted by random words: a permutation in which every order is as probable, up to equal words (1 pair in 2^64).
        var key = StreamKey.Derive(seed, "sample split");
        var order = Enumerable.Range(0, count).OrderBy(i => Word(key, i)).Take(drawn).ToArray();
        return (order, [.. Enumerable.Range(0, count).Except(order)]);
    }

    private static ulong Word(StreamKey key, int sample)
    {
        var (low, high, _, _) = Philox4x32.Block(key, (uint)sample, 0, 0, 0);
        return ((ulong)high << 32) | low;
    }
}
