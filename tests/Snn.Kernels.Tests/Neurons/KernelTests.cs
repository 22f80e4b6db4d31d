using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;
using Snn.Kernels.Tests.Lanes;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>What every model's kernel promises, whatever the model.</summary>
public class KernelTests
{
    private const int Steps = 1000;

    public static TheoryData<string> Models() => [.. NeuronModels.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_width_gives_the_same_bits(string name)
    {
        var model = NeuronModels.Find(name)!;
        foreach (var shared in new[] { false, true })
        {
            var single = RandomRun.Hash(model, LanePolicy.CreateKernel(model, 1, isDouble: false), Steps, shared);
            Assert.True(single.Spikes > RandomRun.Neurons, $"only {single.Spikes} spikes: the input does not exercise the model");
            Assert.Equal(single, RandomRun.Hash(model, model.CreateKernel<F32x8>(), Steps, shared));
            Assert.Equal(single, RandomRun.Hash(model, model.CreateKernel<F32x16>(), Steps, shared));
            Assert.Equal(single, RandomRun.Hash(model, model.CreateKernel<Pair<F32x8>>(), Steps, shared));

            var twice = RandomRun.Hash(model, LanePolicy.CreateKernel(model, 1, isDouble: true), Steps, shared);
            Assert.Equal(twice, RandomRun.Hash(model, model.CreateKernel<F64x4>(), Steps, shared));
            Assert.Equal(twice, RandomRun.Hash(model, model.CreateKernel<F64x8>(), Steps, shared));
            Assert.Equal(twice, RandomRun.Hash(model, model.CreateKernel<Pair<F64x8>>(), Steps, shared));
            Assert.NotEqual(single.Hash, twice.Hash);
        }
    }

    /// <summary>In NEST a neuron that is given another E_L keeps its V_m: what a state variable starts from is a constant of the model.</summary>
    [Theory]
    [InlineData("iaf_psc_delta", -70)]
    [InlineData("iaf_psc_exp", -70)]
    [InlineData("iaf_psc_alpha", -70)]
    [InlineData("iaf_cond_exp", -70)]
    [InlineData("iaf_cond_alpha", -70)]
    [InlineData("aeif_cond_exp", -70.6)]
    [InlineData("aeif_cond_alpha", -70.6)]
    [InlineData("mat2_psc_exp", -70)]
    [InlineData("gif_psc_exp", -70)]
    [InlineData("hh_psc_alpha", -65)]
    public void A_neuron_does_not_start_at_another_resting_potential(string name, double expected)
    {
        var model = NeuronModels.Find(name)!;
        var state = new double[model.StateColumns];
        model.Initialize(NeuronRun.Parameters(model, ("E_L", -50)), state);
        Assert.Equal(expected, state[model.StateTable.Single(s => s.Name == "V_m").Column]);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_step_allocates_nothing(string name)
    {
        var model = NeuronModels.Find(name)!;
        using var run = RandomRun.Create(model, LanePolicy.CreateKernel(model, LanePolicy.Auto, isDouble: false), shared: false);
        var random = new TestRandom(6);
        RandomRun.FillInput(run, random);
        run.Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < Steps; step++)
        {
            run.Step();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Spike_ports_are_emptied_and_the_others_stay(string name)
    {
        var model = NeuronModels.Find(name)!;
        using var run = RandomRun.Create(model, LanePolicy.CreateKernel(model, LanePolicy.Auto, isDouble: true), shared: true);
        foreach (var port in model.PortTable)
        {
            run.SetInput(port.Column, 3, 0.5);
        }

        run.Step();
        Assert.All(model.PortTable, p => Assert.Equal(p.Column < model.SpikePorts ? 0 : 0.5, run.Input(p.Column, 3)));
    }

    /// <summary>The described tables are what the engine counts on.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void The_description_is_whole(string name)
    {
        var model = NeuronModels.Find(name)!;
        Assert.Equal("V_m", model.StateTable[0].Name);
        Assert.Equal(model.StateColumns, model.StateTable.Sum(v => v.Length));
        Assert.Equal(model.ParameterCount, model.ParameterTable.Sum(p => p.Length));
        Assert.All(model.PortTable.Take(model.SpikePorts), p => Assert.True(p.Info.Kind <= PortKind.InhibitorySpikes));
        Assert.Equal(PortKind.Current, model.PortTable[model.SpikePorts].Info.Kind);
        Assert.Empty(model.Check(model.DefaultParameters(), 0.1));
        Assert.All(model.ParameterTable, p =>
        {
            Assert.True(p.Info.Default >= p.Info.Min && p.Info.Default <= p.Info.Max, p.Name);
            Assert.False(string.IsNullOrWhiteSpace(p.Info.Meaning));
        });

        // Every parameter reaches the kernel.
        var derived = Derived(model, model.DefaultParameters());
        foreach (var parameter in model.ParameterTable)
        {
            var changed = model.DefaultParameters();
            changed[parameter.Index] = parameter.Info.IsSwitch ? 1 - changed[parameter.Index] : double.IsFinite(changed[parameter.Index]) ? (changed[parameter.Index] * 2) + 1.3 : 7;
            Assert.False(derived.AsSpan().SequenceEqual(Derived(model, changed)), $"{parameter.Name} changes nothing");
        }
    }

    [Fact]
    public void Models_are_sorted_and_found()
    {
        string[] names = [.. NeuronModels.All.Select(m => m.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(11, names.Length);
        Assert.Null(NeuronModels.Find("iaf"));
    }

    [Theory]
    [InlineData("iaf_psc_exp", "V_reset", -55, "V_reset = -55 mV is not below V_th = -55 mV; use V_reset < V_th")]
    [InlineData("iaf_psc_delta", "t_ref", 0.05, "t_ref = 0.05 ms is shorter than dt = 0.1 ms; use t_ref >= dt, t_ref = 0 or a smaller dt")]
    [InlineData("aeif_cond_exp", "V_peak", -51, "V_peak = -51 mV is below V_th = -50.4 mV; use V_peak >= V_th")]
    [InlineData("aeif_cond_alpha", "V_reset", 0, "V_reset = 0 mV is not below V_peak = 0 mV; use V_reset < V_peak")]
    [InlineData("izhikevich", "c", 30, "c = 30 mV is not below V_th = 30 mV; use c < V_th")]
    [InlineData("gif_psc_exp", "q_stc", 1, "q_stc[0] = 1 has no time constant; give tau_stc as many elements as q_stc")]
    public void Parameters_that_do_not_fit_together_are_refused(string name, string parameter, double value, string message)
    {
        var model = NeuronModels.Find(name)!;
        Assert.Equal([new ParameterProblem(parameter, message)], model.Check(NeuronRun.Parameters(model, (parameter, value)), 0.1));
    }

    private static double[] Derived(NeuronModel model, double[] parameters)
    {
        var derived = new double[model.DerivedColumns];
        model.Derive(parameters, 0.1, derived);
        return derived;
    }
}
