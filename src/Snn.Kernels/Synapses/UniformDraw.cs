using System.Runtime.CompilerServices;

namespace Snn.Kernels.Synapses;

/// <summary>Uniform draws of neurons.</summary>
internal static class UniformDraw
{
    /// <summary>A whole number in [0, range) from a 64-bit word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(uint high, uint low, uint range) => (int)Math.BigMul(((ulong)high << 32) | low, range, out _);

    /// <summary>Draws <paramref name="drawn"/>.Length neurons with replacement, leaving out <paramref name="self"/> unless it is negative.</summary>
    public static void WithReplacement(ReadOnlySpan<uint> high, ReadOnlySpan<uint> low, int candidates, int self, Span<int> drawn)
    {
        high = high[..drawn.Length];
        low = low[..drawn.Length];
        if (self < 0)
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = Index(high[i], low[i], (uint)candidates);
            }
        }
        else
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                var neuron = Index(high[i], low[i], (uint)candidates);
                drawn[i] = neuron >= self ? neuron + 1 : neuron;
            }
        }
    }
}

/// <summary>
/// A uniformly distributed subset, drawn element by element with exactly one word each, however close its size is to that of the whole
/// (Floyd's algorithm: Bentley and Floyd 1987, doi:10.1145/30401.315746).
/// </summary>
/// <param name="candidates">Size of the set that is drawn from.</param>
/// <param name="size">Elements of a subset.</param>
internal sealed class SubsetDraw(int candidates, int size)
{
    private readonly ulong[] _taken = new ulong[(candidates + 63) / 64];

    // A small subset of a large set is forgotten element by element: clearing the whole set would cost more than drawing.
    private readonly int[]? _elements = size < candidates / 64 ? new int[size] : null;

    /// <summary>Starts a new subset.</summary>
    public void Clear()
    {
        if (_elements is null)
        {
            Array.Clear(_taken);
            return;
        }

        foreach (var element in _elements)
        {
            _taken[element >> 6] = 0;
        }
    }

    /// <summary>Draws the elements <paramref name="first"/> .. of a subset.</summary>
    /// <param name="high">High halves of the words.</param>
    /// <param name="low">Low halves.</param>
    /// <param name="first">Elements drawn already.</param>
    /// <param name="self">Neuron that is not a candidate, or negative.</param>
    /// <param name="drawn">Receives the neurons.</param>
    public void Next(ReadOnlySpan<uint> high, ReadOnlySpan<uint> low, int first, int self, Span<int> drawn)
    {
        for (var i = 0; i < drawn.Length; i++)
        {
            // The element is among the first last + 1 candidates; if it is taken, the last of them cannot be.
            var last = candidates - size + first + i;
            var element = UniformDraw.Index(high[i], low[i], (uint)last + 1);
            element = IsTaken(element) ? last : element;
            _taken[element >> 6] |= 1UL << element;
            if (_elements is not null)
            {
                _elements[first + i] = element;
            }

            drawn[i] = self >= 0 && element >= self ? element + 1 : element;
        }
    }

    private bool IsTaken(int element) => ((_taken[element >> 6] >> element) & 1) != 0;
}
