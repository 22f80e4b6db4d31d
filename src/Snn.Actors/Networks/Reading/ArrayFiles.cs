using System.IO.Compression;
using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>A table from a .npy file.</summary>
/// <param name="FullPath">Where it was read from.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Values">[row, column]</param>
internal sealed record ArrayTable(string FullPath, int Rows, int Columns, NpyArray Values);

/// <summary>Reads the .npy and .npz files that a network names, each array once.</summary>
internal sealed class ArrayFiles(Problems problems, string? directory)
{
    /// <summary>Names of the array that is meant in an .npz file of several, where none is named.</summary>
    private static readonly string[] UsualNames = ["weight", "weights"];

    private readonly Dictionary<(string File, string? Array), NpyArray?> _arrays = [];

    /// <summary>The table of an input; null, and a problem, where it cannot be used.</summary>
    /// <param name="at">The name of the file.</param>
    /// <param name="columns">Driven neurons; null where that is not known because of another problem.</param>
    /// <param name="items">Batch items: the table may have values for each of them.</param>
    /// <param name="isSpikes">Whether the values are numbers of spikes.</param>
    public ArrayTable? Read(At at, int? columns, int items, bool isSpikes)
    {
        if (Values.Text(problems, at, "the name of a .npy file") is not { } name || Array(at, name, null) is not { } array)
        {
            return null;
        }

        if (array.Shape.Count < 2 || (array.Shape.Count > 2 && items == 1))
        {
            problems.Add(at, $"{Say.Quote(name)} has {Say.Some(array.Shape.Count, "dimension")}; an input needs two: one row a step, one column a neuron");
            return null;
        }

        var (rows, width) = (array.Shape[0], array.Shape.Skip(1).Aggregate(1, (n, d) => n * d));
        if (rows == 0 || width == 0)
        {
            problems.Add(at, $"{Say.Quote(name)} is empty ({Say.Number(rows)} rows, {Say.Number(width)} columns); give at least one row");
            return null;
        }

        if (columns is { } expected && width != expected && width != (long)expected * items)
        {
            var each = items == 1 ? string.Empty : $", in {Say.Some(items, "batch item")}";
            problems.Add(at, $"{Say.Quote(name)} has {Say.Some(width, "column")}, but this input drives {Say.Some(expected, "neuron")}{each}; give one column a neuron, or choose \"neurons\"");
            return null;
        }

        var isUsable = !isSpikes || array.All(v => v >= 0 && v == Math.Floor(v) && v <= 1e6);
        if (!isUsable)
        {
            problems.Add(at, $"{Say.Quote(name)} holds values that are no numbers of spikes; use whole numbers from 0 to 1000000, or \"kind\": \"current\"");
        }

        return isUsable ? new ArrayTable(FullPath(name), rows, width, array) : null;
    }

    /// <summary>An array of any shape, with the full path of its file; null, and a problem, where it cannot be used.</summary>
    public (string Path, NpyArray? Values) ReadAny(At at) =>
        Values.Text(problems, at, "the name of a .npy file") is { } name ? (FullPath(name), Array(at, name, null)) : (string.Empty, null);

    /// <summary>
    /// Numbers that take the place of a list, from a .npy file or an array of a .npz file: {"file": "w.npy"} or {"file": {"path": "net.npz", "array":
    /// "fc1.weight"}}. Null, and a problem, where they cannot be used.
    /// </summary>
    public Distribution.Array? ReadNumbers(At at, Quantity quantity, ArrayShape shape)
    {
        var (nameAt, array) = (at, (string?)null);
        if (at.Value.Kind == SourceKind.Object)
        {
            var reader = ObjectReader.Open(problems, at, string.Empty)!;
            var path = reader.Required("path", "\"path\": \"net.npz\" (relative to the network file)");
            array = reader.Optional("array") is { } a ? Values.Text(problems, a, "the name of an array in the file") : null;
            reader.Close();
            if (path is null)
            {
                return null;
            }

            nameAt = path.Value;
        }

        if (Values.Text(problems, nameAt, "the name of a .npy or .npz file") is not { } name || Array(nameAt, name, array) is not { } read)
        {
            return null;
        }

        var numbers = read.ToDoubles();
        if (shape.Length is { } length && numbers.Length != length)
        {
            problems.Add(nameAt, $"{Say.Quote(name)} has {Say.Some(numbers.Length, "value")}, but {shape.Whose} has {Say.Some(length, shape.Per)}; give one value a {shape.Per}");
            return null;
        }

        var wrong = System.Array.FindIndex(numbers, n => !quantity.Allows(n));
        if (wrong >= 0)
        {
            problems.Add(nameAt, $"element {Say.Number(wrong)} of {Say.Quote(name)}: {quantity.OutOfRange(numbers[wrong])}");
            return null;
        }

        return new Distribution.Array(numbers) { File = FullPath(name) + (array is null ? string.Empty : "#" + array) };
    }

    private string FullPath(string name) => Path.GetFullPath(name, directory ?? Environment.CurrentDirectory);

    private NpyArray? Array(At at, string name, string? array)
    {
        if (!_arrays.TryGetValue((name, array), out var read))
        {
            read = Load(at, name, array);
            _arrays.Add((name, array), read);
        }

        return read;
    }

    private NpyArray? Load(At at, string name, string? array) => DataFiles.Load(problems, at, name, directory, path =>
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var read = name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? FromZip(stream, array) : Npy.Read(stream);
        if (read.All(double.IsFinite))
        {
            return read;
        }

        problems.Add(at, $"{Say.Quote(name)} holds values that are NaN or infinite; use finite numbers");
        return null;
    });

    private static NpyArray FromZip(Stream stream, string? array)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        var names = zip.Entries.Select(e => e.FullName[..Math.Max(0, e.FullName.LastIndexOf(".npy", StringComparison.Ordinal))]).ToList();
        var wanted = array ?? (names.Count == 1 ? names[0] : UsualNames.FirstOrDefault(names.Contains));
        var place = wanted is null ? -1 : names.IndexOf(wanted);
        if (place < 0)
        {
            throw new InvalidDataException($"it has {(wanted is null ? "several arrays" : "no array " + Say.Quote(wanted))}; name one of {Say.List(names, "or")}, as in {{\"path\": ..., \"array\": ...}}");
        }

        using var entry = zip.Entries[place].Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        bytes.Position = 0;
        return Npy.Read(bytes);
    }
}
