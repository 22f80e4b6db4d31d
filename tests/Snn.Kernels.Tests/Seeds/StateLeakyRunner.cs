using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>snnTorch's StateLeaky and LinearLeaky: a whole sequence, here step by step.</summary>
internal sealed class StateLeakyRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["snntorch/stateleaky"];

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var x = golden.Input("x");
        var beta = golden.Param("beta");
        var factor = golden.Param("graded_spikes_factor", 1).Scalar;
        var channels = golden.OptionalInput("linear.weight")?.Shape[0] ?? x.Shape[2];
        using var neurons = new SeedPopulation(
            "state_leaky",
            new Dictionary<string, SeedTensor>
            {
                ["beta"] = beta,
                ["threshold"] = golden.Param("threshold", 1),
                ["kernel_truncation_steps"] = golden.Param("kernel_truncation_steps"),
                // snnTorch multiplies by the factor twice: its spikes are the squares of what was asked for, which Snn gives.
                ["graded_spikes_factor"] = new SeedTensor([], [factor * factor]),
            },
            [x.Shape[1], channels],
            isDouble);
        for (var step = 0; step < x.Shape[0]; step++)
        {
            neurons.SetInput("input", Linear(golden, x.At(step), channels));
            neurons.Integrate();
            neurons.See("mem", "mem");
            neurons.See("spk", neurons.Fire());
        }

        return new Dictionary<string, SeedTensor>(neurons.Seen)
        {
            ["tau"] = beta with { Data = [.. beta.Data.Select(StateLeaky.TimeConstantSteps)] },
        };
    }

    private static SeedTensor Linear(SeedCase golden, SeedTensor x, int channels)
    {
        if (golden.OptionalInput("linear.weight") is not { } weight)
        {
            return x;
        }

        var (bias, features) = (golden.OptionalInput("linear.bias"), weight.Shape[1]);
        var sum = SeedTensor.Zeros(x.Shape[0], channels);
        for (var i = 0; i < sum.Data.Length; i++)
        {
            var (item, channel) = (i / channels, i % channels);
            sum.Data[i] = Enumerable.Range(0, features).Sum(k => weight.Data[(channel * features) + k] * x.Data[(item * features) + k])
                + (bias?.Data[channel] ?? 0);
        }

        return sum;
    }
}
