using System.Text.Json;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>snngrow's nodes. In evaluation they spike whatever the surrogate's mode; a call with parallel_optim is T steps.</summary>
internal sealed class SnngrowNeuronRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories =>
        ["snngrow/neuron_if", "snngrow/neuron_lif", "snngrow/neuron_smooth", "snngrow/neuron_spikeout", "snngrow/neuron_parallel"];

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var x = golden.Input("x");
        var parallel = golden.Flag("parallel_optim") ? (int)golden.Param("T", 1).Scalar : 1;
        if (x.Shape[1] % parallel != 0)
        {
            throw new ArgumentException($"{x.Shape[1]} rows are not {parallel} steps");
        }

        int[] shape = [x.Shape[1] / parallel, .. x.Shape[2..]];
        var model = golden.Kind.EndsWith("IFNode", StringComparison.Ordinal) && !golden.Kind.EndsWith("LIFNode", StringComparison.Ordinal) ? "snngrow_if" : "snngrow_lif";
        using var nodes = new SeedPopulation(model, Parameters(golden, model), shape, isDouble);
        for (var call = 0; call < x.Shape[0]; call++)
        {
            if (golden.Param("reset_before_step").Scalar == call)
            {
                nodes.Initialize();
            }

            nodes.See("out", Call(nodes, x.At(call), parallel));
            nodes.See("v", "v");
        }

        return nodes.Seen;
    }

    /// <summary>The steps of a call, whose outputs lie one after another; the voltage at the threshold is that of the last one.</summary>
    private static SeedTensor Call(SeedPopulation nodes, SeedTensor x, int steps)
    {
        var inputs = x.Reshape([steps, .. nodes.Shape]);
        var outputs = new List<SeedTensor>();
        for (var step = 0; step < steps; step++)
        {
            nodes.SetInput("input", inputs.At(step));
            nodes.Integrate();
            if (step == steps - 1)
            {
                nodes.See("v_pre", "v");
            }

            outputs.Add(nodes.Fire());
        }

        return SeedTensor.Stack(outputs).Reshape(x.Shape);
    }

    private static Dictionary<string, SeedTensor> Parameters(SeedCase golden, string model)
    {
        var parameters = new Dictionary<string, SeedTensor> { ["v_threshold"] = golden.Param("v_threshold", 1) };
        var isNull = golden.Params.TryGetProperty("v_reset", out var reset) && reset.ValueKind is JsonValueKind.Null or JsonValueKind.String;
        parameters["v_reset"] = isNull ? new SeedTensor([], [double.NaN]) : golden.Param("v_reset", 0);
        if (model == "snngrow_lif")
        {
            parameters["tau"] = golden.Param("tau", 2);
            parameters["decay_input"] = Switch(golden.Flag("decay_input", true));
        }

        if (golden.Params.TryGetProperty("surrogate", out var surrogate))
        {
            parameters["surrogate"] = Switch(surrogate.GetProperty("name").GetString() == "ATan");
            parameters["alpha"] = SeedTensor.Of(surrogate.GetProperty("alpha"));
            parameters["spiking"] = Switch(surrogate.GetProperty("spiking").GetBoolean() || golden.Word("mode") == "eval");
        }

        return parameters;
    }

    private static SeedTensor Switch(bool on) => new([], [on ? 1 : 0]);
}
