using System.Runtime.CompilerServices;

namespace Snn.Kernels.Random;

/// <summary>
/// Poisson numbers of one mean by inversion: the number is Least plus how many thresholds a 64-bit random number reaches. Its high word is
/// compared first; the low word is drawn only where the high words are equal.
/// </summary>
internal sealed class PoissonTable
{
    private const int GuideBits = 8;
    private readonly uint[] _high;
    private readonly uint[] _low;
    private readonly ushort[] _guide;
    private readonly int _least;

    internal PoissonTable(double mean)
    {
        var law = new PoissonLaw(mean);
        _least = (int)law.Least;
        var thresholds = Thresholds(law.Probabilities);
        _high = Array.ConvertAll(thresholds, t => (uint)(t >> 32));
        _low = Array.ConvertAll(thresholds, t => (uint)t);
        _guide = new ushort[1 << GuideBits];
        var i = 0;
        for (var k = 0; k < _guide.Length; k++)
        {
            // Strictly below: a threshold equal to the first word of a cell can tie with it and must be looked at.
            while (i < _high.Length && _high[i] < (uint)k << (32 - GuideBits))
            {
                i++;
            }

            _guide[k] = (ushort)i;
        }
    }

    /// <summary>The number that a word stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Draw(uint word, StreamKey key, long step, uint neuron)
    {
        var high = _high;
        int i = _guide[word >> (32 - GuideBits)];
        while (i < high.Length && word > high[i])
        {
            i++;
        }

        return _least + (i < high.Length && word == high[i] ? Tie(i, word, key, step, neuron) : i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Tie(int i, uint word, StreamKey key, long step, uint neuron)
    {
        var more = PoissonWords.More(key, step, neuron, part: 0).W0;
        while (i < _high.Length && word == _high[i] && more >= _low[i])
        {
            i++;
        }

        return i;
    }

    // 2^64 times the distribution function, of all but the last number.
    private static ulong[] Thresholds(double[] probabilities)
    {
        var thresholds = new List<ulong>();
        var cumulative = 0.0;
        for (var k = 0; k < probabilities.Length - 1; k++)
        {
            cumulative += probabilities[k];
            if (cumulative >= 1 - (1.0 / (1L << 53)))
            {
                break;
            }

            thresholds.Add((ulong)(cumulative * (4294967296.0 * 4294967296.0)));
        }

        return [.. thresholds];
    }
}
