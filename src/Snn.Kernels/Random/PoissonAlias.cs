namespace Snn.Kernels.Random;

/// <summary>
/// Walker's alias table of a Poisson number with 16 columns: sixteen fit a byte shuffle, so that sixteen numbers come out of one vector
/// without a loop or a gather. Numbers from 15 on are one outcome, the tail, which is drawn again by itself.
/// </summary>
/// <remarks>
/// A draw is 16 bits: four choose column c, twelve are a fraction f. The outcome is c where f is below the column's threshold, else
/// its alias. The threshold has 44 bits; where f equals its upper twelve, 32 more bits are drawn. So each probability is exact to 2^-47 plus
/// the rounding of the probabilities in double (Walker 1977, doi:10.1145/355744.355749; Vose 1991, doi:10.1109/32.92917).
/// </remarks>
internal sealed class PoissonAlias
{
    /// <summary>The outcome that stands for itself and everything above.</summary>
    internal const int Tail = 15;

    /// <summary>Largest mean: the tail then has probability 2.7e-4.</summary>
    internal const double MaxMean = 5;

    internal PoissonAlias(double mean)
    {
        var columns = new double[16];
        var probabilities = new PoissonLaw(mean).Probabilities;
        for (var k = 0; k < probabilities.Length; k++)
        {
            columns[Math.Min(k, Tail)] += probabilities[k] * 16;
        }

        for (var k = Tail; k < probabilities.Length; k++)
        {
            TailSum += probabilities[k];
        }

        TailProbabilities = probabilities.Length > Tail ? probabilities[Tail..] : [];
        Share(columns);
    }

    /// <summary>Upper 12 bits of each column's threshold, 0 .. 4095; a threshold of one is 4095 with all low bits set.</summary>
    internal ushort[] High { get; } = new ushort[16];

    /// <summary>Low bytes of the thresholds as <see cref="PoissonKernel"/> compares them, twice over.</summary>
    internal byte[] LowBytes { get; } = new byte[32];

    /// <summary>High bytes of the same.</summary>
    internal byte[] HighBytes { get; } = new byte[32];

    /// <summary>Lower 32 bits of each column's threshold.</summary>
    internal uint[] Low { get; } = new uint[16];

    /// <summary>The other outcome of each column, twice over.</summary>
    internal byte[] Alias { get; } = new byte[32];

    // P(15), P(16), ... and their sum.
    private double[] TailProbabilities { get; }

    private double TailSum { get; }

    /// <summary>The number that 16 bits stand for; draws more where they do not decide.</summary>
    /// <remarks>The scalar equivalent of a lane of <see cref="PoissonKernel"/>.</remarks>
    internal int Draw(ushort bits, StreamKey key, long step, uint neuron, int part)
    {
        var column = bits & 15;
        var fraction = (bits ^ 0x8000) >> 4;
        var outcome = fraction < High[column] ? column : (int)Alias[column];
        if (fraction == High[column])
        {
            outcome = PoissonWords.More(key, step, neuron, part).W0 < Low[column] ? column : Alias[column];
        }

        return outcome == Tail ? DrawTail(key, step, neuron, part) : outcome;
    }

    private int DrawTail(StreamKey key, long step, uint neuron, int part)
    {
        var more = PoissonWords.More(key, step, neuron, part);
        var u = ((((ulong)more.W3 << 32) | more.W2) >> 11) * (1.0 / (1L << 53)) * TailSum;
        var k = 0;
        while (k < TailProbabilities.Length - 1 && u >= TailProbabilities[k])
        {
            u -= TailProbabilities[k++];
        }

        return Tail + k;
    }

    // Vose: a column below one is filled up from a column above one, until none is left.
    private void Share(double[] columns)
    {
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var c = 0; c < 16; c++)
        {
            (columns[c] < 1 ? small : large).Push(c);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var (s, l) = (small.Pop(), large.Pop());
            Set(s, columns[s], l);
            columns[l] -= 1 - columns[s];
            (columns[l] < 1 ? small : large).Push(l);
        }

        // What is left is one but for rounding.
        foreach (var c in small.Concat(large))
        {
            Set(c, 1, c);
        }
    }

    private void Set(int column, double threshold, int alias)
    {
        var scaled = (ulong)Math.Min(threshold * (1L << 44), (1L << 44) - 1);
        High[column] = (ushort)(scaled >> 32);
        Low[column] = (uint)scaled;
        var compared = ((High[column] << 4) | column) ^ 0x8000;
        Alias[column] = Alias[column + 16] = (byte)alias;
        LowBytes[column] = LowBytes[column + 16] = (byte)compared;
        HighBytes[column] = HighBytes[column + 16] = (byte)(compared >> 8);
    }
}
