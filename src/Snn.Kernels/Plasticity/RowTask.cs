namespace Snn.Kernels.Plasticity;

/// <summary>A row of plastic synapses (one source, one delay) and what its kernel needs to know of a visit to it.</summary>
internal unsafe struct RowTask
{
    /// <summary>Targets: places in the arrays of the table, ascending. [synapse]</summary>
    public ushort* Targets;

    /// <summary>Weights. [synapse]</summary>
    public void* Weights;

    /// <summary>The second number of each synapse; null where there is none. [synapse]</summary>
    public void* Seconds;

    /// <summary>Synapses.</summary>
    public int Count;

    /// <summary>What the synapses know of their targets: see <see cref="ArrivedSpikes.Latest"/>.</summary>
    public void* Latest;

    /// <summary>See <see cref="ArrivedSpikes.Older"/>.</summary>
    public void* Older;

    /// <summary>See <see cref="ArrivedSpikes.LatestSlow"/>.</summary>
    public void* LatestSlow;

    /// <summary>See <see cref="ArrivedSpikes.OlderSlow"/>.</summary>
    public void* OlderSlow;

    /// <summary>Numbers of a block of older spikes.</summary>
    public nint OlderStride;

    /// <summary>Still older spikes.</summary>
    public SpikeRings Rings;

    /// <summary>Step that times are counted from.</summary>
    public long Base;

    /// <summary>
    /// Time up to which targets' spikes had come when the source spiked last: windows are counted from here. Spikes of targets and of the source are
    /// compared as the synapse sees them, the latter d earlier than their own time.
    /// </summary>
    public double Begin;

    /// <summary>Time up to which targets' spikes have acted: the beginning, or later.</summary>
    public double Done;

    /// <summary>Time up to which targets' spikes have come now.</summary>
    public double End;

    /// <summary><see cref="Done"/> as a step.</summary>
    public long DoneStep;

    /// <summary><see cref="End"/> as a step.</summary>
    public long EndStep;

    /// <summary>Delay of the row.</summary>
    public int DelaySteps;

    /// <summary>Whether the source has spiked before; else there is nothing to pair spikes of the targets with.</summary>
    public bool HasSpiked;

    /// <summary>Numbers of the source just after its last spike.</summary>
    public double* Source;

    /// <summary>Steps since its last spike; before the first, since the time 0.</summary>
    public double StepsSinceSpike;

    /// <summary>Input of the table's first target, to which the weights are added; null: no spike, only the past is made up for.</summary>
    public void* Input;
}
