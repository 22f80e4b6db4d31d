using System.Text.Json;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>snnTorch's levels of a quantised state, and rounding to them.</summary>
internal sealed class QuantRunner : ISeedRunner
{
    private static readonly string[] _names = ["bits", "uniform", "thr_centered", "threshold", "lower_limit", "upper_limit", "multiplier"];

    public IReadOnlyList<string> Categories => ["snntorch/quant"];

    /// <summary>The inputs lie at, and between, levels.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var parameters = new Dictionary<string, SeedTensor>();
        AddTo(parameters, golden.Params);
        double P(int place) => parameters.TryGetValue("quant_" + _names[place], out var value) ? value.Scalar : place switch { 1 or 2 or 3 => 1, 5 => 0.2, 6 => double.NaN, _ => 0 };
        var levels = StateQuantiser.Levels(new StateQuantisation
        {
            quant_bits = P(0),
            quant_uniform = P(1),
            quant_thr_centered = P(2),
            quant_threshold = P(3),
            quant_lower_limit = P(4),
            quant_upper_limit = P(5),
            quant_multiplier = P(6),
        });
        var x = golden.Input("x");
        return new Dictionary<string, SeedTensor>
        {
            ["levels"] = new SeedTensor([levels.Length], levels),
            ["y"] = x with { Data = [.. x.Data.Select(v => StateQuantiser.Nearest<double>(levels, v))] },
        };
    }

    /// <summary>The parameters of a quantiser as those of a model; without bits it has 8.</summary>
    public static void AddTo(Dictionary<string, SeedTensor> parameters, JsonElement quantiser)
    {
        parameters["quant_bits"] = new SeedTensor([], [8]);
        foreach (var name in _names)
        {
            if (quantiser.TryGetProperty(name == "bits" ? "num_bits" : name, out var value) && value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                parameters["quant_" + name] = SeedTensor.Of(value);
            }
        }
    }
}
