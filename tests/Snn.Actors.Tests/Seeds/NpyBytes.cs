using System.Runtime.InteropServices;
using Snn.Actors.Recording;
using Snn.Kernels.Tests.Seeds;

namespace Snn.Actors.Tests.Seeds;

/// <summary>Tensors as .npy files of doubles.</summary>
internal static class NpyBytes
{
    /// <summary>The bytes of the file.</summary>
    public static byte[] Of(SeedTensor tensor)
    {
        long[] shape = [.. tensor.Shape.Select(d => (long)d)];
        return [.. NpyFormat.Header("<f8", shape), .. MemoryMarshal.AsBytes<double>(tensor.Data)];
    }
}
