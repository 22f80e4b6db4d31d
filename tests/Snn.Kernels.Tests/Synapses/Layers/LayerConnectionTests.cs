using Snn.Kernels.Random;
using Snn.Kernels.Synapses.Layers;
using Xunit;

namespace Snn.Kernels.Tests.Synapses.Layers;

/// <summary>Every connection against nested loops over its definition, bit for bit, at every vector width.</summary>
public unsafe class LayerConnectionTests
{
    [Theory]
    [CombinatorialSeeds(40)]
    public void A_convolution_is_the_sum_over_its_taps(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var shape = random.Shape();
        var weights = random.Weights(shape.OutputChannels * shape.Taps);
        var spikes = random.Spikes(shape.SourceCount, graded: seed % 2 == 0);
        using var table = LayerRig.Weights(shape, weights, isDouble);
        var expected = RandomLayers.Convolve(shape, weights, spikes, isDouble);
        foreach (var lanes in LayerRig.Widths(isDouble))
        {
            using var connection = LayerRig.Connection(table, lanes: lanes);
            Assert.Equal(expected, LayerRig.Deliver(connection, spikes));
        }
    }

    [Theory]
    [CombinatorialSeeds(30)]
    public void A_linear_layer_adds_rows_in_the_order_of_the_sources(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var shape = ConvolutionShape.Linear(random.Next(1, 90), random.Next(1, 300));
        var weights = random.Weights(shape.SourceCount * shape.TargetCount);
        var spikes = random.Spikes(shape.SourceCount, graded: seed % 2 == 0);
        using var table = LayerRig.Weights(shape, weights, isDouble);
        var expected = RandomLayers.Convolve(shape, weights, spikes, isDouble, initial: 0.25);
        using var list = EventList.Of(spikes, isDouble, out var events);
        foreach (var lanes in LayerRig.Widths(isDouble))
        {
            using var connection = LayerRig.Connection(table, lanes: lanes);
            using var workspace = new LayerWorkspace(connection);
            using var input = new Numbers([.. Enumerable.Repeat(0.25, shape.TargetCount)], isDouble);
            var count = connection.Deliver(events, input.Pointer, workspace);
            Assert.Equal(expected, input.ToArray());
            Assert.Equal((long)spikes.Count(s => s != 0) * shape.TargetCount, count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Several_items_at_once_get_what_each_gets_alone(bool isLinear)
    {
        var random = new RandomLayers(7);
        var shape = isLinear ? ConvolutionShape.Linear(60, 333) : new ConvolutionShape { Channels = 2, Height = 7, Width = 6, OutputChannels = 5, Kernel = (3, 2) };
        using var table = LayerRig.Weights(shape, random.Weights(shape.OutputChannels * shape.Taps), isDouble: false);
        using var connection = LayerRig.Connection(table);
        using var workspace = new LayerWorkspace(connection);
        const int Items = 5;
        var spikes = Enumerable.Range(0, Items).Select(i => random.Spikes(shape.SourceCount, graded: i == 2, share: i == 1 ? 0 : 0.4)).ToArray();
        var inputs = Enumerable.Range(0, Items).Select(_ => new Numbers(shape.TargetCount, isDouble: false)).ToArray();
        var events = stackalloc LayerEvents[Items];
        var pointers = stackalloc void*[Items];
        var lists = new List<EventList>();
        for (var i = 0; i < Items; i++)
        {
            lists.Add(EventList.Of(spikes[i], isDouble: false, out events[i]));
            pointers[i] = inputs[i].Pointer;
        }

        connection.Deliver(events, pointers, Items, workspace);
        for (var i = 0; i < Items; i++)
        {
            Assert.Equal(LayerRig.Deliver(connection, spikes[i]), inputs[i].ToArray());
            inputs[i].Dispose();
            lists[i].Dispose();
        }
    }

    [Theory]
    [CombinatorialSeeds(20)]
    public void Traces_are_summed_over_the_synapses_and_the_bias_is_added(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var shape = seed % 2 == 0 ? random.Shape() : ConvolutionShape.Linear(random.Next(1, 40), random.Next(1, 40));
        var ones = new double[shape.OutputChannels * shape.Taps];
        Array.Fill(ones, 1);
        var mask = seed % 3 == 0 ? random.Mask(ones.Length) : null;
        var bias = random.Weights(shape.OutputChannels);
        var traces = random.Weights(shape.SourceCount);
        using var table = LayerRig.Weights(shape, random.Weights(ones.Length), isDouble, mask);
        var expected = RandomLayers.Convolve(shape, mask ?? ones, traces, isDouble);
        foreach (var lanes in LayerRig.Widths(isDouble))
        {
            using var connection = LayerRig.Connection(table, bias, lanes);
            Assert.Equal(expected, LayerRig.Traces(connection, traces, []));
            Assert.Equal(Enumerable.Range(0, shape.TargetCount).Select(t => bias[t / shape.Locations]), LayerRig.Bias(connection));
        }
    }

    [Theory]
    [CombinatorialSeeds(20)]
    public void A_mask_leaves_synapses_out_and_single_delays_are_told_apart(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var shape = ConvolutionShape.Linear(random.Next(1, 40), random.Next(1, 40));
        var count = shape.SourceCount * shape.TargetCount;
        var (weights, mask) = (random.Weights(count), random.Mask(count));
        int[] steps = [0, 2, 5];
        var delays = Enumerable.Range(0, count).Select(i => i < 3 ? steps[i] : steps[random.Next(0, 2)]).ToArray();
        using var table = LayerRig.Weights(shape, weights, isDouble, mask, delays: delays);
        Assert.Equal(weights.Zip(mask, (w, m) => w * m), table.ToArray());
        var indices = stackalloc int[shape.SourceCount];
        for (var d = 0; d < table.DelaySteps.Count; d++)
        {
            var spikes = random.Spikes(shape.SourceCount, graded: d == 1);
            double[] own = [.. weights.Select((w, i) => delays[i] == table.DelaySteps[d] ? w * mask[i] : 0)];
            using var list = EventList.Of(spikes, isDouble, out var events);
            new Span<int>(indices, shape.SourceCount).Fill(d);
            events.DelayIndices = indices;
            foreach (var lanes in LayerRig.Widths(isDouble))
            {
                using var connection = LayerRig.Connection(table, lanes: lanes);
                Assert.Equal(RandomLayers.Convolve(shape, own, spikes, isDouble), LayerRig.Deliver(connection, events));
            }
        }
    }

    [Theory]
    [CombinatorialSeeds(20)]
    public void A_list_is_delivered_by_source_delay_and_place(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var (sourceCount, targetCount, count) = (random.Next(1, 20), random.Next(1, 20), random.Next(0, 200));
        var sources = Enumerable.Range(0, count).Select(_ => random.Next(0, sourceCount - 1)).ToArray();
        var targets = Enumerable.Range(0, count).Select(_ => random.Next(0, targetCount - 1)).ToArray();
        var delays = Enumerable.Range(0, count).Select(_ => random.Next(0, 2)).ToArray();
        var weights = random.Weights(count);
        using var connection = LayerConnection.Create(sourceCount, targetCount, sources, targets, weights, delays, isDouble);
        var indices = stackalloc int[sourceCount];
        for (var d = 0; d < connection.DelaySteps.Count; d++)
        {
            var spikes = random.Spikes(sourceCount, graded: true);
            var expected = new double[targetCount];
            foreach (var i in Enumerable.Range(0, count).Where(i => delays[i] == connection.DelaySteps[d]).OrderBy(i => sources[i]))
            {
                ref var x = ref expected[targets[i]];
                var size = spikes[sources[i]];
                x = size == 0 ? x : isDouble ? Math.FusedMultiplyAdd(size, weights[i], x) : MathF.FusedMultiplyAdd((float)size, (float)weights[i], (float)x);
            }

            using var list = EventList.Of(spikes, isDouble, out var events);
            new Span<int>(indices, sourceCount).Fill(d);
            events.DelayIndices = indices;
            Assert.Equal(expected, LayerRig.Deliver(connection, events));
        }
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var random = new RandomLayers(9);
        var image = new ConvolutionShape { Channels = 2, Height = 8, Width = 8, OutputChannels = 4, Kernel = (3, 3) };
        using var table = LayerRig.Weights(image, random.Weights(72), isDouble: false, delay: 2);
        using var list = LayerConnection.Create(image.SourceCount, image.TargetCount, [0, 1], [0, 1], [1, 1], [0, 3], isDouble: false);
        using var convolution = LayerRig.Connection(table, [1, 2, 3, 4]);
        using var traces = new Numbers(image.SourceCount, isDouble: false);
        using var input = new Numbers(image.TargetCount, isDouble: false);
        using var spikes = EventList.Of(random.Spikes(image.SourceCount, graded: true), isDouble: false, out var events);
        foreach (var connection in new[] { convolution, list })
        {
            using var workspace = new LayerWorkspace(connection);
            using var lines = new DelayLines(connection, 1, DelayRule.Overwrite, graded: true);
            using var room = new EventList(lines.MaxArrivals, isDouble: false);
            long before = 0;
            for (var step = 0; step < 100; step++)
            {
                before = step == 50 ? GC.GetAllocatedBytesForCurrentThread() : before;
                connection.AddBias(input.Pointer);
                connection.AddTraces(events, traces.Pointer, input.Pointer, workspace);
                lines.Enter(0, step, events);
                connection.Deliver(lines.Arrivals(0, step, room.Room), input.Pointer, workspace);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    /// <summary>The comparison that all tests here rest on notices one weight that is another by one unit in the last place.</summary>
    [Fact]
    public void A_changed_weight_is_noticed()
    {
        var random = new RandomLayers(3);
        var shape = ConvolutionShape.Linear(20, 20);
        var weights = random.Weights(400);
        double[] spikes = [.. Enumerable.Repeat(1.0, 20)];
        var expected = RandomLayers.Convolve(shape, weights, spikes, isDouble: true);
        weights[Array.IndexOf(weights, weights.MaxBy(Math.Abs))] *= 1 + 1e-9;
        using var table = LayerRig.Weights(shape, weights, isDouble: true);
        using var connection = LayerRig.Connection(table);
        Assert.NotEqual(expected, LayerRig.Deliver(connection, spikes));
    }

    [Fact]
    public void What_is_not_possible_is_refused_with_what_to_do()
    {
        var bad = new ConvolutionShape { Channels = 0, Height = 2, Width = 5, OutputChannels = 1, Kernel = (3, 3), Padding = (0, -1) };
        Assert.Equal(3, bad.Problems().Count);
        Assert.All(bad.Problems(), p => Assert.Matches("give|use", p));
        Assert.Throws<ArgumentException>(() => new LayerWeights(bad, isDouble: false));
        using var weights = new LayerWeights(ConvolutionShape.Linear(3, 2), isDouble: false);
        Assert.Throws<ArgumentException>(() => weights.Set(new double[5]));
        Assert.Throws<ArgumentException>(() => weights.SetMask([0, 1, 0.5, 1, 1, 1]));
        Assert.Throws<ArgumentException>(() => weights.SetDelays([1, 1, -1, 1, 1, 1]));
        Assert.Throws<ArgumentException>(() => LayerConnection.Create(weights, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => LayerConnection.Create(2, 2, [2], [0], [1], [0], isDouble: true));
        Assert.Throws<ArgumentException>(() => WeightLaw.Of("xavier", weights.Shape));
        using var image = new LayerWeights(new ConvolutionShape { Channels = 1, Height = 2, Width = 2, OutputChannels = 1 }, isDouble: false);
        Assert.Throws<ArgumentException>(() => image.SetDelays([1]));
    }

    /// <summary>A draw is a function of the key and the place: a longer one begins with the shorter.</summary>
    [Fact]
    public void Initial_weights_depend_on_nothing_but_the_key()
    {
        var law = WeightLaw.Of("xavier_normal", ConvolutionShape.Linear(30, 40));
        var (all, few, other) = (new double[5000], new double[1234], new double[1234]);
        WeightLaw.Fill(law, StreamKey.Derive(1, "layer"), all);
        WeightLaw.Fill(law, StreamKey.Derive(1, "layer"), few);
        WeightLaw.Fill(law, StreamKey.Derive(2, "layer"), other);
        Assert.Equal(all[..1234], few);
        Assert.NotEqual(few, other);
        Assert.Equal(few.Length, few.Distinct().Count());
    }
}
