using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances.
/// <code>
/// C_m dV_m/dt = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_e + I_stim
/// dg_x/dt = dg_x - g_x / tau_syn_x
/// d(dg_x)/dt = -dg_x / tau_syn_x + (e / tau_syn_x) sum over spikes of |w| delta(t - t_spike)
/// V_m &gt;= V_th: spike, V_m = V_reset, V_m held for t_ref
/// </code>
/// The synaptic conductances are exact at every step and at the nodes of the scheme; the potential, which is linear given them, takes one step of
/// the two-stage Gauss method, of order 4 and stable for any conductance. NEST integrates adaptively to 1e-3.
/// </summary>
public sealed class IafCondAlpha
    : NeuronModel<IafCondAlpha.Parameters, IafCondAlpha.State<double>, IafCondAlpha.Derived<double>, IafCondAlpha.Input<double>>
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

        /// <summary>Leak conductance, nS.</summary>
        [Parameter(16.6667, "nS", "Leak conductance", Min = 0)]
        public double g_L;

        /// <summary>Reversal potential of excitation, mV.</summary>
        [Parameter(0, "mV", "Reversal potential of excitation")]
        public double E_ex;

        /// <summary>Reversal potential of inhibition, mV.</summary>
        [Parameter(-85, "mV", "Reversal potential of inhibition")]
        public double E_in;

        /// <summary>Time constant of the excitatory conductance, ms.</summary>
        [Parameter(0.2, "ms", "Time constant of the excitatory conductance", Min = 0, MinExcluded = true)]
        public double tau_syn_ex;

        /// <summary>Time constant of the inhibitory conductance, ms.</summary>
        [Parameter(2, "ms", "Time constant of the inhibitory conductance", Min = 0, MinExcluded = true)]
        public double tau_syn_in;

        /// <summary>Duration of the refractory period, ms.</summary>
        [Parameter(2, "ms", "Duration of the refractory period", Min = 0)]
        public double t_ref;

        /// <summary>Spike threshold, mV.</summary>
        [Parameter(-55, "mV", "Spike threshold")]
        public double V_th;

        /// <summary>Potential after a spike; below V_th, mV.</summary>
        [Parameter(-60, "mV", "Potential after a spike; below V_th")]
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

        /// <summary>Excitatory conductance, nS.</summary>
        [StateVariable("nS", "Excitatory conductance")]
        public T g_ex;

        /// <summary>Slope of the excitatory conductance, nS/ms.</summary>
        [StateVariable("nS/ms", "Slope of the excitatory conductance")]
        public T dg_ex;

        /// <summary>Inhibitory conductance, nS.</summary>
        [StateVariable("nS", "Inhibitory conductance")]
        public T g_in;

        /// <summary>Slope of the inhibitory conductance, nS/ms.</summary>
        [StateVariable("nS/ms", "Slope of the inhibitory conductance")]
        public T dg_in;

        /// <summary>What is left of the refractory period, ms.</summary>
        [StateVariable("ms", "What is left of the refractory period", IsDerived = true)]
        public T t_ref_remaining;

        /// <summary>What is left of the refractory period, steps.</summary>
        [StateVariable("steps", "What is left of the refractory period", IsPublic = false)]
        public T RefractorySteps;
    }

    /// <summary>What arrives in a step.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Input<T>
    {
        /// <summary>Spikes with a positive weight, nS.</summary>
        [Port("ex", PortKind.ExcitatorySpikes, "nS", "Spikes with a positive weight")]
        public T Ex;

        /// <summary>Spikes with a negative weight, nS.</summary>
        [Port("in", PortKind.InhibitorySpikes, "nS", "Spikes with a negative weight")]
        public T In;

        /// <summary>Injected current, pA.</summary>
        [Port("current", PortKind.Current, "pA", "Injected current")]
        public T I_stim;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>The membrane equation.</summary>
        public ConductanceMembrane<T> Membrane;

        /// <summary>Excitatory conductance over a step.</summary>
        public AlphaConductance<T> Ex;

        /// <summary>Inhibitory conductance over a step.</summary>
        public AlphaConductance<T> In;

        /// <summary>Spike threshold, mV.</summary>
        public T V_th;

        /// <summary>Reset potential, mV.</summary>
        public T V_reset;

        /// <summary>Time step, ms.</summary>
        public T Dt;

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;
    }

    /// <inheritdoc/>
    public override string Name => "iaf_cond_alpha";

    /// <inheritdoc/>
    public override string Summary => "Leaky integrate-and-fire neuron with alpha-shaped synaptic conductances.";

    /// <inheritdoc/>
    public override string Equations => """
        C_m dV_m/dt = -g_L (V_m - E_L) - g_ex (V_m - E_ex) - g_in (V_m - E_in) + I_e + I_stim
        dg_x/dt = dg_x - g_x / tau_syn_x
        d(dg_x)/dt = -dg_x / tau_syn_x + (e / tau_syn_x) sum over spikes of |w| delta(t - t_spike)
        V_m >= V_th: spike, V_m = V_reset, V_m held for t_ref
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Conductances exact; V_m by the two-stage Gauss-Legendre Runge-Kutta method with a step of dt: order 4, A-stable, "
        + "the stages solved in closed form because the equation is linear in V_m. Error against NEST at a tolerance of 1e-12, dt = 0.1 ms, tau_syn_ex = 0.2 ms: 3e-6 of the range of V_m.";

    /// <inheritdoc/>
    public override string Reference =>
        "Meffin H, Burkitt AN, Grayden DB (2004) J Comput Neurosci 16:159, doi:10.1023/B:JCNS.0000014108.03012.81; "
        + "Kuhn A, Aertsen A, Rotter S (2004) J Neurosci 24:2345, doi:10.1523/JNEUROSCI.3349-03.2004.";

    /// <inheritdoc/>
    public override string Library => "NEST";

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() =>
        new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        CommonChecks.ResetBelowThreshold(p.V_reset, p.V_th).Concat(CommonChecks.RefractoryPeriod(p.t_ref, dtMs));

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => new()
    {
        Membrane = new ConductanceMembrane<double>
        {
            StepPerCapacitance = dtMs / p.C_m,
            g_L = p.g_L,
            E_L = p.E_L,
            E_ex = p.E_ex,
            E_in = p.E_in,
            I_e = p.I_e,
        },
        Ex = AlphaConductance.Derive(p.tau_syn_ex, dtMs),
        In = AlphaConductance.Derive(p.tau_syn_in, dtMs),
        V_th = p.V_th,
        V_reset = p.V_reset,
        Dt = dtMs,
        RefractorySteps = Refractory.Steps(p.t_ref, dtMs),
    };

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
            var dv = ConductanceMembrane.Increment(
                s.V_m,
                AlphaConductance.At1(d.Ex, s.g_ex, s.dg_ex),
                AlphaConductance.At1(d.In, s.g_in, s.dg_in),
                AlphaConductance.At2(d.Ex, s.g_ex, s.dg_ex),
                AlphaConductance.At2(d.In, s.g_in, s.dg_in),
                d.Membrane,
                x.I_stim);
            s.g_ex = AlphaConductance.AtEnd(d.Ex, s.g_ex, s.dg_ex);
            s.g_in = AlphaConductance.AtEnd(d.In, s.g_in, s.dg_in);
            s.dg_ex = L.FusedMultiplyAdd(d.Ex.Decay, s.dg_ex, d.Ex.Slope * x.Ex);
            s.dg_in = L.FusedMultiplyAdd(d.In.Decay, s.dg_in, -(d.In.Slope * x.In));
            var v = L.Select(resting, s.V_m + dv, d.V_reset);
            var spiked = resting & (v >= d.V_th);
            s.V_m = L.Select(spiked, d.V_reset, v);
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            s.t_ref_remaining = s.RefractorySteps * d.Dt;
            return spiked;
        }
    }
}
