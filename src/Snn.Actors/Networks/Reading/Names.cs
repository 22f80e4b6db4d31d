using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>Names that become parts of file names and of paths.</summary>
internal static class Names
{
    /// <summary>Longest name.</summary>
    public const int Longest = 64;

    /// <summary>Whether a name may be given; reports where not.</summary>
    public static void Check(Problems problems, At parent, SourceMember member, string what)
    {
        if (!IsPlain(member.Key))
        {
            problems.AddKey(parent, member, $"{Say.Quote(member.Key)} is no name for {Article(what)}; use up to {Say.Number(Longest)} of the letters a to z and A to Z, digits, _, - and +");
        }
        else if (Distributions.Kinds.Contains(member.Key))
        {
            problems.AddKey(parent, member, $"{Say.Quote(member.Key)} is no name for {Article(what)}, because it is a kind of distribution; choose another name");
        }
    }

    /// <summary>Whether a name of a projection may be given: the names that projections get by default may be, too.</summary>
    public static bool IsProjectionName(string name) =>
        name.Length is > 0 and <= 3 * Longest && name.All(c => IsPlain(c) || c is '.' or '>' or '#');

    /// <summary>"a population", "an input".</summary>
    public static string Article(string noun) => (noun[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + noun;

    private static bool IsPlain(string name) => name.Length is > 0 and <= Longest && name.All(IsPlain);

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+';
}
