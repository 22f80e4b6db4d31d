using Snn.Kernels.Synapses.Layers;
using Xunit;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Pooling against the definition of its windows.</summary>
public class PoolingTests
{
    /// <summary>Sizes that the rule gives by hand.</summary>
    [Theory]
    [InlineData(5, 2, 2, 0, 1, false, 2)]
    [InlineData(5, 2, 2, 0, 1, true, 3)]
    [InlineData(7, 2, 2, 0, 1, true, 4)]
    [InlineData(5, 3, 2, 1, 1, false, 3)]
    [InlineData(4, 3, 3, 1, 1, true, 2)]
    [InlineData(3, 2, 2, 1, 1, true, 2)]
    [InlineData(4, 2, 3, 1, 1, true, 2)]
    [InlineData(9, 3, 2, 0, 2, false, 3)]
    [InlineData(5, 1, 3, 0, 1, true, 2)]
    public void Windows_are_counted_as_max_pool2d_does(int size, int kernel, int stride, int padding, int dilation, bool ceil, int windows) =>
        Assert.Equal(windows, PoolingAxis.Fixed(size, kernel, stride, padding, dilation, ceil).Windows);

    [Theory]
    [CombinatorialSeeds(60)]
    public void A_target_spikes_once_where_its_window_does_and_takes_the_winners_trace(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var (channels, height, width) = (random.Next(1, 3), random.Next(3, 9), random.Next(3, 9));
        var (rows, columns) = (Axis(random, height), Axis(random, width));
        var shape = new PoolingShape(channels, height, width, rows.Axis, columns.Axis);
        var spikes = random.Spikes(shape.SourceCount, graded: seed % 2 == 0, share: 0.15);
        var traces = random.Weights(shape.SourceCount);
        using var connection = LayerConnection.Create(shape, isDouble, weight: 0.75);
        var (sums, winners) = (new List<double>(), new List<double>());
        for (var c = 0; c < channels; c++)
        {
            foreach (var row in rows.Places)
            {
                foreach (var column in columns.Places)
                {
                    var window = row.SelectMany(y => column.Select(x => (((c * height) + y) * width) + x)).ToArray();
                    var hit = window.Where(s => spikes[s] != 0).ToArray();
                    sums.Add(hit.Length > 0 ? 0.75 : 0);
                    winners.Add(traces[hit.Length > 0 ? hit[0] : window[0]]);
                }
            }
        }

        Assert.Equal(sums, LayerRig.Deliver(connection, spikes));
        Assert.Equal(winners, LayerRig.Traces(connection, traces, spikes));
    }

    [Theory]
    [InlineData(5, 0, 1, 0, 1)]
    [InlineData(5, 2, 0, 0, 1)]
    [InlineData(5, 2, 1, 2, 1)]
    [InlineData(5, 4, 1, 0, 2)]
    public void Windows_that_cannot_be_are_refused(int size, int kernel, int stride, int padding, int dilation) =>
        Assert.Throws<ArgumentException>(() => PoolingAxis.Fixed(size, kernel, stride, padding, dilation, ceilMode: false));

    /// <summary>An axis, and the places of its windows from the definition.</summary>
    private static (PoolingAxis Axis, int[][] Places) Axis(RandomLayers random, int size)
    {
        if (random.Next(0, 2) == 0)
        {
            var windows = random.Next(1, size);
            return (PoolingAxis.Adaptive(size, windows), [.. Enumerable.Range(0, windows).Select(k =>
                Enumerable.Range(0, size).Where(p => p >= Math.Floor((double)k * size / windows) && p < Math.Ceiling((k + 1.0) * size / windows)).ToArray())]);
        }

        var (kernel, stride, dilation, ceil) = (random.Next(1, 3), random.Next(1, 3), 1, random.Next(0, 1) == 1);
        dilation = (2 * (kernel - 1)) + 1 <= size ? random.Next(1, 2) : 1;
        var padding = random.Next(0, kernel / 2);
        var axis = PoolingAxis.Fixed(size, kernel, stride, padding, dilation, ceil);
        return (axis, [.. Enumerable.Range(0, axis.Windows).Select(k =>
            Enumerable.Range(0, kernel).Select(i => (k * stride) - padding + (i * dilation)).Where(p => p >= 0 && p < size).ToArray())]);
    }
}
