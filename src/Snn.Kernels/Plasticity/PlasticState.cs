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

    /// <summary>The state of all shards of a projection as one: how a snapshot keeps it, whatever the partition.</summary>
    /// <param name="shards">The shards' states at the same step, in the order of their targets.</param>
    public static PlasticState Join(IReadOnlyList<PlasticState> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        var withTables = shards.Where(s => s.HasTables).ToArray();
        if (withTables.Length == 0)
        {
            return shards[0];
        }

        var rows = withTables[0].LastSpikes.Length;
        var holder = Enumerable.Range(0, rows).Select(r => withTables.FirstOrDefault(s => s.LastSpikes[r] != Never, withTables[0])).ToArray();
        var numbers = withTables[0].SourceNumbers.Length / Math.Max(1, rows);
        return new PlasticState
        {
            Step = withTables[0].Step,
            LastSpikes = [.. holder.Select((s, r) => s.LastSpikes[r])],
            SourceNumbers = [.. holder.SelectMany((s, r) => s.SourceNumbers.Skip(r * numbers).Take(numbers))],
            SpikesKept = withTables[0].SpikesKept,
            TargetSpikes = [.. withTables.SelectMany(s => s.TargetSpikes)],
            TargetTraces = [.. withTables.SelectMany(s => s.TargetTraces)],
            TargetSlowTraces = [.. withTables.SelectMany(s => s.TargetSlowTraces)],
            DopamineMarks = withTables[0].DopamineMarks,
            DopamineSpikes = withTables[0].DopamineSpikes,
        };
    }

    /// <summary>What a shard takes up of the state of all.</summary>
    /// <param name="first">First target of the shard, among those of the joined state.</param>
    /// <param name="last">Behind its last target.</param>
    public PlasticState Part(int first, int last) => new()
    {
        Step = Step,
        LastSpikes = LastSpikes,
        SourceNumbers = SourceNumbers,
        SpikesKept = SpikesKept,
        TargetSpikes = TargetSpikes[(first * SpikesKept)..(last * SpikesKept)],
        TargetTraces = TargetTraces[(first * SpikesKept)..(last * SpikesKept)],
        TargetSlowTraces = TargetSlowTraces.Length == 0 ? [] : TargetSlowTraces[(first * SpikesKept)..(last * SpikesKept)],
        DopamineMarks = DopamineMarks,
        DopamineSpikes = DopamineSpikes,
    };

    /// <summary>Whether it is of a shard that has synapses at all: one without targets knows nothing.</summary>
    private bool HasTables => SourceNumbers.Length > 0;
}
