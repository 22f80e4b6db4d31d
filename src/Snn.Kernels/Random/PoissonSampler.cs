using System.Runtime.CompilerServices;

namespace Snn.Kernels.Random;

/// <summary>
/// Poisson numbers of one mean, one at a time. Which method serves is decided by the mean alone, so that a neuron's numbers do not
/// depend on the means of the neurons beside it.
/// </summary>
internal sealed class PoissonSampler
{
    /// <summary>Means up to this many times <see cref="PoissonAlias.MaxMean"/> are drawn in parts.</summary>
    internal const int MaxParts = 4;

    private readonly PoissonTable? _table;

    internal PoissonSampler(double mean)
    {
        IsZero = mean == 0;
        Parts = (int)Math.Min(MaxParts + 1, Math.Ceiling(mean / PoissonAlias.MaxMean));
        Alias = Parts is >= 1 and <= MaxParts ? new PoissonAlias(mean / Parts) : null;
        _table = Parts > MaxParts ? new PoissonTable(mean) : null;
    }

    /// <summary>Whether every number is zero.</summary>
    internal bool IsZero { get; }

    /// <summary>
    /// Independent Poisson numbers that are added up, each of the same part of the mean: a sum of Poisson numbers is one, and four draws
    /// from registers cost less than one from memory.
    /// </summary>
    internal int Parts { get; }

    /// <summary>The table of a part of a small mean.</summary>
    internal PoissonAlias? Alias { get; }

    /// <summary>A number from a neuron's half words (small means; one every 32, one a part) or word (others).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe int Draw(ushort* halves, uint word, StreamKey key, long step, uint neuron)
    {
        if (Alias is not { } alias)
        {
            return _table?.Draw(word, key, step, neuron) ?? 0;
        }

        var sum = 0;
        for (var part = 0; part < Parts; part++)
        {
            sum += alias.Draw(halves[32 * part], key, step, neuron, part);
        }

        return sum;
    }
}
