namespace Snn.Kernels.Encoding;

/// <summary>Classes as rows of zeros with a one, and back, as snnTorch's spikegen does.</summary>
public static class OneHot
{
    /// <summary>A row for every class label: 1 at its class, 0 elsewhere.</summary>
    /// <param name="labels">[sample] class, 0 to classes - 1</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="rows">[sample, class]</param>
    /// <exception cref="ArgumentException">A label is no class or the spans do not fit together.</exception>
    public static void Encode(ReadOnlySpan<int> labels, int classes, Span<double> rows)
    {
        if (classes < 1 || rows.Length != (long)labels.Length * classes)
        {
            throw new ArgumentException($"OneHot.Encode: room for {rows.Length} numbers of {labels.Length} samples with {classes} classes; give one place a sample and class.");
        }

        rows.Clear();
        for (var i = 0; i < labels.Length; i++)
        {
            rows[(i * classes) + Class(labels[i], classes)] = 1;
        }
    }

    /// <summary>Ones for zeros and zeros for ones.</summary>
    /// <param name="rows">0 and 1</param>
    /// <param name="inverse">As many numbers.</param>
    /// <exception cref="ArgumentException">A number is neither 0 nor 1, or the spans differ in length.</exception>
    public static void Invert(ReadOnlySpan<double> rows, Span<double> inverse)
    {
        if (rows.Length != inverse.Length)
        {
            throw new ArgumentException($"OneHot.Invert: {rows.Length} numbers into {inverse.Length}; give spans of one length.");
        }

        for (var i = 0; i < rows.Length; i++)
        {
            inverse[i] = rows[i] is 0 or 1 ? 1 - rows[i] : throw new ArgumentException($"OneHot.Invert: {rows[i]:R} is neither 0 nor 1; give those.");
        }
    }

    /// <summary>The class of every row: where its largest number is, the first of equals.</summary>
    /// <param name="rows">[sample, class]</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="labels">[sample]</param>
    /// <exception cref="ArgumentException">The spans do not fit together.</exception>
    public static void Decode(ReadOnlySpan<double> rows, int classes, Span<int> labels)
    {
        if (classes < 1 || rows.Length != (long)labels.Length * classes)
        {
            throw new ArgumentException($"OneHot.Decode: {rows.Length} numbers of {labels.Length} samples with {classes} classes; give whole rows.");
        }

        for (var i = 0; i < labels.Length; i++)
        {
            var row = rows.Slice(i * classes, classes);
            var best = 0;
            for (var c = 1; c < classes; c++)
            {
                best = row[c] > row[best] ? c : best;
            }

            labels[i] = best;
        }
    }

    /// <summary>A label that is one of the classes.</summary>
    internal static int Class(int label, int classes) =>
        label >= 0 && label < classes
            ? label
            : throw new ArgumentException($"OneHot: the label {label} is none of {classes} classes; give 0 to {classes - 1}.");
}
