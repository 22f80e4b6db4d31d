using Snn.Kernels.Plasticity.Layers;
using Snn.Kernels.Plasticity.Layers.Rules;
using Snn.Kernels.Synapses.Layers;
using Snn.Kernels.Tests.Seeds.Layers;
using Snn.Kernels.Tests.Synapses.Layers;
using Xunit;

namespace Snn.Kernels.Tests.Plasticity.Layers;

/// <summary>Learning rules against plain loops, and the same bits at every width and for every split of the rows.</summary>
public unsafe class LayerPlasticityTests
{
    private const int Items = 3;

    [Theory]
    [CombinatorialSeeds(15)]
    public void Weights_do_not_depend_on_lanes_or_on_who_owns_which_rows(ulong seed, bool isDouble)
    {
        var reference = Learn(seed, isDouble, lanes: 1, workers: 1);
        Assert.All(reference, w => Assert.True(double.IsFinite(w)));
        foreach (var lanes in LayerRig.Widths(isDouble))
        {
            Assert.Equal(reference, Learn(seed, isDouble, lanes, workers: 1));
            Assert.Equal(reference, Learn(seed, isDouble, lanes, workers: 3));
        }

        Assert.NotEqual(reference, Learn(seed + 1000, isDouble, lanes: 1, workers: 1));
    }

    [Theory]
    [CombinatorialSeeds(15)]
    public void Pairs_and_eligibility_are_sums_of_products(ulong seed, bool isDouble)
    {
        var random = new RandomLayers(seed);
        var shape = seed % 2 == 0 ? random.Shape() : ConvolutionShape.Linear(random.Next(1, 20), random.Next(1, 20));
        var synapses = shape.OutputChannels * shape.Taps;
        using var layer = new LearningLayer(shape, random.Weights(synapses), Items, isDouble);
        var (plus, minus) = (new double[synapses], new double[synapses]);
        var eligibility = layer.Synapses();
        for (var item = 0; item < Items; item++)
        {
            var (spikes, traces) = (random.Spikes(shape.SourceCount, graded: true), random.Weights(shape.SourceCount));
            var (fired, after) = (random.Spikes(shape.TargetCount, graded: false), random.Weights(shape.TargetCount));
            layer.Set(item, spikes, traces, fired, after);
            Product(shape, traces, fired, plus);
            Product(shape, spikes, after, minus);

            // Without decay, the eligibility of all items in turn is the sum over items.
            layer.Rules.UpdateEligibility(layer.Activity[item], eligibility.Pointer, 1, 0.5, 0.25, 0, layer.Rows);
        }

        var (causal, acausal) = (layer.Synapses(), layer.Synapses());
        fixed (LayerActivity* activity = layer.Activity)
        {
            layer.Rules.SumPairs(activity, Items, 0, layer.Rows, causal.Pointer, acausal.Pointer);
        }

        var tolerance = isDouble ? 1e-12 : 1e-4;
        Close(plus, layer.Read(causal), tolerance);
        Close(minus, layer.Read(acausal), tolerance);
        Close([.. plus.Zip(minus, (p, m) => (0.5 * p) - (0.25 * m))], layer.Read(eligibility), tolerance);
    }

    [Fact]
    public void A_spike_of_a_synapse_with_a_delay_of_its_own_counts_when_it_arrives()
    {
        using var layer = new LearningLayer(ConvolutionShape.Linear(1, 2), [0.5, 0.5], 1, isDouble: true, delays: [1, 4]);
        layer.Set(0, preSpikes: [0, 1], preTraces: [0], postSpikes: [0, 0], postTraces: [2, 3]);
        var eligibility = layer.Synapses();
        layer.Rules.UpdateEligibility(layer.Activity[0], eligibility.Pointer, 1, 1, 1, 0, 1);
        Assert.Equal([0, -3], layer.Read(eligibility));
    }

    [Fact]
    public void Silent_traces_and_masks_leave_numbers_sound()
    {
        using var layer = new LearningLayer(ConvolutionShape.Linear(2, 3), [.. Enumerable.Repeat(0.5, 6)], 1, isDouble: true, mask: [1, 0, 1, 1, 0, 1]);
        using var silent = new Numbers(2, isDouble: true);
        var traces = stackalloc void*[1];
        traces[0] = silent.Pointer;
        var averages = stackalloc double[4];
        layer.Rules.FedeAverages(traces, 1, layer.Rules.MaxTrace(silent.Pointer), 0, 2, averages, averages + 2);
        layer.Rules.Fede(averages, averages + 2, 0.1, 0.5, 0, 0, 2);
        var expected = 0.5 + (0.1 * (1 - Math.E));
        Close([expected, 0, expected, expected, 0, expected], layer.Weights.ToArray(), 1e-12);
    }

