using Snn.Kernels.Random;

namespace Snn.Kernels.Synapses;

/// <summary>
/// Fills batches and hands them over when they are full. Also the scratch of one draw: the random words from which sources are made.
/// </summary>
/// <param name="words">Words that the sink reads.</param>
/// <param name="sink">Takes the batches.</param>
/// <param name="stop">Asked between batches whether to give up.</param>
internal sealed class SynapseWriter(SynapseWords words, ISynapseSink sink, CancellationToken stop)
{
    private readonly uint[] _high = new uint[SynapseBatch.Capacity + SynapseBatch.Slack];
    private readonly uint[] _low = new uint[SynapseBatch.Capacity + SynapseBatch.Slack];

    /// <summary>The batch that is being filled.</summary>
    public SynapseBatch Batch { get; } = new();

    /// <summary>Asked between batches whether to give up.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Whether the sink reads any random word.</summary>
    public bool NeedsWords => words != SynapseWords.None;

    /// <summary>Whether the sink reads some random word.</summary>
    public bool Needs(SynapseWords word) => (words & word) != 0;

    /// <summary>Synapses that fit before the batch is handed over: at least one.</summary>
    public int Room => SynapseBatch.Capacity - Batch.Count;

    /// <summary>High halves of the words drawn last.</summary>
    public ReadOnlySpan<uint> High => _high;

    /// <summary>Low halves of the words drawn last.</summary>
    public ReadOnlySpan<uint> Low => _low;

    /// <summary>
    /// Draws for the next <paramref name="count"/> places of the batch, at most <see cref="Room"/>: a 64-bit word each (<see cref="High"/>,
    /// <see cref="Low"/>) and the words of weight and delay. One block of the generator serves a synapse.
    /// </summary>
    public void Draw(StreamKey key, uint first, uint neuron, DrawPurpose purpose, int count)
    {
        var padded = (count + SynapseBatch.Slack - 1) & -SynapseBatch.Slack;
        Philox4x32.Fill(
            key,
            first,
            neuron,
            (uint)purpose,
            0,
            _high.AsSpan(0, padded),
            Batch.WeightWords.AsSpan(Batch.Count, padded),
            Batch.DelayWords.AsSpan(Batch.Count, padded),
            _low.AsSpan(0, padded));
    }

    /// <summary>Takes the next <paramref name="count"/> places, whose sources are written, as synapses onto one target.</summary>
    public void Commit(int count, int target)
    {
        Batch.Targets.AsSpan(Batch.Count, count).Fill(target);
        Commit(count);
    }

    /// <summary>Takes the next <paramref name="count"/> places, whose sources and targets are written.</summary>
    public void Commit(int count)
    {
        Batch.Count += count;
        if (Batch.Count == SynapseBatch.Capacity)
        {
            Flush();
        }
    }

    /// <summary>Hands over what the batch holds.</summary>
    /// <exception cref="OperationCanceledException">The draw was asked to stop.</exception>
    public void Flush()
    {
        stop.ThrowIfCancellationRequested();
        if (Batch.Count > 0)
        {
            sink.Take(Batch);
            Batch.Count = 0;
        }
    }
}

/// <summary>What a block of random words is for: the third counter word, so that different uses never share a block.</summary>
internal enum DrawPurpose : uint
{
    /// <summary>Synapse by synapse of a target; the second counter word is the target.</summary>
    ByTarget = 0,

    /// <summary>Synapse by synapse of a source; the second counter word is the source.</summary>
    BySource = 1,
}
