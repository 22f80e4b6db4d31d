namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// Where the taps of a spike go, one axis at a time. A spike in column x of the image reaches some output columns, each by a tap j of the kernel. Where output
/// columns and stored taps both go up by one (stride and dilation 1), they make one run; else each is a run of its own.
/// </summary>
internal sealed class ConvolutionTables
{
    /// <summary>The tables of a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="stride">Numbers from one stored tap, and one location, to the next.</param>
    public ConvolutionTables(ConvolutionShape shape, int stride)
    {
        var (rows, columns) = (new List<Run>(), new List<Run>());
        RowStarts = Starts(shape.Height, y => rows.AddRange(RowRuns(shape, y, stride)), rows);
        ColumnStarts = Starts(shape.Width, x => AddMerged(columns, ColumnRuns(shape, x, stride), stride), columns);
        Rows = [.. rows];
        Columns = [.. columns];
    }

    /// <summary>Where the runs of each image row begin in <see cref="Rows"/>. [height + 1]</summary>
    public int[] RowStarts { get; }

    /// <summary>Output rows that an image row reaches.</summary>
    public Run[] Rows { get; }

    /// <summary>Where the runs of each image column begin. [width + 1]</summary>
    public int[] ColumnStarts { get; }

    /// <summary>Runs of output columns that an image column reaches.</summary>
    public Run[] Columns { get; }

    private static int[] Starts(int size, Action<int> add, List<Run> runs)
    {
        var starts = new int[size + 1];
        for (var i = 0; i < size; i++)
        {
            add(i);
            starts[i + 1] = runs.Count;
        }

        return starts;
    }

    private static IEnumerable<Run> RowRuns(ConvolutionShape shape, int y, int stride)
    {
        for (var i = 0; i < shape.Kernel.Y; i++)
        {
            if (Output(y, i, shape.Stride.Y, shape.Padding.Y, shape.Dilation.Y, shape.OutputHeight) is { } output)
            {
                yield return new Run { Weight = shape.Row(0, i, shape.Kernel.X - 1) * stride, Place = output * shape.OutputWidth * stride, Location = output * shape.OutputWidth };
            }
        }
    }

    /// <summary>Stored taps ascending: from the last tap of a kernel row to the first.</summary>
    private static IEnumerable<Run> ColumnRuns(ConvolutionShape shape, int x, int stride)
    {
        for (var j = shape.Kernel.X - 1; j >= 0; j--)
        {
            if (Output(x, j, shape.Stride.X, shape.Padding.X, shape.Dilation.X, shape.OutputWidth) is { } output)
            {
                yield return new Run { Weight = shape.Row(0, 0, j) * stride, Place = output * stride, Count = stride, Location = output, Locations = 1 };
            }
        }
    }

    private static void AddMerged(List<Run> runs, IEnumerable<Run> added, int stride)
    {
        var first = runs.Count;
        foreach (var run in added)
        {
            if (runs.Count > first && runs[^1] is var last && last.Weight + last.Count == run.Weight && last.Place + last.Count == run.Place)
            {
                runs[^1] = last with { Count = last.Count + stride, Locations = last.Locations + 1 };
            }
            else
            {
                runs.Add(run);
            }
        }
    }

    /// <summary>The output place whose window has the image place under a tap.</summary>
    private static int? Output(int place, int tap, int stride, int padding, int dilation, int outputs)
    {
        var offset = place + padding - (tap * dilation);
        return offset >= 0 && offset % stride == 0 && offset / stride < outputs ? offset / stride : null;
    }

    /// <summary>Numbers that a spike adds: from a place in the weights of its channel to a place in the sums.</summary>
    public readonly record struct Run
    {
        /// <summary>First number of the weights.</summary>
        public int Weight { get; init; }

        /// <summary>First number of the sums.</summary>
        public int Place { get; init; }

        /// <summary>Numbers; of rows not used.</summary>
        public int Count { get; init; }

        /// <summary>First location of the sums.</summary>
        public int Location { get; init; }

        /// <summary>Locations; of rows not used.</summary>
        public int Locations { get; init; }
    }
}
