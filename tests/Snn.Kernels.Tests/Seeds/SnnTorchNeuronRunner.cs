using System.Text.Json;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>
/// snnTorch's neurons that take one step a call. Their recurrent term, a projection of the population onto itself, is added to the input here.
/// </summary>
internal sealed class SnnTorchNeuronRunner : ISeedRunner
{
    private static readonly string[] _initial = ["syn", "mem"];

    public IReadOnlyList<string> Categories =>
        ["snntorch/synaptic", "snntorch/leaky", "snntorch/rleaky", "snntorch/rsynaptic", "snntorch/lapicque", "snntorch/alpha", "snntorch/deltaleaky"];

    /// <summary>A quantised state that is nearly between two levels is as close to a threshold as one that is nearly at it, but the margin does not tell.</summary>
    public bool AllowsSingle(SeedCase golden) => Quantiser(golden) is null;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var x = golden.Input("x");
        var model = golden.Category switch { "rsynaptic" => "synaptic", "deltaleaky" => "delta_leaky", var same => same };
        using var neurons = new SeedPopulation(model, Parameters(golden, model), x.Shape[1..], isDouble);
        foreach (var state in _initial.Where(s => golden.OptionalInput("init_" + s) is not null))
        {
            neurons.SetState(state, golden.Input("init_" + state));
        }

        var recurrence = Recurrence.Of(golden);
        var spikes = SeedTensor.Zeros(neurons.Shape);
        var names = NeuronModels.Find(model)!.StateTable.Select(s => s.Name).ToList();
        for (var step = 0; step < x.Shape[0]; step++)
        {
            neurons.SetInput("input", recurrence.AddTo(x.At(step), spikes));
            neurons.Integrate();
            neurons.See("mem_at_fire", "mem");
            spikes = neurons.Fire();
            neurons.See("spk", spikes);
            names.ForEach(n => neurons.See(n, n));
        }

        return golden.Category == "lapicque" ? WithResolved(golden, neurons.Seen) : neurons.Seen;
    }

    private static Dictionary<string, SeedTensor> WithResolved(SeedCase golden, IReadOnlyDictionary<string, SeedTensor> seen)
    {
        var (r, c, beta) = Lapicque.Resolve(new Lapicque.Parameters
        {
            beta = golden.Param("beta").Scalar,
            R = golden.Param("R").Scalar,
            C = golden.Param("C").Scalar,
            time_step = golden.Param("time_step", 1).Scalar,
        });
        return new Dictionary<string, SeedTensor>(seen)
        {
            ["derived_R"] = new SeedTensor([], [r]),
            ["derived_C"] = new SeedTensor([], [c]),
            ["derived_beta"] = new SeedTensor(golden.Outputs()["derived_beta"].Shape, [beta]),
        };
    }

    private static Dictionary<string, SeedTensor> Parameters(SeedCase golden, string model)
    {
        var table = NeuronModels.Find(model)!.ParameterTable;
        var parameters = new Dictionary<string, SeedTensor>();
        foreach (var p in table.Where(p => golden.Params.TryGetProperty(p.Name, out _)))
        {
            parameters[p.Name] = p.Info.Choices is { } words
                ? new SeedTensor([], [Choice(words, golden.Word(p.Name))])
                : golden.Param(p.Name, p.Info.Default);
        }

        // Without a default in snnTorch: absent is not given.
        if (model == "lapicque")
        {
            parameters["beta"] = golden.Param("beta");
        }

        if (Quantiser(golden) is { } quantiser)
        {
            QuantRunner.AddTo(parameters, quantiser);
        }

        return parameters;
    }

    private static int Choice(string[] words, string word) =>
        Array.IndexOf(words, word) is >= 0 and var index ? index : throw new ArgumentException($"{word} is none of {string.Join(", ", words)}");

    private static JsonElement? Quantiser(SeedCase golden) =>
        golden.Params.TryGetProperty("state_quant", out var q) && q.ValueKind == JsonValueKind.Object ? q : null;

    /// <summary>What the spikes of the step before add to the input: weights, a kernel of the same size, or a factor a neuron.</summary>
    private sealed record Recurrence(SeedTensor? Factor, SeedTensor? Weight, SeedTensor? Bias)
    {
        public static Recurrence Of(SeedCase golden) => !golden.Category.StartsWith('r')
            ? new Recurrence(null, null, null)
            : golden.Flag("all_to_all", byDefault: true)
            ? new Recurrence(null, golden.Input("recurrent.weight"), golden.Input("recurrent.bias"))
            : new Recurrence(golden.Param("V", 1), null, null);

        public SeedTensor AddTo(SeedTensor x, SeedTensor spikes)
        {
            var sum = x with { Data = [.. x.Data] };
            for (var i = 0; i < x.Data.Length; i++)
            {
                sum.Data[i] += Factor is not null ? Factor.Data[i % Factor.Data.Length] * spikes.Data[i]
                    : Weight is null ? 0
                    : Weight.Shape.Length == 2 ? Linear(spikes, i)
                    : Convolved(spikes, i);
            }

            return sum;
        }

        private double Linear(SeedTensor spikes, int i)
        {
            var n = Weight!.Shape[0];
            return Enumerable.Range(0, n).Sum(k => Weight.Data[((i % n) * n) + k] * spikes.Data[(i / n * n) + k]) + Bias!.Data[i % n];
        }

        /// <summary>Cross-correlation in which the image keeps its size.</summary>
        private double Convolved(SeedTensor spikes, int i)
        {
            var (channels, height, width, size) = (Weight!.Shape[0], spikes.Shape[2], spikes.Shape[3], Weight.Shape[2]);
            var (column, row) = (i % width, i / width % height);
            var (channel, item) = (i / width / height % channels, i / width / height / channels);
            var sum = Bias!.Data[channel];
            for (var tap = 0; tap < channels * size * size; tap++)
            {
                var (dx, dy, from) = ((tap % size) - (size / 2), (tap / size % size) - (size / 2), tap / size / size);
                if (row + dy >= 0 && row + dy < height && column + dx >= 0 && column + dx < width)
                {
                    sum += Weight.Data[(channel * channels * size * size) + tap]
                        * spikes.Data[(((((item * channels) + from) * height) + row + dy) * width) + column + dx];
                }
            }

            return sum;
        }
    }
}
