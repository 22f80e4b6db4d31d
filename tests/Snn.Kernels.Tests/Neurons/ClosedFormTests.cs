using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>Models that have a solution on paper, against it.</summary>
public class ClosedFormTests
{
    private const double DtMs = 0.1;
    private const double TauM = 10;
    private const double C = 250;

    /// <summary>Difference of two exponentials, also where they are nearly one.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(0.3)]
    [InlineData(9.9999999)]
    [InlineData(10.5)]
    public void Potential_after_one_spike_of_exponential_current(double tau) => Psp(
        "iaf_psc_exp", tau, 1e-10, t => 100 / C * TauM * tau / (TauM - tau) * (LaneMath.Exp(-t / TauM) - LaneMath.Exp(-t / tau)));

    [Fact]
    public void Potential_after_one_spike_where_the_time_constants_meet() =>
        Psp("iaf_psc_exp", TauM, 1e-12, t => 100 / C * t * LaneMath.Exp(-t / TauM));

    [Theory]
    [InlineData(2)]
    [InlineData(0.3)]
    [InlineData(15)]
    public void Potential_after_one_spike_of_alpha_current(double tau)
    {
        var b = (1 / tau) - (1 / TauM);
        Psp("iaf_psc_alpha", tau, 1e-10, t => 100 * Math.E / (tau * C) * (((LaneMath.Exp(-t / TauM) - LaneMath.Exp(-t / tau)) / (b * b)) - (t * LaneMath.Exp(-t / tau) / b)));
    }

    [Fact]
    public void Potential_after_one_spike_of_alpha_current_where_the_time_constants_meet() =>
        Psp("iaf_psc_alpha", TauM, 1e-12, t => 100 * Math.E / (TauM * C) * t * t / 2 * LaneMath.Exp(-t / TauM));

    /// <summary>The propagator has no gap between its series and its closed form.</summary>
    [Fact]
    public void Alpha_propagator_is_smooth_in_the_time_constant()
    {
        var model = NeuronModels.Find("iaf_psc_alpha")!;
        foreach (var tau in new[] { 9.999999, 10, 10.000001, 1 / 11.1 })
        {
            var (below, at, above) = (Propagator(model, tau * (1 - 1e-6)), Propagator(model, tau), Propagator(model, tau * (1 + 1e-6)));
            Assert.InRange(Math.Abs(((below + above) / 2 / at) - 1), 0, 1e-10);
            Assert.True(below < above);
        }
    }

    /// <summary>t_ref + tau_m ln((V_inf - V_reset) / (V_inf - V_th)), rounded up to the grid.</summary>
    [Theory]
    [InlineData("iaf_psc_exp")]
    [InlineData("iaf_psc_alpha")]
    [InlineData("iaf_psc_delta")]
    public void Interval_between_spikes_under_constant_current(string name)
    {
        var model = NeuronModels.Find(name)!;
        foreach (var current in new[] { 376.0, 400, 500, 1000, 3000 })
        {
            foreach (var isDouble in new[] { true, false })
            {
                using var run = Run(model, isDouble, ("I_e", current), ("t_ref", 1.7));
                var end = -70 + (current * TauM / C);
                var free = TauM * LaneMath.Log((end + 70) / (end + 55));
                var expected = 17 + (int)Math.Ceiling(free / DtMs);
                var first = Until(run);
                Assert.Equal(expected - 17, first);
                Assert.Equal([expected, expected, expected], [Until(run), Until(run), Until(run)]);
            }
        }
    }

    /// <summary>Without a threshold in reach, V_m goes to E_L + I / g_L, also in single precision.</summary>
    [Theory]
    [InlineData("iaf_psc_exp", -55.2)]
    [InlineData("iaf_psc_alpha", -55.2)]
    [InlineData("iaf_psc_delta", -55.2)]
    [InlineData("iaf_cond_exp", -55.2)]
    [InlineData("iaf_cond_alpha", -55.2)]
    public void Steady_state_under_constant_current(string name, double expected)
    {
        var model = NeuronModels.Find(name)!;
        var leak = name.StartsWith("iaf_cond", StringComparison.Ordinal) ? 16.6667 : C / TauM;
        foreach (var (isDouble, tolerance) in new[] { (true, 1e-9), (false, 5e-4) })
        {
            using var run = Run(model, isDouble, ("I_e", (expected + 70) * leak));
            for (var step = 0; step < 4000; step++)
            {
                Assert.Equal(0, run.Step());
            }

            Assert.InRange(run.State("V_m"), expected - tolerance, expected + tolerance);
        }
    }

    [Fact]
    public void Refractory_input_arrives_at_the_end_of_the_refractory_period_decayed()
    {
        var model = NeuronModels.Find("iaf_psc_delta")!;
        foreach (var counts in new[] { 0.0, 1 })
        {
            using var run = Run(model, true, ("refractory_input", counts), ("t_ref", 1));
            run.SetInput(0, 0, 20);
            Assert.Equal(1, run.Step());
            for (var step = 0; step < 10; step++)
            {
                run.SetInput(0, 0, step == 3 ? 5 : 0);
                Assert.Equal(0, run.Step());
                Assert.Equal(-70, run.State("V_m"));
            }

            // It arrived with 7 steps left, in the fourth of ten.
            run.Step();
            Assert.Equal(-70 + (counts * 5 * LaneMath.Exp(-0.7 / TauM)), run.State("V_m"), 1e-12);
        }
    }

