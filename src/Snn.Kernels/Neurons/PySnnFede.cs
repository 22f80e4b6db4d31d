using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// PySNN's FedeNeuron: a leaky integrator that is driven by its input less the presynaptic traces.
/// <code>
/// v_cell = v_cell + dt / tau_v (alpha_v (x - sum of presynaptic traces) - (v_cell - v_rest)), unless refractory
/// v_cell &gt;= thresh: spike, v_cell = v_rest
/// </code>
/// The neuron of Paredes-Valles, Scheper and de Croon (2020, doi:10.1109/TPAMI.2019.2903179).
/// </summary>
public sealed class PySnnFede
    : NeuronModel<PySnnFede.Parameters, PySnnState<double>, PySnnCell<double>, TracedInput<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Threshold, voltage, trace, refractory period.</summary>
        public PySnnCellParameters cell;

        /// <summary>Time constant of the voltage, ms.</summary>
        [Parameter(5, "ms", "Time constant of the voltage", Min = 0, MinExcluded = true)]
        public double tau_v;

        /// <summary>Time constant of the trace, ms.</summary>
        [Parameter(5, "ms", "Time constant of the trace", Min = 0, MinExcluded = true)]
        public double tau_t;
    }

    /// <inheritdoc/>
    public override string Name => "pysnn_fede";

    /// <inheritdoc/>
    public override string Summary => "FedeNeuron: a leaky integrator that is driven by its input less the presynaptic traces.";

    /// <inheritdoc/>
    public override string Equations => """
        v_cell = v_cell + dt / tau_v (alpha_v (x - sum of presynaptic traces) - (v_cell - v_rest)), unless refrac_counts > 0
        v_cell >= thresh: spike, refrac_counts = duration_refrac / dt, v_cell = v_rest
        trace = trace + dt / tau_t (alpha_t spike - trace)
        """;

    /// <inheritdoc/>
    public override string Scheme => "Forward Euler with a step of dt, order 1. A refractory period is a whole number n of steps: after a spike at step t the next one is possible at t + n + 1.";

    /// <inheritdoc/>
    public override string Library => "PySNN";

    /// <inheritdoc/>
    public override string Reference =>
        "Paredes-Valles F, Scheper KYW, de Croon GCHE (2020) IEEE Trans Pattern Anal Mach Intell 42:2051, doi:10.1109/TPAMI.2019.2903179; " + PySnnUpdate.Source;

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() => new StagedNeuronKernel<L, PySnnState<L>, PySnnCell<L>, TracedInput<L>, Kernel<L>>(EventPorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => p.cell.Check(dtMs);

    /// <inheritdoc/>
    protected override PySnnCell<double> Derive(in Parameters p, double dtMs) => PySnnCell.Derive(p.cell, dtMs / p.tau_v, dtMs / p.tau_t, dtMs);

    /// <inheritdoc/>
    protected override PySnnState<double> Initialize(in Parameters p) => new() { v_cell = p.cell.v_rest };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : IStagedKernel<L, PySnnState<L>, PySnnCell<L>, TracedInput<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Integrate(ref PySnnState<L> s, in PySnnCell<L> d, in TracedInput<L> x) => s.v_cell = ExponentialUpdate<L>.Step(
            s.v_cell, d.VRest, d.AlphaV * (x.Spikes + x.Current - x.Trace), d.RateV, PySnnCell.Free(s.refrac_counts));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Fire(ref PySnnState<L> s, in PySnnCell<L> d, L may)
        {
            var spiked = (s.v_cell >= d.Thresh) & may;
            s.trace = ExponentialUpdate<L>.Step(s.trace, L.Zero, d.AlphaT & spiked, d.RateT, L.Zero <= L.Zero);
            s.refrac_counts = PySnnCell.RefracCounts(s.refrac_counts, spiked, d.RefractorySteps);
            s.v_cell = L.Select(spiked, d.VRest, s.v_cell);
            return spiked;
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Excess(in PySnnState<L> s, in PySnnCell<L> d) => s.v_cell - d.Thresh;
    }
}
