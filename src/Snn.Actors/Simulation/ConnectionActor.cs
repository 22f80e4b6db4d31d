using Snn.Actors.Networks;
using Snn.Kernels.Synapses;

namespace Snn.Actors.Simulation;

/// <summary>
/// The synapses from one source population to the targets of one shard, and their delay line: a spike is filed when it becomes known, under
/// the steps in which its rows are due, and at each step the rows that are due are added to the targets' input.
/// </summary>
/// <remarks>
/// Every target's input is summed in the order (whether the delay is the network's shortest, table, step of emission, source neuron, synapse), which
/// does not depend on the partition: spikes are filed step by step, shards hold ascending ranges of sources, and what a table groups depends on
/// the declaration only.
/// </remarks>
internal sealed unsafe class ConnectionActor : IDisposable
{
    private readonly SynapseTables _tables;
    private readonly SourceSpikes _sources;
    private readonly NumberColumns _input;
    private readonly long[] _filedTo;

    /// <param name="source">Source population.</param>
    /// <param name="tables">Its synapses onto this shard.</param>
    /// <param name="outboxes">Its spikes, in the order of the neurons.</param>
    /// <param name="filesAfter">Turns after which its spikes are filed: from <see cref="Lookahead"/>.</param>
    /// <param name="input">The shard's input columns.</param>
    public ConnectionActor(Population source, SynapseTables tables, SpikeOutbox[] outboxes, int filesAfter, NumberColumns input)
    {
        Source = source;
        _tables = tables;
        _sources = new SourceSpikes(outboxes, source.Size);
        FilesAfter = filesAfter;
        _input = input;
        _filedTo = new long[outboxes.Length];
    }

    /// <summary>Source population.</summary>
    public Population Source { get; }

    /// <summary>Turns after which its spikes are filed; <see cref="Lookahead.Never"/>: it has no synapses here.</summary>
    public int FilesAfter { get; }

    /// <summary>Its synapses onto this shard.</summary>
    public SynapseTables Tables => _tables;

    /// <summary>Files the spikes of the steps [first, last), which all shards have handed over.</summary>
    /// <param name="first">First step of emission.</param>
    /// <param name="last">Step after the last.</param>
    /// <param name="firstDueStep">What was due before this step was delivered before a snapshot.</param>
    public void File(long first, long last, long firstDueStep = long.MinValue)
    {
        for (var step = first; step < last; step++)
        {
            var sources = _sources.Read(step, out var count);
            if (count > 0)
            {
                _tables.File(step, sources, count, firstDueStep);
            }
        }
    }

    /// <summary>Files what has come since it was last called, from each shard as far as that is, late or not.</summary>
    /// <param name="done">Steps that each shard has handed over. [shard]</param>
    /// <param name="now">The step that is delivered next: what was emitted later is left for later.</param>
    /// <param name="late">Counts what should have been delivered before.</param>
    public void FileArrived(ReadOnlySpan<long> done, long now, LateEvents late)
    {
        var outboxes = _sources.Outboxes;
        for (var shard = 0; shard < outboxes.Length; shard++)
        {
            var end = Math.Min(done[shard], now);
            for (; _filedTo[shard] < end; _filedTo[shard]++)
            {
                var sources = outboxes[shard].Read(_filedTo[shard], out var count);
                if (count > 0)
                {
                    _tables.FileArrived(_filedTo[shard], sources, count, now, late);
                }
            }
        }
    }

    /// <summary>
    /// Adds what is due in a step to the input, but for what comes with the network's shortest delay: that needs no spike of the slice before.
    /// Returns the number of synaptic events.
    /// </summary>
    public long DeliverAhead(long step) => _input.IsDouble
        ? _tables.DeliverAhead(step, (double*)_input.Data)
        : _tables.DeliverAhead(step, (float*)_input.Data);

    /// <summary>Adds what is due in a step to the input, as far as it was not added ahead. Returns the number of synaptic events.</summary>
    public long Deliver(long step) => _input.IsDouble
        ? _tables.Deliver(step, (double*)_input.Data)
        : _tables.Deliver(step, (float*)_input.Data);

    /// <summary>Asks the memory for the first rows of a step.</summary>
    public void PrefetchFirst(long step) => _tables.PrefetchFirst(step);

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _tables.Dispose();
        _sources.Dispose();
    }
}
