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
        var spikes = 0L;
        foreach (var (shared, variant) in Draws(model))
        {
            var single = RandomRun.Hash(model, m => LanePolicy.CreateKernel(m, 1, isDouble: false), Steps, shared, variant);
            spikes += single.Spikes;
            Assert.Equal(single, RandomRun.Hash(model, m => m.CreateKernel<F32x8>(), Steps, shared, variant));
            Assert.Equal(single, RandomRun.Hash(model, m => m.CreateKernel<F32x16>(), Steps, shared, variant));
            Assert.Equal(single, RandomRun.Hash(model, m => m.CreateKernel<Pair<F32x8>>(), Steps, shared, variant));

            var twice = RandomRun.Hash(model, m => LanePolicy.CreateKernel(m, 1, isDouble: true), Steps, shared, variant);
            Assert.Equal(twice, RandomRun.Hash(model, m => m.CreateKernel<F64x4>(), Steps, shared, variant));
            Assert.Equal(twice, RandomRun.Hash(model, m => m.CreateKernel<F64x8>(), Steps, shared, variant));
            Assert.Equal(twice, RandomRun.Hash(model, m => m.CreateKernel<Pair<F64x8>>(), Steps, shared, variant));
            Assert.NotEqual(single.Hash, twice.Hash);
        }

        var least = 2 * RandomRun.Neurons * RandomRun.Variants(model);
        Assert.True(spikes > least, $"only {spikes} spikes: the input does not exercise the model");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Stages_one_by_one_are_the_step(string name)
    {
        var model = NeuronModels.Find(name)!;
        foreach (var (shared, variant) in Draws(model))
        {
            using var run = RandomRun.Create(model, m => m.CreateKernel<F32x8>(), shared, variant);
            if (run.IsStaged)
            {
                Assert.Equal(RandomRun.Hash(model, m => m.CreateKernel<F32x8>(), 200, shared, variant), RandomRun.Hash(run, 200, InStages));
            }
        }

        static int InStages(NeuronRun run)
        {
            run.Integrate();
            return run.Fire();
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
        using var run = RandomRun.Create(model, m => LanePolicy.CreateKernel(m, LanePolicy.Auto, isDouble: false), shared: false);
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
    public void Ports_of_spikes_and_traces_are_emptied_and_the_others_stay(string name)
    {
        var model = NeuronModels.Find(name)!;
        using var run = RandomRun.Create(model, m => LanePolicy.CreateKernel(m, LanePolicy.Auto, isDouble: true), shared: true);
        foreach (var port in model.PortTable)
        {
            run.SetInput(port.Column, 3, 0.5);
        }

        run.Step();
        Assert.All(model.PortTable, p => Assert.Equal(p.Column < model.EventPorts ? 0 : 0.5, run.Input(p.Column, 3)));
    }

    /// <summary>The described tables are what the engine counts on.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void The_description_is_whole(string name)
    {
        var model = NeuronModels.Find(name)!;
        Assert.True(model.Library != "NEST" || model.StateTable[0].Name == "V_m");
        Assert.Equal(model.ParameterCount, model.ParameterTable.Sum(p => p.Length));
        Assert.All(model.PortTable.Take(model.SpikePorts), p => Assert.True(p.Info.Kind <= PortKind.InhibitorySpikes));
        Assert.All(model.PortTable.Take(model.EventPorts).Skip(model.SpikePorts), p => Assert.Equal(PortKind.Trace, p.Info.Kind));
        Assert.Equal(PortKind.Current, model.PortTable[model.EventPorts].Info.Kind);
        Assert.Empty(model.Check(model.DefaultParameters(), 0.1));
        Assert.Equal(model.ParameterTable.Count, model.ParameterTable.Select(p => p.Name).Distinct().Count());
        Assert.All(model.ParameterTable, p =>
        {
            Assert.True((p.Info.Default >= p.Info.Min && p.Info.Default <= p.Info.Max) || (p.Info.AllowsNull && double.IsNaN(p.Info.Default)), p.Name);
            Assert.False(string.IsNullOrWhiteSpace(p.Info.Meaning));
        });
    }

    /// <summary>Every parameter decides something: a constant or, if it is shared, the course of a run.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Every_parameter_reaches_the_kernel(string name)
    {
        var model = NeuronModels.Find(name)!;
        foreach (var parameter in model.ParameterTable)
        {
            var options = Options(model, isQuantised: parameter.Name.StartsWith("quant", StringComparison.Ordinal));
            var changed = (double[])options.Clone();
            ref var value = ref changed[parameter.Index];
            value = parameter.Info.IsSwitch ? 1 - value
                : parameter.Info.Choices is { } words ? (value + 1) % words.Length
                : double.IsFinite(value) ? (value * 2) + 1.3
                : parameter.Info.AllowsNull ? 0.7 : 7;
            if (parameter.Name is "quant_bits" or "kernel_truncation_steps")
            {
                value = 2;
            }

            var isNoticed = parameter.Info.IsShared
                ? Course(model, options) != Course(model, changed)
                : !Derived(model, options).AsSpan().SequenceEqual(Derived(model, changed));
            Assert.True(isNoticed, $"{parameter.Name} changes nothing");
        }
    }

    [Fact]
    public void Models_are_sorted_and_found()
    {
        string[] names = [.. NeuronModels.All.Select(m => m.Name)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(26, names.Length);
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

    /// <summary>Neurons that share their parameters and neurons that do not, in every variant of the model.</summary>
    private static IEnumerable<(bool Shared, int Variant)> Draws(NeuronModel model) =>
        Enumerable.Range(0, RandomRun.Variants(model)).SelectMany(variant => new[] { (false, variant), (true, variant) });

    /// <summary>A parameter set in which what is optional is in use, so that its details matter.</summary>
    private static double[] Options(NeuronModel model, bool isQuantised)
    {
        (string Name, double Value)[] options =
            [("quant_bits", isQuantised ? 4 : 0), ("quant_uniform", 0), ("reset_delay", 0), ("spiking", 0), ("R", double.NaN), ("C", double.NaN)];
        return NeuronRun.Parameters(model, [.. options.Where(o => model.ParameterTable.Any(p => p.Name == o.Name))]);
    }

    /// <summary>What becomes of neurons that share a parameter set.</summary>
    private static ulong Course(NeuronModel model, double[] parameters)
    {
        var bound = model.Bind(parameters);
        using var run = new NeuronRun(bound, LanePolicy.CreateKernel(bound, 4, isDouble: true), [parameters], RandomRun.Neurons, 0.1);
        return RandomRun.Hash(run, 200, r => r.Step()).Hash;
    }

    private static double[] Derived(NeuronModel model, double[] parameters)
    {
        var derived = new double[model.DerivedColumns];
        model.Derive(parameters, 0.1, derived);
        return derived;
    }
}
