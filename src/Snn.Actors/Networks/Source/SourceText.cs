namespace Snn.Actors.Networks.Source;

/// <summary>The bytes that a tree was read from: a file, or the value of an override.</summary>
internal sealed class SourceText
{
    private readonly byte[] _bytes;
    private int[]? _lineStarts;

    public SourceText(byte[] bytes, string? origin)
    {
        _bytes = bytes;
        Origin = origin;
    }

    /// <summary>What the user wrote on the command line, such as "--set dt=0.1"; null for the network file itself.</summary>
    public string? Origin { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Line and column of a byte, both from 1; columns count characters, not bytes.</summary>
    public (int Line, int Column) Place(int offset)
    {
        _lineStarts ??= FindLines(_bytes);
        offset = Math.Clamp(offset, 0, _bytes.Length);
        var line = Array.BinarySearch(_lineStarts, offset);
        line = line < 0 ? ~line - 1 : line;
        var column = 1;
        for (var i = _lineStarts[line]; i < offset; i++)
        {
            var isContinuation = (_bytes[i] & 0xC0) == 0x80;
            column += isContinuation ? 0 : 1;
        }

        return (line + 1, column);
    }

    /// <summary>The byte at which a line (from 0) starts.</summary>
    public int LineStart(long line)
    {
        _lineStarts ??= FindLines(_bytes);
        return _lineStarts[(int)Math.Clamp(line, 0, _lineStarts.Length - 1)];
    }

    private static int[] FindLines(byte[] bytes)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}
