using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>The kernel of a synapse model over the lanes that are asked for.</summary>
internal static class PlasticLanes
{
    /// <summary>A kernel.</summary>
    public static PlasticKernel CreateKernel(SynapseModel model, double[] parameters, double dtMs, int lanes, bool isDouble) =>
        (LanePolicy.Choose(lanes, isDouble), isDouble, Avx512F.IsSupported) switch
        {
            (1, false, _) => model.CreateKernel<F32x1>(parameters, dtMs),
            (8, false, _) => model.CreateKernel<F32x8>(parameters, dtMs),
            (16, false, true) => model.CreateKernel<F32x16>(parameters, dtMs),
            (16, false, false) => model.CreateKernel<Pair<F32x8>>(parameters, dtMs),
            (1, true, _) => model.CreateKernel<F64x1>(parameters, dtMs),
            (4, true, _) => model.CreateKernel<F64x4>(parameters, dtMs),
            (8, true, true) => model.CreateKernel<F64x8>(parameters, dtMs),
            (8, true, false) => model.CreateKernel<Pair<F64x4>>(parameters, dtMs),
            (_, true, true) => model.CreateKernel<Pair<F64x8>>(parameters, dtMs),
            _ => model.CreateKernel<Pair<Pair<F64x4>>>(parameters, dtMs),
        };
}
