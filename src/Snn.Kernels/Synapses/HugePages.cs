using System.Runtime.InteropServices;

namespace Snn.Kernels.Synapses;

/// <summary>
/// Advice to the operating system to back a large block by huge pages: rows of synapses are read in random order, and with pages
/// of 4 KiB every row costs a walk of the page table besides its cache misses; and inputs are written in random order.
/// </summary>
public static unsafe partial class HugePages
{
    /// <summary>Bytes of a huge page on x86-64 and on most arm64 systems.</summary>
    public const nuint Bytes = 2u << 20;

    private const int MadvHugePage = 14;

    /// <summary>A size of a block: up to whole huge pages where the rest would take at least half of one, else as it is.</summary>
    public static nuint RoundUp(nuint bytes) =>
        bytes >= Bytes && bytes % Bytes >= Bytes / 2 ? (bytes + Bytes - 1) / Bytes * Bytes : bytes;

    /// <summary>Asks for huge pages behind the whole pages of a block. Advice only: nothing depends on its being followed.</summary>
    public static void Advise(void* block, nuint bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Where the kernel has no huge pages the call returns an error, and small pages serve as well, only slower.
        _ = Madvise(block, bytes / Bytes * Bytes, MadvHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
