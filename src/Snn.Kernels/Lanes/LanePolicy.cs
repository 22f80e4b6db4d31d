using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Lanes;

/// <summary>
/// Which lanes run on this machine. The width decides nothing but speed: every width gives the same bits, and a width that the machine
/// has no registers for is made of narrower ones.
/// </summary>
public static class LanePolicy
{
    /// <summary>The request that leaves the choice to <see cref="Choose"/>.</summary>
    public const int Auto = 0;

    /// <summary>
    /// Whether registers of 512 bits pay: the processor has the AVX-512 of Ice Lake and Zen 4 or later (told by VBMI2); the ones before lower their
    /// clock for it. The runtime's own <c>Vector512.IsHardwareAccelerated</c> is false on processors of either kind.
    /// </summary>
    public static bool PrefersAvx512 => Avx512Vbmi2.IsSupported;

    /// <summary>
    /// The lanes for a request. Auto is one 512-bit register, 16 floats or 8 doubles, where these are preferred (<see cref="PrefersAvx512"/>). Else it is
    /// one 256-bit register, with or without AVX2 (without it the runtime splits the register in two).
    /// </summary>
    /// <param name="requested"><see cref="Auto"/>, 1, 8 or 16; for doubles also 4.</param>
    /// <param name="isDouble">Whether the state is double.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no kernels of that width.</exception>
    public static int Choose(int requested, bool isDouble) => requested switch
    {
        Auto => (isDouble ? 4 : 8) * (PrefersAvx512 ? 2 : 1),
        1 or 8 or 16 => requested,
        4 when isDouble => requested,
        _ => throw new ArgumentOutOfRangeException(
            nameof(requested), requested, isDouble ? "Lanes of doubles: 1, 4, 8 or 16; 0 for auto." : "Lanes of floats: 1, 8 or 16; 0 for auto."),
    };

    /// <summary>A kernel of a model over that many lanes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lanes">As for <see cref="Choose"/>.</param>
    /// <param name="isDouble">Whether the state is double.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no kernels of that width.</exception>
    public static NeuronKernel CreateKernel(NeuronModel model, int lanes, bool isDouble)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Create(new ModelKernels(model), lanes, isDouble);
    }

    /// <summary>What a factory makes over that many lanes.</summary>
    /// <param name="factory">The factory.</param>
    /// <param name="lanes">As for <see cref="Choose"/>.</param>
    /// <param name="isDouble">Whether numbers are doubles.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no kernels of that width.</exception>
    internal static T Create<T>(ILaneFactory<T> factory, int lanes, bool isDouble) => (Choose(lanes, isDouble), isDouble, Avx512F.IsSupported) switch
    {
        (1, false, _) => factory.Create<F32x1>(),
        (8, false, _) => factory.Create<F32x8>(),
        (16, false, true) => factory.Create<F32x16>(),
        (16, false, false) => factory.Create<Pair<F32x8>>(),
        (1, true, _) => factory.Create<F64x1>(),
        (4, true, _) => factory.Create<F64x4>(),
        (8, true, true) => factory.Create<F64x8>(),
        (8, true, false) => factory.Create<Pair<F64x4>>(),
        (_, true, true) => factory.Create<Pair<F64x8>>(),
        _ => factory.Create<Pair<Pair<F64x4>>>(),
    };

    private sealed class ModelKernels(NeuronModel model) : ILaneFactory<NeuronKernel>
    {
        public NeuronKernel Create<L>()
            where L : unmanaged, ILanes<L> => model.CreateKernel<L>();
    }
}
