using Snn.Kernels.Neurons;
using Snn.Kernels.Tests.Lanes;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>A model under random parameters of its own for every neuron, and random input: much happens, and spikes come often.</summary>
internal static class RandomRun
{
    public const int Neurons = 37;
    private const double DtMs = 0.1;

    /// <summary>Runs it and hashes every spike and, every few steps, all state: FNV-1a, 64 bits.</summary>
    public static (ulong Hash, long Spikes) Hash(NeuronModel model, NeuronKernel kernel, int steps, bool shared = false)
    {
        using var run = Create(model, kernel, shared);
        var random = new TestRandom(5);
        var hash = 14695981039346656037ul;
        var spikes = 0L;
        for (var step = 0; step < steps; step++)
        {
            FillInput(run, random);
            var count = run.Step();
            spikes += count;
            foreach (var neuron in run.Spikes(count))
            {
                hash = (hash ^ (((ulong)step << 16) | (uint)neuron)) * 1099511628211ul;
            }

            if (step % 50 == 49)
            {
                foreach (var b in run.StateBytes())
                {
                    hash = (hash ^ b) * 1099511628211ul;
                }
            }
        }

        return (hash, spikes);
    }

    public static NeuronRun Create(NeuronModel model, NeuronKernel kernel, bool shared)
    {
        var random = new TestRandom(4);
        var sets = new List<double[]>();
        while (sets.Count < (shared ? 1 : Neurons))
        {
            var set = model.DefaultParameters();
            foreach (var parameter in model.ParameterTable)
            {
                for (var k = 0; k < parameter.Length; k++)
                {
                    ref var value = ref set[parameter.Index + k];
                    value = parameter.Info.IsSwitch ? Math.Floor(2 * random.Next())
                        : parameter.IsList ? Listed(parameter, k, random)
                        : value * (0.9 + (0.2 * random.Next()));
                }
            }

            if (!model.Check(set, DtMs).Any())
            {
                sets.Add(set);
            }
        }

        return new NeuronRun(model, kernel, [.. sets], Neurons, DtMs);
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

    private static double Listed(ParameterDescription parameter, int k, TestRandom random) => (k < 2, parameter.Info.Padding > 0) switch
    {
        (false, _) => parameter.Info.Padding,
        (true, true) => 10 + (90 * random.Next()),
        (true, false) => 5 * random.Next(),
    };

    private static double Weight(PortDescription port) => port.Info.Unit switch { "pA" => 500, "nS" => 20, _ => 5 };

    private static double Current(NeuronModel model) => model.Name switch { "izhikevich" => 10, "gif_psc_exp" => 150, "aeif_cond_exp" or "aeif_cond_alpha" => 1600, "hh_psc_alpha" or "iaf_cond_exp" or "iaf_cond_alpha" => 800, _ => 400 };
}
