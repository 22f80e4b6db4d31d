using Snn.Kernels.Encoding;

namespace Snn.Kernels.Tests.Seeds;

/// <summary>PySNN's Poisson encoder: given intervals, exactly its spikes.</summary>
public sealed class PoissonEncodingRunner : ISeedRunner
{
    public IReadOnlyList<string> Categories => ["pysnn/encoding"];

    /// <summary>Intervals are whole numbers.</summary>
    public bool RunsInSingle => false;

    public IReadOnlyDictionary<string, SeedTensor> Run(SeedCase golden, bool isDouble)
    {
        var rates = golden.Input("intensities");
        var dtMs = golden.Param("dt").Scalar;
        var steps = PoissonIntervals.Steps(golden.Param("duration").Scalar, dtMs);
        var spikes = new bool[rates.Data.Length * steps];
        PoissonIntervals.Replay(rates.Data, Array.ConvertAll(golden.Input("sampled_intervals").Data, i => (long)i), steps, spikes);
        return new Dictionary<string, SeedTensor>
        {
            ["mean_interval_steps"] = new([rates.Data.Length], Array.ConvertAll(rates.Data, r => PoissonIntervals.MeanInterval(r, dtMs))),
            ["spikes"] = new([.. rates.Shape, steps], Array.ConvertAll(spikes, s => s ? 1.0 : 0.0)),
        };
    }
}
