namespace Snn.Kernels.Random;

/// <summary>
/// How many of N items, each on a target of its own choice, fall on each target: multinomial numbers that any part of the targets can be
/// asked for by itself.
/// </summary>
/// <remarks>
/// The targets are halved again and again; the items of a half are a keyed binomial number, whose counter is the middle, which no other
/// split shares. A range of targets needs the splits above it only.
/// </remarks>
public static class SplitCounts
{
    private const uint Purpose = 0x53504C54;

    /// <summary>Items on the targets first .. first + counts.Length - 1.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="total">Number of items, 0 to 2^62.</param>
    /// <param name="targets">Number of targets, at least 1.</param>
    /// <param name="first">First target that is asked for.</param>
    /// <param name="counts">[target - first]</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static void Counts(StreamKey key, long total, int targets, int first, Span<long> counts)
    {
        Check(total, targets, first, counts.Length);
        if (counts.Length > 0)
        {
            Split(key, total, 0, targets, first, counts);
        }
    }

    /// <summary>Items on the targets first .. first + counts.Length - 1.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="total">Number of items, 0 to 2^31 - 1.</param>
    /// <param name="targets">Number of targets, at least 1.</param>
    /// <param name="first">First target that is asked for.</param>
    /// <param name="counts">[target - first]</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static void Counts(StreamKey key, long total, int targets, int first, Span<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(total, int.MaxValue);
        Check(total, targets, first, counts.Length);
        if (counts.Length == 0)
        {
            return;
        }

        var wide = new long[counts.Length];
        Split(key, total, 0, targets, first, wide);
        for (var i = 0; i < wide.Length; i++)
        {
            counts[i] = (int)wide[i];
        }
    }

    private static void Check(long total, int targets, int first, int asked)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(total, Binomial.MaxTrials);
        ArgumentOutOfRangeException.ThrowIfLessThan(targets, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + asked, targets, nameof(first));
    }

    // The targets low .. high - 1 share total items; only those of the range that is asked for are looked at.
    private static void Split(StreamKey key, long total, int low, int high, int first, Span<long> counts)
    {
        if (high <= first || low >= first + counts.Length)
        {
            return;
        }

        if (high - low == 1)
        {
            counts[low - first] = total;
            return;
        }

        var middle = low + ((high - low) / 2);
        var left = Binomial.Draw(key, (uint)middle, 0, Purpose, total, (double)(middle - low) / (high - low));
        Split(key, left, low, middle, first, counts);
        Split(key, total - left, middle, high, first, counts);
    }
}
