using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Takes the known keys of an object and reports all others.</summary>
internal sealed class ObjectReader
{
    private readonly Problems _problems;
    private readonly List<string> _known = [];
    private readonly Dictionary<string, string> _later = [];

    private ObjectReader(Problems problems, At at)
    {
        _problems = problems;
        At = at;
    }

    /// <summary>The object.</summary>
    public At At { get; }

    /// <summary>A reader of an object; null, and a problem, where it is something else.</summary>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="at">The value.</param>
    /// <param name="form">What it should look like.</param>
    public static ObjectReader? Open(Problems problems, At at, string form)
    {
        if (at.Value.Kind == SourceKind.Object)
        {
            return new ObjectReader(problems, at);
        }

        problems.Add(at, $"expected {form}, got {Say.Given(at.Value)}");
        return null;
    }

    /// <summary>The value of a key that may be absent.</summary>
    public At? Optional(string key)
    {
        // An input is read once a target: a key is asked for several times, but known once.
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }

        return At.Value.Find(key) is { } member ? At.Of(member) : null;
    }

    /// <summary>The value of a key that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="example">What to write.</param>
    public At? Required(string key, string example)
    {
        if (Optional(key) is { } at)
        {
            return at;
        }

        // A key that is misspelt is reported as unknown, with the right spelling: one mistake, one message.
        if (!At.Value.Members.Any(m => !_known.Contains(m.Key) && Say.Nearest(m.Key, [key]) == key))
        {
            _problems.Add(At, $"the key {Say.Quote(key)} is missing; add {example}");
        }

        return null;
    }

    /// <summary>Declares a key that belongs to the format, but not yet to this version.</summary>
    /// <param name="key">The key.</param>
    /// <param name="what">What this version does not have, and what to do.</param>
    public void Later(string key, string what) => _later.Add(key, what);

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Close()
    {
        foreach (var member in At.Value.Members)
        {
            if (_later.TryGetValue(member.Key, out var what))
            {
                _problems.AddKey(At, member, what);
            }
            else if (!_known.Contains(member.Key))
            {
                _problems.AddKey(At, member, $"unknown key {Say.Quote(member.Key)}{Say.Instead(member.Key, _known)}");
            }
        }
    }
}
