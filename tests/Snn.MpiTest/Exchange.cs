using System.Globalization;
using System.Runtime.InteropServices;
using Snn.Actors.Simulation.Ranks;

namespace Snn.MpiTest;

/// <summary>
/// Messages of many sizes between all pairs of ranks, begun and waited for in an order that every rank draws for itself; each has contents that follow from who sent
/// it to whom and which it was.
/// </summary>
internal static unsafe class Exchange
{
    private const int Tags = 3;

    /// <summary>Small ones, those around the sizes at which MPI changes its protocol, and large ones.</summary>
    private static readonly int[] Sizes = [0, 1, 7, 64, 255, 256, 257, 4095, 4096, 4097, 16384, 65535, 65536, 65537, 262144, 1_000_003];

    /// <summary>Exchanges.</summary>
    /// <param name="ranks">To the others.</param>
    /// <param name="seed">Of sizes and orders.</param>
    /// <param name="messages">For each pair and tag.</param>
    /// <returns>What was exchanged, in words.</returns>
    public static string Run(IRankTransport ranks, uint seed, int messages)
    {
        var (others, total) = (Enumerable.Range(0, ranks.Ranks).Where(r => r != ranks.Rank).ToArray(), 0L);
        var pending = new List<Pending>();

        // Messages of one pair and tag keep their order; which pair and tag is next is drawn.
        var lines = others.SelectMany(o => Enumerable.Range(0, Tags * 2).Select(t => (Other: o, Tag: t % Tags, IsReceive: t >= Tags))).Select(l => (l, Next: 0)).ToList();
        for (var draw = 0u; lines.Count > 0 || pending.Count > 0; draw++)
        {
            var random = Mix(seed, (uint)ranks.Rank, draw, 0);
            if (lines.Count > 0 && (pending.Count == 0 || random % 3 != 0))
            {
                var i = (int)(random / 3 % (uint)lines.Count);
                var ((other, tag, isReceive), next) = lines[i];
                pending.Add(Begin(ranks, seed, other, tag, isReceive, next));
                lines[i] = ((other, tag, isReceive), next + 1);
                if (next + 1 == messages)
                {
                    lines.RemoveAt(i);
                }
            }
            else
            {
                var i = (int)(random / 3 % (uint)pending.Count);
                if (ranks.IsDone(pending[i].Request, out var bytes))
                {
                    total += pending[i].End(bytes);
                    pending.RemoveAt(i);
                }
                else
                {
                    Thread.Yield();
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ranks.Ranks} ranks, {others.Length * Tags * messages * 2} messages of rank 0, {total} bytes");
    }

    private static Pending Begin(IRankTransport ranks, uint seed, int other, int tag, bool isReceive, int number)
    {
        var (from, to) = isReceive ? (other, ranks.Rank) : (ranks.Rank, other);
        var key = Mix(seed, (uint)((from * 64) + to), (uint)tag, (uint)number + 1);
        var size = Sizes[key % (uint)Sizes.Length];
        var capacity = isReceive ? Sizes[^1] : size;
        var room = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(capacity, 1));
        if (!isReceive)
        {
            Fill(new Span<byte>(room, size), key);
        }

        var request = isReceive ? ranks.Receive(from, tag, room, capacity) : ranks.Send(to, tag, room, size);
        return new Pending(request, room, size, key);
    }

    private static void Fill(Span<byte> message, uint key)
    {
        for (var i = 0; i < message.Length; i++)
        {
            message[i] = (byte)((key >> (i & 15)) + (uint)i);
        }
    }

    private static uint Mix(uint a, uint b, uint c, uint d)
    {
        var x = a;
        foreach (var next in (ReadOnlySpan<uint>)[b, c, d])
        {
            x = (x ^ next) * 0x9E3779B1;
            x = (x ^ (x >> 15)) * 0x85EBCA6B;
            x ^= x >> 13;
        }

        return x;
    }

    /// <summary>A message under way, and what it has to be.</summary>
    private sealed record Pending(nint Request, nint Room, int Size, uint Key)
    {
        public Pending(nint request, byte* room, int size, uint key)
            : this(request, (nint)room, size, key)
        {
        }

        /// <summary>Compares what came, or, of one that was sent, what is still there.</summary>
        /// <returns>Bytes.</returns>
        public int End(int bytes)
        {
            var expected = new byte[Size];
            Fill(expected, Key);
            if (bytes != Size || !new ReadOnlySpan<byte>((void*)Room, Size).SequenceEqual(expected))
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"a message of {Size} bytes arrived as another, of {bytes}"));
            }

            NativeMemory.Free((void*)Room);
            return bytes;
        }
    }
}
