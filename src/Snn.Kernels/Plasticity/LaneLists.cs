using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Snn.Kernels.Plasticity;

/// <summary>Lists of the lanes of masks, without a branch that depends on the mask.</summary>
internal static unsafe class LaneLists
{
    /// <summary>Entry m: the numbers of the bits of m, ascending, a byte each. For <see cref="Append"/>; read it once, ahead of the loop.</summary>
    public static readonly ulong* BitNumbers = MakeBitNumbers();

    /// <summary>Appends first + k for every bit k of a mask to a list that has room for eight more than it gets.</summary>
    /// <param name="bitNumbers">The table.</param>
    /// <param name="mask">Mask.</param>
    /// <param name="lanes">Bits that it can have.</param>
    /// <param name="first">What bit 0 stands for.</param>
    /// <param name="list">The list.</param>
    /// <param name="length">Its length.</param>
    /// <returns>The new length.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Append(ulong* bitNumbers, uint mask, int lanes, int first, ushort* list, int length)
    {
        for (var k = 0; k < lanes; k += 8)
        {
            var part = (mask >> k) & 0xFF;
            var numbers = Vector128.WidenLower(Vector128.CreateScalarUnsafe(bitNumbers[part]).AsByte());
            Vector128.Store(numbers + Vector128.Create((ushort)(first + k)), list + length);
            length += BitOperations.PopCount(part);
        }

        return length;
    }

    private static ulong* MakeBitNumbers()
    {
        // Lives as long as the process.
        var table = (ulong*)NativeMemory.AlignedAlloc(256 * sizeof(ulong), 64);
        for (var mask = 0; mask < 256; mask++)
        {
            table[mask] = NumbersOf(mask);
        }

        return table;
    }

    private static ulong NumbersOf(int mask)
    {
        var (entry, shift) = (0UL, 0);
        for (var k = 0; k < 8; k++)
        {
            if (((mask >> k) & 1) != 0)
            {
                entry |= (ulong)k << shift;
                shift += 8;
            }
        }

        return entry;
    }
}
