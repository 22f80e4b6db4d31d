namespace Snn.Kernels.Synapses;

/// <summary>Which random words of a synapse are needed; the others are not drawn.</summary>
[Flags]
public enum SynapseWords
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The word that decides the weight.</summary>
    Weight = 1,

    /// <summary>The word that decides the delay.</summary>
    Delay = 2,
}

/// <summary>
/// Some synapses in canonical order, as a structure of arrays. A rule reuses one batch for all that it draws: what is wanted later must be
/// copied.
/// </summary>
public sealed class SynapseBatch
{
    /// <summary>Most synapses of a batch: its arrays and what is computed from them fit the first-level cache.</summary>
    public const int Capacity = 1024;

    // Random words are drawn eight at a time, so that a draw may write a few words beyond the capacity.
    internal const int Slack = 8;

    /// <summary>Synapses in the batch.</summary>
    public int Count { get; internal set; }

    /// <summary>Source neurons. [synapse]</summary>
    public int[] Sources { get; } = new int[Capacity];

    /// <summary>Target neurons, ascending. [synapse]</summary>
    public int[] Targets { get; } = new int[Capacity];

    /// <summary>Random words of the weights; not defined unless asked for. [synapse]</summary>
    public uint[] WeightWords { get; } = new uint[Capacity + Slack];

    /// <summary>Random words of the delays; not defined unless asked for. [synapse]</summary>
    public uint[] DelayWords { get; } = new uint[Capacity + Slack];

    /// <summary>For a list: the place of the synapse in the list, by which weights and delays are listed. [synapse]</summary>
    public int[] Places { get; } = new int[Capacity];
}

/// <summary>Takes the synapses that a <see cref="ConnectionRule"/> draws.</summary>
public interface ISynapseSink
{
    /// <summary>Takes a batch of at least one synapse.</summary>
    void Take(SynapseBatch batch);
}
