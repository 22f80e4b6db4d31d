using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Leaky integrate-and-fire neuron with exponentially decaying synaptic currents.
/// <code>
/// dV_m/dt      = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_e + I_stim) / C_m
/// dI_syn_x/dt  = -I_syn_x / tau_syn_x + sum over spikes of w delta(t - t_spike)
/// </code>
/// V_m >= V_th: spike, V_m = V_reset, held for t_ref. Exact integration on the grid of dt (Rotter and Diesmann 1999,
/// doi:10.1007/s004220050570); the model of Tsodyks, Uziel and Markram (2000).
/// </summary>
public sealed class IafPscExp
    : NeuronModel<IafPscExp.Parameters, IafPscExp.State<double>, IafPscExp.Derived<double>, IafPscExp.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Resting potential, mV.</summary>
        [Parameter(-70, "mV", "Resting potential")]
        public double E_L;

        /// <summary>Membrane capacitance, pF.</summary>
        [Parameter(250, "pF", "Capacitance of the membrane", Min = 0, MinExcluded = true)]
        public double C_m;

        /// <summary>Membrane time constant, ms.</summary>
        [Parameter(10, "ms", "Time constant of the membrane", Min = 0, MinExcluded = true)]
        public double tau_m;

        /// <summary>Decay of the excitatory current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the excitatory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_ex;

        /// <summary>Decay of the inhibitory current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the inhibitory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_in;

        /// <summary>Refractory period, ms.</summary>
        [Parameter(2, "ms", "Duration of the refractory period", Min = 0)]
        public double t_ref;

        /// <summary>Spike threshold, mV.</summary>
        [Parameter(-55, "mV", "Spike threshold")]
        public double V_th;

        /// <summary>Reset potential, mV.</summary>
        [Parameter(-70, "mV", "Potential after a spike; below V_th")]
        public double V_reset;

        /// <summary>Constant input current, pA.</summary>
        [Parameter(0, "pA", "Constant input current")]
        public double I_e;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential, mV.</summary>
        [StateVariable("mV", "Membrane potential")]
        public T V_m;

        /// <summary>Excitatory synaptic current, pA.</summary>
        [StateVariable("pA", "Excitatory synaptic current")]
        public T I_syn_ex;

        /// <summary>Inhibitory synaptic current, pA.</summary>
        [StateVariable("pA", "Inhibitory synaptic current")]
        public T I_syn_in;

        /// <summary>Steps left of the refractory period.</summary>
        [StateVariable("steps", "What is left of the refractory period", IsPublic = false)]
        public T RefractorySteps;
    }

    /// <summary>What arrives in a step.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Input<T>
    {
        /// <summary>Sum of positive weights, pA.</summary>
        [Port("ex", PortKind.ExcitatorySpikes, "pA", "Spikes with a positive weight")]
        public T Ex;

        /// <summary>Sum of negative weights, pA.</summary>
        [Port("in", PortKind.InhibitorySpikes, "pA", "Spikes with a negative weight")]
        public T In;

        /// <summary>Injected current, pA.</summary>
        [Port("current", PortKind.Current, "pA", "Injected current")]
        public T I_stim;
    }

    /// <summary>Propagators over one step, and what the threshold needs.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>V_m - E_L -&gt; change of V_m: e^(-dt / tau_m) - 1.</summary>
        public T P22m1;

        /// <summary>I_syn_ex -&gt; V_m, mV/pA.</summary>
        public T P21ex;

        /// <summary>I_syn_in -&gt; V_m, mV/pA.</summary>
        public T P21in;

        /// <summary>Injected current -&gt; V_m, mV/pA.</summary>
        public T P20;

        /// <summary>I_syn_ex -&gt; I_syn_ex.</summary>
        public T P11ex;

        /// <summary>I_syn_in -&gt; I_syn_in.</summary>
        public T P11in;

        /// <summary>Resting potential, mV.</summary>
        public T E_L;

        /// <summary>Change of V_m by the constant current, mV.</summary>
        public T Drift;

        /// <summary>Spike threshold, mV.</summary>
        public T V_th;

        /// <summary>Reset potential, mV.</summary>
        public T V_reset;

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;
    }

    /// <inheritdoc/>
    public override string Name => "iaf_psc_exp";

    /// <inheritdoc/>
    public override string Summary => "Leaky integrate-and-fire neuron with exponentially decaying synaptic currents.";

    /// <inheritdoc/>
    public override string Equations => """
        dV_m/dt = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_e + I_stim) / C_m
        dI_syn_ex/dt = -I_syn_ex / tau_syn_ex + sum of positive w delta(t - t_spike)
        dI_syn_in/dt = -I_syn_in / tau_syn_in + sum of negative w delta(t - t_spike)
        V_m >= V_th: spike, V_m = V_reset, V_m held for t_ref
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Exact on the grid of dt: the solution of the linear equations between two steps, as an increment of V_m, so that it stays exact in "
        + "single precision. NEST's escape noise (rho, delta) and its second current receptor are left out.";

    /// <inheritdoc/>
    public override string Reference =>
        "Rotter S, Diesmann M (1999) Biol Cybern 81:381, doi:10.1007/s004220050570; Tsodyks M, Uziel A, Markram H (2000) J Neurosci 20:RC50.";

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
        var p20 = Propagators.Constant(p.tau_m, p.C_m, dtMs);
        return new Derived<double>
        {
            P22m1 = LaneMath.ExpMinusOne(-dtMs / p.tau_m),
            P21ex = Propagators.Exponential(p.tau_syn_ex, p.tau_m, p.C_m, dtMs),
            P21in = Propagators.Exponential(p.tau_syn_in, p.tau_m, p.C_m, dtMs),
            P20 = p20,
            P11ex = LaneMath.Exp(-dtMs / p.tau_syn_ex),
            P11in = LaneMath.Exp(-dtMs / p.tau_syn_in),
            E_L = p.E_L,
            Drift = p20 * p.I_e,
            V_th = p.V_th,
            V_reset = p.V_reset,
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
            var dv = L.FusedMultiplyAdd(d.P22m1, s.V_m - d.E_L, d.Drift);
            dv = L.FusedMultiplyAdd(d.P21ex, s.I_syn_ex, dv);
            dv = L.FusedMultiplyAdd(d.P21in, s.I_syn_in, dv);
            dv = L.FusedMultiplyAdd(d.P20, x.I_stim, dv);
            var v = L.Select(resting, s.V_m + dv, s.V_m);
            s.I_syn_ex = L.FusedMultiplyAdd(d.P11ex, s.I_syn_ex, x.Ex);
            s.I_syn_in = L.FusedMultiplyAdd(d.P11in, s.I_syn_in, x.In);
            var spiked = v >= d.V_th;
            s.V_m = L.Select(spiked, d.V_reset, v);
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            return spiked;
        }
    }
}
