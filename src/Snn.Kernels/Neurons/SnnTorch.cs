using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>What snnTorch's models have in common.</summary>
internal static class SnnTorch
{
    public const string Paper =
        "Eshraghian JK, Ward M, Neftci EO, Wang X, Lenz G, Dwivedi G, Bennamoun M, Jeong DS, Lu WD (2023) Proc IEEE 111:1016, doi:10.1109/JPROC.2023.3308088; version 0.9.4.";

    /// <summary>The kernel of a model for the spike parameters of a population.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="quantised">How many state variables are rounded to levels where there are some; they are the first ones.</param>
    public static StagedNeuronKernel CreateKernel<L, TState, TDerived, TKernel>(NeuronModel model, in SnnTorchSpike p, int quantised)
        where L : unmanaged, ILanes<L>
        where TState : unmanaged
        where TDerived : unmanaged
        where TKernel : IStagedKernel<L, TState, TDerived, LayerInput<L>> =>
        new StagedNeuronKernel<L, TState, TDerived, LayerInput<L>, TKernel>(
            model.EventPorts, p.inhibition != 0, StateQuantiser.Create(p.state_quant, quantised));
}
