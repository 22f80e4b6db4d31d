using System.Globalization;
using System.Text;

namespace Snn.Actors.Networks.Source;

/// <summary>The kinds of JSON value.</summary>
internal enum SourceKind
{
    Object,
    Array,
    Number,
    Text,
    Switch,
    Null,
}

/// <summary>A key of an object and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Source">Text that holds the key; null for one made by the builder.</param>
/// <param name="Offset">First byte of the key in its text.</param>
/// <param name="Value">The value.</param>
internal sealed record SourceMember(string Key, SourceText? Source, int Offset, SourceValue Value);

/// <summary>
/// A JSON value that knows where it stands. An array of numbers only is kept packed, because a list connector or a parameter
/// with one value a neuron has millions of them.
/// </summary>
internal sealed class SourceValue
{
    private readonly string? _text;
    private readonly int _length;
    private readonly double[]? _numbers;
    private readonly int[]? _numberOffsets;
    private readonly List<SourceValue>? _items;

    private SourceValue(SourceKind kind, SourceText? source, int offset)
    {
        Kind = kind;
        Source = source;
        Offset = offset;
    }

    private SourceValue(SourceKind kind, SourceText? source, int offset, double number, int length, string? text)
        : this(kind, source, offset)
    {
        Number = number;
        _length = length;
        _text = text;
    }

    private SourceValue(SourceText? source, int offset, List<SourceValue>? items, double[]? numbers, int[]? numberOffsets)
        : this(SourceKind.Array, source, offset)
    {
        _items = items;
        _numbers = numbers;
        _numberOffsets = numberOffsets;
    }

    public SourceKind Kind { get; }

    /// <summary>Text that holds it; null for a value made by the builder.</summary>
    public SourceText? Source { get; }

    /// <summary>First byte in its text.</summary>
    public int Offset { get; }

    /// <summary>The number, or 1 and 0 for true and false.</summary>
    public double Number { get; }

    /// <summary>Members of an object, in the order of the file.</summary>
    public List<SourceMember> Members { get; private init; } = [];

    /// <summary>All elements, if the array holds nothing but numbers; else null.</summary>
    public double[]? Numbers => _numbers;

    /// <summary>Elements of an array.</summary>
    public int Count => _numbers?.Length ?? _items?.Count ?? 0;

    /// <summary>The text of a string, or the digits of a number as they were written.</summary>
    public string Text => _text ?? (Source is null || _length == 0
        ? Number.ToString("R", CultureInfo.InvariantCulture)
        : Encoding.UTF8.GetString(Source.Bytes.Slice(Offset, _length)));

    /// <summary>An element of an array.</summary>
    public SourceValue this[int index] => _numbers is null
        ? _items![index]
        : new SourceValue(SourceKind.Number, Source, _numberOffsets is null ? Offset : _numberOffsets[index], _numbers[index], 0, null);

    public static SourceValue OfNumber(double number, SourceText? source = null, int offset = 0, int length = 0) =>
        new(SourceKind.Number, source, offset, number, length, null);

    /// <summary>A number whose digits matter: a 64-bit integer has more of them than a double.</summary>
    public static SourceValue OfDigits(string digits) =>
        new(SourceKind.Number, null, 0, double.Parse(digits, CultureInfo.InvariantCulture), 0, digits);

    public static SourceValue OfText(string text, SourceText? source = null, int offset = 0) =>
        new(SourceKind.Text, source, offset, 0, 0, text);

    public static SourceValue OfSwitch(bool value, SourceText? source = null, int offset = 0) =>
        new(SourceKind.Switch, source, offset, value ? 1 : 0, 0, null);

    public static SourceValue OfNull(SourceText? source, int offset) => new(SourceKind.Null, source, offset);

    public static SourceValue OfObject(SourceText? source = null, int offset = 0) => new(SourceKind.Object, source, offset);

    public static SourceValue OfItems(List<SourceValue> items, SourceText? source = null, int offset = 0) =>
        new(source, offset, items, null, null);

    public static SourceValue OfNumbers(double[] numbers, int[]? offsets = null, SourceText? source = null, int offset = 0) =>
        new(source, offset, null, numbers, offsets);

    /// <summary>The member of that key, or null.</summary>
    public SourceMember? Find(string key) => Members.Find(m => m.Key == key);

    /// <summary>Adds a member that stands where its value stands.</summary>
    public SourceValue With(string key, SourceValue value)
    {
        Members.Add(new SourceMember(key, value.Source, value.Offset, value));
        return this;
    }

    /// <summary>Replaces or adds a member.</summary>
    public void Set(string key, SourceValue value)
    {
        var member = new SourceMember(key, value.Source, value.Offset, value);
        var index = Members.FindIndex(m => m.Key == key);
        if (index < 0)
        {
            Members.Add(member);
        }
        else
        {
            Members[index] = member;
        }
    }

    /// <summary>This array with another element at a place.</summary>
    public SourceValue WithItem(int index, SourceValue value)
    {
        var items = new List<SourceValue>(Count);
        for (var i = 0; i < Count; i++)
        {
            items.Add(i == index ? value : this[i]);
        }

        return OfItems(items, Source, Offset);
    }
}
