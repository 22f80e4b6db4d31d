using System.Numerics;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Parameters of the levels that state is rounded to, as of snnTorch's state_quant. A group: a model's Parameters has it as a field.
/// </summary>
public struct StateQuantisation
{
    /// <summary>Bits.</summary>
    [Parameter(0, "", "Bits of a quantised state: 2 to that power levels; 0 for none", Min = 0, Max = StateQuantiser.MaxBits, IsShared = true)]
    public double quant_bits;

    /// <summary>Whether levels are evenly spaced.</summary>
    [Parameter(1, "", "Whether the levels are evenly spaced; else they are densest around a centre", Min = 0, Max = 1, IsSwitch = true, IsShared = true)]
    public double quant_uniform;

    /// <summary>Whether the centre of uneven levels is the threshold.</summary>
    [Parameter(1, "", "Whether the centre of uneven levels is quant_threshold; else it is 0", Min = 0, Max = 1, IsSwitch = true, IsShared = true)]
    public double quant_thr_centered;

    /// <summary>Threshold that the levels go by.</summary>
    [Parameter(1, "", "Threshold that the levels go by", Min = 0, MinExcluded = true, IsShared = true)]
    public double quant_threshold;

    /// <summary>Lower margin.</summary>
    [Parameter(0, "", "The lowest level is -quant_threshold (1 + quant_lower_limit)", Min = 0, IsShared = true)]
    public double quant_lower_limit;

    /// <summary>Upper margin.</summary>
    [Parameter(0.2, "", "The highest level is quant_threshold (1 + quant_upper_limit)", Min = 0, IsShared = true)]
    public double quant_upper_limit;

    /// <summary>Ratio of the gaps of uneven levels.</summary>
    [Parameter(double.NaN, "", "Ratio of an uneven gap to the next one away from the centre; null: by the number of bits", Min = 0, MinExcluded = true, AllowsNull = true, IsShared = true)]
    public double quant_multiplier;

    /// <summary>What is wrong with it.</summary>
    internal readonly IEnumerable<ParameterProblem> Check() => CommonChecks.WholeNumber("quant_bits", quant_bits);
}

/// <summary>Rounds state to given levels: the nearest, the lower one of two.</summary>
public sealed unsafe class StateQuantiser
{
    /// <summary>Most bits of a state: beyond, single precision has no finer steps to offer.</summary>
    public const int MaxBits = 16;

    /// <summary>Default ratio of the gaps of uneven levels for 1, 2, ... bits, the last for all beyond.</summary>
    private static readonly double[] _multipliers = [0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.925, 0.95];

    private readonly double[] _levels;
    private readonly float[] _singleLevels;
    private readonly int _columns;

    /// <param name="levels">Ascending levels.</param>
    /// <param name="columns">How many state columns are rounded; they are the first ones.</param>
    public StateQuantiser(double[] levels, int columns)
    {
        ArgumentNullException.ThrowIfNull(levels);
        _levels = levels;
        _singleLevels = [.. levels.Select(l => (float)l)];
        _columns = columns;
    }

    /// <summary>The quantiser of a parameter set; null where it has no levels.</summary>
    /// <param name="p">The parameters.</param>
    /// <param name="columns">How many state columns are rounded; they are the first ones.</param>
    public static StateQuantiser? Create(in StateQuantisation p, int columns) =>
        p.quant_bits > 0 ? new StateQuantiser(Levels(p), columns) : null;

    /// <summary>The levels of a parameter set, ascending.</summary>
    /// <param name="p">The parameters, of at least one bit.</param>
    public static double[] Levels(in StateQuantisation p)
    {
        var count = 1 << (int)p.quant_bits;
        var low = -p.quant_threshold * (1 + p.quant_lower_limit);
        var high = p.quant_threshold * (1 + p.quant_upper_limit);
        if (p.quant_uniform != 0)
        {
            return Even(low, high, count);
        }

        var multiplier = double.IsNaN(p.quant_multiplier) ? _multipliers[Math.Min((int)p.quant_bits, _multipliers.Length) - 1] : p.quant_multiplier;
        return Uneven(low, p.quant_thr_centered != 0 ? p.quant_threshold : 0, high, count, multiplier);
    }

    /// <summary>The level nearest to a number, the lower one of two.</summary>
    /// <param name="levels">Ascending levels.</param>
    /// <param name="x">The number.</param>
    public static T Nearest<T>(ReadOnlySpan<T> levels, T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The first level that is not below x is the only one above that can be nearest.
        var (below, above) = (0, levels.Length - 1);
        while (below < above)
        {
            var middle = (below + above) / 2;
            (below, above) = levels[middle] < x ? (middle + 1, above) : (below, middle);
        }

        return above > 0 && T.Abs(x - levels[above - 1]) <= T.Abs(x - levels[above]) ? levels[above - 1] : levels[above];
    }

    /// <summary>Rounds the state of all neurons.</summary>
    internal void Apply(in NeuronColumns n, bool isDouble)
    {
        for (nint column = 0; column < _columns; column++)
        {
            if (isDouble)
            {
                Round(_levels, new Span<double>((double*)n.State + (column * n.StateStride), n.Count));
            }
            else
            {
                Round(_singleLevels, new Span<float>((float*)n.State + (column * n.StateStride), n.Count));
            }
        }
    }

    private static void Round<T>(ReadOnlySpan<T> levels, Span<T> column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref var x in column)
        {
            x = Nearest(levels, x);
        }
    }

    /// <summary>Counted from both ends, so that both are exact.</summary>
    private static double[] Even(double low, double high, int count)
    {
        var gap = (high - low) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => i < count / 2 ? low + (gap * i) : high - (gap * (count - i - 1)))];
    }

    /// <summary>
    /// From the lowest level on, gaps shrink by the multiplier towards the centre, which is no level; beyond it they grow again up to the highest level.
    /// </summary>
    private static double[] Uneven(double low, double centre, double high, int count, double multiplier)
    {
        var below = (int)Math.Floor(count * (centre - low) / (high - low));
        var above = count - below;
        var (shrinking, growing) = (Gaps(centre - low, below, multiplier), Gaps(high - centre, above, multiplier));
        var levels = new double[count];
        var level = low;
        for (var j = 0; j < below; j++)
        {
            levels[j] = level;
            level += shrinking[j];
        }

        level = centre;
        for (var j = 0; j < above; j++)
        {
            level += growing[above - 1 - j];
            levels[below + j] = level;
        }

        return levels;
    }

    /// <summary>Gaps in the ratio 1 : m : m^2 ... that fill a length.</summary>
    private static double[] Gaps(double length, int count, double multiplier)
    {
        var gaps = new double[count];
        var (gap, sum) = (1.0, 0.0);
        for (var j = 0; j < count; j++)
        {
            gaps[j] = gap;
            sum += gap;
            gap *= multiplier;
        }

        return [.. gaps.Select(g => g * length / sum)];
    }
}
