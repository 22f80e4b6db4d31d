using Snn.Actors.Networks.Reading;
using Snn.Actors.Simulation;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Networks;

/// <summary>
/// What a network will take, from its declaration alone, so that one which asks for more than the machine has is refused before it is
/// built. Computed in double precision, which no declaration can overflow.
/// </summary>
/// <param name="Neurons">Neurons in all.</param>
/// <param name="Synapses">Expected synapses in all.</param>
/// <param name="NeuronBytes">State, parameters and inputs of the neurons.</param>
/// <param name="SynapseBytes">Synapses in their tables, and what those that learn know of their neurons.</param>
/// <param name="RowBytes">Beginnings of the rows of these tables: one a source neuron and delay, whether or not a synapse lies there.</param>
/// <param name="InputBytes">What inputs bring with them: arrays, rates and weights that differ by neuron.</param>
/// <param name="SpikeBytes">Room for the spikes in flight: as if every neuron spiked in every step for as long as its longest delay.</param>
/// <param name="BuildBytes">What is gone once the network is built: synapses that wait to be sorted.</param>
public sealed record NetworkEstimate(
    double Neurons, double Synapses, double NeuronBytes, double SynapseBytes, double RowBytes, double InputBytes, double SpikeBytes, double BuildBytes)
{
    /// <summary>Bytes of a synapse beside its weight: two of target, and a share of what its row is filled up with.</summary>
    private const double SynapseOverhead = 3;

    /// <summary>Bytes of a neuron beside its columns: 32 of the statistics of its spikes, and its place in the lists of spikes.</summary>
    private const double NeuronOverhead = 48;

    /// <summary>Bytes of a row of plastic synapses: where it begins, its last spike, and traces of its source.</summary>
    private const double PlasticRowBytes = 36;

    /// <summary>What the runtime, the code and the output buffers take.</summary>
    private const double BaseBytes = 64 << 20;

    /// <summary>Bytes in all, the program itself included.</summary>
    public double Bytes => BaseBytes + NeuronBytes + SynapseBytes + RowBytes + InputBytes + SpikeBytes + BuildBytes;

    /// <summary>Estimates a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="shards">Shards that it is cut into: each has the rows of all sources.</param>
    public static NetworkEstimate Of(Network network, int shards = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        var elementBytes = network.Precision == Precision.Single ? 4 : 8;
        var weightBytes = network.WeightPrecision == WeightPrecision.Half ? 2 : elementBytes;
        var synapses = network.Projections.Sum(SynapseCount.Expected);
        return new NetworkEstimate(
            network.Populations.Sum(p => (double)p.Size),
            synapses,
            network.Populations.Sum(p => (double)p.Size * network.Items * BytesOfNeuron(p, elementBytes)),
            network.Projections.Sum(p => BytesOfSynapses(p, p.Learning is null ? weightBytes : elementBytes, network)),
            network.IsLayered ? 0 : network.Projections.GroupBy(p => p.Source).Sum(g => BytesOfRows(g, network.DtMs, shards)),
            network.Inputs.Sum(i => BytesOf(i, elementBytes)) + network.Inputs.OfType<PoissonInput>().Sum(p => BytesOfRates(p, network.DtMs)),
            BytesOfSpikes(network, shards),
            network.IsLayered ? 0 : network.Projections.Select(p => BytesOfBuild(p, shards)).DefaultIfEmpty(0).Max());
    }

    /// <summary>Why a network does not fit into a machine and what to do; null where it fits.</summary>
    /// <param name="availableBytes">Memory that the run may take.</param>
    public string? Refusal(double availableBytes)
    {
        if (Bytes <= availableBytes)
        {
            return null;
        }

        var cause = SpikeBytes >= RowBytes + SynapseBytes + NeuronBytes + InputBytes
            ? "use shorter delays (or a larger dt), fewer neurons, or more machines"
            : RowBytes >= SynapseBytes + NeuronBytes + InputBytes
            ? "use fewer different delays (a narrower distribution, or a larger dt), fewer neurons, fewer --threads, or more machines"
            : SynapseBytes >= NeuronBytes + InputBytes
            ? "use fewer synapses, \"weight_precision\": \"half\", or more machines"
            : "use fewer neurons, or more machines";
        return $"this network has {Say.About(Neurons)} neurons and about {Say.About(Synapses)} synapses, which take about {Gib(Bytes)} GiB; {Gib(availableBytes)} GiB are available: {cause}";
    }

    /// <summary>
    /// A plastic synapse has two numbers where its model asks for it, and its target a list of its latest spikes.
    /// </summary>
    private static double BytesOfSynapses(Projection projection, int weightBytes, Network network)
    {
        var bytes = SynapseCount.Expected(projection) * (weightBytes + SynapseOverhead);
        if (projection.Learning is not SynapseLearning learning)
        {
            // An eligibility for every batch item.
            return projection.Learning is LayerLearning { Rule.UsesReward: true } ? bytes + (bytes * network.Items) : bytes;
        }

        var seconds = learning.Rule.HasSecondNumber(learning.Parameters) ? SynapseCount.Expected(projection) * weightBytes : 0;
        var steps = StepsOf(projection.DelayMs, network.DtMs).ToHashSet();
        return bytes + seconds + (projection.Target.Size * PlasticTables.BytesOfTarget(steps.Count, steps.DefaultIfEmpty(1).Max(), weightBytes == sizeof(double)));
    }

    private static double BytesOfNeuron(Population population, int elementBytes)
    {
        var model = population.Model;
        var isHeterogeneous = population.Parameters.Values.Any(v => v.Any(d => d is not Distribution.Constant));
        var columns = model.StateColumns + model.PortTable.Count + (isHeterogeneous ? model.DerivedColumns : 0);
        return (columns * elementBytes) + NeuronOverhead;
    }

    /// <summary>Rows of the tables of one source population: at least one table a shard, and one for every 65 536 neurons that it reaches.</summary>
    private static double BytesOfRows(IGrouping<Population, Projection> projections, double dtMs, int shards)
    {
        var delays = new HashSet<int>();
        foreach (var delay in projections.Select(p => p.DelayMs).Distinct())
        {
            delays.UnionWith(StepsOf(delay, dtMs));
        }

        var targets = projections.Select(p => p.Target).Distinct().Sum(t => (double)t.Size);
        var rows = (double)projections.Key.Size * Math.Max(shards, targets / 65_536);
        var plastic = projections.Count(p => p.Learning is SynapseLearning);
        return rows * delays.Count * (sizeof(uint) + (plastic * PlasticRowBytes));
    }

    private static IEnumerable<int> StepsOf(Distribution delayMs, double dtMs) => delayMs switch
    {
        Distribution.Constant c => [DelayDistribution.StepsOf(c.Value, dtMs)],
        Distribution.Array list => list.Values.Select(d => DelayDistribution.StepsOf(d, dtMs)),
        _ => Array.ConvertAll(new DelayDistribution(delayMs.ToValues(), dtMs).DistinctSteps.ToArray(), steps => (int)steps),
    };

    private static double BytesOf(NetworkInput input, int elementBytes) => input switch
    {
        ArrayInput a => (double)a.Values.Length * (a.Values.Exact is null ? sizeof(float) : sizeof(float) + sizeof(double)),
        PoissonInput p => input.Neurons.Count * elementBytes * (Drawn(p.RateHz) + Drawn(p.Weight)),
        EncodedInput e => ((double)e.Values.Length * sizeof(float)) + (input.Neurons.Count * (16.0 + (elementBytes * Drawn(e.Weight)))),
        EventsInput v => (v.Steps.Count * 16.0) + (input.Neurons.Count * elementBytes * Drawn(v.Weight)),
        SpikeTimesInput s => (s.Steps.Count * 16.0) + (input.Neurons.Count * elementBytes * Drawn(s.Weight)),
        DcInput d => (double)input.Neurons.Count * elementBytes * (1 + d.AmplitudesPa.Sum(Drawn)),
        _ => (double)input.Neurons.Count * elementBytes,
    };

    /// <summary>A table of random numbers for every different rate.</summary>
    private static double BytesOfRates(PoissonInput input, double dtMs)
    {
        const int Quantiles = 64;
        double BytesOf(double rateHz) => PoissonSource.BytesOf(Math.Min(rateHz * dtMs * 1e-3, PoissonSource.MaxMean));
        if (input.RateHz is Distribution.Constant)
        {
            return 0;
        }

        if (input.RateHz is Distribution.Array list)
        {
            return list.Values.Distinct().Sum(BytesOf);
        }

        // The mean over the distribution: few neurons have its greatest rate.
        var rates = input.RateHz.ToValues();
        return input.Neurons.Count * Enumerable.Range(0, Quantiles).Average(q => BytesOf(rates.Quantile((uint)((q + 0.5) / Quantiles * uint.MaxValue))));
    }

    private static double BytesOfSpikes(Network network, int shards)
    {
        var plan = new SimulationPlan(network);
        return network.Populations.Sum(p => shards * SpikeOutbox.BytesOf(
            (double)p.Size * network.Items / shards, plan.SliceSteps, plan.MaxDelaySteps[p.Index], (double)network.Items / shards));
    }

    /// <summary>All shards draw the same projection at about the same time, one projection after the other.</summary>
    private static double BytesOfBuild(Projection projection, int shards)
    {
        if (projection.Connector is not Connector.FixedOutdegree connector)
        {
            return 0;
        }

        var (sources, targets) = (projection.Source.Size, projection.Target.Size);
        var synapses = SynapseCount.Expected(connector, sources, targets, projection.Source == projection.Target);
        return shards * FixedOutdegreeRule.WaitingBytes(synapses / shards, (double)targets / shards);
    }

    private static double Drawn(Distribution value) => value is Distribution.Constant ? 0 : 1;

    private static string Gib(double bytes) => Say.Number(Math.Round(bytes / (1 << 30), bytes < 10.0 * (1 << 30) ? 2 : 0));
}
