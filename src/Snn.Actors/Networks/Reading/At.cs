using Snn.Actors.Networks.Source;

namespace Snn.Actors.Networks.Reading;

/// <summary>A value and its path.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">Its path.</param>
internal readonly record struct At(SourceValue Value, string Path)
{
    /// <summary>An element of an array.</summary>
    public At Item(int index) => new(Value[index], SourcePath.Append(Path, SourcePath.Index(index)));

    /// <summary>The value of a member.</summary>
    public At Of(SourceMember member) => new(member.Value, SourcePath.Append(Path, SourcePath.Key(member.Key)));
}
