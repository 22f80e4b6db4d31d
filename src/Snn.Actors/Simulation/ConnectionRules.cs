using Snn.Actors.Networks;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>From declared projections to the synapses of a shard.</summary>
internal static class ConnectionRules
{
    /// <summary>Who is connected to whom in a projection, keyed by its name.</summary>
    public static ConnectionRule Of(Projection projection, ulong seed) => Of(
        projection.Connector,
        projection.Source.Size,
        projection.Target.Size,
        projection.Source == projection.Target,
        StreamKey.Derive(seed, $"projection {projection.Name}"));

    /// <summary>Who is connected to whom between two populations.</summary>
    /// <param name="connector">As declared.</param>
    /// <param name="sources">Neurons of the source population.</param>
    /// <param name="targets">Neurons of the target population.</param>
    /// <param name="isRecurrent">Whether both are the same population.</param>
    /// <param name="key">Key of its random numbers.</param>
    public static ConnectionRule Of(Connector connector, int sources, int targets, bool isRecurrent, StreamKey key) => connector switch
    {
        Connector.AllToAll => new AllToAllRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
        },
        Connector.OneToOne => new OneToOneRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
        },
        Connector.FixedIndegree rule => new FixedIndegreeRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
            Indegree = rule.Indegree,
        },
        Connector.FixedOutdegree rule => new FixedOutdegreeRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
            Outdegree = rule.Outdegree,
        },
        Connector.FixedTotalNumber rule => new FixedTotalNumberRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
            Total = rule.Count,
        },
        Connector.PairwiseBernoulli rule => new PairwiseBernoulliRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
            Probability = rule.Probability,
        },
        Connector.List rule => new ListRule
        {
            SourceCount = sources,
            TargetCount = targets,
            SamePopulation = isRecurrent,
            Key = key,
            AllowAutapses = connector.AllowAutapses,
            AllowMultapses = connector.AllowMultapses,
            Sources = rule.Sources,
            Targets = rule.Targets,
        },
        _ => throw new ArgumentException($"no rule for {connector.GetType().Name}", nameof(connector)),
    };

    /// <summary>The tables of all projections of one source population onto a shard; those without targets there count for the grouping.</summary>
    public static SynapseTables BuildTables(
        Network network, Projection[] projections, ShardTarget[] targets, int shortestDelaySteps, CancellationToken stop)
    {
        var parts = projections.Select(p => Part(network, p, targets[p.Target.Index])).ToArray();
        return SynapseTables.Build(projections[0].Source.Size, parts, FormatOf(network), shortestDelaySteps, stop);
    }

    /// <summary>The tables of a projection that learns.</summary>
    public static PlasticTables BuildPlastic(Network network, Projection projection, ShardTarget target, int lanes, CancellationToken stop)
    {
        var learning = (SynapseLearning)projection.Learning!;
        return PlasticTables.Build(
            learning.Rule, [.. learning.Parameters], Part(network, projection, target), network.DtMs, lanes, network.Precision == Precision.Double, stop: stop);
    }

    /// <summary>Visits all synapses of a projection, as they are stored.</summary>
    public static void Visit(Network network, Projection projection, ISynapseVisitor visitor, CancellationToken stop = default)
    {
        // Connections of layered networks share no tables.
        var siblings = network.IsLayered ? [projection] : network.Projections.Where(p => p.Source == projection.Source && p.Learning is null).ToArray();
        SynapseReadout.Visit(Whole(network, siblings), System.Array.IndexOf(siblings, projection), FormatOf(network), visitor, stop);
    }

    /// <summary>What the weights of each projection would lose in 16 bits.</summary>
    public static IEnumerable<(Projection Projection, HalfWeightLoss Loss)> HalfWeightLosses(Network network) => network.Projections
        .Where(p => p.Connector is not Connector.Layer && p.Learning is null)
        .GroupBy(p => p.Source)
        .SelectMany(siblings => siblings.Zip(HalfWeightLoss.Of(Whole(network, [.. siblings]))));

    /// <summary>The projections of one source population, with all their targets; for who does not ask where inputs lie.</summary>
    private static ShardProjection[] Whole(Network network, Projection[] siblings)
    {
        using var noInput = new NumberColumns(1, 0, isDouble: false);
        return System.Array.ConvertAll(siblings, p => Part(network, p, new ShardTarget(p.Target, 0, p.Target.Size, noInput, 0)));
    }

    private static WeightFormat FormatOf(Network network) =>
        network.WeightPrecision == WeightPrecision.Half ? WeightFormat.Int16
        : network.Precision == Precision.Double ? WeightFormat.Double
        : WeightFormat.Single;

    private static ShardProjection Part(Network network, Projection projection, ShardTarget target)
    {
        var ports = projection.Port is { } port ? [port] : projection.Target.Model.PortsBySign();
        var listedDelays = (projection.DelayMs as Distribution.Array)?.Values;
        return new ShardProjection
        {
            Rule = Of(projection, network.Seed),
            Weight = projection.Weight is Distribution.Array ? null : projection.Weight.ToValues(),
            ListedWeights = (projection.Weight as Distribution.Array)?.Values,
            Delay = listedDelays is null ? new DelayDistribution(projection.DelayMs.ToValues(), network.DtMs) : null,
            ListedDelaySteps = listedDelays?.Select(d => DelayDistribution.StepsOf(d, network.DtMs)).ToArray(),
            FirstTarget = target.First,
            LastTarget = target.First + target.Count,
            OffsetIfPositive = Place(ports[0], target),
            OffsetIfNegative = Place(ports[^1], target),
        };
    }

    private static int Place(int port, ShardTarget target) => checked((int)((port * target.Input.Stride) + target.Offset));
}
