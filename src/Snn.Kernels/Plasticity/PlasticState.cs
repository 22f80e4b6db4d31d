namespace Snn.Kernels.Plasticity;

/// <summary>
/// What <see cref="PlasticTables"/> know of the past, beside the numbers of their synapses: to go on from a snapshot, on any partition. What belongs to
/// sources is the same for all shards, as far as they have synapses of them; what belongs to targets is of the shard's.
/// </summary>
public sealed class PlasticState
{
    /// <summary>Step of no spike.</summary>
    public const long Never = PostSpikes.Never;

    /// <summary>Step that is delivered next.</summary>
    public required long Step { get; init; }

    /// <summary>
    /// Step of each source's last spike that has been delivered with a delay; <see cref="Never"/> before the first, and where the shard has no such synapse.
    /// [source, delay]
    /// </summary>
    public required long[] LastSpikes { get; init; }

    /// <summary>Numbers of the sources just after those spikes. [source, delay, number]</summary>
    public required double[] SourceNumbers { get; init; }

    /// <summary>Spikes of a target that are kept; 0 where the rule does not look at targets.</summary>
    public required int SpikesKept { get; init; }

    /// <summary>Steps of the targets' spikes, the latest first, then <see cref="Never"/>. [target, spike]</summary>
    public required long[] TargetSpikes { get; init; }

    /// <summary>The targets' trace just after each of their spikes. [target, spike]</summary>
    public required double[] TargetTraces { get; init; }

    /// <summary>The targets' slow trace just before each of their spikes; empty where there is none. [target, spike]</summary>
    public required double[] TargetSlowTraces { get; init; }

    /// <summary>Steps, and dopamine concentrations just after them; empty where the rule has none. [mark]</summary>
    public required (long Step, double Value)[] DopamineMarks { get; init; }

    /// <summary>Steps of dopamine spikes to come, and how many. [spike]</summary>
    public required (long Step, double Value)[] DopamineSpikes { get; init; }
}
