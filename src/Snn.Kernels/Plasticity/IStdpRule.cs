using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// The equations of a rule in which weights change with pairs (or triplets) of spikes: an immutable set of constants over lanes, a lane being a synapse.
/// </summary>
/// <typeparam name="L">Lanes.</typeparam>
internal interface IStdpRule<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>Whether the slow traces matter: those of triplets of spikes.</summary>
    static abstract bool HasSlowTraces { get; }

    /// <summary>A spike of the target has come to the synapse.</summary>
    /// <param name="w">Weight.</param>
    /// <param name="log2KPlus">Logarithm of the trace of the source's spikes, then.</param>
    /// <param name="kMinusSlow">Slow trace of the target's spikes, just before this one.</param>
    L Facilitate(L w, L log2KPlus, L kMinusSlow);

    /// <summary>The source has spiked.</summary>
    /// <param name="w">Weight.</param>
    /// <param name="kMinus">Trace of those spikes of the target that came before.</param>
    /// <param name="kPlusSlow">Slow trace of the source's spikes, just before this one.</param>
    L Depress(L w, L kMinus, L kPlusSlow);
}
