using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// PySNN's LIFNeuron: a leaky integrator with a refractory period and a trace.
/// <code>
/// v_cell = v_rest + tau_v (v_cell - v_rest) + alpha_v x               (linear)
/// v_cell = v_cell + dt / tau_v (alpha_v x - (v_cell - v_rest))        (exponential)
/// v_cell &gt;= thresh: spike, v_cell = v_rest
/// </code>
/// </summary>
public sealed class PySnnLif
    : NeuronModel<PySnnLif.Parameters, PySnnState<double>, PySnnCell<double>, LayerInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Threshold, voltage, trace, refractory period.</summary>
        public PySnnCellParameters cell;

        /// <summary>Decay of the voltage.</summary>
        [Parameter(0.9, "", "Voltage: factor a step (linear) or time constant in ms (exponential)", Min = 0)]
        public double tau_v;

        /// <summary>Decay of the trace.</summary>
        [Parameter(0.8, "", "Trace: factor a step (linear) or time constant in ms (exponential)", Min = 0)]
        public double tau_t;

        /// <summary>How both decay.</summary>
        [Parameter(0, "", "Whether values decay by a factor or by forward Euler", Choices = ["linear", "exponential"], IsShared = true)]
        public double update_type;
    }

    /// <inheritdoc/>
    public override string Name => "pysnn_lif";

    /// <inheritdoc/>
    public override string Summary => "LIFNeuron: a leaky integrator with a refractory period and a trace.";

    /// <inheritdoc/>
    public override string Equations => """
        linear:      v_cell = v_rest + tau_v (v_cell - v_rest) + alpha_v x; v_rest where refrac_counts > 0
        exponential: v_cell = v_cell + dt / tau_v (alpha_v x - (v_cell - v_rest)), unless refrac_counts > 0
        v_cell >= thresh: spike, refrac_counts = duration_refrac / dt, v_cell = v_rest
        linear:      trace = tau_t trace + alpha_t spike
        exponential: trace = trace + dt / tau_t (alpha_t spike - trace)
        """;

    /// <inheritdoc/>
    public override string Scheme => PySnnUpdate.Scheme;

    /// <inheritdoc/>
    public override string Library => "PySNN";

    /// <inheritdoc/>
    public override string Reference => PySnnUpdate.Source;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => Common.update_type == PySnnUpdate.Linear
        ? new StagedNeuronKernel<L, PySnnState<L>, PySnnCell<L>, LayerInput<L>, Kernel<L, LinearUpdate<L>>>(EventPorts)
        : new StagedNeuronKernel<L, PySnnState<L>, PySnnCell<L>, LayerInput<L>, Kernel<L, ExponentialUpdate<L>>>(EventPorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        p.cell.Check(dtMs).Concat(PySnnUpdate.Check(p.update_type, ("tau_v", p.tau_v), ("tau_t", p.tau_t)));

    /// <inheritdoc/>
    protected override PySnnCell<double> Derive(in Parameters p, double dtMs) => PySnnCell.Derive(
        p.cell, PySnnUpdate.Rate(p.tau_v, p.update_type, dtMs), PySnnUpdate.Rate(p.tau_t, p.update_type, dtMs), dtMs);

    /// <inheritdoc/>
    protected override PySnnState<double> Initialize(in Parameters p) => new() { v_cell = p.cell.v_rest };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    /// <typeparam name="TUpdate">Update type.</typeparam>
    public readonly struct Kernel<L, TUpdate> : IStagedKernel<L, PySnnState<L>, PySnnCell<L>, LayerInput<L>>
        where L : unmanaged, ILanes<L>
        where TUpdate : IPySnnUpdate<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref PySnnState<L> s, in PySnnCell<L> d, in LayerInput<L> x) => s.v_cell = TUpdate.Step(
            s.v_cell, d.VRest, d.AlphaV * (x.Spikes + x.Current), d.RateV, PySnnCell.Free(s.refrac_counts));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref PySnnState<L> s, in PySnnCell<L> d, L may)
        {
            var spiked = (s.v_cell >= d.Thresh) & may;
            s.trace = TUpdate.Step(s.trace, L.Zero, d.AlphaT & spiked, d.RateT, L.Zero <= L.Zero);
            s.refrac_counts = PySnnCell.RefracCounts(s.refrac_counts, spiked, d.RefractorySteps);
            s.v_cell = L.Select(spiked, d.VRest, s.v_cell);
            return spiked;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in PySnnState<L> s, in PySnnCell<L> d) => s.v_cell - d.Thresh;
    }
}
