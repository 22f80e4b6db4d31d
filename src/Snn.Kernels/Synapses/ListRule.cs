namespace Snn.Kernels.Synapses;

/// <summary>
/// The given pairs, each a synapse. The synapses of a target keep the order of the list; weights and delays that are listed, not drawn,
/// are found by <see cref="SynapseBatch.Places"/>.
/// </summary>
public sealed class ListRule : ConnectionRule
{
    private readonly Lazy<(int[] Order, int[] FirstOfTarget)> _byTarget;

    /// <summary>A list of pairs.</summary>
    public ListRule() => _byTarget = new Lazy<(int[] Order, int[] FirstOfTarget)>(SortByTarget);

    /// <inheritdoc/>
    public override string Name => "list";

    /// <summary>Source neurons. [synapse]</summary>
    public required IReadOnlyList<int> Sources { get; init; }

    /// <summary>Target neurons. [synapse]</summary>
    public required IReadOnlyList<int> Targets { get; init; }

    /// <inheritdoc/>
    public override double ExpectedCount(int first, int last) =>
        _byTarget.Value.FirstOfTarget[last] - _byTarget.Value.FirstOfTarget[first];

    private protected override IEnumerable<string> FindProblems()
    {
        if (Sources.Count != Targets.Count)
        {
            return [Text($"list has {Sources.Count} sources but {Targets.Count} targets; give one of each a synapse")];
        }

        var problems = new List<string>();
        AddOutside(Sources, SourceCount, "source", problems);
        AddOutside(Targets, TargetCount, "target", problems);
        if (problems.Count == 0)
        {
            AddForbidden(problems);
        }

        return problems;
    }

    private protected override void DrawRange(int first, int last, SynapseWriter writer)
    {
        var (order, firstOfTarget) = _byTarget.Value;
        for (var target = first; target < last; target++)
        {
            var begin = firstOfTarget[target];
            var count = firstOfTarget[target + 1] - begin;
            for (var k = 0; k < count;)
            {
                var n = Math.Min(writer.Room, count - k);
                if (writer.NeedsWords)
                {
                    writer.Draw(Key, (uint)k, (uint)target, DrawPurpose.ByTarget, n);
                }

                for (var i = 0; i < n; i++)
                {
                    var place = order[begin + k + i];
                    writer.Batch.Places[writer.Batch.Count + i] = place;
                    writer.Batch.Sources[writer.Batch.Count + i] = Sources[place];
                }

                writer.Commit(n, target);
                k += n;
            }
        }
    }

    private static void AddOutside(IReadOnlyList<int> neurons, int size, string role, List<string> problems)
    {
        for (var place = 0; place < neurons.Count; place++)
        {
            if ((uint)neurons[place] >= (uint)size)
            {
                problems.Add(Text($"list has {role} {neurons[place]} at place {place}; use 0 to {size - 1}"));
                return;
            }
        }
    }

    private void AddForbidden(List<string> problems)
    {
        var pairs = AllowMultapses ? null : new HashSet<(int Source, int Target)>();
        for (var place = 0; place < Sources.Count; place++)
        {
            if (ExcludesSelf && Sources[place] == Targets[place])
            {
                problems.Add(Text($"list connects neuron {Sources[place]} to itself at place {place}; leave it out or allow autapses"));
                return;
            }

            if (pairs?.Add((Sources[place], Targets[place])) == false)
            {
                problems.Add(Text(
                    $"list repeats the pair {Sources[place]}, {Targets[place]} at place {place}; leave it out or allow multapses"));
                return;
            }
        }
    }

    /// <summary>Places in the list, sorted by target and stable, and where the places of each target begin.</summary>
    private (int[] Order, int[] FirstOfTarget) SortByTarget()
    {
        var first = new int[TargetCount + 1];
        foreach (var target in Targets)
        {
            first[target + 1]++;
        }

        for (var target = 0; target < TargetCount; target++)
        {
            first[target + 1] += first[target];
        }

        var next = first.AsSpan(0, TargetCount).ToArray();
        var order = new int[Targets.Count];
        for (var place = 0; place < order.Length; place++)
        {
            order[next[Targets[place]]++] = place;
        }

        return (order, first);
    }
}
