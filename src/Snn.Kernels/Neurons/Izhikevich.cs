using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// Neuron of Izhikevich: a quadratic membrane equation with a linear recovery variable.
/// <code>
/// dV_m/dt = 0.04 V_m^2 + 5 V_m + 140 - U_m + I_e + I_stim + sum over spikes of w delta(t - t_spike)
/// dU_m/dt = a (b V_m - U_m)
/// V_m &gt;= V_th: spike, V_m = c, U_m = U_m + d
/// </code>
/// Currents have the unit of V_m per ms. The forward Euler method of NEST, or the scheme printed in Izhikevich (2003,
/// doi:10.1109/TNN.2003.820440), which takes two half steps for V_m and a spike as a current of one step.
/// </summary>
public sealed class Izhikevich
    : NeuronModel<Izhikevich.Parameters, Izhikevich.State<double>, Izhikevich.Derived<double>, Izhikevich.Input<double>>
{
    /// <summary>What a user sets.</summary>
    public struct Parameters
    {
        /// <summary>Rate of recovery, 1/ms.</summary>
        [Parameter(0.02, "1/ms", "Rate of recovery")]
        public double a;

        /// <summary>Sensitivity of recovery to V_m.</summary>
        [Parameter(0.2, "", "Sensitivity of recovery to V_m")]
        public double b;

        /// <summary>Potential after a spike, mV.</summary>
        [Parameter(-65, "mV", "Potential after a spike")]
        public double c;

        /// <summary>Jump of recovery at a spike, mV.</summary>
        [Parameter(8, "mV", "Jump of recovery at a spike")]
        public double d;

        /// <summary>Constant input current, pA.</summary>
        [Parameter(0, "pA", "Constant input current")]
        public double I_e;

        /// <summary>Spike threshold, mV.</summary>
        [Parameter(30, "mV", "Spike threshold")]
        public double V_th;

        /// <summary>Lower bound of the membrane potential, mV.</summary>
        [Parameter(double.NegativeInfinity, "mV", "Lower bound of the membrane potential")]
        public double V_min;

        /// <summary>Whether to integrate by forward Euler; else as printed in Izhikevich (2003).</summary>
        [Parameter(1, "", "Whether to integrate by forward Euler; else as printed in Izhikevich (2003)", Max = 1, IsSwitch = true, Min = 0)]
        public double consistent_integration;
    }

    /// <summary>What changes.</summary>
    /// <typeparam name="T">A number or a vector of them.</typeparam>
    public struct State<T>
    {
        /// <summary>Membrane potential, mV.</summary>
        [StateVariable("mV", "Membrane potential")]
        public T V_m;

        /// <summary>Recovery variable, mV.</summary>
        [StateVariable("mV", "Recovery variable")]
        public T U_m;
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
        /// <summary>Time step, ms.</summary>
        public T H;

        /// <summary>Half of it, ms.</summary>
        public T HalfH;

        /// <summary>dt a.</summary>
        public T ha;

        /// <summary>Sensitivity of recovery.</summary>
        public T b;

        /// <summary>Potential after a spike, mV.</summary>
        public T c;

        /// <summary>Jump of recovery at a spike, mV.</summary>
        public T d;

        /// <summary>140 + I_e.</summary>
        public T Constant;

        /// <summary>Spike threshold, mV.</summary>
        public T V_th;

        /// <summary>Lower bound of V_m, mV.</summary>
        public T V_min;

        /// <summary>Whether as printed: 1 or 0.</summary>
        public T Printed;
    }

    /// <inheritdoc/>
    public override string Name => "izhikevich";

    /// <inheritdoc/>
    public override string Summary => "Neuron of Izhikevich: a quadratic membrane equation with a linear recovery variable.";

    /// <inheritdoc/>
    public override string Equations => """
        dV_m/dt = 0.04 V_m^2 + 5 V_m + 140 - U_m + I_e + I_stim + sum over spikes of w delta(t - t_spike)
        dU_m/dt = a (b V_m - U_m)
        V_m >= V_th: spike, V_m = c, U_m = U_m + d
        """;

    /// <inheritdoc/>
    public override string Scheme =>
        "consistent_integration true: forward Euler with a step of dt, order 1, a spike adds its weight to V_m. "
        + "False: as printed in Izhikevich (2003): two Euler half steps for V_m, then one for U_m, a spike acts as a current during one step; meant for dt = 1 ms.";

    /// <inheritdoc/>
    public override string Reference =>
        "Izhikevich EM (2003) IEEE Trans Neural Netw 14:1569, doi:10.1109/TNN.2003.820440.";

    /// <inheritdoc/>
    public override string Library => "NEST";

    /// <inheritdoc/>
    public override NeuronKernel CreateKernel<L>() =>
        new NeuronKernel<L, State<L>, Derived<L>, Input<L>, Kernel<L>>(SpikePorts);

    /// <inheritdoc/>
    protected override IEnumerable<ParameterProblem> Check(Parameters p, double dtMs) => CommonChecks.ResetBelowThreshold("c", p.c, p.V_th);

    /// <inheritdoc/>
    protected override Derived<double> Derive(in Parameters p, double dtMs) => new()
    {
        H = dtMs,
        HalfH = dtMs / 2,
        ha = dtMs * p.a,
        b = p.b,
        c = p.c,
        d = p.d,
        Constant = 140 + p.I_e,
        V_th = p.V_th,
        V_min = p.V_min,
        Printed = p.consistent_integration != 0 ? 0 : 1,
    };

    /// <inheritdoc/>
    protected override State<double> Initialize(in Parameters p) => new() { V_m = -65, U_m = 0.2 * -65 };

    /// <summary>The step.</summary>
    /// <typeparam name="L">Lanes.</typeparam>
    public readonly struct Kernel<L> : INeuronKernel<L, State<L>, Derived<L>, Input<L>>
        where L : unmanaged, ILanes<L>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Advance(ref State<L> s, in Derived<L> d, in Input<L> x)
        {
            var current = d.Constant - s.U_m + x.I_stim;
            var euler = s.V_m + L.FusedMultiplyAdd(d.H, Slope(s.V_m) + current, x.Spikes);
            var half = L.FusedMultiplyAdd(d.HalfH, Slope(s.V_m) + current + x.Spikes, s.V_m);
            var printed = L.FusedMultiplyAdd(d.HalfH, Slope(half) + current + x.Spikes, half);
            var asPrinted = d.Printed > L.Zero;
            var v = L.Select(asPrinted, printed, euler);
            var u = L.FusedMultiplyAdd(d.ha, (d.b * L.Select(asPrinted, printed, s.V_m)) - s.U_m, s.U_m);
            v = L.Max(v, d.V_min);
            var spiked = v >= d.V_th;
            s.V_m = L.Select(spiked, d.c, v);
            s.U_m = L.Select(spiked, u + d.d, u);
            return spiked;
        }

        /// <summary>0.04 V^2 + 5 V.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static L Slope(L v) => L.FusedMultiplyAdd(L.Broadcast(0.04), v, L.Broadcast(5)) * v;
    }
}
