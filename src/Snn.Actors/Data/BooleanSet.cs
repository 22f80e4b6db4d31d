namespace Snn.Actors.Data;

/// <summary>The four inputs of two truth values, in the order 00, 10, 01, 11, with the value of a Boolean function: toy data, as PySNN has them.</summary>
public sealed class BooleanSet
{
    private BooleanSet(int repeats, params int[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        Features = 2 * repeats;
        Labels = labels;
        Samples = [.. new[] { (0, 0), (1, 0), (0, 1), (1, 1) }.SelectMany(s => Repeated(s, repeats))];
    }

    /// <summary>Numbers of a sample.</summary>
    public int Features { get; }

    /// <summary>[sample, feature] 0 or 1</summary>
    public IReadOnlyList<double> Samples { get; }

    /// <summary>[sample] 0 or 1</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Exclusive or.</summary>
    /// <param name="repeats">How often each of the two values stands in a sample, one after the other: a, a, b, b for two.</param>
    public static BooleanSet Xor(int repeats = 1) => new(repeats, 0, 1, 1, 0);

    /// <summary>And.</summary>
    /// <inheritdoc cref="Xor"/>
    public static BooleanSet And(int repeats = 1) => new(repeats, 0, 0, 0, 1);

    /// <summary>Or.</summary>
    /// <inheritdoc cref="Xor"/>
    public static BooleanSet Or(int repeats = 1) => new(repeats, 0, 1, 1, 1);

    private static IEnumerable<double> Repeated((int A, int B) sample, int repeats) =>
        Enumerable.Repeat((double)sample.A, repeats).Concat(Enumerable.Repeat((double)sample.B, repeats));
}
