namespace Snn.Actors.Networks.Reading;

/// <summary>A table from a .npy file.</summary>
/// <param name="FullPath">Where it was read from.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">[row, column]</param>
internal sealed record ArrayTable(string FullPath, int Rows, int Columns, float[] Values);

/// <summary>Reads the .npy files that inputs name, each once.</summary>
internal sealed class ArrayFiles(Problems problems, string? directory)
{
    private readonly Dictionary<string, ArrayTable?> _tables = [];

    /// <summary>The table of a file; null, and a problem, where it cannot be used.</summary>
    public ArrayTable? Read(At at, int? columns, bool isSpikes)
    {
        if (Values.Text(problems, at, "the name of a .npy file") is not { } name)
        {
            return null;
        }

        if (!_tables.TryGetValue(name, out var table))
        {
            table = Load(at, name);
            _tables.Add(name, table);
        }

        if (table is null)
        {
            return null;
        }

        if (columns is { } expected && table.Columns != expected)
        {
            problems.Add(at, $"{Say.Quote(name)} has {Say.Some(table.Columns, "column")}, but this input drives {Say.Some(expected, "neuron")}; give one column a neuron, or choose \"neurons\"");
            return null;
        }

        var isUsable = !isSpikes || Array.TrueForAll(table.Values, v => v >= 0 && v == MathF.Floor(v) && v <= 1e6f);
        if (!isUsable)
        {
            problems.Add(at, $"{Say.Quote(name)} holds values that are no numbers of spikes; use whole numbers from 0 to 1000000, or \"kind\": \"current\"");
        }

        return isUsable ? table : null;
    }

    private ArrayTable? Load(At at, string name)
    {
        try
        {
            var path = Path.GetFullPath(name, directory ?? Environment.CurrentDirectory);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var array = Npy.Read(stream);
            if (array.Shape is not [var rows, var columns])
            {
                problems.Add(at, $"{Say.Quote(name)} has {Say.Some(array.Shape.Count, "dimension")}; an input needs two: one row a step, one column a neuron");
                return null;
            }

            if (rows == 0 || columns == 0)
            {
                problems.Add(at, $"{Say.Quote(name)} is empty ({Say.Number(rows)} rows, {Say.Number(columns)} columns); give at least one row");
                return null;
            }

            if (!Array.TrueForAll(array.Values, float.IsFinite))
            {
                problems.Add(at, $"{Say.Quote(name)} holds values that are NaN, infinite or beyond 3.4e38; use finite numbers");
                return null;
            }

            return new ArrayTable(path, rows, columns, array.Values);
        }
        catch (InvalidDataException error)
        {
            problems.Add(at, $"{Say.Quote(name)} cannot be used: {error.Message}");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(at, $"there is no file {Say.Quote(name)} beside the network file; its path is relative to the folder of the network file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(at, $"{Say.Quote(name)} cannot be read; check that it is a file and that you may read it");
        }

        return null;
    }
}
