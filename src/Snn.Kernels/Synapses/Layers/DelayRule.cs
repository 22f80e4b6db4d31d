namespace Snn.Kernels.Synapses.Layers;

/// <summary>What happens to a spike that enters a synapse on which another is on its way.</summary>
public enum DelayRule
{
    /// <summary>Every spike arrives its delay after it entered.</summary>
    Queue,

    /// <summary>
    /// The new spike replaces the one on its way, which is lost; one that leaves in the very step is still delivered. PySNN, as documented.
    /// </summary>
    Overwrite,

    /// <summary>
    /// The new spike adds delay + 1 to the synapse's counter, which goes down by one a step and lets a spike out when it comes to one: a spike that enters a busy
    /// synapse arrives late, and the one on its way is lost. PySNN, as programmed. Delay 0 passes at once.
    /// </summary>
    Accumulate,
}
