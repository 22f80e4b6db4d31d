using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Snn.Actors.Networks.Reading;

namespace Snn.Actors.Networks.Source;

/// <summary>
/// Reads JSON, with comments and trailing commas, into a tree that knows its places. What is wrong with the text is collected;
/// after a duplicate key reading goes on, after broken syntax it cannot.
/// </summary>
internal sealed class SourceParser
{
    /// <summary>Most bytes of a network file.</summary>
    public const int MaxBytes = 256 << 20;

    private const int MaxDepth = 32;

    private readonly SourceText _source;
    private readonly Problems _problems;
    private readonly List<string> _path = [];
    private bool _isRootComplete;

    private SourceParser(SourceText source, Problems problems)
    {
        _source = source;
        _problems = problems;
    }

    /// <summary>The tree, or null where the text is no JSON; the reason is then among the problems.</summary>
    public static SourceValue? Parse(SourceText source, Problems problems)
    {
        var parser = new SourceParser(source, problems);
        return parser.IsReadable() ? parser.Parse() : null;
    }

    private bool IsReadable()
    {
        var bytes = _source.Bytes;
        if (bytes.Length > MaxBytes)
        {
            Report(0, $"the file has {bytes.Length >> 20} MiB, more than the {MaxBytes >> 20} MiB allowed; put long lists of values into a .npy file (input model \"array\")");
            return false;
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            Report(0, "the file is in UTF-16; save it as UTF-8");
            return false;
        }

        if (Utf8.IsValid(bytes))
        {
            return true;
        }

        Report(FirstInvalid(bytes), "the file is not UTF-8 from here on; save it as UTF-8");
        return false;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (offset < bytes.Length && Rune.DecodeFromUtf8(bytes[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }

    private SourceValue? Parse()
    {
        var skip = _source.Bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth + 8 };
        var reader = new Utf8JsonReader(_source.Bytes[skip..], options);
        try
        {
            reader.Read();
            var root = ParseValue(ref reader, skip);
            if (root is not null)
            {
                // Reading on to the end finds text after the closing bracket.
                _isRootComplete = true;
                reader.Read();
            }

            return root;
        }
        catch (JsonException error)
        {
            var start = _source.LineStart(error.LineNumber ?? 0);
            var isFirstLine = (error.LineNumber ?? 0) == 0;
            ReportSyntax(start + (int)(error.BytePositionInLine ?? 0) + (isFirstLine ? skip : 0));
            return null;
        }
    }

    /// <summary>The value at which the reader stands; null after a mistake that ends the reading.</summary>
    private SourceValue? ParseValue(ref Utf8JsonReader reader, int skip)
    {
        var offset = skip + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return IsTooDeep(ref reader, offset) ? null : ParseObject(ref reader, skip);
            case JsonTokenType.StartArray:
                return IsTooDeep(ref reader, offset) ? null : ParseArray(ref reader, skip);
            case JsonTokenType.String:
                return ReadText(ref reader, offset) is { } text ? SourceValue.OfText(text, _source, offset) : null;
            case JsonTokenType.Number:
                return SourceValue.OfNumber(ReadNumber(ref reader), _source, offset, reader.ValueSpan.Length);
            case JsonTokenType.True or JsonTokenType.False:
                return SourceValue.OfSwitch(reader.TokenType == JsonTokenType.True, _source, offset);
            default:
                return SourceValue.OfNull(_source, offset);
        }
    }

    private SourceValue? ParseObject(ref Utf8JsonReader reader, int skip)
    {
        var result = SourceValue.OfObject(_source, skip + (int)reader.TokenStartIndex);
        var seen = new Dictionary<string, int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var offset = skip + (int)reader.TokenStartIndex;
            if (ReadText(ref reader, offset) is not { } key)
            {
                return null;
            }

            _path.Add(SourcePath.Key(key));
            reader.Read();
            if (ParseValue(ref reader, skip) is not { } value)
            {
                return null;
            }

            if (seen.TryAdd(key, offset))
            {
                result.Members.Add(new SourceMember(key, _source, offset, value));
            }
            else
            {
                Report(offset, $"the key {Say.Quote(key)} is given twice, first in line {_source.Place(seen[key]).Line}; remove one of them");
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return result;
    }

    private SourceValue? ParseArray(ref Utf8JsonReader reader, int skip)
    {
        var start = skip + (int)reader.TokenStartIndex;
        var numbers = new List<double>();
        var offsets = new List<int>();
        List<SourceValue>? items = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (items is null && reader.TokenType == JsonTokenType.Number)
            {
                numbers.Add(ReadNumber(ref reader));
                offsets.Add(skip + (int)reader.TokenStartIndex);
                continue;
            }

            items ??= [.. numbers.Select((n, i) => SourceValue.OfNumber(n, _source, offsets[i]))];
            _path.Add(SourcePath.Index(items.Count));
            if (ParseValue(ref reader, skip) is not { } item)
            {
                return null;
            }

            items.Add(item);
            _path.RemoveAt(_path.Count - 1);
        }

        return items is null
            ? SourceValue.OfNumbers([.. numbers], [.. offsets], _source, start)
            : SourceValue.OfItems(items, _source, start);
    }

    /// <summary>A number beyond the range of a double reads as infinite, which whoever uses it reports with its range.</summary>
    private static double ReadNumber(ref Utf8JsonReader reader) =>
        reader.TryGetDouble(out var number) ? number : double.PositiveInfinity;

    private string? ReadText(ref Utf8JsonReader reader, int offset)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The only reason left after the check for UTF-8: an escape for half of a surrogate pair.
            Report(offset, "this text has a \\u escape that is no character (half of a surrogate pair); write the character itself");
            return null;
        }
    }

    private bool IsTooDeep(ref Utf8JsonReader reader, int offset)
    {
        if (reader.CurrentDepth < MaxDepth)
        {
            return false;
        }

        Report(offset, $"brackets are nested deeper than {MaxDepth}; a network file needs no more than 8");
        return true;
    }

    private void ReportSyntax(int offset)
    {
        var rest = _source.Bytes[Math.Min(offset, _source.Bytes.Length)..];
        if (rest.Trim(" \t\r\n"u8).IsEmpty)
        {
            Report(
                _source.Bytes.Length,
                _source.Bytes.Trim(" \t\r\n"u8).IsEmpty
                    ? "the file is empty; `snn new brunel` writes a network to start from"
                    : "the text ends here in the middle of a value; a bracket } or ] or a quote \" is missing");
            return;
        }

        if (_isRootComplete)
        {
            Report(offset, "there is more text after the end of the network; remove it, or a bracket that closes too early before it");
            return;
        }

        Rune.DecodeFromUtf8(rest, out var rune, out _);
        Report(offset, $"this is not JSON: unexpected {(rune.Value == '"' ? "double quote" : Say.Quote(rune.ToString()))}{Hint(rune)}");
    }

    private static string Hint(Rune rune) => rune.Value switch
    {
        '\'' => "; use double quotes",
        '"' => "; is a comma or a colon missing before it?",
        '.' or '+' => "; write a number as 0.5 or -1.5e3",
        '{' or '[' => "; is a comma or a colon missing before it?",
        '}' or ']' => "; a value or a key is missing before it, or the other kind of bracket is open",
        ',' => "; a value is missing before it",
        '=' => "; write a colon between a key and its value",
        '\n' or '\r' => "; is a quote \" missing at the end of this line?",
        '#' => "; comments start with //",
        >= '0' and <= '9' => "; write numbers without leading zeros, and a comma between two of them",
        _ when Rune.IsLetter(rune) => "; keys and texts need double quotes, and there is no NaN, Infinity, None, True or False (use true and false)",
        _ => string.Empty,
    };

    private void Report(int offset, string message) =>
        _problems.Add(_source, offset, SourcePath.Join(_path), message);
}
