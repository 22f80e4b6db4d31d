using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>Parameters of snnTorch's neurons as NIR has them, and back; files are absent.</summary>
public sealed class NirRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["snntorch/nir"];

    /// <summary>A conversion in double precision.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble) => golden.Kind.Split('.')[^1] switch
    {
        "Leaky" or "RLeaky" => Leaky(golden),
        "Synaptic" or "RSynaptic" => Synaptic(golden),
        "LIF" => Imported(golden),
        var other => throw new InvalidDataException($"{other} is no node that this runner knows"),
    };

    private static double Dt(SeedCase golden) => golden.Param("dt", NirLif.DefaultDt).Scalar;

    private static Dictionary<string, SeedTensor> Leaky(SeedCase golden)
    {
        var node = NirLif.FromLeaky(golden.Param("beta").Scalar, golden.Param("threshold", 1).Scalar, Dt(golden));
        var (beta, threshold) = node.ToLeaky(Dt(golden));
        return Shaped(golden, new()
        {
            ["tau"] = node.Tau,
            ["r"] = node.R,
            ["v_leak"] = node.VLeak,
            ["v_threshold"] = node.VThreshold,
            ["v_reset"] = node.VReset,
            ["back_beta"] = beta,
            ["back_threshold"] = threshold,
        });
    }

    private static Dictionary<string, SeedTensor> Synaptic(SeedCase golden)
    {
        var node = NirCubaLif.FromSynaptic(golden.Param("alpha").Scalar, golden.Param("beta").Scalar, golden.Param("threshold", 1).Scalar, Dt(golden));
        var (alpha, beta, threshold) = node.ToSynaptic(Dt(golden));
        return Shaped(golden, new()
        {
            ["tau_syn"] = node.TauSyn,
            ["tau_mem"] = node.TauMem,
            ["r"] = node.R,
            ["v_leak"] = node.VLeak,
            ["v_threshold"] = node.VThreshold,
            ["v_reset"] = node.VReset,
            ["w_in"] = node.WIn,
            ["back_alpha"] = alpha,
            ["back_beta"] = beta,
            ["back_threshold"] = threshold,
        });
    }

    private static Dictionary<string, SeedTensor> Imported(SeedCase golden)
    {
        double[] Of(string name) => golden.Input(name).Data;
        var neurons = Of("tau").Select((tau, i) => new NirLif(tau, Of("r")[i], Of("v_leak")[i], Of("v_threshold")[i], Of("v_reset")[i]).ToLeaky(Dt(golden))).ToArray();
        return new Dictionary<string, SeedTensor>
        {
            ["beta"] = new([neurons.Length], Array.ConvertAll(neurons, n => n.Beta)),
            ["threshold"] = new([], [neurons.Select(n => n.Threshold).Distinct().Single()]),
        };
    }

    /// <summary>All neurons of a case are alike: a number in the shape in which the case has it.</summary>
    private static Dictionary<string, SeedTensor> Shaped(SeedCase golden, Dictionary<string, double> numbers)
    {
        var shapes = golden.Outputs();
        return numbers.Where(n => shapes.ContainsKey(n.Key)).ToDictionary(
            n => n.Key,
            n => new SeedTensor(shapes[n.Key].Shape, [.. Enumerable.Repeat(n.Value, shapes[n.Key].Data.Length)]));
    }
}
