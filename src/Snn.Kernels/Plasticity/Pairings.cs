using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>The values of the parameter "pairing" of a rule of pairs.</summary>
internal static class Pairings
{
    /// <summary>All pairs of spikes.</summary>
    public const string AllToAll = "all_to_all";

    /// <summary>NEST's stdp_nn_symm_synapse.</summary>
    public const string NearestSymmetric = "nn_symm";

    /// <summary>NEST's stdp_nn_restr_synapse.</summary>
    public const string NearestRestricted = "nn_restr";

    /// <summary>NEST's stdp_nn_pre_centered_synapse.</summary>
    public const string PreCentered = "nn_pre_centered";

    /// <summary>The kernel of a rule for a value of the parameter, which is the index of a choice.</summary>
    public static PlasticKernel CreateKernel<L, TRule>(double pairing, TRule rule, StdpSlopes slopes)
        where L : unmanaged, ILanes<L>
        where TRule : struct, IStdpRule<L> => pairing switch
        {
            0 => new StdpKernel<L, TRule, AllToAll>(rule, slopes),
            1 => new StdpKernel<L, TRule, NearestSymmetric>(rule, slopes),
            2 => new StdpKernel<L, TRule, NearestRestricted>(rule, slopes),
            3 => new StdpKernel<L, TRule, PreCentered>(rule, slopes),
            _ => throw new ArgumentOutOfRangeException(nameof(pairing), pairing, "A pairing is 0 to 3."),
        };
}
