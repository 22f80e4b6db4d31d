using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers;

/// <summary>
/// The arithmetic of learning rules on weights that all batch items share. A worker owns a range of rows of the weights (sources of a linear layer, taps of a
/// convolution) and computes them for all items, summing in the order of items and, within one, of locations: so the learned weights are one answer for any
/// number of workers and any split of the items.
/// </summary>
/// <remarks>
/// Arrays over synapses are [row][column] as <see cref="LayerWeights"/> lays them out, with its stride; columns of padding stay zero. Synapses that a mask leaves
/// out do not change.
/// </remarks>
public abstract unsafe class LayerPlasticity : IDisposable
{
    private protected LayerPlasticity(LayerWeights weights) => Weights = weights;

    /// <summary>The weights that learn.</summary>
    public LayerWeights Weights { get; }

    /// <summary>Numbers of an array over synapses: rows times stride.</summary>
    public long SynapseNumbers => Weights.Rows * (long)Weights.Stride;

    /// <summary>The arithmetic for some weights.</summary>
    /// <param name="weights">Weights; not owned.</param>
    /// <param name="lanes">As for <see cref="LanePolicy.Choose"/>.</param>
    public static LayerPlasticity Create(LayerWeights weights, int lanes = LanePolicy.Auto)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return LanePolicy.Create(new Factory(weights), lanes, weights.IsDouble);
    }

    /// <summary>
    /// Sums over items and locations of presynaptic trace times postsynaptic spike (<paramref name="causal"/>) and of presynaptic spike times postsynaptic trace
    /// (<paramref name="acausal"/>): what pair rules of STDP are made of.
    /// </summary>
    /// <param name="items">Activity. [item]</param>
    /// <param name="count">How many items.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    /// <param name="causal">Array over synapses; the rows are overwritten.</param>
    /// <param name="acausal">Likewise.</param>
    public abstract void SumPairs(LayerActivity* items, int count, int firstRow, int lastRow, void* causal, void* acausal);

    /// <summary>
    /// The change of the weights by a pair rule: f_post(w) causal - f_pre(w) acausal, with f(w) = w within bounds (<see cref="WeightDependence"/>).
    /// </summary>
    /// <param name="causal">From <see cref="SumPairs"/>; overwritten with the change.</param>
    /// <param name="acausal">From <see cref="SumPairs"/>.</param>
    /// <param name="post">Factor of the causal term.</param>
    /// <param name="pre">Factor of the acausal term.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    /// <remarks>
    /// snngrow: both factors within [-1, 1], so that a weight of 0 never changes and the rule changes its sign with the weight. snnTorch: any, by default w itself.
    /// </remarks>
    public abstract void PairChange(void* causal, void* acausal, WeightDependence post, WeightDependence pre, int firstRow, int lastRow);

    /// <summary>w += rate * change.</summary>
    /// <param name="change">Array over synapses.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    public abstract void Add(void* change, double rate, int firstRow, int lastRow);

    /// <summary>sum := decay sum + change.</summary>
    /// <param name="sum">Array over synapses.</param>
    /// <param name="decay">Factor of a step.</param>
    /// <param name="change">Array over synapses.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    public abstract void Gather(void* sum, double decay, void* change, int firstRow, int lastRow);

    /// <summary>
    /// The eligibility of one item in MSTDPET: e := decay e + a_pre (presynaptic trace x postsynaptic spike) - a_post (presynaptic spike x postsynaptic trace),
    /// summed over locations of a convolution.
    /// </summary>
    /// <param name="item">Activity of the item.</param>
    /// <param name="eligibility">The item's array over synapses.</param>
    /// <param name="decay">Factor of a step.</param>
    /// <param name="aPre">Factor of the causal term.</param>
    /// <param name="aPost">Factor of the acausal term.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    /// <param name="firstLocation">First location that counts.</param>
    /// <param name="lastLocation">Behind the last location; -1: all.</param>
    /// <remarks>
    /// PySNN keeps an eligibility a location and averages when it rewards; since the decay is one for all, the sum is enough. A range of locations gives parts of it.
    /// </remarks>
    public abstract void UpdateEligibility(
        in LayerActivity item, void* eligibility, double decay, double aPre, double aPost, int firstRow, int lastRow, int firstLocation = 0, int lastLocation = -1);

    /// <summary>w += rate / (items * locations) * sum over items of reward * eligibility. The eligibility is not consumed.</summary>
    /// <param name="eligibility">The items' arrays over synapses, one behind the other. [item][row][column]</param>
    /// <param name="rewards">Reward of each item. [item]</param>
    /// <param name="items">How many items.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    public abstract void Reward(void* eligibility, ReadOnlySpan<double> rewards, int items, double rate, int firstRow, int lastRow);

    /// <summary>w := w within bounds.</summary>
    /// <param name="low">Least weight; minus infinity for none.</param>
    /// <param name="high">Greatest weight; infinity for none.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    public abstract void Hold(double low, double high, int firstRow, int lastRow);

    /// <summary>Whether any of some spikes is not 0.</summary>
    /// <param name="spikes">Sizes of spikes.</param>
    /// <param name="count">How many.</param>
    public abstract bool AnySpike(void* spikes, long count);

    /// <summary>Greatest trace of an item, which FedeSTDP scales by: the caller takes the greatest over items.</summary>
    /// <param name="traces">Traces of the sources. [source]</param>
    public abstract double MaxTrace(void* traces);

    /// <summary>
    /// The averages of FedeSTDP over items and locations: of exp(n) and of exp(1 - n), n = trace / max trace; a tap outside the image has n = 0. Where all traces
    /// are zero, n is 0.
    /// </summary>
    /// <param name="traces">Traces of the sources, a pointer an item. [item][source]</param>
    /// <param name="items">How many items.</param>
    /// <param name="maxTrace">Greatest trace of all items.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    /// <param name="potentiation">Averages of exp(n). [row]</param>
    /// <param name="depression">Averages of exp(1 - n). [row]</param>
    public abstract void FedeAverages(
        void** traces, int items, double maxTrace, int firstRow, int lastRow, double* potentiation, double* depression);

    /// <summary>FedeSTDP: w += rate (exp(-d) (potentiation - a) - exp(d) (depression - a)), d = w - w_init.</summary>
    /// <param name="potentiation">From <see cref="FedeAverages"/>. [row]</param>
    /// <param name="depression">From <see cref="FedeAverages"/>. [row]</param>
    /// <param name="rate">Learning rate, above 0.</param>
    /// <param name="initialWeight">w_init.</param>
    /// <param name="a">Offset, 0 to 1.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="lastRow">Behind the last row.</param>
    /// <remarks>Paredes-Vallés, Scheper and de Croon 2020, doi:10.1109/TPAMI.2019.2903179, as PySNN has it.</remarks>
    public abstract void Fede(double* potentiation, double* depression, double rate, double initialWeight, double a, int firstRow, int lastRow);

    /// <summary>trace := keep * trace + add * spike, for a column of traces of either side.</summary>
    /// <param name="traces">Traces; the column is padded to a multiple of 16 numbers.</param>
    /// <param name="spikes">Sizes of the spikes of the step, padded likewise.</param>
    /// <param name="count">Neurons.</param>
    /// <param name="keep">1 - 1 / tau or exp(-1 / tau), for example.</param>
    /// <param name="add">Jump of a spike of size 1.</param>
    public abstract void UpdateTraces(void* traces, void* spikes, int count, double keep, double add);

    /// <summary>A column of the targets [output channel][location] as <see cref="LayerActivity"/> has it: [location][output channel, padded].</summary>
    /// <param name="column">Numbers of the targets.</param>
    /// <param name="byLocation">Room for locations times stride numbers.</param>
    public abstract void ByLocation(void* column, void* byLocation);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class Factory(LayerWeights weights) : ILaneFactory<LayerPlasticity>
    {
        public LayerPlasticity Create<L>()
            where L : unmanaged, ILanes<L> => new LayerPlasticity<L>(weights);
    }
}
