using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Snn.Kernels.Random;

/// <summary>Random words to numbers, in steps that are exact on every machine.</summary>
internal static class Words
{
    /// <summary>Whole numbers below 2^32 as doubles: or-ed into the significand of 2^52, then 2^52 taken away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> ToDouble(Vector256<ulong> whole)
    {
        var magic = Vector256.Create((double)(1L << 52));
        return (whole | magic.AsUInt64()).AsDouble() - magic;
    }

    /// <summary>The middle of a word's cell of (0, 1): (word + 1/2) / 2^32, exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double ToUnit(uint word) => (word + 0.5) * (1.0 / (1L << 32));
}
