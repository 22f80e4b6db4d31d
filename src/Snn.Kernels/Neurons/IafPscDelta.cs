using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Leaky integrate-and-fire neuron whose potential jumps at every incoming spike.
/// <code>
/// dV_m/dt = -(V_m - E_L) / tau_m + (I_e + I_stim) / C_m + sum over spikes of w delta(t - t_spike)
/// V_m &gt;= V_th: spike, V_m = V_reset, V_m held for t_ref
/// </code>
/// Spikes that arrive while V_m is held are lost, or, with refractory_input, add to V_m at its end what is left of them by then.
/// Exact integration on the grid of dt (Rotter and Diesmann 1999, doi:10.1007/s004220050570).
/// </summary>
public sealed class IafPscDelta
    : NeuronModel<IafPscDelta.Parameters, IafPscDelta.State<double>, IafPscDelta.Derived<double>, IafPscDelta.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Resting potential, mV.</summary>
        [Parameter(-70, "mV", "Resting potential")]
        public double E_L;

        /// <summary>Capacitance of the membrane, pF.</summary>
        [Parameter(250, "pF", "Capacitance of the membrane", Min = 0, MinExcluded = true)]
        public double C_m;

        /// <summary>Time constant of the membrane, ms.</summary>
        [Parameter(10, "ms", "Time constant of the membrane", Min = 0, MinExcluded = true)]
        public double tau_m;

        /// <summary>Duration of the refractory period, ms.</summary>
        [Parameter(2, "ms", "Duration of the refractory period", Min = 0)]
        public double t_ref;

        /// <summary>Spike threshold, mV.</summary>
        [Parameter(-55, "mV", "Spike threshold")]
        public double V_th;

        /// <summary>Potential after a spike; below V_th, mV.</summary>
        [Parameter(-70, "mV", "Potential after a spike; below V_th")]
        public double V_reset;

        /// <summary>Constant input current, pA.</summary>
        [Parameter(0, "pA", "Constant input current")]
        public double I_e;

        /// <summary>Lower bound of the membrane potential, mV.</summary>
        [Parameter(double.NegativeInfinity, "mV", "Lower bound of the membrane potential")]
        public double V_min;

        /// <summary>Whether spikes that arrive in the refractory period count at its end.</summary>
        [Parameter(0, "", "Whether spikes that arrive in the refractory period count at its end", Max = 1, IsSwitch = true, Min = 0)]
        public double refractory_input;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential, mV.</summary>
        [StateVariable("mV", "Membrane potential")]
        public T V_m;

        /// <summary>What is left of the refractory period, steps.</summary>
        [StateVariable("steps", "What is left of the refractory period", IsPublic = false)]
        public T RefractorySteps;

        /// <summary>Decayed sum of the spikes that arrived in the refractory period, mV.</summary>
        [StateVariable("mV", "Decayed sum of the spikes that arrived in the refractory period", IsPublic = false)]
        public T RefractoryInput;
    }

    /// <summary>What arrives in a step.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Input<T>
    {
        /// <summary>Spikes of either sign, mV.</summary>
        [Port("spikes", PortKind.Spikes, "mV", "Spikes of either sign")]
        public T Spikes;

        /// <summary>Injected current, pA.</summary>
        [Port("current", PortKind.Current, "pA", "Injected current")]
        public T I_stim;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>V_m - E_L -&gt; change of V_m: e^(-dt / tau_m) - 1.</summary>
        public T P33m1;

        /// <summary>Injected current -&gt; V_m, mV/pA.</summary>
        public T P30;

        /// <summary>Resting potential, mV.</summary>
        public T E_L;

        /// <summary>Change of V_m by the constant current, mV.</summary>
        public T Drift;

        /// <summary>Spike threshold, mV.</summary>
        public T V_th;

        /// <summary>Reset potential, mV.</summary>
        public T V_reset;

        /// <summary>Lower bound of V_m, mV.</summary>
        public T V_min;

        /// <summary>Share of a held spike that a step leaves: e^(-dt / tau_m); 0 without refractory_input.</summary>
        public T Held;

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;
    }

    /// <inheritdoc/>
    public override string Name => "iaf_psc_delta";

    /// <inheritdoc/>
    public override string Summary => "Leaky integrate-and-fire neuron whose potential jumps at every incoming spike.";

    /// <inheritdoc/>
    public override string Equations => """
        dV_m/dt = -(V_m - E_L) / tau_m + (I_e + I_stim) / C_m + sum over spikes of w delta(t - t_spike)
        V_m >= V_th: spike, V_m = V_reset, V_m held for t_ref
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Exact on the grid of dt, as an increment of V_m, so that it stays exact in single precision. With refractory_input, a spike that arrives with "
        + "a time T left of the refractory period adds w exp(-T / tau_m) at its end; else it is lost.";

    /// <inheritdoc/>
    public override string Reference =>
        "Rotter S, Diesmann M (1999) Biol Cybern 81:381, doi:10.1007/s004220050570; "
        + "Brunel N (2000) J Comput Neurosci 8:183, doi:10.1023/A:1008925309027.";

    /// <inheritdoc/>
    public override string Library => "NEST";

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() =>
        new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        CommonChecks.ResetBelowThreshold(p.V_reset, p.V_th).Concat(CommonChecks.RefractoryPeriod(p.t_ref, dtMs));

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs)
    {
        var p30 = Propagators.Constant(p.tau_m, p.C_m, dtMs);
        return new Derived<double>
        {
            P33m1 = LaneMath.ExpMinusOne(-dtMs / p.tau_m),
            P30 = p30,
            E_L = p.E_L,
            Drift = p30 * p.I_e,
            V_th = p.V_th,
            V_reset = p.V_reset,
            V_min = p.V_min,
            Held = p.refractory_input != 0 ? LaneMath.Exp(-dtMs / p.tau_m) : 0,
            RefractorySteps = Refractory.Steps(p.t_ref, dtMs),
        };
    }

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => new() { V_m = -70 };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : INeuronKernel<L, State<L>, Derived<L>, Input<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Advance(ref State<L> s, in Derived<L> d, in Input<L> x)
        {
            var resting = s.RefractorySteps <= L.Zero;
            var dv = L.FusedMultiplyAdd(d.P33m1, s.V_m - d.E_L, d.Drift);
            dv = L.FusedMultiplyAdd(d.P30, x.I_stim, dv) + x.Spikes + s.RefractoryInput;
            var v = L.Select(resting, L.Max(s.V_m + dv, d.V_min), s.V_m);
            s.RefractoryInput = L.Select(resting, L.Zero, (s.RefractoryInput + x.Spikes) * d.Held);
            var spiked = v >= d.V_th;
            s.V_m = L.Select(spiked, d.V_reset, v);
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            return spiked;
        }
    }
}