    [Theory]
    [InlineData(-0.5, 0.5, -0.5, 0.25, 0.5)]
    [InlineData(double.NegativeInfinity, 0.125, -2, 0.125, 0.125)]
    [InlineData(0.3, double.PositiveInfinity, 0.3, 0.3, 3)]
    public void Weights_are_held_within_bounds_but_for_what_is_no_synapse(double low, double high, double first, double second, double last)
    {
        using var layer = new LearningLayer(ConvolutionShape.Linear(2, 2), [-2, 0, 0.25, 3], 1, isDouble: true, mask: [1, 0, 1, 1]);
        layer.Rules.Hold(low, high, 0, 2);
        Assert.Equal([first, 0, second, last], layer.Weights.ToArray());
        Assert.All(Enumerable.Range(2, (int)layer.Weights.Stride - 2), padding => Assert.Equal(0, ((double*)layer.Weights.Pointer)[padding]));
    }

    [Fact]
    public void Any_spike_is_seen()
    {
        foreach (var isDouble in new[] { false, true })
        {
            using var of = new LearningLayer(ConvolutionShape.Linear(1, 1), [0], 1, isDouble);
            var spikes = of.Column(40);
            Assert.False(of.Rules.AnySpike(spikes.Pointer, 40));
            spikes[39] = -0.5;
            Assert.True(of.Rules.AnySpike(spikes.Pointer, 40));
            Assert.False(of.Rules.AnySpike(spikes.Pointer, 39));
        }
    }

    /// <summary>Without pairs there is nothing to reward, also where an earlier step has left its eligibility behind.</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.5, 0, 0.5)]
    [InlineData(0, 1, -1)]
    public void An_eligibility_that_does_not_last_is_that_of_the_step(double decay, double postStrength, double again)
    {
        using var layer = new LearningLayer(ConvolutionShape.Linear(1, 1), [0], 2, isDouble: true);
        var rule = new Mstdpet();
        var parameters = rule.DefaultParameters();
        (parameters[1], parameters[2], parameters[3]) = (postStrength, 1, decay);
        using var kernel = rule.CreateKernel(parameters, layer.Weights, 2);
        void Step(double pre, double post)
        {
            layer.Set(0, preSpikes: [pre], preTraces: [2], postSpikes: [post], postTraces: [2]);
            layer.Set(1, preSpikes: [0], preTraces: [0], postSpikes: [0], postTraces: [0]);
            kernel.Observe(0, layer.Activity[0]);
            kernel.Observe(1, layer.Activity[1]);
            kernel.Learn([1, 1], true, 0, 1);
        }

        Step(0, 1);
        Assert.Equal([1], layer.Weights.ToArray());
        Step(1, 0);
        Assert.Equal([1 + again], layer.Weights.ToArray());
    }

    [Fact]
    public void Bounds_are_in_their_order()
    {
        var rule = new Mstdpet();
        var parameters = rule.DefaultParameters();
        Assert.Empty(rule.Check(parameters));
        (parameters[4], parameters[5]) = (0.5, 0.5);
        Assert.Equal("w_min = 0.5 is not below w_max = 0.5; use w_min < w_max", Assert.Single(rule.Check(parameters)).Message);
    }

    [Fact]
    public void Each_item_has_its_reward()
    {
        using var layer = new LearningLayer(ConvolutionShape.Linear(1, 1), [0], 2, isDouble: true);
        var eligibility = layer.Synapses(2);
        eligibility[0] = 3;
        eligibility[(int)layer.Rules.SynapseNumbers] = 5;
        layer.Rules.Reward(eligibility.Pointer, [1, -1], 2, 0.5, 0, 1);
        Assert.Equal([-0.5], layer.Weights.ToArray());
        Assert.Throws<ArgumentException>(() => layer.Rules.Reward(eligibility.Pointer, [1], 2, 0.5, 0, 1));
    }

