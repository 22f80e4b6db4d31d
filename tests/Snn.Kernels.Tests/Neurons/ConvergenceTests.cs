using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>The non-linear schemes have the order that they state: halving dt divides the error by 2 to the power of the order.</summary>
public class ConvergenceTests
{
    [Theory]
    [InlineData("iaf_cond_exp")]
    [InlineData("iaf_cond_alpha")]
    public void Conductance_models_are_of_order_4(string name) =>
        IsOfOrder(name, 4, [0.4, 0.2, 0.1], 0.0125, ("V_th", 1e3), ("tau_syn_ex", 1.0));

    [Theory]
    [InlineData("aeif_cond_exp")]
    [InlineData("aeif_cond_alpha")]
    public void AdEx_is_of_order_4_below_its_upswing(string name) =>
        IsOfOrder(name, 4, [0.05, 0.025, 0.0125], 0.003125, ("V_peak", 0), ("tau_syn_ex", 0.5), ("I_e", 500));

    /// <summary>Over the upswing and down again: what is gained is the time of the spike.</summary>
    [Theory]
    [InlineData("hh_psc_alpha")]
    public void Hodgkin_Huxley_is_of_order_4_through_a_spike(string name) =>
        IsOfOrder(name, 4, [0.025, 0.0125, 0.00625], 0.0015625, ("I_e", 900));

    /// <summary>After some spikes, the potential and the adaptation depend on the time of each crossing.</summary>
    [Fact]
    public void AdEx_goes_on_from_the_time_of_the_crossing()
    {
        var coarse = Potential("aeif_cond_exp", 0.1, ("I_e", 900));
        var fine = Potential("aeif_cond_exp", 0.001, ("I_e", 900));
        Assert.Equal(fine.Spikes, coarse.Spikes);
        Assert.True(fine.Spikes >= 3);
        Assert.Equal(fine.V, coarse.V, 2e-3);
    }

    /// <summary>A conductance that would throw an explicit method far off only pulls V_m to its reversal potential.</summary>
    [Fact]
    public void A_huge_conductance_does_not_destabilize()
    {
        var model = NeuronModels.Find("iaf_cond_exp")!;
        foreach (var isDouble in new[] { true, false })
        {
            using var run = new NeuronRun(model, LanePolicy.CreateKernel(model, LanePolicy.Auto, isDouble), [model.DefaultParameters()], 1, 0.1);
            run.SetInput(1, 0, -1e6);
            for (var step = 0; step < 2000; step++)
            {
                run.Step();
                Assert.InRange(run.State("V_m"), -85.001, -69.999);
            }
        }
    }

    /// <summary>The quotients of alpha_m and alpha_n are 0 / 0 at -40 and -55 mV: nothing happens there.</summary>
    [Theory]
    [InlineData(-40)]
    [InlineData(-55)]
    public void Hodgkin_Huxley_has_no_hole_where_its_rates_are_0_by_0(double potential)
    {
        var model = NeuronModels.Find("hh_psc_alpha")!;
        foreach (var (isDouble, tolerance) in new[] { (true, 1e-7), (false, 1e-3) })
        {
            double After(double v)
            {
                using var run = new NeuronRun(model, LanePolicy.CreateKernel(model, LanePolicy.Auto, isDouble), [model.DefaultParameters()], 1, 0.1);
                run.SetState("V_m", v);
                run.Step();
                return run.State("V_m");
            }

            Assert.Equal((After(potential - 1e-4) + After(potential + 1e-4)) / 2, After(potential), tolerance);

            // Where the series gives way to the quotient, a quarter of 10 mV to either side.
            foreach (var edge in new[] { potential - 2.5, potential + 2.5 })
            {
                Assert.Equal((After(edge - 1e-4) + After(edge + 1e-4)) / 2, After(edge), tolerance);
            }
        }
    }

    private static void IsOfOrder(string name, int order, double[] dts, double fine, params (string, double)[] changes)
    {
        var right = Potential(name, fine, changes).V;
        var errors = dts.Select(dt => Math.Abs(Potential(name, dt, changes).V - right)).ToArray();
        for (var k = 1; k < errors.Length; k++)
        {
            var measured = LaneMath.Log(errors[k - 1] / errors[k]) / LaneMath.Log(2);
            Assert.True(measured > order - 0.4, $"{name}: errors {string.Join(", ", errors)}; order {measured:f2} at dt = {dts[k]} ms");
        }

        Assert.True(errors[0] > 1e-11, $"{name}: an error of {errors[0]} shows nothing");
    }

    /// <summary>V_m and the spikes so far at 24 ms (aeif: 100 ms with spikes), from spikes that arrive at 4 ms, from both ports.</summary>
    private static (double V, int Spikes) Potential(string name, double dt, params (string Name, double Value)[] changes)
    {
        var model = NeuronModels.Find(name)!;
        using var run = new NeuronRun(model, LanePolicy.CreateKernel(model, 1, isDouble: true), [NeuronRun.Parameters(model, changes)], 1, dt);
        var duration = changes.Any(c => c is ("I_e", 900)) && name.StartsWith("aeif", StringComparison.Ordinal) ? 100 : 24.0;
        var spikes = 0;
        for (var step = 0; step < (int)Math.Round(duration / dt); step++)
        {
            if (step == (int)Math.Round(4 / dt) - 1)
            {
                run.SetInput(0, 0, 40);
                run.SetInput(1, 0, -30);
            }

            spikes += run.Step();
        }

        return (run.State("V_m"), spikes);
    }
}
