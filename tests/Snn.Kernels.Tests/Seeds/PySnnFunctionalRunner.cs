using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>PySNN's stateless updates: voltages, traces and thresholds follow one rule, of two types.</summary>
internal sealed class PySnnFunctionalRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["pysnn/functional"];

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) =>
        new Dictionary<string, SeedTensor> { ["out"] = isDouble ? Run<F64x1>(golden) : Run<F32x1>(golden) };

    private static SeedTensor Run<L>(SeedCase golden)
        where L : unmanaged, ILanes<L>
    {
        var inputs = golden.Inputs.EnumerateObject().ToDictionary(i => i.Name, i => SeedTensor.Of(i.Value));
        var result = SeedTensor.Zeros(golden.Outputs()["out"].Shape);
        for (var i = 0; i < result.Data.Length; i++)
        {
            var place = i;
            result.Data[i] = L.Lane(Update(golden.Kind.Split('.')[^1], At), 0);

            // What has one more axis is summed over it.
            L At(string name)
            {
                var x = inputs[name].Data;
                var synapses = Math.Max(1, x.Length / result.Data.Length);
                return L.Broadcast(x.Length == 1 ? x[0] : x[(place * synapses)..((place + 1) * synapses)].Sum());
            }
        }

        return result;
    }

    /// <summary>One number of a function, from the numbers of its inputs.</summary>
    private static L Update<L>(string function, Func<string, L> g)
        where L : unmanaged, ILanes<L>
    {
        var always = L.Zero <= L.Zero;
        return function switch
        {
            "linear_trace_update" => LinearUpdate<L>.Step(g("trace"), L.Zero, g("alpha_t") * g("x"), g("trace_decay"), always),
            "exponential_trace_update" => ExponentialUpdate<L>.Step(g("trace"), L.Zero, g("alpha_t") * g("x"), g("dt") / g("tau_t"), always),
            "linear_thresh_update" => LinearUpdate<L>.Step(g("thresh"), L.Zero, g("alpha_thresh") * g("x"), g("thresh_decay"), always),
            "exponential_thresh_update" => ExponentialUpdate<L>.Step(g("thresh"), L.Zero, g("alpha_thresh") * g("x"), g("dt") / g("tau_thresh"), always),
            "if_voltage_update" => PySnnIf.Voltage(g("v_cur"), g("alpha") * g("v_in"), Free(g)),
            "lif_linear_voltage_update" => LinearUpdate<L>.Step(g("v_cur"), g("v_rest"), g("alpha_v") * g("v_in"), g("v_decay"), Free(g)),
            "lif_exponential_voltage_update" => ExponentialUpdate<L>.Step(g("v_cur"), g("v_rest"), g("alpha_v") * g("v_in"), g("dt") / g("tau_v"), Free(g)),
            "fede_voltage_update" => ExponentialUpdate<L>.Step(g("v_cur"), g("v_rest"), g("alpha_v") * (g("v_in") - g("pre_trace")), g("dt") / g("tau_v"), Free(g)),
            _ => throw new ArgumentException($"unknown function {function}"),
        };
    }

    private static L Free<L>(Func<string, L> g)
        where L : unmanaged, ILanes<L> => g("refrac_counts") <= L.Zero;
}
