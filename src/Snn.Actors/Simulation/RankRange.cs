namespace Snn.Actors.Simulation;

/// <summary>Some ranks that follow one another.</summary>
/// <param name="First">The first.</param>
/// <param name="End">One behind the last.</param>
internal readonly record struct RankRange(int First, int End)
{
    /// <summary>How many they are.</summary>
    public int Count => End - First;
}
