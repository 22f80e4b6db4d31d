using Snn.Kernels.Neurons;
using Snn.Kernels.Tests.Lanes;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>A model under random parameters of its own for every neuron, and random input: much happens, and spikes come often.</summary>
internal static class RandomRun
{
    public const int Neurons = 37;
    private const double DtMs = 0.1;

    /// <summary>How many draws of the shared parameters a test tries: one where there are none.</summary>
    public static int Variants(NeuronModel model) => model.ParameterTable.Any(p => p.Info.IsShared) ? 6 : 1;

    /// <summary>Runs it and hashes every spike with its value and, every few steps, all state: FNV-1a, 64 bits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kernel">The kernel of the model with the shared parameters of the run.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="shared">Whether all neurons have the same parameters.</param>
    /// <param name="variant">Which draw of the parameters.</param>
    public static (ulong Hash, long Spikes) Hash(NeuronModel model, Func<NeuronModel, NeuronKernel> kernel, int steps, bool shared = false, int variant = 0)
    {
        using var run = Create(model, kernel, shared, variant);
        return Hash(run, steps, r => r.Step());
    }

    public static (ulong Hash, long Spikes) Hash(NeuronRun run, int steps, Func<NeuronRun, int> step)
    {
        var random = new TestRandom(5);
        var hash = 14695981039346656037ul;
        var spikes = 0L;
        for (var k = 0; k < steps; k++)
        {
            FillInput(run, random);
            var count = step(run);
            spikes += count;
            for (var i = 0; i < count; i++)
            {
                hash = (hash ^ (((ulong)k << 16) | (uint)run.Spikes(count)[i])) * 1099511628211ul;
                hash = (hash ^ BitConverter.DoubleToUInt64Bits(run.Value(i))) * 1099511628211ul;
            }

            if (k % 50 == 49)
            {
                foreach (var b in run.StateBytes())
                {
                    hash = (hash ^ b) * 1099511628211ul;
                }
            }
        }

        return (hash, spikes);
    }

    public static NeuronRun Create(NeuronModel model, Func<NeuronModel, NeuronKernel> kernel, bool shared, int variant = 0)
    {
        var random = new TestRandom(4 + (ulong)variant);
        var common = model.DefaultParameters();
        foreach (var parameter in model.ParameterTable.Where(p => p.Info.IsShared))
        {
            common[parameter.Index] = Shared(parameter, random);
        }

        var sets = new List<double[]>();
        while (sets.Count < (shared ? 1 : Neurons))
        {
            var set = (double[])common.Clone();
            foreach (var parameter in model.ParameterTable.Where(p => !p.Info.IsShared))
            {
                for (var k = 0; k < parameter.Length; k++)
                {
                    ref var value = ref set[parameter.Index + k];
                    value = parameter.Info.IsSwitch ? Math.Floor(2 * random.Next())
                        : parameter.Info.Choices is { } words ? Math.Floor(words.Length * random.Next())
                        : parameter.IsList ? Listed(parameter, k, random)
                        : parameter.Info.AllowsNull && random.Next() < 0.5 ? double.NaN
                        : Number(parameter, value, random);
                }
            }

            if (!model.Check(set, DtMs).Any())
            {
                sets.Add(set);
            }
        }

        var bound = model.Bind(common);
        return new NeuronRun(bound, kernel(bound), [.. sets], Neurons, DtMs);
    }

    /// <summary>Sparse spikes on every spike port, a current that makes most neurons fire now and then, uniform numbers.</summary>
    public static void FillInput(NeuronRun run, TestRandom random)
    {
        foreach (var port in run.Model.PortTable)
        {
            for (var i = 0; i < run.Neurons; i++)
            {
                var (u, v) = (random.Next(), random.Next());
                run.SetInput(port.Column, i, port.Info.Kind switch
                {
                    PortKind.Uniform => u,
                    PortKind.Current => Current(run.Model) * (v + 0.5),
                    PortKind.InhibitorySpikes => u < 0.02 ? -Weight(port) * v : 0,
                    PortKind.Spikes => u < 0.02 ? Weight(port) * (v - 0.3) : 0,
                    _ => u < 0.02 ? Weight(port) * v : 0,
                });
            }
        }
    }

    private static double Shared(ParameterDescription parameter, TestRandom random) => parameter.Name switch
    {
        "quant_bits" => Math.Floor(5 * random.Next()),
        "kernel_truncation_steps" => random.Next() < 0.3 ? double.NaN : 1 + Math.Floor(6 * random.Next()),
        _ when parameter.Info.IsSwitch => Math.Floor(2 * random.Next()),
        _ when parameter.Info.Choices is { } words => Math.Floor(words.Length * random.Next()),
        _ when parameter.Info.AllowsNull => random.Next() < 0.5 ? double.NaN : 0.5,
        _ => parameter.Info.Default * (0.9 + (0.2 * random.Next())),
    };

    private static double Number(ParameterDescription parameter, double value, TestRandom random) => parameter.Name switch
    {
        "duration_refrac" => DtMs * Math.Floor(4 * random.Next()),
        "v_reset" or "v_rest" or "thresh_rest" => (random.Next() - 0.5) / 5,
        _ when double.IsNaN(value) => 0.8 + random.Next(),
        _ => value * (0.9 + (0.2 * random.Next())),
    };

    private static double Listed(ParameterDescription parameter, int k, TestRandom random) => (k < 2, parameter.Info.Padding > 0) switch
    {
        (false, _) => parameter.Info.Padding,
        (true, true) => 10 + (90 * random.Next()),
        (true, false) => 5 * random.Next(),
    };

    private static double Weight(PortDescription port) => port.Info.Unit switch { "pA" => 500, "nS" => 20, "mV" => 5, _ => 2 };

    private static double Current(NeuronModel model) => model.Library switch
    {
        "snnTorch" => model.Name switch { "alpha" or "lapicque" => 1.5, "delta_leaky" => 0.03, _ => 0.2 },
        "NEST" => model.Name switch { "izhikevich" => 10, "gif_psc_exp" => 150, "aeif_cond_exp" or "aeif_cond_alpha" => 1600, "hh_psc_alpha" or "iaf_cond_exp" or "iaf_cond_alpha" => 800, _ => 400 },
        _ => 1.5,
    };
}