    /// <summary>
    /// AdEx without upswing and adaptation is a leaky integrator whose spikes are not bound to the grid: its rate is that of the formula, not that
    /// of an interval rounded up to steps.
    /// </summary>
    [Fact]
    public void Rate_of_AdEx_without_upswing()
    {
        var model = NeuronModels.Find("aeif_cond_exp")!;
        var end = -70.6 + (1000.0 / 30);
        using var run = Run(model, true, ("Delta_T", 0), ("a", 0), ("b", 0), ("I_e", 1000));
        var interval = 281 / 30.0 * LaneMath.Log((end + 60) / (end + 50.4));
        var first = Until(run);
        var steps = 0;
        for (var k = 0; k < 200; k++)
        {
            steps += Until(run);
        }

        Assert.InRange(first, 1, 1000);
        Assert.Equal(interval, steps * DtMs / 200, 2 * DtMs / 200);
        Assert.NotEqual(0, interval / DtMs % 1, 0.05);
    }

    [Fact]
    public void Lower_bound_holds()
    {
        foreach (var name in new[] { "iaf_psc_delta", "iaf_psc_alpha", "izhikevich" })
        {
            using var run = Run(NeuronModels.Find(name)!, true, ("V_min", -72), ("I_e", -900));
            for (var step = 0; step < 100; step++)
            {
                run.Step();
                Assert.True(run.State("V_m") >= -72);
            }

            Assert.Equal(-72, run.State("V_m"));
        }
    }

    /// <summary>Two half steps of V_m with the old U_m, then U_m with the new V_m, as printed in 2003.</summary>
    [Fact]
    public void Izhikevich_as_printed()
    {
        var model = NeuronModels.Find("izhikevich")!;
        using var run = new NeuronRun(model, LanePolicy.CreateKernel(model, 4, isDouble: true), [NeuronRun.Parameters(model, ("consistent_integration", 0), ("I_e", 10))], 1, 1);
        var (v, u) = (-65.0, -13.0);
        for (var step = 0; step < 200; step++)
        {
            v += 0.5 * ((0.04 * v * v) + (5 * v) + 140 - u + 10);
            v += 0.5 * ((0.04 * v * v) + (5 * v) + 140 - u + 10);
            u += 0.02 * ((0.2 * v) - u);
            var spiked = v >= 30;
            (v, u) = spiked ? (-65, u + 8) : (v, u);
            Assert.Equal(spiked ? 1 : 0, run.Step());
            Assert.Equal(v, run.State("V_m"), 1e-7);
            Assert.Equal(u, run.State("U_m"), 1e-7);
        }
    }

    /// <summary>At a held potential the escape rate is lambda_0 exp((V - E_sfa) / Delta_V), and so is the share of steps with a spike.</summary>
    [Fact]
    public void Escape_noise_fires_at_its_rate()
    {
        var model = NeuronModels.Find("gif_psc_exp")!;
        using var run = Run(model, true, ("t_ref", 0), ("I_e", 4 * 36), ("lambda_0", 500));
        run.SetState("V_m", -34);
        var p = 1 - LaneMath.Exp(-0.5 * DtMs * LaneMath.Exp(1 / 0.5));
        var uniform = model.PortTable.Single(q => q.Info.Kind == PortKind.Uniform).Column;
        foreach (var u in new[] { 0, p * 0.999999, p * 1.000001, 0.999 })
        {
            run.SetInput(uniform, 0, u);
            Assert.Equal(u < p ? 1 : 0, run.Step());
        }
    }

    private static void Psp(string name, double tau, double tolerance, Func<double, double> exact)
    {
        var model = NeuronModels.Find(name)!;
        foreach (var isDouble in new[] { true, false })
        {
            using var run = Run(model, isDouble, ("tau_syn_ex", tau), ("V_th", 1e3));
            run.SetInput(0, 0, 100);
            run.Step();
            for (var step = 1; step < 600; step++)
            {
                run.Step();
                Assert.Equal(exact(step * DtMs), run.State("V_m") + 70, isDouble ? tolerance * 1e3 : 3e-4);
            }
        }
    }

    private static double Propagator(NeuronModel model, double tau)
    {
        using var run = Run(model, true, ("tau_syn_ex", tau), ("E_L", 0), ("V_th", 1e3), ("V_reset", -1));
        run.SetState("V_m", 0);
        run.SetState("dI_syn_ex", 1e6);
        run.Step();
        return run.State("V_m");
    }

    private static NeuronRun Run(NeuronModel model, bool isDouble, params (string, double)[] changes) =>
        new(model, LanePolicy.CreateKernel(model, LanePolicy.Auto, isDouble), [NeuronRun.Parameters(model, changes)], 1, DtMs);

    private static int Until(NeuronRun run)
    {
        for (var step = 1; step < 10_000; step++)
        {
            if (run.Step() > 0)
            {
                return step;
            }
        }

        return -1;
    }
}
