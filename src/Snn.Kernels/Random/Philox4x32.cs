using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Random;

/// <summary>
/// Philox4x32, the counter-based generator of Salmon, Moraes, Dror and Shaw (2011), doi:10.1145/2063384.2063405: 128 random bits as a
/// function of a 64-bit key and a 128-bit counter. Ten rounds, the authors' default, where nothing else is said; seven, the fewest that
/// they found to pass BigCrush, for the numbers that every neuron needs every step (<see cref="UniformColumns"/>).
/// </summary>
public static class Philox4x32
{
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>The four words of one counter, ten rounds.</summary>
    /// <param name="key">Stream.</param>
    /// <param name="c0">First counter word.</param>
    /// <param name="c1">Second counter word.</param>
    /// <param name="c2">Third counter word.</param>
    /// <param name="c3">Fourth counter word.</param>
    public static (uint W0, uint W1, uint W2, uint W3) Block(StreamKey key, uint c0, uint c1, uint c2, uint c3) =>
        Block(10, key, c0, c1, c2, c3);

    /// <summary>The four words of one counter after a number of rounds.</summary>
    /// <param name="rounds">7 or 10; fewer than 7 do not pass tests of randomness.</param>
    /// <param name="key">Stream.</param>
    /// <param name="c0">First counter word.</param>
    /// <param name="c1">Second counter word.</param>
    /// <param name="c2">Third counter word.</param>
    /// <param name="c3">Fourth counter word.</param>
    public static (uint W0, uint W1, uint W2, uint W3) Block(int rounds, StreamKey key, uint c0, uint c1, uint c2, uint c3)
    {
        var (k0, k1) = key;
        for (var round = 0; round < rounds; round++)
        {
            var p0 = (ulong)Multiplier0 * c0;
            var p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Words of consecutive counters: <c>w0[i], w1[i], w2[i], w3[i]</c> = Block(key, first + i, c1, c2, c3).</summary>
    /// <param name="key">Stream.</param>
    /// <param name="first">First counter word of element 0; wraps around after 2^32 - 1.</param>
    /// <param name="c1">Second counter word.</param>
    /// <param name="c2">Third counter word.</param>
    /// <param name="c3">Fourth counter word.</param>
    /// <param name="w0">First words; its length is the number of counters.</param>
    /// <param name="w1">Second words, as many.</param>
    /// <param name="w2">Third words, as many.</param>
    /// <param name="w3">Fourth words, as many.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Fill(
        StreamKey key, uint first, uint c1, uint c2, uint c3, Span<uint> w0, Span<uint> w1, Span<uint> w2, Span<uint> w3)
    {
        var count = w0.Length;
        if (w1.Length != count || w2.Length != count || w3.Length != count)
        {
            throw new ArgumentException(
                $"Philox4x32.Fill: spans of {w0.Length}, {w1.Length}, {w2.Length} and {w3.Length} words; give four of one length.");
        }

        var i = 0;
        for (; i <= count - 8; i += 8)
        {
            Eight(key, first + (uint)i, c1, c2, c3, ref w0[i], ref w1[i], ref w2[i], ref w3[i]);
        }

        for (; i < count; i++)
        {
            (w0[i], w1[i], w2[i], w3[i]) = Block(key, first + (uint)i, c1, c2, c3);
        }
    }

    /// <summary>The even lanes of two vectors multiplied to 64 bits; odd lanes are ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<ulong> MultiplyEven(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported
            ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32())
            : (a & Vector256.Create(0xFFFFFFFFUL)) * (b & Vector256.Create(0xFFFFFFFFUL));

    // Even and odd counters in two sets of registers. A lane is 64 bits, of which the low half is the word and the high half
    // is whatever the last product left there: the next product reads low halves only, so nothing needs masking until the end.
    private static void Eight(
        StreamKey key, uint first, uint c1, uint c2, uint c3, ref uint w0, ref uint w1, ref uint w2, ref uint w3)
    {
        var counters = (Vector256.Create(first) + Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7)).AsUInt64();
        var (a0, a1, a2, a3) = (counters, Vector256.Create((ulong)c1), Vector256.Create((ulong)c2), Vector256.Create((ulong)c3));
        var (b0, b1, b2, b3) = (counters >>> 32, a1, a2, a3);
        var (m0, m1) = (Vector256.Create((ulong)Multiplier0), Vector256.Create((ulong)Multiplier1));
        var (k0, k1) = key;
        for (var round = 0; round < 10; round++)
        {
            var (key0, key1) = (Vector256.Create((ulong)k0), Vector256.Create((ulong)k1));
            var (p0, p1) = (MultiplyEven(a0, m0), MultiplyEven(a2, m1));
            var (q0, q1) = (MultiplyEven(b0, m0), MultiplyEven(b2, m1));
            (a0, a1, a2, a3) = ((p1 >>> 32) ^ a1 ^ key0, p1, (p0 >>> 32) ^ a3 ^ key1, p0);
            (b0, b1, b2, b3) = ((q1 >>> 32) ^ b1 ^ key0, q1, (q0 >>> 32) ^ b3 ^ key1, q0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        Interleave(a0, b0).StoreUnsafe(ref w0);
        Interleave(a1, b1).StoreUnsafe(ref w1);
        Interleave(a2, b2).StoreUnsafe(ref w2);
        Interleave(a3, b3).StoreUnsafe(ref w3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Interleave(Vector256<ulong> even, Vector256<ulong> odd) =>
        ((even & Vector256.Create(0xFFFFFFFFUL)) | (odd << 32)).AsUInt32();
}
