namespace Snn.Kernels.Plasticity;

/// <summary>What several models say about how they are computed.</summary>
internal static class SchemeText
{
    /// <summary>For the rules of pairs and triplets.</summary>
    public const string Stdp =
        "Exact: traces are advanced from spike to spike. As in NEST the whole delay d is dendritic: a spike of the target acts on the synapse d later, and so "
        + "a spike of the source at t meets those of the target up to and including t - d, of which the one at t - d itself facilitates but does not depress. "
        + "Before the first spike of a source nothing pairs with the target's spikes.";

    /// <summary>For the rules of short-term plasticity.</summary>
    public const string ShortTerm =
        "Exact: the state is advanced from spike to spike of the source. All synapses of a projection share their parameters, so the state belongs to the source.";
}
