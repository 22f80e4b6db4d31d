using System.Runtime.InteropServices;

namespace Snn.Actors.Runtime;

/// <summary>A number on cache lines of its own, so that who spins on it is not disturbed by writes beside it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}