    private static double[] Learn(ulong seed, bool isDouble, int lanes, int workers)
    {
        var random = new RandomLayers(seed);
        var shape = seed % 2 == 0 ? random.Shape() : ConvolutionShape.Linear(random.Next(1, 20), random.Next(1, 40));
        var synapses = shape.OutputChannels * shape.Taps;
        using var layer = new LearningLayer(
            shape, random.Weights(synapses), Items, isDouble, seed % 3 == 0 ? random.Mask(synapses) : null, lanes: lanes);
        var eligibility = layer.Synapses(Items);
        var (causal, acausal) = (layer.Synapses(), layer.Synapses());
        for (var step = 0; step < 4; step++)
        {
            var pre = Enumerable.Range(0, Items).Select(_ => new Numbers(random.Spikes(shape.SourceCount, graded: true), isDouble)).ToArray();
            for (var item = 0; item < Items; item++)
            {
                layer.Set(item, random.Spikes(shape.SourceCount, graded: true), pre[item].ToArray(), random.Spikes(shape.TargetCount, graded: false), random.Weights(shape.TargetCount));
            }

            for (var worker = 0; worker < workers; worker++)
            {
                LearnRows(layer, pre, eligibility, causal, acausal, isDouble, layer.Rows * worker / workers, layer.Rows * (worker + 1) / workers);
            }

            Array.ForEach(pre, p => p.Dispose());
        }

        return layer.Weights.ToArray();
    }

    /// <summary>All rules, one after another, on a range of rows.</summary>
    private static void LearnRows(LearningLayer layer, Numbers[] traces, Numbers eligibility, Numbers causal, Numbers acausal, bool isDouble, int first, int last)
    {
        var rules = layer.Rules;
        for (var item = 0; item < Items; item++)
        {
            var offset = item * rules.SynapseNumbers * (isDouble ? sizeof(double) : sizeof(float));
            rules.UpdateEligibility(layer.Activity[item], (byte*)eligibility.Pointer + offset, 0.9, 0.3, 0.2, first, last);
        }

        rules.Reward(eligibility.Pointer, [0.5, -1, 0.25], Items, 0.1, first, last);
        fixed (LayerActivity* activity = layer.Activity)
        {
            rules.SumPairs(activity, Items, first, last, causal.Pointer, acausal.Pointer);
        }

        rules.PairChange(causal.Pointer, acausal.Pointer, WeightDependence.Clamped, WeightDependence.None, first, last);
        rules.Add(causal.Pointer, 0.05, first, last);
        var pointers = stackalloc void*[Items];
        for (var item = 0; item < Items; item++)
        {
            pointers[item] = traces[item].Pointer;
        }

        var (plus, minus) = (new double[layer.Rows], new double[layer.Rows]);
        fixed (double* potentiation = plus, depression = minus)
        {
            rules.FedeAverages(pointers, Items, 1.5, first, last, potentiation, depression);
            rules.Fede(potentiation, depression, 0.01, 0.5, 0.2, first, last);
        }

        rules.Hold(-0.6, 0.7, first, last);
    }

    /// <summary>Adds, for each synapse, the products over all locations.</summary>
    private static void Product(ConvolutionShape s, double[] sources, double[] targets, double[] sums)
    {
        for (var target = 0; target < targets.Length; target++)
        {
            var (o, location) = Math.DivRem(target, s.Locations);
            for (var tap = 0; tap < s.Taps; tap++)
            {
                var (c, ij) = Math.DivRem(tap, s.Kernel.Y * s.Kernel.X);
                var y = (location / s.OutputWidth * s.Stride.Y) - s.Padding.Y + (ij / s.Kernel.X * s.Dilation.Y);
                var x = (location % s.OutputWidth * s.Stride.X) - s.Padding.X + (ij % s.Kernel.X * s.Dilation.X);
                if (y >= 0 && x >= 0 && y < s.Height && x < s.Width)
                {
                    sums[(o * s.Taps) + tap] += sources[(((c * s.Height) + y) * s.Width) + x] * targets[target];
                }
            }
        }
    }

    private static void Close(double[] expected, double[] got, double tolerance)
    {
        Assert.Equal(expected.Length, got.Length);
        Assert.All(expected.Zip(got), p => Assert.True(Math.Abs(p.First - p.Second) <= tolerance * (1 + Math.Abs(p.First)), $"{p.Second} is not {p.First}"));
    }
}
