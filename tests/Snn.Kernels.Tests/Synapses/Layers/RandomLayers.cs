using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Lanes;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Random layers, and what they must deliver by nested loops over the definition.</summary>
internal sealed class RandomLayers(ulong seed)
{
    private readonly TestRandom _random = new(seed);

    /// <summary>A number in [low, high].</summary>
    public int Next(int low, int high) => low + (int)(_random.Next() * (high - low + 1));

    /// <summary>Numbers in [-1, 1), exact in single precision.</summary>
    public double[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)((2 * _random.Next()) - 1))];

    /// <summary>Sizes of spikes: 0 for the silent, 1 or, if graded, any for the others.</summary>
    public double[] Spikes(int count, bool graded, double share = 0.3) =>
        [.. Enumerable.Range(0, count).Select(_ => _random.Next() >= share ? 0 : graded ? (float)(0.5 + _random.Next()) : 1.0)];

    /// <summary>0 or 1.</summary>
    public double[] Mask(int count) => Spikes(count, graded: false, share: 0.6);

    /// <summary>A convolution that is possible.</summary>
    public ConvolutionShape Shape()
    {
        while (true)
        {
            var shape = new ConvolutionShape
            {
                Channels = Next(1, 3),
                Height = Next(1, 9),
                Width = Next(1, 9),
                OutputChannels = Next(1, 20),
                Kernel = (Next(1, 4), Next(1, 4)),
                Stride = (Next(1, 3), Next(1, 3)),
                Padding = (Next(0, 2), Next(0, 2)),
                Dilation = (Next(1, 2), Next(1, 2)),
            };
            if (shape.Problems().Count == 0)
            {
                return shape;
            }
        }
    }

    /// <summary>
    /// For each target (o, y, x), the sum over (c, i, j) of size(source) * weight, in the order of the sources, which is that of (c, i, j); each product and sum rounded
    /// once, in the precision asked for. Sums start at <paramref name="initial"/>.
    /// </summary>
    public static double[] Convolve(ConvolutionShape s, double[] weights, double[] sources, bool isDouble, double initial = 0)
    {
        var targets = new double[s.TargetCount];
        for (var target = 0; target < targets.Length; target++)
        {
            var (o, location) = Math.DivRem(target, s.Locations);
            var (oy, ox) = Math.DivRem(location, s.OutputWidth);
            var sum = initial;
            for (var tap = 0; tap < s.Taps; tap++)
            {
                var (c, ij) = Math.DivRem(tap, s.Kernel.Y * s.Kernel.X);
                var y = (oy * s.Stride.Y) - s.Padding.Y + (ij / s.Kernel.X * s.Dilation.Y);
                var x = (ox * s.Stride.X) - s.Padding.X + (ij % s.Kernel.X * s.Dilation.X);
                if (y < 0 || x < 0 || y >= s.Height || x >= s.Width || sources[(((c * s.Height) + y) * s.Width) + x] is 0)
                {
                    continue;
                }

                var (size, weight) = (sources[(((c * s.Height) + y) * s.Width) + x], weights[(o * s.Taps) + tap]);
                sum = isDouble ? Math.FusedMultiplyAdd(size, weight, sum) : MathF.FusedMultiplyAdd((float)size, (float)weight, (float)sum);
            }

            targets[target] = sum;
        }

        return targets;
    }
}
