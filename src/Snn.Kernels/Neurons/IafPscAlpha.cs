using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Leaky integrate-and-fire neuron with alpha-shaped synaptic currents.
/// <code>
/// dV_m/dt = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_e + I_stim) / C_m
/// dI_syn_x/dt = dI_syn_x - I_syn_x / tau_syn_x
/// d(dI_syn_x)/dt = -dI_syn_x / tau_syn_x + (e / tau_syn_x) sum over spikes of w delta(t - t_spike)
/// V_m &gt;= V_th: spike, V_m = V_reset, V_m held for t_ref
/// </code>
/// A spike of weight w makes a current that peaks at w after tau_syn_x. Exact integration on the grid of dt (Rotter and Diesmann 1999,
/// doi:10.1007/s004220050570).
/// </summary>
public sealed class IafPscAlpha
    : NeuronModel<IafPscAlpha.Parameters, IafPscAlpha.State<double>, IafPscAlpha.Derived<double>, IafPscAlpha.Input<double>>
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

        /// <summary>Time constant of the excitatory synaptic current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the excitatory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_ex;

        /// <summary>Time constant of the inhibitory synaptic current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the inhibitory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_in;

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
        /// <summary>V_m - E_L -&gt; change of V_m: e^(-dt / tau_m) - 1.</summary>
        public T P33m1;

        /// <summary>dI_syn_ex -&gt; V_m, mV ms/pA.</summary>
        public T P31ex;

        /// <summary>I_syn_ex -&gt; V_m, mV/pA.</summary>
        public T P32ex;

        /// <summary>dI_syn_in -&gt; V_m, mV ms/pA.</summary>
        public T P31in;

        /// <summary>I_syn_in -&gt; V_m, mV/pA.</summary>
        public T P32in;

        /// <summary>Injected current -&gt; V_m, mV/pA.</summary>
        public T P30;

        /// <summary>I_syn_ex -&gt; I_syn_ex, dI_syn_ex -&gt; dI_syn_ex.</summary>
        public T P22ex;

        /// <summary>dI_syn_ex -&gt; I_syn_ex, ms.</summary>
        public T P21ex;

        /// <summary>I_syn_in -&gt; I_syn_in, dI_syn_in -&gt; dI_syn_in.</summary>
        public T P22in;

        /// <summary>dI_syn_in -&gt; I_syn_in, ms.</summary>
        public T P21in;

        /// <summary>Slope that a unit weight makes: e / tau_syn_ex, 1/ms.</summary>
        public T SlopeEx;

        /// <summary>Slope that a unit weight makes: e / tau_syn_in, 1/ms.</summary>
        public T SlopeIn;

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

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;
    }

    /// <inheritdoc/>
    public override string Name => "iaf_psc_alpha";

    /// <inheritdoc/>
    public override string Summary => "Leaky integrate-and-fire neuron with alpha-shaped synaptic currents.";

    /// <inheritdoc/>
    public override string Equations => """
        dV_m/dt = -(V_m - E_L) / tau_m + (I_syn_ex + I_syn_in + I_e + I_stim) / C_m
        dI_syn_x/dt = dI_syn_x - I_syn_x / tau_syn_x
        d(dI_syn_x)/dt = -dI_syn_x / tau_syn_x + (e / tau_syn_x) sum over spikes of w delta(t - t_spike)
        V_m >= V_th: spike, V_m = V_reset, V_m held for t_ref
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Exact on the grid of dt: the solution of the linear equations between two steps, also where tau_syn_x meets tau_m, as an increment of V_m, "
        + "so that it stays exact in single precision. A spike of weight w makes a current that peaks at w after tau_syn_x.";

    /// <inheritdoc/>
    public override string Reference =>
        "Rotter S, Diesmann M (1999) Biol Cybern 81:381, doi:10.1007/s004220050570; "
        + "Diesmann M, Gewaltig M-O, Rotter S, Aertsen A (2001) Neurocomputing 38-40:565, doi:10.1016/S0925-2312(01)00409-X.";

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
        var p22ex = LaneMath.Exp(-dtMs / p.tau_syn_ex);
        var p22in = LaneMath.Exp(-dtMs / p.tau_syn_in);
        var p30 = Propagators.Constant(p.tau_m, p.C_m, dtMs);
        return new Derived<double>
        {
            P33m1 = LaneMath.ExpMinusOne(-dtMs / p.tau_m),
            P31ex = Propagators.Alpha(p.tau_syn_ex, p.tau_m, p.C_m, dtMs),
            P32ex = Propagators.Exponential(p.tau_syn_ex, p.tau_m, p.C_m, dtMs),
            P31in = Propagators.Alpha(p.tau_syn_in, p.tau_m, p.C_m, dtMs),
            P32in = Propagators.Exponential(p.tau_syn_in, p.tau_m, p.C_m, dtMs),
            P30 = p30,
            P22ex = p22ex,
            P21ex = dtMs * p22ex,
            P22in = p22in,
            P21in = dtMs * p22in,
            SlopeEx = Math.E / p.tau_syn_ex,
            SlopeIn = Math.E / p.tau_syn_in,
            E_L = p.E_L,
            Drift = p30 * p.I_e,
            V_th = p.V_th,
            V_reset = p.V_reset,
            V_min = p.V_min,
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
            dv = L.FusedMultiplyAdd(d.P31ex, s.dI_syn_ex, L.FusedMultiplyAdd(d.P32ex, s.I_syn_ex, dv));
            dv = L.FusedMultiplyAdd(d.P31in, s.dI_syn_in, L.FusedMultiplyAdd(d.P32in, s.I_syn_in, dv));
            dv = L.FusedMultiplyAdd(d.P30, x.I_stim, dv);
            var v = L.Select(resting, L.Max(s.V_m + dv, d.V_min), s.V_m);
            s.I_syn_ex = L.FusedMultiplyAdd(d.P21ex, s.dI_syn_ex, d.P22ex * s.I_syn_ex);
            s.dI_syn_ex = L.FusedMultiplyAdd(d.P22ex, s.dI_syn_ex, d.SlopeEx * x.Ex);
            s.I_syn_in = L.FusedMultiplyAdd(d.P21in, s.dI_syn_in, d.P22in * s.I_syn_in);
            s.dI_syn_in = L.FusedMultiplyAdd(d.P22in, s.dI_syn_in, d.SlopeIn * x.In);
            var spiked = v >= d.V_th;
            s.V_m = L.Select(spiked, d.V_reset, v);
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            return spiked;
        }
    }
}
