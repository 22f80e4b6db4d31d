using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>PySNN's cells. The step of dt is the network's, so that refractory periods count as many steps as PySNN's.</summary>
internal sealed class PySnnNeuronRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories =>
        ["pysnn/neuron_if", "pysnn/neuron_lif", "pysnn/neuron_adaptivelif", "pysnn/neuron_fede", "pysnn/input"];

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var model = golden.Category switch
        {
            "neuron_if" => "pysnn_if",
            "neuron_lif" => "pysnn_lif",
            "neuron_adaptivelif" => "pysnn_adaptive_lif",
            "neuron_fede" => "pysnn_fede",
            _ => "pysnn_input",
        };
        var shape = golden.Params.GetProperty("cells_shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
        var dtMs = golden.Param("dt", 1).Scalar;
        using var cells = new SeedPopulation(model, Parameters(golden, model), shape, isDouble, dtMs);
        var steps = Inputs(golden, "x")[0].Shape[0];
        for (var step = 0; step < steps; step++)
        {
            if (golden.Param("reset_state_before_step").Scalar == step)
            {
                cells.Initialize();
            }

            cells.SetInput("input", Sum(golden, "x", step, shape));
            if (model == "pysnn_fede")
            {
                cells.SetInput("trace", Sum(golden, "pre_trace", step, shape));
            }

            Step(cells, model, dtMs);
        }

        var seen = new Dictionary<string, SeedTensor>(cells.Seen);
        seen["complete_trace"] = CompleteTrace(seen["spikes"], shape);
        return seen;
    }

    private static void Step(SeedPopulation cells, string model, double dtMs)
    {
        cells.Integrate();
        if (model == "pysnn_input")
        {
            var values = cells.Fire();
            cells.See("out", values);
            cells.See("spikes", values with { Data = [.. values.Data.Select(v => v != 0 ? 1.0 : 0)] });
            cells.See("trace", "trace");
            return;
        }

        cells.See("v_pre", "v_cell");
        if (model == "pysnn_adaptive_lif")
        {
            cells.See("thresh_used", "thresh");
        }

        cells.See("spikes", cells.Fire());
        cells.See("v", "v_cell");
        cells.See("trace", "trace");
        var counts = cells.State("refrac_counts");
        cells.See("refrac_counts", counts with { Data = [.. counts.Data.Select(c => c * dtMs)] });
        if (model == "pysnn_adaptive_lif")
        {
            cells.See("thresh", "thresh");
        }
    }

    private static Dictionary<string, SeedTensor> Parameters(SeedCase golden, string model)
    {
        var parameters = NeuronModels.Find(model)!.ParameterTable
            .Where(p => p.Info.Choices is null && golden.Params.TryGetProperty(p.Name, out _))
            .ToDictionary(p => p.Name, p => golden.Param(p.Name));
        if (golden.Word("update_type").Length > 0)
        {
            parameters.Add("update_type", new SeedTensor([], [golden.Word("update_type") switch
            {
                "linear" => 0,
                "exponential" => 1,
                var other => throw new ArgumentException($"update_type {other}"),
            }]));
        }

        return parameters;
    }

    /// <summary>One input, or several with a number behind their name: connections into the same cells.</summary>
    private static List<SeedTensor> Inputs(SeedCase golden, string name) =>
        golden.OptionalInput(name) is { } only
            ? [only]
            : [.. Enumerable.Range(0, 10).Select(i => golden.OptionalInput(FormattableString.Invariant($"{name}{i}"))).OfType<SeedTensor>()];

    /// <summary>The sum over synapses, the last axis where there is one, and over connections.</summary>
    private static SeedTensor Sum(SeedCase golden, string name, int step, int[] shape)
    {
        var sum = SeedTensor.Zeros(shape);
        foreach (var x in Inputs(golden, name).Select(i => i.At(step)))
        {
            var synapses = x.Data.Length / sum.Data.Length;
            for (var i = 0; i < x.Data.Length; i++)
            {
                sum.Data[i / synapses] += x.Data[i];
            }
        }

        return sum;
    }

    /// <summary>Spikes with the steps as the last axis, behind PySNN's column in which nobody spikes.</summary>
    private static SeedTensor CompleteTrace(SeedTensor spikes, int[] shape)
    {
        var (steps, cells) = (spikes.Shape[0], spikes.Data.Length / spikes.Shape[0]);
        var trace = SeedTensor.Zeros([.. shape, steps + 1]);
        for (var i = 0; i < spikes.Data.Length; i++)
        {
            trace.Data[((i % cells) * (steps + 1)) + (i / cells) + 1] = spikes.Data[i];
        }

        return trace;
    }
}
