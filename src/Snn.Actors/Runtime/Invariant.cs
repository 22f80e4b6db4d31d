using System.Diagnostics.CodeAnalysis;

namespace Snn.Actors.Runtime;

/// <summary>Conditions that hold unless Snn itself is wrong; checked in every build, where it costs nothing (once a slice or a message).</summary>
internal static class Invariant
{
    /// <summary>Stops the run if a condition does not hold.</summary>
    public static void That([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            Broken(what);
        }
    }

    [DoesNotReturn]
    private static void Broken(string what) => throw new InvalidOperationException($"internal error: it does not hold that {what}");
}
