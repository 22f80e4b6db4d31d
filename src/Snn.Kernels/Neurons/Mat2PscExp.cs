using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Leaky integrator with exponential synaptic currents and a threshold that adapts on two time scales (MAT).
/// <code>
/// dV_m/dt = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_e + I_stim) / C_m
/// dI_syn_x/dt = -I_syn_x / tau_syn_x + sum over spikes of w delta(t - t_spike)
/// V_th = omega + V_th_alpha_1 + V_th_alpha_2
/// dV_th_alpha_k/dt = -V_th_alpha_k / tau_k
/// V_m &gt;= V_th, not within t_ref of a spike: spike, V_th_alpha_k = V_th_alpha_k + alpha_k; V_m is not reset
/// </code>
/// Multi-timescale adaptive threshold of Kobayashi, Tsubo and Shinomoto (2009, doi:10.3389/neuro.10.009.2009). Exact integration on the grid of dt.
/// </summary>
public sealed class Mat2PscExp
    : NeuronModel<Mat2PscExp.Parameters, Mat2PscExp.State<double>, Mat2PscExp.Derived<double>, Mat2PscExp.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Resting potential, mV.</summary>
        [Parameter(-70, "mV", "Resting potential")]
        public double E_L;

        /// <summary>Capacitance of the membrane, pF.</summary>
        [Parameter(100, "pF", "Capacitance of the membrane", Min = 0, MinExcluded = true)]
        public double C_m;

        /// <summary>Time constant of the membrane, ms.</summary>
        [Parameter(5, "ms", "Time constant of the membrane", Min = 0, MinExcluded = true)]
        public double tau_m;

        /// <summary>Time constant of the excitatory synaptic current, ms.</summary>
        [Parameter(1, "ms", "Time constant of the excitatory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_ex;

        /// <summary>Time constant of the inhibitory synaptic current, ms.</summary>
        [Parameter(3, "ms", "Time constant of the inhibitory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_in;

        /// <summary>Duration of the refractory period, ms.</summary>
        [Parameter(2, "ms", "Duration of the refractory period", Min = 0, MinExcluded = true)]
        public double t_ref;

        /// <summary>Constant input current, pA.</summary>
        [Parameter(0, "pA", "Constant input current")]
        public double I_e;

        /// <summary>Short time constant of the threshold, ms.</summary>
        [Parameter(10, "ms", "Short time constant of the threshold", Min = 0, MinExcluded = true)]
        public double tau_1;

        /// <summary>Long time constant of the threshold, ms.</summary>
        [Parameter(200, "ms", "Long time constant of the threshold", Min = 0, MinExcluded = true)]
        public double tau_2;

        /// <summary>Jump of the short part of the threshold at a spike, mV.</summary>
        [Parameter(37, "mV", "Jump of the short part of the threshold at a spike")]
        public double alpha_1;

        /// <summary>Jump of the long part of the threshold at a spike, mV.</summary>
        [Parameter(2, "mV", "Jump of the long part of the threshold at a spike")]
        public double alpha_2;

        /// <summary>Threshold at rest, mV.</summary>
        [Parameter(-51, "mV", "Threshold at rest")]
        public double omega;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential, mV.</summary>
        [StateVariable("mV", "Membrane potential")]
        public T V_m;

        /// <summary>Threshold, mV.</summary>
        [StateVariable("mV", "Threshold", IsDerived = true)]
        public T V_th;

        /// <summary>Excitatory synaptic current, pA.</summary>
        [StateVariable("pA", "Excitatory synaptic current")]
        public T I_syn_ex;

        /// <summary>Inhibitory synaptic current, pA.</summary>
        [StateVariable("pA", "Inhibitory synaptic current")]
        public T I_syn_in;

        /// <summary>Short part of the threshold, mV.</summary>
        [StateVariable("mV", "Short part of the threshold")]
        public T V_th_alpha_1;

        /// <summary>Long part of the threshold, mV.</summary>
        [StateVariable("mV", "Long part of the threshold")]
        public T V_th_alpha_2;

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

        /// <summary>V_th_alpha_1 -&gt; V_th_alpha_1.</summary>
        public T P11th;

        /// <summary>V_th_alpha_2 -&gt; V_th_alpha_2.</summary>
        public T P22th;

        /// <summary>Resting potential, mV.</summary>
        public T E_L;

        /// <summary>Change of V_m by the constant current, mV.</summary>
        public T Drift;

        /// <summary>Jump of V_th_alpha_1, mV.</summary>
        public T alpha_1;

        /// <summary>Jump of V_th_alpha_2, mV.</summary>
        public T alpha_2;

        /// <summary>Threshold at rest, mV.</summary>
        public T omega;

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;
    }

    /// <inheritdoc/>
    public override string Name => "mat2_psc_exp";

    /// <inheritdoc/>
    public override string Summary => "Leaky integrator with exponential synaptic currents and a threshold that adapts on two time scales (MAT).";

    /// <inheritdoc/>
    public override string Equations => """
        dV_m/dt = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_e + I_stim) / C_m
        dI_syn_x/dt = -I_syn_x / tau_syn_x + sum over spikes of w delta(t - t_spike)
        V_th = omega + V_th_alpha_1 + V_th_alpha_2
        dV_th_alpha_k/dt = -V_th_alpha_k / tau_k
        V_m >= V_th, not within t_ref of a spike: spike, V_th_alpha_k = V_th_alpha_k + alpha_k; V_m is not reset
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Exact on the grid of dt: the solution of the linear equations between two steps, as an increment of V_m, so that it stays exact in "
        + "single precision. tau_syn_x may equal tau_m, which NEST refuses.";

    /// <inheritdoc/>
    public override string Reference =>
        "Kobayashi R, Tsubo Y, Shinomoto S (2009) Front Comput Neurosci 3:9, doi:10.3389/neuro.10.009.2009; "
        + "Rotter S, Diesmann M (1999) Biol Cybern 81:381, doi:10.1007/s004220050570.";

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
        var p20 = Propagators.Constant(p.tau_m, p.C_m, dtMs);
        return new Derived<double>
        {
            P22m1 = LaneMath.ExpMinusOne(-dtMs / p.tau_m),
            P21ex = Propagators.Exponential(p.tau_syn_ex, p.tau_m, p.C_m, dtMs),
            P21in = Propagators.Exponential(p.tau_syn_in, p.tau_m, p.C_m, dtMs),
            P20 = p20,
            P11ex = LaneMath.Exp(-dtMs / p.tau_syn_ex),
            P11in = LaneMath.Exp(-dtMs / p.tau_syn_in),
            P11th = LaneMath.Exp(-dtMs / p.tau_1),
            P22th = LaneMath.Exp(-dtMs / p.tau_2),
            E_L = p.E_L,
            Drift = p20 * p.I_e,
            alpha_1 = p.alpha_1,
            alpha_2 = p.alpha_2,
            omega = p.omega,
            RefractorySteps = Refractory.Steps(p.t_ref, dtMs),
        };
    }

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => new() { V_m = -70, V_th = p.omega };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : INeuronKernel<L, State<L>, Derived<L>, Input<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Advance(ref State<L> s, in Derived<L> d, in Input<L> x)
        {
            var dv = L.FusedMultiplyAdd(d.P22m1, s.V_m - d.E_L, d.Drift);
            dv = L.FusedMultiplyAdd(d.P21ex, s.I_syn_ex, dv);
            dv = L.FusedMultiplyAdd(d.P21in, s.I_syn_in, dv);
            s.V_m += L.FusedMultiplyAdd(d.P20, x.I_stim, dv);
            s.I_syn_ex = L.FusedMultiplyAdd(d.P11ex, s.I_syn_ex, x.Ex);
            s.I_syn_in = L.FusedMultiplyAdd(d.P11in, s.I_syn_in, x.In);
            var part1 = d.P11th * s.V_th_alpha_1;
            var part2 = d.P22th * s.V_th_alpha_2;
            var spiked = (s.RefractorySteps <= L.Zero) & (s.V_m >= d.omega + part1 + part2);
            s.V_th_alpha_1 = L.Select(spiked, part1 + d.alpha_1, part1);
            s.V_th_alpha_2 = L.Select(spiked, part2 + d.alpha_2, part2);
            s.V_th = d.omega + s.V_th_alpha_1 + s.V_th_alpha_2;
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            return spiked;
        }
    }
}
