using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Snn.Actors.Networks.Source;

/// <summary>Writes a tree as JSON: in one line where it is short, else one member a line.</summary>
internal static class SourceWriter
{
    private const int Width = 110;

    /// <summary>The tree for people.</summary>
    public static string Pretty(SourceValue value)
    {
        var text = new StringBuilder();
        Write(text, value, 0, 0);
        return text.Append('\n').ToString();
    }

    /// <summary>The tree in one line, without a space that is not needed: the canonical form.</summary>
    public static string Compact(SourceValue value)
    {
        var text = new StringBuilder();
        WriteInline(text, value, string.Empty, int.MaxValue);
        return text.ToString();
    }

    private static void Write(StringBuilder text, SourceValue value, int indent, int used)
    {
        var length = text.Length;
        if (WriteInline(text, value, " ", length + Width - used))
        {
            return;
        }

        text.Length = length;
        if (value.Kind == SourceKind.Object)
        {
            WriteMembers(text, value, indent);
        }
        else if (value.Numbers is { } numbers)
        {
            WriteNumbers(text, numbers, indent);
        }
        else if (value.Kind == SourceKind.Array)
        {
            WriteItems(text, value, indent);
        }
        else
        {
            WriteInline(text, value, " ", int.MaxValue);
        }
    }

    private static void WriteMembers(StringBuilder text, SourceValue value, int indent)
    {
        text.Append('{');
        for (var i = 0; i < value.Members.Count; i++)
        {
            NewLine(text, indent + 2, i > 0);
            var start = text.Length;
            text.Append(Quoted(value.Members[i].Key)).Append(": ");
            Write(text, value.Members[i].Value, indent + 2, indent + 2 + text.Length - start);
        }

        NewLine(text, indent, false);
        text.Append('}');
    }

    private static void WriteItems(StringBuilder text, SourceValue value, int indent)
    {
        text.Append('[');
        for (var i = 0; i < value.Count; i++)
        {
            NewLine(text, indent + 2, i > 0);
            Write(text, value[i], indent + 2, indent + 2);
        }

        NewLine(text, indent, false);
        text.Append(']');
    }

    private static void WriteNumbers(StringBuilder text, double[] numbers, int indent)
    {
        text.Append('[');
        var lineStart = -Width;
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = Number(numbers[i]);
            if (text.Length - lineStart + number.Length > Width - 2)
            {
                NewLine(text, indent + 2, i > 0);
                lineStart = text.Length - indent - 2;
            }
            else
            {
                text.Append(", ");
            }

            text.Append(number);
        }

        NewLine(text, indent, false);
        text.Append(']');
    }

    private static void NewLine(StringBuilder text, int indent, bool isAfterItem) =>
        text.Append(isAfterItem ? "," : string.Empty).Append('\n').Append(' ', indent);

    /// <summary>Writes in one line; false as soon as the text is longer than it may be.</summary>
    private static bool WriteInline(StringBuilder text, SourceValue value, string space, int longest)
    {
        switch (value.Kind)
        {
            case SourceKind.Object:
                text.Append('{').Append(value.Members.Count > 0 ? space : string.Empty);
                for (var i = 0; i < value.Members.Count; i++)
                {
                    text.Append(i > 0 ? "," + space : string.Empty).Append(Quoted(value.Members[i].Key)).Append(':').Append(space);
                    if (!WriteInline(text, value.Members[i].Value, space, longest))
                    {
                        return false;
                    }
                }

                text.Append(value.Members.Count > 0 ? space : string.Empty).Append('}');
                break;
            case SourceKind.Array:
                text.Append('[');
                for (var i = 0; i < value.Count; i++)
                {
                    text.Append(i > 0 ? "," + space : string.Empty);
                    if (!WriteInline(text, value[i], space, longest))
                    {
                        return false;
                    }
                }

                text.Append(']');
                break;
            case SourceKind.Text:
                text.Append(Quoted(value.Text));
                break;
            case SourceKind.Number:
                text.Append(value.Text);
                break;
            case SourceKind.Switch:
                text.Append(value.Number == 1 ? "true" : "false");
                break;
            default:
                text.Append("null");
                break;
        }

        return text.Length <= longest;
    }

    private static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
