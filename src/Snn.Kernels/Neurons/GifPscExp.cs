using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Generalized integrate-and-fire neuron: exponential currents, spike-triggered current and threshold, escape noise.
/// <code>
/// C_m dV_m/dt = -g_L (V_m - E_L) - I_stc + I_syn_ex + I_syn_in + I_e + I_stim
/// dI_syn_x/dt = -I_syn_x / tau_syn_x + sum over spikes of w delta(t - t_spike)
/// I_stc = sum over k of stc_k, dstc_k/dt = -stc_k / tau_stc[k], stc_k = stc_k + q_stc[k] at a spike
/// E_sfa = V_T_star + sum over k of sfa_k, dsfa_k/dt = -sfa_k / tau_sfa[k], sfa_k = sfa_k + q_sfa[k] at a spike
/// P(spike within dt) = 1 - exp(-lambda dt), lambda = lambda_0 exp((V_m - E_sfa) / Delta_V)
/// spike: V_m = V_reset from the next step on, held for t_ref
/// </code>
/// The model of Mensi et al. (2012, doi:10.1152/jn.00408.2011) and Pozzorini et al. (2015, doi:10.1371/journal.pcbi.1004275) in the order of operations of NEST.
/// </summary>
public sealed class GifPscExp
    : NeuronModel<GifPscExp.Parameters, GifPscExp.State<double>, GifPscExp.Derived<double>, GifPscExp.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Resting potential, mV.</summary>
        [Parameter(-70, "mV", "Resting potential")]
        public double E_L;

        /// <summary>Capacitance of the membrane, pF.</summary>
        [Parameter(80, "pF", "Capacitance of the membrane", Min = 0, MinExcluded = true)]
        public double C_m;

        /// <summary>Leak conductance, nS.</summary>
        [Parameter(4, "nS", "Leak conductance", Min = 0, MinExcluded = true)]
        public double g_L;

        /// <summary>Time constant of the excitatory synaptic current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the excitatory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_ex;

        /// <summary>Time constant of the inhibitory synaptic current, ms.</summary>
        [Parameter(2, "ms", "Time constant of the inhibitory synaptic current", Min = 0, MinExcluded = true)]
        public double tau_syn_in;

        /// <summary>Duration of the refractory period, ms.</summary>
        [Parameter(4, "ms", "Duration of the refractory period", Min = 0)]
        public double t_ref;

        /// <summary>Potential after a spike, mV.</summary>
        [Parameter(-55, "mV", "Potential after a spike")]
        public double V_reset;

        /// <summary>Constant input current, pA.</summary>
        [Parameter(0, "pA", "Constant input current")]
        public double I_e;

        /// <summary>Width of the threshold region, mV.</summary>
        [Parameter(0.5, "mV", "Width of the threshold region", Min = 0, MinExcluded = true)]
        public double Delta_V;

        /// <summary>Threshold without adaptation, mV.</summary>
        [Parameter(-35, "mV", "Threshold without adaptation")]
        public double V_T_star;

        /// <summary>Rate of spikes at the threshold, 1/s.</summary>
        [Parameter(1, "1/s", "Rate of spikes at the threshold", Min = 0)]
        public double lambda_0;

        /// <summary>Time constants of the threshold adaptation, ms.</summary>
        [Parameter(double.PositiveInfinity, "ms", "Time constants of the threshold adaptation", Padding = double.PositiveInfinity, Min = 0, MinExcluded = true)]
        public Elements<double> tau_sfa;

        /// <summary>Jumps of the threshold at a spike, mV.</summary>
        [Parameter(0, "mV", "Jumps of the threshold at a spike", SameLengthAs = nameof(tau_sfa))]
        public Elements<double> q_sfa;

        /// <summary>Time constants of the spike-triggered current, ms.</summary>
        [Parameter(double.PositiveInfinity, "ms", "Time constants of the spike-triggered current", Padding = double.PositiveInfinity, Min = 0, MinExcluded = true)]
        public Elements<double> tau_stc;

        /// <summary>Jumps of the spike-triggered current at a spike, pA.</summary>
        [Parameter(0, "pA", "Jumps of the spike-triggered current at a spike", SameLengthAs = nameof(tau_stc))]
        public Elements<double> q_stc;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential, mV.</summary>
        [StateVariable("mV", "Membrane potential")]
        public T V_m;

        /// <summary>Adapting threshold that held in the step, mV.</summary>
        [StateVariable("mV", "Adapting threshold that held in the step", IsDerived = true)]
        public T E_sfa;

        /// <summary>Spike-triggered current that flowed in the step, pA.</summary>
        [StateVariable("pA", "Spike-triggered current that flowed in the step", IsDerived = true)]
        public T I_stc;

        /// <summary>Excitatory synaptic current, pA.</summary>
        [StateVariable("pA", "Excitatory synaptic current")]
        public T I_syn_ex;

        /// <summary>Inhibitory synaptic current, pA.</summary>
        [StateVariable("pA", "Inhibitory synaptic current")]
        public T I_syn_in;

        /// <summary>What is left of the refractory period, steps.</summary>
        [StateVariable("steps", "What is left of the refractory period", IsPublic = false)]
        public T RefractorySteps;

        /// <summary>Elements of the threshold adaptation, mV.</summary>
        [StateVariable("mV", "Elements of the threshold adaptation", IsPublic = false)]
        public Elements<T> sfa;

        /// <summary>Elements of the spike-triggered current, pA.</summary>
        [StateVariable("pA", "Elements of the spike-triggered current", IsPublic = false)]
        public Elements<T> stc;
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

        /// <summary>Random number in [0, 1).</summary>
        [Port("uniform", PortKind.Uniform, "", "Random number in [0, 1)")]
        public T Uniform;
    }

    /// <summary>What the kernel needs, per neuron.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct Derived<T>
    {
        /// <summary>V_m - E_L -&gt; change of V_m: e^(-dt g_L / C_m) - 1.</summary>
        public T P33m1;

        /// <summary>I_syn_ex -&gt; V_m, mV/pA.</summary>
        public T P21ex;

        /// <summary>I_syn_in -&gt; V_m, mV/pA.</summary>
        public T P21in;

        /// <summary>Current -&gt; V_m, mV/pA.</summary>
        public T P30;

        /// <summary>I_syn_ex -&gt; I_syn_ex.</summary>
        public T P11ex;

        /// <summary>I_syn_in -&gt; I_syn_in.</summary>
        public T P11in;

        /// <summary>Resting potential, mV.</summary>
        public T E_L;

        /// <summary>Constant input current, pA.</summary>
        public T I_e;

        /// <summary>Reset potential, mV.</summary>
        public T V_reset;

        /// <summary>Threshold without adaptation, mV.</summary>
        public T V_T_star;

        /// <summary>1 / Delta_V, 1/mV.</summary>
        public T InverseDelta_V;

        /// <summary>-lambda_0 dt.</summary>
        public T MinusHazard;

        /// <summary>Refractory period, steps.</summary>
        public T RefractorySteps;

        /// <summary>sfa -&gt; sfa.</summary>
        public Elements<T> Psfa;

        /// <summary>Jump of sfa, mV.</summary>
        public Elements<T> q_sfa;

        /// <summary>stc -&gt; stc.</summary>
        public Elements<T> Pstc;

        /// <summary>Jump of stc, pA.</summary>
        public Elements<T> q_stc;
    }

    /// <inheritdoc/>
    public override string Name => "gif_psc_exp";

    /// <inheritdoc/>
    public override string Summary => "Generalized integrate-and-fire neuron: exponential currents, spike-triggered current and threshold, escape noise.";

    /// <inheritdoc/>
    public override string Equations => """
        C_m dV_m/dt = -g_L (V_m - E_L) - I_stc + I_syn_ex + I_syn_in + I_e + I_stim
        dI_syn_x/dt = -I_syn_x / tau_syn_x + sum over spikes of w delta(t - t_spike)
        I_stc = sum over k of stc_k, dstc_k/dt = -stc_k / tau_stc[k], stc_k = stc_k + q_stc[k] at a spike
        E_sfa = V_T_star + sum over k of sfa_k, dsfa_k/dt = -sfa_k / tau_sfa[k], sfa_k = sfa_k + q_sfa[k] at a spike
        P(spike within dt) = 1 - exp(-lambda dt), lambda = lambda_0 exp((V_m - E_sfa) / Delta_V)
        spike: V_m = V_reset from the next step on, held for t_ref
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "Exact on the grid of dt for the linear equations, in the order of NEST: adaptation as it was at the start of the step, synaptic currents "
        + "as they are at its end. One uniform number a neuron and step decides a spike; while V_m is held it is drawn, but not used.";

    /// <inheritdoc/>
    public override string Reference =>
        "Mensi S, Naud R, Pozzorini C, Avermann M, Petersen CCH, Gerstner W (2012) J Neurophysiol 107:1756, doi:10.1152/jn.00408.2011; "
        + "Pozzorini C, Mensi S, Hagens O, Naud R, Koch C, Gerstner W (2015) PLoS Comput Biol 11:e1004275, doi:10.1371/journal.pcbi.1004275.";

    /// <inheritdoc/>
    public override string Library => "NEST";

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() =>
        new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) =>
        CommonChecks.RefractoryPeriod(p.t_ref, dtMs)
            .Concat(CommonChecks.PairedLists("tau_sfa", p.tau_sfa, "q_sfa", p.q_sfa))
            .Concat(CommonChecks.PairedLists("tau_stc", p.tau_stc, "q_stc", p.q_stc));

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs)
    {
        var tau_m = p.C_m / p.g_L;
        return new Derived<double>
        {
            P33m1 = LaneMath.ExpMinusOne(-dtMs / tau_m),
            P21ex = Propagators.Exponential(p.tau_syn_ex, tau_m, p.C_m, dtMs),
            P21in = Propagators.Exponential(p.tau_syn_in, tau_m, p.C_m, dtMs),
            P30 = Propagators.Constant(tau_m, p.C_m, dtMs),
            P11ex = LaneMath.Exp(-dtMs / p.tau_syn_ex),
            P11in = LaneMath.Exp(-dtMs / p.tau_syn_in),
            E_L = p.E_L,
            I_e = p.I_e,
            V_reset = p.V_reset,
            V_T_star = p.V_T_star,
            InverseDelta_V = 1 / p.Delta_V,
            MinusHazard = -p.lambda_0 / 1000 * dtMs,
            RefractorySteps = Refractory.Steps(p.t_ref, dtMs),
            Psfa = Decay(p.tau_sfa, dtMs),
            q_sfa = p.q_sfa,
            Pstc = Decay(p.tau_stc, dtMs),
            q_stc = p.q_stc,
        };
    }

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => new() { V_m = -70, E_sfa = p.V_T_star };

    private static Elements<double> Decay(in Elements<double> tauMs, double dtMs)
    {
        Elements<double> decay = default;
        for (var k = 0; k < Elements<double>.Capacity; k++)
        {
            decay[k] = LaneMath.Exp(-dtMs / tauMs[k]);
        }

        return decay;
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
            var resting = s.RefractorySteps <= L.Zero;
            s.I_stc = s.stc[0] + s.stc[1] + s.stc[2] + s.stc[3];
            s.E_sfa = d.V_T_star + (s.sfa[0] + s.sfa[1] + s.sfa[2] + s.sfa[3]);
            s.I_syn_ex = L.FusedMultiplyAdd(d.P11ex, s.I_syn_ex, x.Ex);
            s.I_syn_in = L.FusedMultiplyAdd(d.P11in, s.I_syn_in, x.In);
            var dv = L.FusedMultiplyAdd(d.P33m1, s.V_m - d.E_L, d.P30 * (d.I_e + x.I_stim - s.I_stc));
            dv = L.FusedMultiplyAdd(d.P21ex, s.I_syn_ex, dv);
            dv = L.FusedMultiplyAdd(d.P21in, s.I_syn_in, dv);
            s.V_m = L.Select(resting, s.V_m + dv, d.V_reset);
            var expected = d.MinusHazard * LaneMath.Exp((s.V_m - s.E_sfa) * d.InverseDelta_V);
            var spiked = resting & (x.Uniform < -LaneMath.ExpMinusOne(expected));
            s.sfa = Advance(s.sfa, d.Psfa, d.q_sfa, spiked);
            s.stc = Advance(s.stc, d.Pstc, d.q_stc, spiked);
            s.RefractorySteps = L.Select(spiked, d.RefractorySteps, L.Max(s.RefractorySteps - L.Broadcast(1), L.Zero));
            return spiked;
        }

        /// <summary>Decay over the step, and the jump where there was a spike.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Elements<L> Advance(Elements<L> elements, in Elements<L> decay, in Elements<L> jump, L spiked)
        {
            elements[0] = L.FusedMultiplyAdd(decay[0], elements[0], jump[0] & spiked);
            elements[1] = L.FusedMultiplyAdd(decay[1], elements[1], jump[1] & spiked);
            elements[2] = L.FusedMultiplyAdd(decay[2], elements[2], jump[2] & spiked);
            elements[3] = L.FusedMultiplyAdd(decay[3], elements[3], jump[3] & spiked);
            return elements;
        }
    }
}
