using System.Numerics;

namespace Snn.Kernels.Plasticity.Layers;

/// <summary>How the contributions of items and locations to a shared weight become one.</summary>
public enum Reduction
{
    /// <summary>Their mean; taps that lie outside the image count.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The greatest.</summary>
    Max,
}

/// <summary>
/// The products and reductions that a learning rule of one's own is written with: arrays over the synapses of all items, [item][target][source] of a linear
/// layer, [item][output channel][tap][location] of a convolution. A linear layer is the case of one location.
/// </summary>
public static class ConnectionProducts
{
    /// <summary>Presynaptic times postsynaptic numbers.</summary>
    /// <param name="pre">[item][channel][tap][location], or with <paramref name="preChannels"/> = 1 the same for all channels: [item][tap][location].</param>
    /// <param name="post">[item][channel][location]</param>
    /// <param name="preChannels">Channels that <paramref name="pre"/> has: as many as there are, or 1.</param>
    /// <param name="channels">Output channels (targets).</param>
    /// <param name="taps">Taps (sources).</param>
    /// <param name="locations">Locations; 1 of a linear layer.</param>
    /// <param name="products">[item][channel][tap][location]</param>
    /// <exception cref="ArgumentException">The lengths do not go together.</exception>
    public static void Multiply<T>(
        ReadOnlySpan<T> pre, ReadOnlySpan<T> post, int preChannels, int channels, int taps, int locations, Span<T> products)
        where T : unmanaged, INumber<T>
    {
        var items = products.Length / (channels * taps * locations);
        if ((preChannels != channels && preChannels != 1) || pre.Length != items * preChannels * taps * locations || post.Length != items * channels * locations)
        {
            throw new ArgumentException(
                $"{pre.Length} presynaptic and {post.Length} postsynaptic numbers do not make {products.Length} products of {channels} x {taps} x {locations}");
        }

        for (var i = 0; i < products.Length; i++)
        {
            var (row, location) = Math.DivRem(i, locations);
            var (unit, tap) = Math.DivRem(row, taps);
            var from = preChannels == 1 ? unit / channels : unit;
            products[i] = pre[(((from * taps) + tap) * locations) + location] * post[(unit * locations) + location];
        }
    }

    /// <summary>Reduces over items and locations, in their order.</summary>
    /// <param name="values">[item][channel][tap][location]</param>
    /// <param name="channels">Output channels (targets).</param>
    /// <param name="taps">Taps (sources).</param>
    /// <param name="locations">Locations; 1 of a linear layer.</param>
    /// <param name="reduction">How.</param>
    /// <param name="reduced">[channel][tap]</param>
    /// <exception cref="ArgumentException">The lengths do not go together.</exception>
    public static void Reduce<T>(ReadOnlySpan<T> values, int channels, int taps, int locations, Reduction reduction, Span<T> reduced)
        where T : unmanaged, INumber<T>
    {
        var samples = values.Length / (channels * taps);
        if (reduced.Length != channels * taps || samples % locations != 0 || samples == 0 || values.Length != samples * channels * taps)
        {
            throw new ArgumentException($"{values.Length} values do not reduce to {reduced.Length} weights of {channels} x {taps}, {locations} locations");
        }

        for (var weight = 0; weight < reduced.Length; weight++)
        {
            var result = values[weight * locations];
            for (var s = 1; s < samples; s++)
            {
                var (item, location) = Math.DivRem(s, locations);
                var value = values[(((item * reduced.Length) + weight) * locations) + location];
                result = reduction == Reduction.Max ? T.Max(result, value) : result + value;
            }

            reduced[weight] = reduction == Reduction.Mean ? result / T.CreateChecked(samples) : result;
        }
    }
}
