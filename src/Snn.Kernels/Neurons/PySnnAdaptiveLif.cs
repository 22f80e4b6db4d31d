using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// PySNN's AdaptiveLIFNeuron: a LIFNeuron whose threshold rises at a spike and relaxes, to 0 unless another value is given.
/// <code>
/// v_cell &gt;= thresh: spike, v_cell = v_rest
/// thresh = thresh_rest + tau_thresh (thresh - thresh_rest) + alpha_thresh spike                    (linear)
/// thresh = thresh + dt / tau_thresh (alpha_thresh spike - (thresh - thresh_rest))                  (exponential)
/// </code>
/// </summary>
public sealed class PySnnAdaptiveLif
    : NeuronModel<PySnnAdaptiveLif.Parameters, PySnnAdaptiveLif.State<double>, PySnnAdaptiveLif.Derived<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Threshold at the start, voltage, trace, refractory period.</summary>
        public PySnnCellParameters cell;

        /// <summary>Decay of the voltage.</summary>
        [Parameter(0.9, "", "Voltage: factor a step (linear) or time constant in ms (exponential)", Min = 0)]
        public double tau_v;

        /// <summary>Decay of the trace.</summary>
        [Parameter(0.8, "", "Trace: factor a step (linear) or time constant in ms (exponential)", Min = 0)]
        public double tau_t;

        /// <summary>Spike -&gt; threshold.</summary>
        [Parameter(1, "", "Factor of a spike in the threshold")]
        public double alpha_thresh;

        /// <summary>Decay of the threshold.</summary>
        [Parameter(0.95, "", "Threshold: factor a step (linear) or time constant in ms (exponential)", Min = 0)]
        public double tau_thresh;

        /// <summary>What the threshold relaxes to.</summary>
        [Parameter(0, "", "What the threshold relaxes to; always 0 in PySNN")]
        public double thresh_rest;

        /// <summary>How all three decay.</summary>
        [Parameter(0, "", "Whether values decay by a factor or by forward Euler", Choices = ["linear", "exponential"], IsShared = true)]
        public double update_type;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Voltage.</summary>
        [StateVariable("", "Voltage")]
        public T v_cell;

        /// <summary>Trace of the cell's own spikes.</summary>
        [StateVariable("", "Trace of the cell's own spikes")]
        public T trace;

        /// <summary>What is left of the refractory period, steps.</summary>
        [StateVariable("steps", "What is left of the refractory period")]
        public T refrac_counts;

        /// <summary>Threshold.</summary>
        [StateVariable("", "Spike threshold, as it will be compared in the next step")]
        public T thresh;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>As of every cell; its threshold is not used.</summary>
        public PySnnCell<T> Cell;

        /// <summary>Factor of a spike in the threshold.</summary>
        public T AlphaThresh;

        /// <summary>Rate of the threshold.</summary>
        public T RateThresh;

        /// <summary>What the threshold relaxes to.</summary>
        public T ThreshRest;
    }

    /// <inheritdoc/>
    public override string Name => "pysnn_adaptive_lif";

    /// <inheritdoc/>
    public override string Summary => "AdaptiveLIFNeuron: as pysnn_lif, with a threshold that rises at a spike and relaxes.";

    /// <inheritdoc/>
    public override string Equations => """
        linear:      v_cell = v_rest + tau_v (v_cell - v_rest) + alpha_v x; v_rest where refrac_counts > 0
        exponential: v_cell = v_cell + dt / tau_v (alpha_v x - (v_cell - v_rest)), unless refrac_counts > 0
        v_cell >= thresh: spike, refrac_counts = duration_refrac / dt, v_cell = v_rest
        linear:      trace = tau_t trace + alpha_t spike, thresh = thresh_rest + tau_thresh (thresh - thresh_rest) + alpha_thresh spike
        exponential: trace = trace + dt / tau_t (alpha_t spike - trace), thresh = thresh + dt / tau_thresh (alpha_thresh spike - (thresh - thresh_rest))
        """;

    /// <inheritdoc/>
    public override string Scheme => PySnnUpdate.Scheme;

    /// <inheritdoc/>
    public override string Library => "PySNN";

    /// <inheritdoc/>
    public override string Reference => PySnnUpdate.Source;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => Common.update_type == PySnnUpdate.Linear
        ? new StagedNeuronKernel<L, State<L>, Derived<L>, LayerInput<L>, Kernel<L, LinearUpdate<L>>>(EventPorts)
        : new StagedNeuronKernel<L, State<L>, Derived<L>, LayerInput<L>, Kernel<L, ExponentialUpdate<L>>>(EventPorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        p.cell.Check(dtMs).Concat(PySnnUpdate.Check(p.update_type, ("tau_v", p.tau_v), ("tau_t", p.tau_t), ("tau_thresh", p.tau_thresh)));

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => new()
    {
        Cell = PySnnCell.Derive(
            p.cell, PySnnUpdate.Rate(p.tau_v, p.update_type, dtMs), PySnnUpdate.Rate(p.tau_t, p.update_type, dtMs), dtMs),
        AlphaThresh = p.alpha_thresh,
        RateThresh = PySnnUpdate.Rate(p.tau_thresh, p.update_type, dtMs),
        ThreshRest = p.thresh_rest,
    };

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => new() { v_cell = p.cell.v_rest, thresh = p.cell.thresh };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TUpdate">Update type.</typeparam>
    public readonly struct Kernel<L, TUpdate> : IStagedKernel<L, State<L>, Derived<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
        where TUpdate : IPySnnUpdate<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref State<L> s, in Derived<L> d, in LayerInput<L> x) => s.v_cell = TUpdate.Step(
            s.v_cell, d.Cell.VRest, d.Cell.AlphaV * (x.Spikes + x.Current), d.Cell.RateV, PySnnCell.Free(s.refrac_counts));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref State<L> s, in Derived<L> d, L may)
        {
            var spiked = (s.v_cell >= s.thresh) & may;
            s.trace = TUpdate.Step(s.trace, L.Zero, d.Cell.AlphaT & spiked, d.Cell.RateT, L.Zero <= L.Zero);
            s.thresh = TUpdate.Step(s.thresh, d.ThreshRest, d.AlphaThresh & spiked, d.RateThresh, L.Zero <= L.Zero);
            s.refrac_counts = PySnnCell.RefracCounts(s.refrac_counts, spiked, d.Cell.RefractorySteps);
            s.v_cell = L.Select(spiked, d.Cell.VRest, s.v_cell);
            return spiked;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in State<L> s, in Derived<L> d) => s.v_cell - s.thresh;
    }
}
