using System.Globalization;
using Snn.Kernels.Random;

namespace Snn.Kernels.Synapses;

/// <summary>
/// Who is connected to whom, between two populations: a function of the key. The synapses onto a target do not depend on which range of
/// targets is asked for, so that every partition of the targets gives the same network.
/// </summary>
/// <remarks>
/// Canonical order is (target, synapse of the target). Uniform draws are 64-bit words scaled to the range by a multiplication: the
/// probability of each neuron differs from 1/N by less than 2^-64, a relative bias below 2^-32 for every N that is possible here.
/// </remarks>
public abstract class ConnectionRule
{
    private readonly Lazy<IReadOnlyList<string>> _problems;

    private protected ConnectionRule() => _problems = new Lazy<IReadOnlyList<string>>(FindAllProblems);

    /// <summary>Name in a network file.</summary>
    public abstract string Name { get; }

    /// <summary>Neurons of the source population.</summary>
    public required int SourceCount { get; init; }

    /// <summary>Neurons of the target population.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Whether source and target are the same population, so that a neuron could connect to itself.</summary>
    public bool SamePopulation { get; init; }

    /// <summary>Whether a neuron may connect to itself.</summary>
    public bool AllowAutapses { get; init; } = true;

    /// <summary>Whether a source and a target may share several synapses.</summary>
    public bool AllowMultapses { get; init; } = true;

    /// <summary>Key of all its random numbers; different for every projection.</summary>
    public required StreamKey Key { get; init; }

    /// <summary>Whether a neuron is left out from its own candidates.</summary>
    private protected bool ExcludesSelf => SamePopulation && !AllowAutapses;

    /// <summary>Sources that a target may draw from.</summary>
    private protected int SourceCandidates => ExcludesSelf ? SourceCount - 1 : SourceCount;

    /// <summary>What is wrong with the rule, in sentences that say what was given, what is allowed and what to do; empty if nothing.</summary>
    public IReadOnlyList<string> Problems => _problems.Value;

    /// <summary>Expected number of synapses onto the targets [first, last): exact where the rule fixes it.</summary>
    /// <param name="first">First target.</param>
    /// <param name="last">Behind the last target.</param>
    public abstract double ExpectedCount(int first, int last);

    /// <summary>Visits all synapses onto the targets [first, last), in canonical order.</summary>
    /// <param name="first">First target.</param>
    /// <param name="last">Behind the last target.</param>
    /// <param name="words">Random words that the sink will read.</param>
    /// <param name="sink">Takes the synapses.</param>
    /// <param name="stop">Asked with every batch of synapses that are drawn whether to give up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the targets.</exception>
    /// <exception cref="InvalidOperationException">The rule has <see cref="Problems"/>.</exception>
    /// <exception cref="OperationCanceledException">The draw was asked to stop.</exception>
    public void Draw(int first, int last, SynapseWords words, ISynapseSink sink, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, TargetCount);
        if (Problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join("; ", Problems));
        }

        if (first < last)
        {
            var writer = new SynapseWriter(words, sink, stop);
            DrawRange(first, last, writer);
            writer.Flush();
        }
    }

    /// <summary>Problems of this rule between populations that are sound.</summary>
    private protected abstract IEnumerable<string> FindProblems();

    /// <summary>Writes the synapses onto the targets of a range that is not empty.</summary>
    private protected abstract void DrawRange(int first, int last, SynapseWriter writer);

    /// <summary>A sentence with numbers as everywhere in the world.</summary>
    private protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private List<string> FindAllProblems()
    {
        var problems = new List<string>();
        if (SourceCount < 1 || TargetCount < 1)
        {
            problems.Add(Text($"{Name} connects {SourceCount} sources to {TargetCount} targets; both populations need at least one neuron"));
        }
        else if (SamePopulation && SourceCount != TargetCount)
        {
            problems.Add(Text($"{Name} within one population has {SourceCount} sources but {TargetCount} targets; give equal numbers"));
        }
        else
        {
            problems.AddRange(FindProblems());
        }

        return problems;
    }
}
