namespace Snn.Actors.Data;

/// <summary>A spike array or spike tensor: one number a cell, row by row, the last index fastest.</summary>
/// <param name="Shape">Length of every dimension: [channel, place, step] or [channel, height, width, step].</param>
/// <param name="Values">Zero where there is no spike.</param>
public sealed record SpikeArray(IReadOnlyList<int> Shape, double[] Values);

/// <summary>
/// Events of a neuromorphic sensor: each has a place, a polarity (or channel) and a time. Polarities are counted from the least one that occurs, as PySNN
/// does: a recording of a single polarity has polarity 0.
/// </summary>
public sealed class Events
{
    private readonly int[] _x;
    private readonly int[]? _y;
    private readonly int[] _polarity;
    private readonly double[] _timesMs;

    /// <summary>Makes events.</summary>
    /// <param name="x">[event] place, or place across; at least 0</param>
    /// <param name="y">[event] place down, at least 0; null: places are in a line</param>
    /// <param name="polarity">[event] polarity or channel; the least becomes 0</param>
    /// <param name="timesMs">[event] ms, at least 0</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a number is negative or no number.</exception>
    public Events(IReadOnlyList<int> x, IReadOnlyList<int>? y, IReadOnlyList<int> polarity, IReadOnlyList<double> timesMs)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(polarity);
        ArgumentNullException.ThrowIfNull(timesMs);
        if (polarity.Count != x.Count || timesMs.Count != x.Count || (y is not null && y.Count != x.Count))
        {
            throw new ArgumentException(
                $"Events: {x.Count} x, {y?.Count ?? x.Count} y, {polarity.Count} polarities and {timesMs.Count} times; give one of each an event.");
        }

        if (x.Any(v => v < 0) || (y ?? []).Any(v => v < 0) || timesMs.Any(t => !(t >= 0 && double.IsFinite(t))))
        {
            throw new ArgumentException("Events: a place or a time is negative or no number; give places and times of 0 or more.");
        }

