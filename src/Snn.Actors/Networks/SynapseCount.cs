namespace Snn.Actors.Networks;

/// <summary>How many synapses a connector makes.</summary>
public static class SynapseCount
{
    /// <summary>Most synapses of a projection; beyond it the machines of this world do not reach.</summary>
    public const double Largest = 1e13;

    /// <summary>The expected number of synapses of a projection; of a connector of layered networks the number of its weights.</summary>
    /// <param name="projection">The projection.</param>
    public static double Expected(Projection projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var (source, target) = (projection.Source, projection.Target);
        return projection.Connector switch
        {
            Connector.Linear => (double)source.Size * target.Size,
            Connector.Conv2d c => (double)target.Shape[0] * source.Shape[0] * c.Kernel.Y * c.Kernel.X,
            Connector.Layer => 1,
            var connector => Expected(connector, source.Size, target.Size, source == target),
        };
    }

    /// <summary>The expected number: exact but for pairwise_bernoulli. A double, so that no declaration overflows it.</summary>
    /// <param name="connector">Who is connected to whom.</param>
    /// <param name="sources">Neurons of the source population.</param>
    /// <param name="targets">Neurons of the target population.</param>
    /// <param name="isSamePopulation">Whether both are the same population.</param>
    public static double Expected(Connector connector, int sources, int targets, bool isSamePopulation) => connector switch
    {
        Connector.AllToAll => Pairs(connector, sources, targets, isSamePopulation),
        Connector.OneToOne => Math.Min(sources, targets),
        Connector.FixedIndegree c => (double)c.Indegree * targets,
        Connector.FixedOutdegree c => (double)c.Outdegree * sources,
        Connector.FixedTotalNumber c => c.Count,
        Connector.PairwiseBernoulli c => c.Probability * Pairs(connector, sources, targets, isSamePopulation),
        Connector.List c => c.Sources.Count,
        _ => throw new ArgumentException($"unknown connector {connector}", nameof(connector)),
    };

    /// <summary>Pairs of a source and a target that a connector may connect.</summary>
    /// <param name="connector">Who is connected to whom.</param>
    /// <param name="sources">Neurons of the source population.</param>
    /// <param name="targets">Neurons of the target population.</param>
    /// <param name="isSamePopulation">Whether both are the same population.</param>
    public static double Pairs(Connector connector, int sources, int targets, bool isSamePopulation) =>
        ((double)sources * targets) - (isSamePopulation && !connector.AllowAutapses ? sources : 0);
}
