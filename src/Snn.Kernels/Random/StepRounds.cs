using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Snn.Kernels.Random;

/// <summary>
/// Philox4x32-7 for many counters that differ in their first word only: what those share is done once, and 16 words leave
/// two registers at a time.
/// </summary>
internal readonly unsafe struct StepRounds
{
    /// <summary>Vectors that the caller lends for the length of a call: round keys and what round 1 shares.</summary>
    internal const int Workspace = 15;

    // [0 .. 2]: words 0 and 1 of the state after round 1, which come from counter words 1 and 2 and so are the same in all lanes; what is
    // mixed into word 2. [3 .. 14]: the two keys of rounds 2 .. 7. Kept in memory: an exclusive or takes its operand from there, and
    // registers are short.
    private readonly Vector256<ulong>* _shared;

    internal StepRounds(Vector256<ulong>* workspace, StreamKey key, long step, uint purpose)
    {
        _shared = workspace;
        var product = (ulong)Philox4x32.Multiplier1 * (uint)(step >> 32);
        workspace[0] = Vector256.Create((ulong)((uint)(product >> 32) ^ (uint)step ^ key.Low));
        workspace[1] = Vector256.Create((ulong)(uint)product);
        workspace[2] = Vector256.Create((ulong)(purpose ^ key.High));
        for (var round = 1u; round < UniformColumns.Rounds; round++)
        {
            workspace[1 + (2 * round)] = Vector256.Create((ulong)(key.Low + (round * Philox4x32.Weyl0)));
            workspace[2 + (2 * round)] = Vector256.Create((ulong)(key.High + (round * Philox4x32.Weyl1)));
        }
    }

    /// <summary>
    /// The blocks of the counters first .. first + 3. Lanes of <paramref name="low"/>: words 1, 0 of block 0, words 1, 0 of block 1, ...;
    /// of <paramref name="high"/>: words 3, 2 of block 0, and so on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Sixteen(uint first, out Vector256<uint> low, out Vector256<uint> high)
    {
        var shared = _shared;
        var m0 = Vector256.Create((ulong)Philox4x32.Multiplier0);
        var m1 = Vector256.Create((ulong)Philox4x32.Multiplier1);
        var counters = Vector256.Create((ulong)first) + Vector256.Create(0UL, 1, 2, 3);

        // As in Philox4x32: a word is the low half of a lane, the high half is left over from a product and never read.
        var p0 = Philox4x32.MultiplyEven(counters, m0);
        var (x0, x1, x2, x3) = (shared[0], shared[1], (p0 >>> 32) ^ shared[2], p0);
        Round(shared + 3, m0, m1, ref x0, ref x1, ref x2, ref x3);
        Round(shared + 5, m0, m1, ref x0, ref x1, ref x2, ref x3);
        Round(shared + 7, m0, m1, ref x0, ref x1, ref x2, ref x3);
        Round(shared + 9, m0, m1, ref x0, ref x1, ref x2, ref x3);
        Round(shared + 11, m0, m1, ref x0, ref x1, ref x2, ref x3);

        // Last round: a product has the new word 1 below and, above it, what becomes the new word 0.
        low = (Philox4x32.MultiplyEven(x2, m1) ^ ((x1 ^ shared[13]) << 32)).AsUInt32();
        high = (Philox4x32.MultiplyEven(x0, m0) ^ ((x3 ^ shared[14]) << 32)).AsUInt32();
    }

    /// <summary>
    /// <see cref="Sixteen"/> of the counters first .. and of first + 4 .., side by side: one chain of rounds alone leaves half of the
    /// machine's multipliers waiting.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ThirtyTwo(
        uint first, out Vector256<uint> low, out Vector256<uint> high, out Vector256<uint> nextLow, out Vector256<uint> nextHigh)
    {
        var shared = _shared;
        var m0 = Vector256.Create((ulong)Philox4x32.Multiplier0);
        var m1 = Vector256.Create((ulong)Philox4x32.Multiplier1);
        var counters = Vector256.Create((ulong)first);
        var p0 = Philox4x32.MultiplyEven(counters + Vector256.Create(0UL, 1, 2, 3), m0);
        var q0 = Philox4x32.MultiplyEven(counters + Vector256.Create(4UL, 5, 6, 7), m0);
        var (x0, x1, x2, x3) = (shared[0], shared[1], (p0 >>> 32) ^ shared[2], p0);
        var (y0, y1, y2, y3) = (shared[0], shared[1], (q0 >>> 32) ^ shared[2], q0);
        Round(shared + 3, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 5, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 7, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 9, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 11, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        low = (Philox4x32.MultiplyEven(x2, m1) ^ ((x1 ^ shared[13]) << 32)).AsUInt32();
        nextLow = (Philox4x32.MultiplyEven(y2, m1) ^ ((y1 ^ shared[13]) << 32)).AsUInt32();
        high = (Philox4x32.MultiplyEven(x0, m0) ^ ((x3 ^ shared[14]) << 32)).AsUInt32();
        nextHigh = (Philox4x32.MultiplyEven(y0, m0) ^ ((y3 ^ shared[14]) << 32)).AsUInt32();
    }

    /// <summary>As <see cref="ThirtyTwo"/>, in registers of 512 bits: the counters first .. first + 7 and first + 8 ..; for processors with AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SixtyFour(
        uint first, out Vector512<uint> low, out Vector512<uint> high, out Vector512<uint> nextLow, out Vector512<uint> nextHigh)
    {
        var shared = _shared;
        var m0 = Vector512.Create((ulong)Philox4x32.Multiplier0);
        var m1 = Vector512.Create((ulong)Philox4x32.Multiplier1);
        var counters = Vector512.Create((ulong)first);
        var p0 = MultiplyEven(counters + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7), m0);
        var q0 = MultiplyEven(counters + Vector512.Create(8UL, 9, 10, 11, 12, 13, 14, 15), m0);
        var (x0, x1, x2, x3) = (Broadcast(shared), Broadcast(shared + 1), (p0 >>> 32) ^ Broadcast(shared + 2), p0);
        var (y0, y1, y2, y3) = (x0, x1, (q0 >>> 32) ^ Broadcast(shared + 2), q0);
        Round(shared + 3, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 5, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 7, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 9, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        Round(shared + 11, m0, m1, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3);
        low = (MultiplyEven(x2, m1) ^ ((x1 ^ Broadcast(shared + 13)) << 32)).AsUInt32();
        nextLow = (MultiplyEven(y2, m1) ^ ((y1 ^ Broadcast(shared + 13)) << 32)).AsUInt32();
        high = (MultiplyEven(x0, m0) ^ ((x3 ^ Broadcast(shared + 14)) << 32)).AsUInt32();
        nextHigh = (MultiplyEven(y0, m0) ^ ((y3 ^ Broadcast(shared + 14)) << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyEven(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());

    // All lanes of what is shared are one number: an operand that the instruction itself spreads over its lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Broadcast(Vector256<ulong>* shared) => Vector512.Create(*(ulong*)shared);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<ulong>* keys, Vector512<ulong> m0, Vector512<ulong> m1,
        ref Vector512<ulong> x0, ref Vector512<ulong> x1, ref Vector512<ulong> x2, ref Vector512<ulong> x3,
        ref Vector512<ulong> y0, ref Vector512<ulong> y1, ref Vector512<ulong> y2, ref Vector512<ulong> y3)
    {
        var p0 = MultiplyEven(x0, m0);
        var q0 = MultiplyEven(y0, m0);
        var p1 = MultiplyEven(x2, m1);
        var q1 = MultiplyEven(y2, m1);
        var (key0, key1) = (Broadcast(keys), Broadcast(keys + 1));
        x2 = (p0 >>> 32) ^ x3 ^ key1;
        y2 = (q0 >>> 32) ^ y3 ^ key1;
        x0 = (p1 >>> 32) ^ x1 ^ key0;
        y0 = (q1 >>> 32) ^ y1 ^ key0;
        (x1, x3, y1, y3) = (p1, p0, q1, q0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<ulong>* keys, Vector256<ulong> m0, Vector256<ulong> m1,
        ref Vector256<ulong> x0, ref Vector256<ulong> x1, ref Vector256<ulong> x2, ref Vector256<ulong> x3,
        ref Vector256<ulong> y0, ref Vector256<ulong> y1, ref Vector256<ulong> y2, ref Vector256<ulong> y3)
    {
        var p0 = Philox4x32.MultiplyEven(x0, m0);
        var q0 = Philox4x32.MultiplyEven(y0, m0);
        var p1 = Philox4x32.MultiplyEven(x2, m1);
        var q1 = Philox4x32.MultiplyEven(y2, m1);
        x2 = (p0 >>> 32) ^ (x3 ^ keys[1]);
        y2 = (q0 >>> 32) ^ (y3 ^ keys[1]);
        x0 = (p1 >>> 32) ^ (x1 ^ keys[0]);
        y0 = (q1 >>> 32) ^ (y1 ^ keys[0]);
        (x1, x3, y1, y3) = (p1, p0, q1, q0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector256<ulong>* keys, Vector256<ulong> m0, Vector256<ulong> m1,
        ref Vector256<ulong> x0, ref Vector256<ulong> x1, ref Vector256<ulong> x2, ref Vector256<ulong> x3)
    {
        var p0 = Philox4x32.MultiplyEven(x0, m0);
        var p1 = Philox4x32.MultiplyEven(x2, m1);
        (x0, x1, x2, x3) = ((p1 >>> 32) ^ (x1 ^ keys[0]), p1, (p0 >>> 32) ^ (x3 ^ keys[1]), p0);
    }
}
