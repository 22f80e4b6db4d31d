using Snn.Actors.Networks;
using Snn.Actors.Snapshots;
using Snn.Kernels.Plasticity;

namespace Snn.Actors.Simulation;

/// <summary>
/// The synapses of one projection that learns, onto the targets of one shard, with their rule: the shard sees all spikes of the sources and those of its
/// own targets, so that shards share nothing. Tables of their own; the inputs get what they deliver after what static synapses do.
/// </summary>
internal sealed unsafe class PlasticConnectionActor : IDisposable
{
    private readonly SynapseLearning _learning;
    private readonly PlasticTables _tables;
    private readonly SourceSpikes _sources;
    private readonly SpikeOutbox _targets;
    private readonly SpikeOutbox[][] _dopamine;
    private readonly NumberColumns _input;
    private long _dopamineKnownTo;

    /// <param name="projection">A projection that learns.</param>
    /// <param name="tables">Its synapses onto this shard.</param>
    /// <param name="target">Where they are.</param>
    /// <param name="sources">Spikes of the source population, in the order of the neurons.</param>
    /// <param name="filesAfter">Turns after which they are filed: from <see cref="Lookahead"/>.</param>
    /// <param name="targets">Spikes of the targets on this shard.</param>
    /// <param name="dopamine">Spikes of the dopamine neurons. [population][shard]</param>
    public PlasticConnectionActor(
        Projection projection, PlasticTables tables, ShardTarget target, SpikeOutbox[] sources, int filesAfter, SpikeOutbox targets, SpikeOutbox[][] dopamine)
    {
        Projection = projection;
        Target = target;
        _learning = (SynapseLearning)projection.Learning!;
        _tables = tables;
        _sources = new SourceSpikes(sources, projection.Source.Size);
        FilesAfter = filesAfter;
        _targets = targets;
        _dopamine = dopamine;
        _input = target.Input;
    }

    /// <summary>The projection.</summary>
    public Projection Projection { get; }

    /// <summary>Turns after which spikes of its sources are filed; <see cref="Lookahead.Never"/>: it has no synapses here.</summary>
    public int FilesAfter { get; }

    /// <summary>Its targets on the shard.</summary>
    public ShardTarget Target { get; }

    /// <summary>Its synapses onto them.</summary>
    public PlasticTables Tables => _tables;

    /// <summary>Marks the neurons of a population whose spikes are needed here, one bit each: sources with targets, and all that release dopamine.</summary>
    public void MarkSources(Population population, Span<ulong> bits)
    {
        if (_learning.Dopamine.Contains(population))
        {
            bits.Fill(ulong.MaxValue);
        }
        else if (Projection.Source == population)
        {
            _tables.MarkSources(bits);
        }
    }

    /// <summary>Files the spikes of the steps [first, last), which all shards have handed over: those of sources, and those that release dopamine.</summary>
    /// <param name="first">First step of emission.</param>
    /// <param name="last">Step after the last.</param>
    /// <param name="firstDueStep">What was due before this step was delivered before a snapshot.</param>
    public void File(long first, long last, long firstDueStep = long.MinValue)
    {
        NoteDopamine(last);
        for (var step = first; step < last; step++)
        {
            var sources = _sources.Read(step, out var count);
            if (count > 0)
            {
                _tables.File(step, sources, count, firstDueStep);
            }
        }
    }

    /// <summary>Lets the rows learn that are due in a step, and adds their weights to the input. Returns the number of synaptic events.</summary>
    public long Deliver(long step) => _tables.Deliver(step, _input.Data);

    /// <summary>Shows the synapses which targets spiked in the step delivered last.</summary>
    public void NoteTargets(long step)
    {
        var neurons = _targets.Read(step, out var count);
        if (count > 0)
        {
            _tables.NoteTargets(step, neurons, count);
        }
    }

    /// <summary>Asks the memory for the first rows of a step.</summary>
    public void PrefetchFirst(long step) => _tables.PrefetchFirst(step);

    /// <summary>Copies the shard's synapses and traces, at a boundary at which all spikes before it are known.</summary>
    public void Capture(SnapshotBuffer buffer, int shard)
    {
        NoteDopamine(buffer.Step);
        buffer.Take(shard, this);
    }

    /// <summary>Takes up weights and traces. Spikes of sources that are on their way are filed as ever.</summary>
    public void Restore(Snapshot snapshot)
    {
        PlasticSnapshot.Restore(this, snapshot);
        _dopamineKnownTo = snapshot.Manifest.Step;
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _tables.Dispose();
        _sources.Dispose();
    }

    /// <summary>Tells the synapses of dopamine that was released before a step; each release once.</summary>
    private void NoteDopamine(long last)
    {
        if (_dopamine.Length == 0)
        {
            return;
        }

        for (var step = _dopamineKnownTo; step < last; step++)
        {
            var spikes = 0;
            foreach (var population in _dopamine)
            {
                foreach (var outbox in population)
                {
                    outbox.Read(step, out var count);
                    spikes += count;
                }
            }

            if (spikes > 0)
            {
                _tables.NoteDopamine(step + _learning.DopamineDelaySteps, spikes);
            }
        }

        _dopamineKnownTo = Math.Max(_dopamineKnownTo, last);
    }
}
