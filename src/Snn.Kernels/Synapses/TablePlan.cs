namespace Snn.Kernels.Synapses;

/// <summary>A table before it has synapses: which weights it holds, and which part of the input array it reaches.</summary>
/// <param name="Group">Its weight group; the order of the groups does not depend on the partition.</param>
/// <param name="IsConstant">Whether all its weights are <paramref name="Scale"/>.</param>
/// <param name="Scale">The constant weight, or the greatest absolute weight of the group.</param>
/// <param name="EntryBase">Place in the input array that its index zero stands for.</param>
internal readonly record struct PlannedTable(int Group, bool IsConstant, double Scale, int EntryBase);

/// <summary>
/// Decides how the synapses of one source population are shared out among tables. Synapses that reach one place of the input
/// array and belong to one weight group are always in one table, and groups depend only on the projections as a whole: so
/// the order in which an input receives its weights is the same for every partition.
/// </summary>
internal sealed class TablePlan
{
    /// <summary>More different constants than this share a table of varied weights: many short rows cost more than stored weights.</summary>
    public const int MaxConstantGroups = 4;

    /// <summary>Places of the input array that a 16-bit index reaches.</summary>
    private const int MaxWidth = 65536;

    /// <summary>Half of what 32-bit offsets can address: the shares of a group in its segments are only estimated.</summary>
    private const double MaxExpectedSynapses = 1u << 31;

    private readonly List<PlannedTable> _tables = [];
    private readonly int[] _groupOf;

    /// <summary>A plan for the projections of one source population, all of them, those without targets in the shard too.</summary>
    /// <param name="projections">The projections.</param>
    /// <param name="storesAll">Whether constant weights are stored like varied ones, because they will change.</param>
    public TablePlan(IReadOnlyList<ShardProjection> projections, bool storesAll = false)
    {
        var ranges = projections.Select(p => p.WeightRange).ToArray();
        var constants = ranges.Where(r => r.Min == r.Max).Select(r => r.Min).Distinct().ToArray();
        if (storesAll || constants.Length > MaxConstantGroups)
        {
            constants = [];
        }

        _groupOf = [.. ranges.Select(r => r.Min == r.Max && constants.Contains(r.Min) ? Array.IndexOf(constants, r.Min) : constants.Length)];
        for (var group = 0; group <= constants.Length; group++)
        {
            var members = Enumerable.Range(0, projections.Count).Where(p => _groupOf[p] == group).ToArray();
            var isConstant = group < constants.Length;
            var scale = isConstant ? constants[group] : members.Select(p => Greatest(ranges[p])).DefaultIfEmpty(0).Max();
            AddSegments(group, isConstant, scale, [.. members.Select(p => projections[p])]);
        }

        DelaySteps = [.. projections.SelectMany(p => p.PossibleDelays).Distinct().Order()];
    }

    /// <summary>Tables, in the order of delivery.</summary>
    public IReadOnlyList<PlannedTable> Tables => _tables;

    /// <summary>All delays that a synapse can have, steps, ascending.</summary>
    public int[] DelaySteps { get; }

    /// <summary>Whether all weights of a projection are constant in its table.</summary>
    public bool IsConstant(int projection) => _tables.Exists(t => t.Group == _groupOf[projection] && t.IsConstant);

    /// <summary>The greatest absolute weight of a projection's group.</summary>
    public double Scale(int projection) => _tables.Find(t => t.Group == _groupOf[projection]).Scale;

    /// <summary>The table that holds the synapses of a projection onto a place of the input array, and the first place that it does not hold.</summary>
    public (int Table, long EntryEnd) TableOf(int projection, int entry)
    {
        var group = _groupOf[projection];
        var table = _tables.FindLastIndex(t => t.Group == group && t.EntryBase <= entry);
        var next = table + 1 < _tables.Count && _tables[table + 1].Group == group ? _tables[table + 1].EntryBase : long.MaxValue;
        return (table, next);
    }

    private static double Greatest((double Min, double Max) range) => Math.Max(Math.Abs(range.Min), Math.Abs(range.Max));

    /// <summary>Covers the places that a group reaches by as few segments as possible: each begins at the first place not yet covered.</summary>
    private void AddSegments(int group, bool isConstant, double scale, ShardProjection[] projections)
    {
        var intervals = projections.SelectMany(Intervals).OrderBy(i => i.First).ThenBy(i => i.Last).ToArray();
        var width = Width(projections, intervals);
        long covered = 0;
        foreach (var (first, last) in intervals)
        {
            for (var start = Math.Max(first, covered); start < last; start = covered)
            {
                _tables.Add(new PlannedTable(group, isConstant, scale, (int)start));
                covered = start + width;
            }
        }
    }

    private static IEnumerable<(long First, long Last)> Intervals(ShardProjection p)
    {
        var count = p.LastTarget - p.FirstTarget;
        var (min, max) = p.WeightRange;
        if (count > 0 && max >= 0)
        {
            yield return (p.OffsetIfPositive, (long)p.OffsetIfPositive + count);
        }

        if (count > 0 && min < 0)
        {
            yield return (p.OffsetIfNegative, (long)p.OffsetIfNegative + count);
        }
    }

    /// <summary>Width of the segments: narrower than the index allows only where a table would have too many synapses.</summary>
    private static int Width(ShardProjection[] projections, (long First, long Last)[] intervals)
    {
        var expected = projections.Sum(p => p.LastTarget > p.FirstTarget ? p.Rule.ExpectedCount(p.FirstTarget, p.LastTarget) : 0);
        long places = 0;
        long end = 0;
        foreach (var (first, last) in intervals)
        {
            places += Math.Max(0, last - Math.Max(first, end));
            end = Math.Max(end, last);
        }

        var width = MaxWidth;
        while (width > 1 && expected * Math.Min(1, width / (double)Math.Max(places, 1)) > MaxExpectedSynapses)
        {
            width /= 2;
        }

        return width;
    }
}
