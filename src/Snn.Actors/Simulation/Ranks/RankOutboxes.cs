using Snn.Actors.Networks;

namespace Snn.Actors.Simulation.Ranks;

/// <summary>
/// The spikes of all populations: of this rank's shards one outbox each, which they write; of every other rank one, which the exchange writes. In the order of their
/// neurons, so that whoever reads all of them one after another sees the spikes of a step in ascending order.
/// </summary>
internal sealed class RankOutboxes : IDisposable
{
    private readonly RankLayout _layout;
    private readonly Partition _partition;
    private readonly bool _isLayered;
    private readonly int _slicesAhead;
    private readonly SpikeOutbox[][] _outboxes;

    /// <param name="layout">Which shards are this rank's.</param>
    /// <param name="partition">Which neurons are a shard's.</param>
    /// <param name="plan">Steps of a slice, longest delays.</param>
    /// <param name="slicesAhead">Slices that the clock lets a shard run ahead of another.</param>
    public RankOutboxes(RankLayout layout, Partition partition, SimulationPlan plan, int slicesAhead)
    {
        _slicesAhead = slicesAhead;
        _layout = layout;
        _partition = partition;
        _isLayered = plan.Network.IsLayered;
        _outboxes = [.. plan.Network.Populations.Select(p => Enumerable.Range(0, layout.Ranks).SelectMany(r => Create(p, r, plan)).ToArray())];
    }

    /// <summary>Populations.</summary>
    public int Populations => _outboxes.Length;

    /// <summary>All spikes of a population.</summary>
    public SpikeOutbox[] All(int population) => _outboxes[population];

    /// <summary>Those of this rank's shards.</summary>
    public SpikeOutbox[] Own(int population) => _outboxes[population][_layout.Rank..(_layout.Rank + _layout.Count)];

    /// <summary>That of one of this rank's shards.</summary>
    public SpikeOutbox OfShard(int population, int shard) => _outboxes[population][_layout.Rank + shard - _layout.First];

    /// <summary>That of another rank.</summary>
    public SpikeOutbox Remote(int population, int rank) => _outboxes[population][rank < _layout.Rank ? rank : rank - 1 + _layout.Count];

    /// <summary>First neuron of a rank.</summary>
    public int First(int population, int rank) => _layout.FirstNeuron(_partition, population, rank);

    /// <summary>Neurons of a rank.</summary>
    public int Count(int population, int rank) => _layout.Neurons(_partition, population, rank);

    /// <summary>The shards that the outboxes of a population are of: one of this rank's, or all of another. In their order.</summary>
    public IEnumerable<(int First, int End, bool IsOwn)> Shards()
    {
        for (var r = 0; r < _layout.Ranks; r++)
        {
            var (first, end) = (_layout.FirstShards[r], _layout.FirstShards[r + 1]);
            for (var shard = first; r == _layout.Rank && shard < end; shard++)
            {
                yield return (shard, shard + 1, true);
            }

            if (r != _layout.Rank)
            {
                yield return (first, end, false);
            }
        }
    }

    /// <summary>64-bit words that the neurons of a rank take, one bit each; none in a layered network, whose ranks hear no spikes of each other.</summary>
    public int WordsOf(int population, int rank) => _isLayered ? 0 : (Count(population, rank) + 63) / 64;

    /// <summary>The words of a rank's neurons: ranks begin at multiples of 64.</summary>
    public ReadOnlySpan<ulong> WordsOf(ulong[] bits, int population, int rank) => bits.AsSpan(Math.Min(bits.Length, First(population, rank) / 64), WordsOf(population, rank));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var outbox in _outboxes.SelectMany(o => o))
        {
            outbox.Dispose();
        }
    }

    private IEnumerable<SpikeOutbox> Create(Population population, int rank, SimulationPlan plan)
    {
        var network = plan.Network;
        var valueBytes = population.Model.EmitsValues ? (network.Precision == Precision.Double ? sizeof(double) : sizeof(float)) : 0;
        var (first, end) = (_layout.FirstShards[rank], _layout.FirstShards[rank + 1]);
        if (rank != _layout.Rank)
        {
            // Batch items hear nothing of each other.
            return [new SpikeOutbox(network.IsLayered ? 0 : Count(population.Index, rank), plan.SliceSteps, plan.MaxDelaySteps[population.Index], slicesAhead: _slicesAhead)];
        }

        return Enumerable.Range(first, end - first).Select(s => new SpikeOutbox(
            _partition.Count(population.Index, s), plan.SliceSteps, plan.MaxDelaySteps[population.Index], ItemsOf(network, population, s), valueBytes, _slicesAhead));
    }

    private int ItemsOf(Network network, Population population, int shard) =>
        network.IsLayered ? _partition.Count(population.Index, shard) / population.Size : 1;
}
