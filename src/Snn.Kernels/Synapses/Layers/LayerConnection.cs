namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// The synapses between two populations of a layered network, as all batch items and all workers of a process share them. What delivery writes besides the
/// input is a <see cref="LayerWorkspace"/>, one a worker.
/// </summary>
/// <remarks>
/// An input column has one number a target and is padded to a multiple of 64 numbers, aligned to 64 bytes; padding may be written, with anything.
/// Each target receives its weights in ascending order of the sources, whatever the vector width and however items are shared out.
/// </remarks>
public abstract unsafe class LayerConnection : IDisposable
{
    private protected LayerConnection(int sourceCount, int targetCount, bool isDouble, IReadOnlyList<int> delaySteps)
    {
        SourceCount = sourceCount;
        TargetCount = targetCount;
        IsDouble = isDouble;
        DelaySteps = delaySteps;
    }

    /// <summary>Source neurons.</summary>
    public int SourceCount { get; }

    /// <summary>Target neurons.</summary>
    public int TargetCount { get; }

    /// <summary>Whether numbers are doubles.</summary>
    public bool IsDouble { get; }

    /// <summary>Its delays, steps, ascending; events carry an index in it.</summary>
    public IReadOnlyList<int> DelaySteps { get; }

    /// <summary>Bytes of its tables; weights are counted by <see cref="LayerWeights"/>.</summary>
    public virtual long Bytes => 0;

    /// <summary>Bytes that a worker's workspace must have.</summary>
    internal virtual long WorkspaceBytes => 0;

    /// <summary>A linear or convolutional connection.</summary>
    /// <param name="weights">Weights; the connection reads them and does not own them.</param>
    /// <param name="bias">Added to the input in every step: one number an output channel (target of a linear layer), or null.</param>
    /// <param name="lanes">As for <see cref="Lanes.LanePolicy.Choose"/>.</param>
    public static LayerConnection Create(LayerWeights weights, IReadOnlyList<double>? bias = null, int lanes = Lanes.LanePolicy.Auto)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (bias is not null && bias.Count != weights.Shape.OutputChannels)
        {
            throw new ArgumentException($"{bias.Count} biases do not fit {weights.Shape.OutputChannels} output channels; give one of each");
        }

        return Lanes.LanePolicy.Create(new WeightedFactory(weights, bias), lanes, weights.IsDouble);
    }

    /// <summary>A pooling connection.</summary>
    /// <param name="shape">Windows.</param>
    /// <param name="isDouble">Whether numbers are doubles.</param>
    /// <param name="weight">What a target gets in whose window any source spikes.</param>
    /// <param name="delaySteps">Delay, steps.</param>
    public static LayerConnection Create(PoolingShape shape, bool isDouble, double weight = 1, int delaySteps = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfNegative(delaySteps);
        return isDouble ? new PoolingConnection<double>(shape, weight, delaySteps) : new PoolingConnection<float>(shape, weight, delaySteps);
    }

    /// <summary>A connection of listed synapses: what a <see cref="ConnectionRule"/> draws, for example.</summary>
    /// <param name="sourceCount">Source neurons.</param>
    /// <param name="targetCount">Target neurons.</param>
    /// <param name="sources">Source neurons. [synapse]</param>
    /// <param name="targets">Target neurons. [synapse]</param>
    /// <param name="weights">Weights. [synapse]</param>
    /// <param name="delaySteps">Delays, steps, zero or more. [synapse]</param>
    /// <param name="isDouble">Whether numbers are doubles.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a neuron or a delay is not possible.</exception>
    public static LayerConnection Create(
        int sourceCount,
        int targetCount,
        ReadOnlySpan<int> sources,
        ReadOnlySpan<int> targets,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<int> delaySteps,
        bool isDouble)
    {
        if (sources.Length != targets.Length || sources.Length != weights.Length || sources.Length != delaySteps.Length)
        {
            throw new ArgumentException(
                $"{sources.Length} sources, {targets.Length} targets, {weights.Length} weights and {delaySteps.Length} delays; give one of each a synapse");
        }

        for (var i = 0; i < sources.Length; i++)
        {
            if ((uint)sources[i] >= (uint)sourceCount || (uint)targets[i] >= (uint)targetCount || delaySteps[i] < 0)
            {
                throw new ArgumentException(
                    $"synapse {i} goes from {sources[i]} to {targets[i]} with a delay of {delaySteps[i]} steps; " +
                    $"give sources below {sourceCount}, targets below {targetCount} and delays of zero or more");
            }
        }

        int[] distinct = delaySteps.Length == 0 ? [0] : [.. delaySteps.ToArray().Distinct().Order()];
        var indices = Array.ConvertAll(delaySteps.ToArray(), d => Array.BinarySearch(distinct, d));
        return isDouble
            ? new SparseConnection<double>(sourceCount, targetCount, sources, targets, weights, indices, distinct)
            : new SparseConnection<float>(sourceCount, targetCount, sources, targets, weights, indices, distinct);
    }

    /// <summary>Delivers what arrives in this step for one item: adds the weights, each times the size of its spike, to the item's input column.</summary>
    /// <param name="arrivals">Spikes that arrive.</param>
    /// <param name="input">The item's input column.</param>
    /// <param name="workspace">The worker's workspace.</param>
    /// <returns>Synaptic events: weights added.</returns>
    public abstract long Deliver(in LayerEvents arrivals, void* input, LayerWorkspace workspace);

    /// <summary>The same for several items, with the same sums; a large table of weights is read block by block, each for all items.</summary>
    /// <param name="arrivals">Spikes that arrive. [item]</param>
    /// <param name="inputs">Input columns. [item]</param>
    /// <param name="items">How many items.</param>
    /// <param name="workspace">The worker's workspace.</param>
    /// <returns>Synaptic events.</returns>
    public virtual long Deliver(LayerEvents* arrivals, void** inputs, int items, LayerWorkspace workspace)
    {
        long events = 0;
        for (var item = 0; item < items; item++)
        {
            events += Deliver(arrivals[item], inputs[item], workspace);
        }

        return events;
    }

    /// <summary>Adds the bias to an item's input column: once a step, before the spikes.</summary>
    /// <param name="input">The item's input column.</param>
    public virtual void AddBias(void* input)
    {
    }

    /// <summary>
    /// Adds, for each target, the current traces of the sources of all its synapses to the item's trace column: what Fede neurons are inhibited by. Traces
    /// are not delayed. A pooling target takes the trace of its winner alone.
    /// </summary>
    /// <param name="spikes">Spikes of the sources in this step; read by pooling alone.</param>
    /// <param name="sourceTraces">Traces of the sources. [source]</param>
    /// <param name="input">The item's trace column.</param>
    /// <param name="workspace">The worker's workspace.</param>
    public abstract void AddTraces(in LayerEvents spikes, void* sourceTraces, void* input, LayerWorkspace workspace);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class WeightedFactory(LayerWeights weights, IReadOnlyList<double>? bias) : Lanes.ILaneFactory<LayerConnection>
    {
        public LayerConnection Create<L>()
            where L : unmanaged, Lanes.ILanes<L> =>
            weights.Shape is { Pixels: 1, Locations: 1 } and { Kernel: (1, 1) }
                ? new LinearConnection<L>(weights, bias)
                : new ConvolutionConnection<L>(weights, bias);
    }
}
