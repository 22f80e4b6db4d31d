using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Hodgkin-Huxley neuron with alpha-shaped synaptic currents.
/// <code>
/// C_m dV_m/dt = -g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) - g_L (V_m - E_L) + I_syn_ex + I_syn_in + I_e + I_stim
/// dy/dt = alpha_y(V_m) (1 - y) - beta_y(V_m) y for y = m (Act_m), h (Inact_h), n (Act_n)
/// alpha_m = (V_m + 40) / 10 / (1 - exp(-(V_m + 40) / 10)), beta_m = 4 exp(-(V_m + 65) / 18)
/// alpha_h = 0.07 exp(-(V_m + 65) / 20), beta_h = 1 / (1 + exp(-(V_m + 35) / 10))
/// alpha_n = (V_m + 55) / 100 / (1 - exp(-(V_m + 55) / 10)), beta_n = 0.125 exp(-(V_m + 65) / 80)
/// dI_syn_x/dt = dI_syn_x - I_syn_x / tau_syn_x
/// d(dI_syn_x)/dt = -dI_syn_x / tau_syn_x + (e / tau_syn_x) sum over spikes of w delta(t - t_spike)
/// V_m &gt;= 0 and lower than a step before, not within t_ref of a spike: spike
/// </code>
/// Hodgkin and Huxley (1952, doi:10.1113/jphysiol.1952.sp004764). The synaptic currents are exact; the membrane and its channels take the classical
/// Runge-Kutta method of order 4 in substeps.
/// </summary>
public sealed class HhPscAlpha
    : NeuronModel<HhPscAlpha.Parameters, HhPscAlpha.State<double>, HhPscAlpha.Derived<double>, HhPscAlpha.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Reversal potential of the leak, mV.</summary>
        [Parameter(-54.402, "mV", "Reversal potential of the leak")]
        public double E_L;

        /// <summary>Capacitance of the membrane, pF.</summary>
        [Parameter(100, "pF", "Capacitance of the membrane", Min = 0, MinExcluded = true)]
        public double C_m;

        /// <summary>Peak sodium conductance, nS.</summary>
        [Parameter(12000, "nS", "Peak sodium conductance", Min = 0)]
        public double g_Na;

        /// <summary>Peak potassium conductance, nS.</summary>
        [Parameter(3600, "nS", "Peak potassium conductance", Min = 0)]
        public double g_K;

        /// <summary>Leak conductance, nS.</summary>
        [Parameter(30, "nS", "Leak conductance", Min = 0)]
        public double g_L;

        /// <summary>Reversal potential of sodium, mV.</summary>
        [Parameter(50, "mV", "Reversal potential of sodium")]
        public double E_Na;

        /// <summary>Reversal potential of potassium, mV.</summary>
        [Parameter(-77, "mV", "Reversal potential of potassium")]
        public double E_K;

        /// <summary>Time constant of the excitatory synaptic current, ms.</summary>
        [Parameter(0.2, "ms", "Time constant of the excitatory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_ex;

        /// <summary>Time constant of the inhibitory synaptic current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the inhibitory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_in;

        /// <summary>Duration of the refractory period, ms.</summary>
        [Parameter(2, "ms", "Duration of the refractory period", Min = 0)]
        public double t_ref;

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

        /// <summary>Activation of sodium.</summary>
        [StateVariable("", "Activation of sodium")]
        public T Act_m;

        /// <summary>Inactivation of sodium.</summary>
        [StateVariable("", "Inactivation of sodium")]
        public T Inact_h;

        /// <summary>Activation of potassium.</summary>
        [StateVariable("", "Activation of potassium")]
        public T Act_n;

        /// <summary>Excitatory synaptic current, pA.</summary>
        [StateVariable("pA", "Excitatory synaptic current")]
        public T I_syn_ex;

        /// <summary>Slope of the excitatory current, pA/ms.</summary>
        [StateVariable("pA/ms", "Slope of the excitatory current", IsPublic = false)]
        public T dI_syn_ex;

        /// <summary>Inhibitory synaptic current, pA.</summary>
        [StateVariable("pA", "Inhibitory synaptic current")]
        public T I_syn_in;

        /// <summary>Slope of the inhibitory current, pA/ms.</summary>
        [StateVariable("pA/ms", "Slope of the inhibitory current", IsPublic = false)]
        public T dI_syn_in;

        /// <summary>What is left of the refractory period, steps.</summary>
        [StateVariable("steps", "What is left of the refractory period", IsPublic = false)]
        public T RefractorySteps;
    }

    /// <summary>What arrives in a step.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Input<T>
    {
        /// <summary>Spikes with a positive weight, pA.</summary>
        [Port("ex", PortKind.ExcitatorySpikes, "pA", "Spikes with a positive weight")]
        public T Ex;

        /// <summary>Spikes with a negative weight, pA.</summary>
        [Port("in", PortKind.InhibitorySpikes, "pA", "Spikes with a negative weight")]
        public T In;

        /// <summary>Injected current, pA.</summary>
        [Port("current", PortKind.Current, "pA", "Injected current")]
        public T I_stim;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>Membrane and channels.</summary>
        public HodgkinHuxley<T> Membrane;

        /// <summary>Left of the excitatory current after half a substep.</summary>
        public T HalfDecayEx;

        /// <summary>Left of the inhibitory current after half a substep.</summary>
        public T HalfDecayIn;

        /// <summary>Slope that a unit weight makes: e / tau_syn_ex, 1/ms.</summary>
        public T SlopeEx;

        /// <summary>Slope that a unit weight makes: e / tau_syn_in, 1/ms.</summary>
        public T SlopeIn;

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;

        /// <summary>Substeps in a step; the same for all neurons of a population, because dt is.</summary>
        public T Substeps;
    }

    /// <inheritdoc/>
    public override string Name => "hh_psc_alpha";

    /// <inheritdoc/>
    public override string Summary => "Hodgkin-Huxley neuron with alpha-shaped synaptic currents.";

    /// <inheritdoc/>
    public override string Equations => """
        C_m dV_m/dt = -g_Na m^3 h (V_m - E_Na) - g_K n^4 (V_m - E_K) - g_L (V_m - E_L) + I_syn_ex + I_syn_in + I_e + I_stim
        dy/dt = alpha_y(V_m) (1 - y) - beta_y(V_m) y for y = m (Act_m), h (Inact_h), n (Act_n)
        alpha_m = (V_m + 40) / 10 / (1 - exp(-(V_m + 40) / 10)), beta_m = 4 exp(-(V_m + 65) / 18)
        alpha_h = 0.07 exp(-(V_m + 65) / 20), beta_h = 1 / (1 + exp(-(V_m + 35) / 10))
        alpha_n = (V_m + 55) / 100 / (1 - exp(-(V_m + 55) / 10)), beta_n = 0.125 exp(-(V_m + 65) / 80)
        dI_syn_x/dt = dI_syn_x - I_syn_x / tau_syn_x
        d(dI_syn_x)/dt = -dI_syn_x / tau_syn_x + (e / tau_syn_x) sum over spikes of w delta(t - t_spike)
        V_m >= 0 and lower than a step before, not within t_ref of a spike: spike
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Synaptic currents exact; V_m and the channels by the classical Runge-Kutta method, order 4, in substeps of at most 0.025 ms. "
        + "Error against NEST at a tolerance of 1e-12, dt = 0.1 ms: 1e-5 of the range away from spikes. "
        + "The quotients of alpha_m and alpha_n, which are 0 / 0 at -40 and -55 mV, are summed as a series around there.";

    /// <inheritdoc/>
    public override string Reference =>
        "Hodgkin AL, Huxley AF (1952) J Physiol 117:500, doi:10.1113/jphysiol.1952.sp004764.";

    /// <inheritdoc/>
    public override string Library => "NEST";

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() =>
        new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => CommonChecks.RefractoryPeriod(p.t_ref, dtMs);

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs)
    {
        var substeps = HodgkinHuxley.Substeps(dtMs);
        var h = dtMs / substeps;
        return new Derived<double>
        {
            Membrane = new HodgkinHuxley<double>
            {
                H = h,
                InverseC_m = 1 / p.C_m,
                g_Na = p.g_Na,
                g_K = p.g_K,
                g_L = p.g_L,
                E_Na = p.E_Na,
                E_K = p.E_K,
                E_L = p.E_L,
                I_e = p.I_e,
            },
            HalfDecayEx = LaneMath.Exp(-h / 2 / p.tau_syn_ex),
            HalfDecayIn = LaneMath.Exp(-h / 2 / p.tau_syn_in),
            SlopeEx = Math.E / p.tau_syn_ex,
            SlopeIn = Math.E / p.tau_syn_in,
            RefractorySteps = Refractory.Steps(p.t_ref, dtMs),
            Substeps = substeps,
        };
    }

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p)
    {
        const double V = -65;
        var (m, h, n) = HodgkinHuxley.Equilibrium(V);
        return new State<double> { V_m = V, Act_m = m, Inact_h = h, Act_n = n };
    }

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : INeuronKernel<L, State<L>, Derived<L>, Input<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Advance(ref State<L> s, in Derived<L> d, in Input<L> x)
        {
            var m = new HodgkinHuxleyState<L> { V = s.V_m, M = s.Act_m, H = s.Inact_h, N = s.Act_n };
            var (ex, inh, slopeEx, slopeIn) = (s.I_syn_ex, s.I_syn_in, s.dI_syn_ex, s.dI_syn_in);
            var current = d.Membrane.I_e + x.I_stim;
            var half = d.Membrane.H * L.Broadcast(0.5);
            for (var k = L.Lane(d.Substeps, 0); k > 0; k--)
            {
                // Exact: I(t + h/2) = e^(-h / (2 tau)) (I + h/2 dI), and likewise from there to the end.
                var (exHalf, inHalf) = (d.HalfDecayEx * L.FusedMultiplyAdd(half, slopeEx, ex), d.HalfDecayIn * L.FusedMultiplyAdd(half, slopeIn, inh));
                (slopeEx, slopeIn) = (d.HalfDecayEx * slopeEx, d.HalfDecayIn * slopeIn);
                var (ex1, in1) = (d.HalfDecayEx * L.FusedMultiplyAdd(half, slopeEx, exHalf), d.HalfDecayIn * L.FusedMultiplyAdd(half, slopeIn, inHalf));
                (slopeEx, slopeIn) = (d.HalfDecayEx * slopeEx, d.HalfDecayIn * slopeIn);
                m = HodgkinHuxley.Substep(m, d.Membrane, current + ex + inh, current + exHalf + inHalf, current + ex1 + in1);
                (ex, inh) = (ex1, in1);
            }

            var spiked = (s.RefractorySteps <= L.Zero) & (m.V >= L.Zero) & (m.V < s.V_m);
            s.V_m = m.V;
            s.Act_m = m.M;
            s.Inact_h = m.H;
            s.Act_n = m.N;
            s.I_syn_ex = ex;
            s.I_syn_in = inh;
            s.dI_syn_ex = L.FusedMultiplyAdd(d.SlopeEx, x.Ex, slopeEx);
            s.dI_syn_in = L.FusedMultiplyAdd(d.SlopeIn, x.In, slopeIn);
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            return spiked;
        }
    }
}
