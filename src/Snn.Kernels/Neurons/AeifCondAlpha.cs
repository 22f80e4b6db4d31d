using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Adaptive exponential integrate-and-fire neuron with alpha-shaped synaptic conductances.
/// <code>
/// C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - g_ex (V_m - E_ex) - g_in (V_m - E_in) - w + I_e + I_stim
/// tau_w dw/dt = a (V_m - E_L) - w
/// dg_x/dt = dg_x - g_x / tau_syn_x
/// d(dg_x)/dt = -dg_x / tau_syn_x + (e / tau_syn_x) sum over spikes of |w| delta(t - t_spike)
/// V_m &gt;= V_peak (V_th where Delta_T = 0): spike, V_m = V_reset, w = w + b, V_m held for t_ref
/// </code>
/// Brette and Gerstner (2005, doi:10.1152/jn.00686.2005). The conductances are exact; for the membrane see AdEx. V_m in the currents is at most V_peak.
/// </summary>
public sealed class AeifCondAlpha
    : NeuronModel<AeifCondAlpha.Parameters, AeifCondAlpha.State<double>, AeifCondAlpha.Derived<double>, AeifCondAlpha.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Resting potential, mV.</summary>
        [Parameter(-70.6, "mV", "Resting potential")]
        public double E_L;

        /// <summary>Capacitance of the membrane, pF.</summary>
        [Parameter(281, "pF", "Capacitance of the membrane", Min = 0, MinExcluded = true)]
        public double C_m;

        /// <summary>Leak conductance, nS.</summary>
        [Parameter(30, "nS", "Leak conductance", Min = 0)]
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
        [Parameter(0, "ms", "Duration of the refractory period", Min = 0)]
        public double t_ref;

        /// <summary>Threshold of the upswing, mV.</summary>
        [Parameter(-50.4, "mV", "Threshold of the upswing")]
        public double V_th;

        /// <summary>Potential at which a spike is counted; at least V_th, mV.</summary>
        [Parameter(0, "mV", "Potential at which a spike is counted; at least V_th")]
        public double V_peak;

        /// <summary>Potential after a spike; below V_peak, mV.</summary>
        [Parameter(-60, "mV", "Potential after a spike; below V_peak")]
        public double V_reset;

        /// <summary>Slope factor of the upswing; 0 for none, mV.</summary>
        [Parameter(2, "mV", "Slope factor of the upswing; 0 for none", Min = 0)]
        public double Delta_T;

        /// <summary>Subthreshold adaptation, nS.</summary>
        [Parameter(4, "nS", "Subthreshold adaptation")]
        public double a;

        /// <summary>Spike-triggered adaptation, pA.</summary>
        [Parameter(80.5, "pA", "Spike-triggered adaptation")]
        public double b;

        /// <summary>Time constant of the adaptation, ms.</summary>
        [Parameter(144, "ms", "Time constant of the adaptation", Min = 0, MinExcluded = true)]
        public double tau_w;

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

        /// <summary>Adaptation current, pA.</summary>
        [StateVariable("pA", "Adaptation current")]
        public T w;

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
        /// <summary>Membrane and adaptation.</summary>
        public AdEx<T> Membrane;

        /// <summary>Left of the excitatory conductance after half a substep.</summary>
        public T HalfDecayEx;

        /// <summary>Left of the inhibitory conductance after half a substep.</summary>
        public T HalfDecayIn;

        /// <summary>Slope that a unit weight makes: e / tau_syn_ex, 1/ms.</summary>
        public T SlopeEx;

        /// <summary>Slope that a unit weight makes: e / tau_syn_in, 1/ms.</summary>
        public T SlopeIn;
    }

    /// <inheritdoc/>
    public override string Name => "aeif_cond_alpha";

    /// <inheritdoc/>
    public override string Summary => "Adaptive exponential integrate-and-fire neuron with alpha-shaped synaptic conductances.";

    /// <inheritdoc/>
    public override string Equations => """
        C_m dV_m/dt = -g_L (V_m - E_L) + g_L Delta_T exp((V_m - V_th) / Delta_T) - g_ex (V_m - E_ex) - g_in (V_m - E_in) - w + I_e + I_stim
        tau_w dw/dt = a (V_m - E_L) - w
        dg_x/dt = dg_x - g_x / tau_syn_x
        d(dg_x)/dt = -dg_x / tau_syn_x + (e / tau_syn_x) sum over spikes of |w| delta(t - t_spike)
        V_m >= V_peak (V_th where Delta_T = 0): spike, V_m = V_reset, w = w + b, V_m held for t_ref
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Conductances exact; V_m and w by the classical Runge-Kutta method, order 4, in substeps of at most 0.05 ms. V_peak is crossed within a substep: the time of the "
        + "crossing comes from a closed form of the upswing, and the neuron goes on from its reset for the rest of the substep; at most one spike a step is counted. "
        + "Error against NEST at a tolerance of 1e-12, dt = 0.1 ms: 3e-5 of the range away from "
        + "spikes; no spike a step off. NEST integrates adaptively and has gsl_error_tol, which is left out.";

    /// <inheritdoc/>
    public override string Reference =>
        "Brette R, Gerstner W (2005) J Neurophysiol 94:3637, doi:10.1152/jn.00686.2005.";

    /// <inheritdoc/>
    public override string Library => "NEST";

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() =>
        new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        AdEx.Check(p.V_reset, p.V_th, p.V_peak, p.t_ref, dtMs);

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs)
    {
        var substeps = AdEx.Substeps(dtMs);
        var h = dtMs / substeps;
        var inverseDelta = p.Delta_T > 0 ? 1 / p.Delta_T : 0;
        var spike = p.Delta_T > 0 ? p.V_peak : p.V_th;
        return new Derived<double>
        {
            Membrane = new AdEx<double>
            {
                H = h,
                InverseC_m = 1 / p.C_m,
                g_L = p.g_L,
                I_th = p.g_L * p.Delta_T,
                Delta_T = p.Delta_T,
                InverseDelta_T = inverseDelta,
                V_th = p.V_th,
                V_peak = p.V_peak,
                V_upswing = AdEx.UpswingPotential(p.V_th, p.Delta_T, spike),
                V_spike = spike,
                Y_spike = LaneMath.Exp((p.V_th - spike) * inverseDelta),
                V_reset = p.V_reset,
                E_L = p.E_L,
                E_ex = p.E_ex,
                E_in = p.E_in,
                I_e = p.I_e,
                a = p.a,
                b = p.b,
                InverseTau_w = 1 / p.tau_w,
                RefractorySteps = Refractory.Steps(p.t_ref, dtMs),
                Substeps = substeps,
            },
            HalfDecayEx = LaneMath.Exp(-h / 2 / p.tau_syn_ex),
            HalfDecayIn = LaneMath.Exp(-h / 2 / p.tau_syn_in),
            SlopeEx = Math.E / p.tau_syn_ex,
            SlopeIn = Math.E / p.tau_syn_in,
        };
    }

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => new() { V_m = -70.6 };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : INeuronKernel<L, State<L>, Derived<L>, Input<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Advance(ref State<L> s, in Derived<L> d, in Input<L> x)
        {
            var m = new AdExState<L> { V = s.V_m, W = s.w, RefractorySteps = s.RefractorySteps, Spiked = L.Zero };
            var current = d.Membrane.I_e + x.I_stim;
            var (ex, inh, slopeEx, slopeIn) = (s.g_ex, s.g_in, s.dg_ex, s.dg_in);
            var half = d.Membrane.H * L.Broadcast(0.5);
            for (var k = L.Lane(d.Membrane.Substeps, 0); k > 0; k--)
            {
                // Exact: g(t + h/2) = e^(-h / (2 tau)) (g + h/2 dg), and likewise from there to the end.
                var (exHalf, inHalf) = (d.HalfDecayEx * L.FusedMultiplyAdd(half, slopeEx, ex), d.HalfDecayIn * L.FusedMultiplyAdd(half, slopeIn, inh));
                (slopeEx, slopeIn) = (d.HalfDecayEx * slopeEx, d.HalfDecayIn * slopeIn);
                var (ex1, in1) = (d.HalfDecayEx * L.FusedMultiplyAdd(half, slopeEx, exHalf), d.HalfDecayIn * L.FusedMultiplyAdd(half, slopeIn, inHalf));
                (slopeEx, slopeIn) = (d.HalfDecayEx * slopeEx, d.HalfDecayIn * slopeIn);
                m = AdEx.Substep(m, d.Membrane, ex, inh, exHalf, inHalf, ex1, in1, current);
                (ex, inh) = (ex1, in1);
            }

            s.V_m = m.V;
            s.w = m.W;
            s.g_ex = ex;
            s.g_in = inh;
            s.dg_ex = L.FusedMultiplyAdd(d.SlopeEx, x.Ex, slopeEx);
            s.dg_in = slopeIn - (d.SlopeIn * x.In);
            s.RefractorySteps = L.Max(m.RefractorySteps - L.Broadcast(1), L.Zero);
            return m.Spiked;
        }
    }
}
