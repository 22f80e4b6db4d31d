using Snn.Actors.Networks;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>From declared projections to the synapses of a shard.</summary>
internal static class ConnectionRules
{
    /// <summary>Who is connected to whom in a projection, keyed by its name.</summary>
    public static ConnectionRule Of(Projection projection, ulong seed)
    {
        var common = new Common(projection, StreamKey.Derive(seed, $"projection {projection.Name}"));
        return projection.Connector switch
        {
            Connector.AllToAll => new AllToAllRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
            },
            Connector.OneToOne => new OneToOneRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
            },
            Connector.FixedIndegree rule => new FixedIndegreeRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
                Indegree = rule.Indegree,
            },
            Connector.FixedOutdegree rule => new FixedOutdegreeRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
                Outdegree = rule.Outdegree,
            },
            Connector.FixedTotalNumber rule => new FixedTotalNumberRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
                Total = rule.Count,
            },
            Connector.PairwiseBernoulli rule => new PairwiseBernoulliRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
                Probability = rule.Probability,
            },
            Connector.List rule => new ListRule
            {
                SourceCount = common.Sources,
                TargetCount = common.Targets,
                SamePopulation = common.IsRecurrent,
                Key = common.Key,
                AllowAutapses = common.AllowAutapses,
                AllowMultapses = common.AllowMultapses,
                Sources = rule.Sources,
                Targets = rule.Targets,
            },
            var other => throw new ArgumentException($"projection '{projection.Name}': no rule for {other.GetType().Name}", nameof(projection)),
        };
    }

    /// <summary>The tables of all projections of one source population onto a shard; those without targets there count for the grouping.</summary>
    public static SynapseTables BuildTables(Network network, Projection[] projections, ShardTarget[] targets, int shortestDelaySteps)
    {
        var parts = projections.Select(p => Part(network, p, targets[p.Target.Index])).ToArray();
        return SynapseTables.Build(projections[0].Source.Size, parts, FormatOf(network), shortestDelaySteps);
    }

    /// <summary>The tables of a projection that learns.</summary>
    public static PlasticTables BuildPlastic(Network network, Projection projection, ShardTarget target, int lanes)
    {
        var learning = (SynapseLearning)projection.Learning!;
        return PlasticTables.Build(
            learning.Rule, [.. learning.Parameters], Part(network, projection, target), network.DtMs, lanes, network.Precision == Precision.Double);
    }

    /// <summary>Visits all synapses of a projection, as they are stored.</summary>
    public static void Visit(Network network, Projection projection, ISynapseVisitor visitor)
    {
        using var noInput = new NumberColumns(1, 0, isDouble: false);
        // Connections of layered networks share no tables.
        var siblings = network.IsLayered ? [projection] : network.Projections.Where(p => p.Source == projection.Source && p.Learning is null).ToArray();
        var parts = siblings.Select(p => Part(network, p, new ShardTarget(p.Target, 0, p.Target.Size, noInput, 0))).ToArray();
        SynapseReadout.Visit(parts, System.Array.IndexOf(siblings, projection), FormatOf(network), visitor);
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

    private readonly record struct Common(int Sources, int Targets, bool IsRecurrent, bool AllowAutapses, bool AllowMultapses, StreamKey Key)
    {
        public Common(Projection p, StreamKey key)
            : this(p.Source.Size, p.Target.Size, p.Source == p.Target, p.Connector.AllowAutapses, p.Connector.AllowMultapses, key)
        {
        }
    }
}