        var least = polarity.Count == 0 ? 0 : polarity.Min();
        (_x, _y, _polarity, _timesMs) = ([.. x], y is null ? null : [.. y], [.. polarity.Select(p => p - least)], [.. timesMs]);
    }

    /// <summary>How many there are.</summary>
    public int Count => _x.Length;

    /// <summary>Dimensions of a place: 1 or 2.</summary>
    public int Dimensions => _y is null ? 1 : 2;

    /// <summary>Place, or place across. [event]</summary>
    public IReadOnlyList<int> X => _x;

    /// <summary>Place down; null where places are in a line. [event]</summary>
    public IReadOnlyList<int>? Y => _y;

    /// <summary>Polarity or channel, counted from the least. [event]</summary>
    public IReadOnlyList<int> Polarity => _polarity;

    /// <summary>Time, ms. [event]</summary>
    public IReadOnlyList<double> TimesMs => _timesMs;

    /// <summary>The events that the cells of an array stand for: every cell that is not zero, in the order of the array.</summary>
    /// <param name="array">[channel, place, step] or [channel, height, width, step]</param>
    /// <param name="samplingTimeMs">Time from one step to the next, ms.</param>
    /// <exception cref="ArgumentException">The array has another number of dimensions.</exception>
    public static Events From(SpikeArray array, double samplingTimeMs = 1)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Shape.Count is not (3 or 4))
        {
            throw new ArgumentException(
                $"Events.From: the array has {array.Shape.Count} dimensions; give 3 (channel, place, step) or 4 (channel, height, width, step).");
        }

        var (isPlane, steps, width) = (array.Shape.Count == 4, array.Shape[^1], array.Shape[^2]);
        var height = isPlane ? array.Shape[1] : 1;
        var cells = Enumerable.Range(0, array.Values.Length).Where(i => array.Values[i] != 0).ToArray();
        return new Events(
            Array.ConvertAll(cells, i => i / steps % width),
            isPlane ? Array.ConvertAll(cells, i => i / steps / width % height) : null,
            Array.ConvertAll(cells, i => i / steps / width / height),
            Array.ConvertAll(cells, i => i % steps * samplingTimeMs));
    }

    /// <summary>
    /// The cells of a tensor in which events lie, ascending, each once; events beyond the tensor are left out. An event at t lies in the step nearest to
    /// t / sampling time, ties to the even one.
    /// </summary>
    /// <param name="shape">[channel, height, width, step]; places in a line have height 1</param>
    /// <param name="samplingTimeMs">Time from one step to the next, ms; above 0.</param>
    /// <returns>Indices of cells, row by row, the step fastest.</returns>
    /// <exception cref="ArgumentException">The shape has other than four dimensions or the sampling time is not above 0.</exception>
    public long[] Cells(IReadOnlyList<int> shape, double samplingTimeMs = 1)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Count != 4 || shape.Any(d => d < 0) || !(samplingTimeMs > 0))
        {
            throw new ArgumentException(
                $"Events: a tensor of the shape [{string.Join(", ", shape)}] in steps of {samplingTimeMs} ms; give [channel, height, width, step] and a sampling time above 0.");
        }

        var cells = new List<long>(Count);
        for (var i = 0; i < Count; i++)
        {
            var (p, y, x, step) = (_polarity[i], _y?[i] ?? 0, _x[i], Math.Round(_timesMs[i] / samplingTimeMs, MidpointRounding.ToEven));
            if (p < shape[0] && y < shape[1] && x < shape[2] && step < shape[3])
            {
                cells.Add((((((long)p * shape[1]) + y) * shape[2]) + x) * shape[3] + (long)step);
            }
        }

        cells.Sort();
        return [.. cells.Distinct()];
    }

    /// <summary>A tensor with 1 / sampling time in every cell in which an event lies, however many do.</summary>
    /// <inheritdoc cref="Cells"/>
    public SpikeArray ToSpikeTensor(IReadOnlyList<int> shape, double samplingTimeMs = 1)
    {
        var cells = Cells(shape, samplingTimeMs);
        var values = new double[shape.Aggregate(1, (n, d) => checked(n * d))];
        foreach (var cell in cells)
        {
            values[cell] = 1 / samplingTimeMs;
        }

        return new SpikeArray([.. shape], values);
    }

    /// <summary>An array as small as the events allow, or of a given shape: as a tensor, but places in a line have no height.</summary>
    /// <param name="samplingTimeMs">Time from one step to the next, ms; above 0.</param>
    /// <param name="shape">[channel, place, step] or [channel, height, width, step]; null: each length is the greatest index plus 1, rounded, ties to even.</param>
    /// <exception cref="ArgumentException">The shape does not fit the dimensions of the events, there are none to take it from, or the sampling time is not above 0.</exception>
    public SpikeArray ToSpikeArray(double samplingTimeMs = 1, IReadOnlyList<int>? shape = null)
    {
        shape ??= OwnShape(samplingTimeMs);
        if (shape.Count != Dimensions + 2)
        {
            throw new ArgumentException(
                $"Events.ToSpikeArray: a shape of {shape.Count} dimensions for places of {Dimensions}; give a channel, {Dimensions} of place, and steps.");
        }

        int[] full = _y is null ? [shape[0], 1, .. shape.Skip(1)] : [.. shape];
        return ToSpikeTensor(full, samplingTimeMs) with { Shape = [.. shape] };
    }

    /// <summary>
    /// The smallest shape. The step axis ends at the rounded end of the last event: one at exactly half a step may lie beyond it, as in PySNN.
    /// </summary>
    internal int[] OwnShape(double samplingTimeMs)
    {
        if (Count == 0)
        {
            throw new ArgumentException("Events: there are none to take a shape from; give a shape.");
        }

        var steps = checked((int)Math.Round((_timesMs.Max() / samplingTimeMs) + 1, MidpointRounding.ToEven));
        return _y is null ? [_polarity.Max() + 1, _x.Max() + 1, steps] : [_polarity.Max() + 1, _y.Max() + 1, _x.Max() + 1, steps];
    }
}
