using Snn.Kernels.Encoding;
using Snn.Kernels.Lanes;
using Xunit;

namespace Snn.Kernels.Tests.Encoding;

public sealed class LatencyCodeTests
{
    [Fact]
    public void Times_are_those_of_a_charging_neuron()
    {
        var times = LatencyCode.Times(new LatencyOptions { Tau = 4, Threshold = 0.2, FirstSpikeStep = 3 }, 0, 1);
        Assert.Equal(3 + (4 * LaneMath.Log(0.5 / 0.3)), times.Of(0.5), 1e-12);
        Assert.Equal(3 + (4 * LaneMath.Log((0.2 + 1e-7) / 1e-7)), times.Of(0.1), 1e-6);
        Assert.Equal(times.Of(0), times.Of(0.2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Normalised_times_end_in_the_last_step(bool linear)
    {
        double[] values = [0.01, 0.3, 0.8, 1];
        var output = Encode(new LatencyOptions { Steps = 20, FirstSpikeStep = 4, Normalize = true, Linear = linear, Threshold = 0.02 }, values);
        var steps = Steps(output, 4);
        Assert.Equal(19, steps[0]);
        Assert.All(steps, s => Assert.InRange(s, 4, 19));
        Assert.Equal(steps.Order().Reverse(), steps);
    }

    /// <summary>s = tau (1 - x) at x = 0.5 and tau = 1, 3, 5 lies between two steps: the even one takes it.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    [InlineData(5, 2)]
    [InlineData(7, 4)]
    public void A_tie_goes_to_the_even_step(double tau, int expected) =>
        Assert.Equal([expected], Steps(Encode(new LatencyOptions { Steps = 9, Tau = tau, Linear = true }, [0.5]), 1));

    [Fact]
    public void Late_spikes_are_refused_or_left_out()
    {
        var options = new LatencyOptions { Steps = 4, Tau = 10, Linear = true };
        Assert.Contains("step 10, beyond the last of 4 steps", RateCodeTests.Message(() => Encode(options, [0, 0.9])), StringComparison.Ordinal);
        Assert.Equal([-1, 1], Steps(Encode(options with { Bypass = true }, [0, 0.9]), 2));
        Assert.Equal(11, LatencyCode.Steps(options with { Steps = null, Bypass = true }, [0, 0.9]));
        Assert.Contains("number of steps is missing", RateCodeTests.Message(() => LatencyCode.Steps(options with { Steps = null }, [0.9])), StringComparison.Ordinal);
    }

    [Fact]
    public void Clipped_values_do_not_spike()
    {
        var output = Encode(new LatencyOptions { Steps = 9, Normalize = true, Threshold = 0.3, Clip = true, OffTarget = -1 }, [0.1, 0.3, 1]);
        Assert.Equal([-1, 8, 0], Steps(output, 3));
        Assert.All(output, x => Assert.True(x is 1 or -1));
    }

    [Fact]
    public void Linear_and_normalised_values_above_one_are_mapped_to_all_steps()
    {
        var output = Encode(new LatencyOptions { Steps = 11, Normalize = true, Linear = true, FirstSpikeStep = 2 }, [0, 1, 3]);
        // s = 8 (1 - x) + 2, from 10 - 8 * 0.01 to -14, mapped to 10 and 0.
        Assert.Equal([10, 7, 0], Steps(output, 3));
        Assert.Contains("give values from 0 to 1", RateCodeTests.Message(() => Encode(new LatencyOptions { Steps = 11, Linear = true }, [3])), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interpolated_element_rises_to_its_spike()
    {
        var output = Encode(new LatencyOptions { Steps = 6, Tau = 4, Linear = true, Interpolate = true, OnTarget = 2, OffTarget = 1, Threshold = 1e-3 }, [0.25, 1, 0]);
        double[] Element(int i) => [.. Enumerable.Range(0, 6).Select(t => output[(t * 3) + i])];
        Assert.Equal([1, 1 + (1.0 / 3), 1 + (2.0 / 3), 2, 1, 1], Element(0));
        Assert.Equal([2, 1, 1, 1, 1, 1], Element(1));
        Assert.Equal([1, 1.25, 1.5, 1.75, 2, 1], Element(2));

        // Beyond the last step nothing rises; in the step after the last the rise does not arrive.
        var late = new LatencyOptions { Steps = 3, Linear = true, Interpolate = true, Threshold = 1e-3 };
        Assert.Equal([0, 0, 0], Encode(late with { Tau = 4 }, [0]));
        Assert.Equal([0, 1.0 / 3, 2.0 / 3], Encode(late with { Tau = 3 }, [0]));
    }

    [Fact]
    public void Numbers_out_of_range_say_what_is_allowed()
    {
        var right = new LatencyOptions { Steps = 5, Normalize = true };
        Assert.NotEmpty(Encode(right, [0.5]));
        Assert.All(
            [
                (right with { Threshold = 0 }, "threshold = 0; give"), (right with { Threshold = 1 }, "threshold = 1; give"), (right with { Tau = 0 }, "tau = 0 steps"),
                (right with { Epsilon = 0 }, "epsilon = 0"), (right with { Epsilon = 1e-30 }, "epsilon = 1E-30"), (right with { Steps = 0 }, "0 steps"),
                (right with { FirstSpikeStep = 5 }, "step 5 of 5"), (right with { FirstSpikeStep = -1 }, "step -1 of 5"), (right with { Steps = null, Bypass = true }, "need a number of steps"),
                (right with { OnTarget = -1 }, "on_target = -1 is below"),
            ],
            ((LatencyOptions Options, string Message) wrong) => Assert.Contains(wrong.Message, RateCodeTests.Message(() => Encode(wrong.Options, [0.5])), StringComparison.Ordinal));
        Assert.Contains("no finite number", RateCodeTests.Message(() => Encode(right, [0.5, double.NaN])), StringComparison.Ordinal);
        Assert.Contains("from -0.5 to 0.5", RateCodeTests.Message(() => Encode(right, [0.5, -0.5])), StringComparison.Ordinal);
        Assert.Contains("room for 3 numbers, not 5", RateCodeTests.Message(() => LatencyCode.Encode(right, [0.5], new double[3])), StringComparison.Ordinal);
    }

    private static double[] Encode(LatencyOptions options, double[] values)
    {
        var output = new double[LatencyCode.Steps(options, values) * values.Length];
        LatencyCode.Encode(options, values, output);
        return output;
    }

    /// <summary>The step in which each element is on; -1: in none.</summary>
    private static int[] Steps(double[] output, int elements) =>
        [.. Enumerable.Range(0, elements).Select(e => Array.FindIndex([.. Enumerable.Range(0, output.Length / elements).Select(t => output[(t * elements) + e])], x => x == 1))];
}
