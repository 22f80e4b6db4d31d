using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Snn.Actors.Recording;

/// <summary>
/// Puts the rows of a state recording together from the columns that the shards wrote. Every part of a generation has the same samples;
/// generations follow each other.
/// </summary>
internal sealed class StateMerge : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly List<Part> _parts = [];
    private readonly int _elementBytes;
    private readonly int _columns;

    /// <summary>Opens the parts of a recording.</summary>
    /// <param name="directory">Directory of parts.</param>
    /// <param name="names">The parts, by generation and first column.</param>
    /// <param name="variables">Variables of a row.</param>
    /// <param name="elementBytes">4 or 8.</param>
    /// <param name="columns">Recorded neurons in all.</param>
    public StateMerge(string directory, IReadOnlyList<PartName> names, int variables, int elementBytes, int columns)
    {
        (_elementBytes, _columns) = (elementBytes, columns);
        try
        {
            foreach (var name in names)
            {
                var part = new Part(Path.Combine(directory, name.FileName), name, variables, elementBytes);
                _parts.Add(part);
                part.CheckWhole();
            }

            CheckComplete();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Samples of all generations.</summary>
    public long Samples => Generations().Sum(g => g.First().Rows);

    /// <summary>Passes the step of every sample on, in blocks.</summary>
    public void ReadSteps(Action<ReadOnlySpan<long>> write)
    {
        foreach (var generation in Generations())
        {
            var part = generation.First();
            var block = new long[Math.Min(BlockRows(sizeof(long)), part.Rows)];
            for (long row = 0; row < part.Rows; row += block.Length)
            {
                var steps = block.AsSpan(0, (int)Math.Min(block.Length, part.Rows - row));
                part.ReadSteps(row, steps);
                write(steps);
            }
        }
    }

    /// <summary>Passes the rows [sample, neuron] of a variable on, as bytes, in blocks.</summary>
    public void ReadVariable(int variable, Action<ReadOnlySpan<byte>> write)
    {
        var rowBytes = _columns * _elementBytes;
        foreach (var generation in Generations())
        {
            var rows = generation.First().Rows;
            var block = new byte[Math.Min(BlockRows(rowBytes), rows) * rowBytes];
            for (long row = 0; row < rows; row += block.Length / rowBytes)
            {
                var bytes = block.AsSpan(0, (int)Math.Min(block.Length, (rows - row) * rowBytes));
                foreach (var part in generation)
                {
                    part.ReadVariable(variable, row, bytes, rowBytes);
                }

                write(bytes);
            }
        }
    }

    public void Dispose() => _parts.ForEach(p => p.Dispose());

    private static long BlockRows(int rowBytes) => Math.Max(1, BufferBytes / rowBytes);

    private IEnumerable<IGrouping<int, Part>> Generations() => _parts.GroupBy(p => p.Name.Generation);

    private void CheckComplete()
    {
        foreach (var generation in Generations())
        {
            var column = 0;
            foreach (var part in generation)
            {
                if (part.Name.First != column || part.Rows != generation.First().Rows)
                {
                    throw new RecordingException(
                        $"{part.Path}: {part.Rows} samples from column {part.Name.First}, where {generation.First().Rows} samples from column "
                        + $"{column} are to follow: a part is missing or was cut.");
                }

                column += part.Name.Count;
            }

            if (column != _columns)
            {
                throw new RecordingException($"{generation.Last().Path}: {column} of {_columns} columns are there: a part is missing.");
            }
        }
    }

    /// <summary>A part file: rows of (step, [variable, column]).</summary>
    private sealed class Part(string path, PartName name, int variables, int elementBytes) : IDisposable
    {
        private readonly SafeFileHandle _file = File.OpenHandle(path);
        private readonly long _rowBytes = sizeof(long) + ((long)variables * name.Count * elementBytes);

        public string Path => path;

        public PartName Name => name;

        public long Rows => RandomAccess.GetLength(_file) / _rowBytes;

        public void CheckWhole()
        {
            if (RandomAccess.GetLength(_file) % _rowBytes != 0)
            {
                throw new RecordingException($"{path}: {RandomAccess.GetLength(_file)} bytes are no whole number of samples: the file was cut.");
            }
        }

        public void ReadSteps(long row, Span<long> steps)
        {
            for (var i = 0; i < steps.Length; i++)
            {
                Read(MemoryMarshal.AsBytes(steps.Slice(i, 1)), (row + i) * _rowBytes);
            }
        }

        /// <summary>Reads a variable's columns of this part into their place in whole rows.</summary>
        public void ReadVariable(int variable, long row, Span<byte> rows, int wholeRowBytes)
        {
            var columnBytes = name.Count * elementBytes;
            for (var at = name.First * elementBytes; at < rows.Length; at += wholeRowBytes, row++)
            {
                Read(rows.Slice(at, columnBytes), (row * _rowBytes) + sizeof(long) + ((long)variable * columnBytes));
            }
        }

        public void Dispose() => _file.Dispose();

        private void Read(Span<byte> bytes, long offset)
        {
            while (!bytes.IsEmpty)
            {
                var read = RandomAccess.Read(_file, bytes, offset);
                if (read == 0)
                {
                    throw new RecordingException($"{path}: was cut while it was read.");
                }

                bytes = bytes[read..];
                offset += read;
            }
        }
    }
}
