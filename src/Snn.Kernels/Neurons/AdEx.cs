using System.Globalization;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Constants of the adaptive exponential membrane (aeif models).</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct AdEx<T>
{
    /// <summary>Substep h, ms.</summary>
    public T H;

    /// <summary>1 / C_m, 1/pF.</summary>
    public T InverseC_m;

    /// <summary>Leak conductance, nS.</summary>
    public T g_L;

    /// <summary>g_L Delta_T: the current of the upswing at V_th, pA.</summary>
    public T I_th;

    /// <summary>Slope factor, mV.</summary>
    public T Delta_T;

    /// <summary>1 / Delta_T, 1/mV; 0 where Delta_T is 0.</summary>
    public T InverseDelta_T;

    /// <summary>Threshold of the upswing, mV.</summary>
    public T V_th;

    /// <summary>Potential that no current sees exceeded, mV.</summary>
    public T V_peak;

    /// <summary>Potential from which on the upswing is taken from its closed form, mV.</summary>
    public T V_upswing;

    /// <summary>Potential at which a spike is counted: V_peak, or V_th where Delta_T is 0, mV.</summary>
    public T V_spike;

    /// <summary>e^(-(V_spike - V_th) / Delta_T).</summary>
    public T Y_spike;

    /// <summary>Reset potential, mV.</summary>
    public T V_reset;

    /// <summary>Resting potential, mV.</summary>
    public T E_L;

    /// <summary>Reversal potential of excitation, mV.</summary>
    public T E_ex;

    /// <summary>Reversal potential of inhibition, mV.</summary>
    public T E_in;

    /// <summary>Constant input current, pA.</summary>
    public T I_e;

    /// <summary>Subthreshold adaptation, nS.</summary>
    public T a;

    /// <summary>Spike-triggered adaptation, pA.</summary>
    public T b;

    /// <summary>1 / tau_w, 1/ms.</summary>
    public T InverseTau_w;

    /// <summary>Refractory period, steps.</summary>
    public T RefractorySteps;

    /// <summary>Substeps in a step; the same for all neurons of a population, because dt is.</summary>
    public T Substeps;
}

/// <summary>What changes of the adaptive exponential membrane while it steps.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal struct AdExState<L>
{
    public L V;
    public L W;
    public L RefractorySteps;
    public L Spiked;
}

/// <summary>
/// The membrane and the adaptation of the aeif models (Brette and Gerstner 2005, doi:10.1152/jn.00686.2005), by the classical Runge-Kutta method of order 4 in substeps.
/// The upswing diverges within a substep: where V gets more than 6 Delta_T above V_th, V and the time of the crossing of V_peak come from the closed
/// form below, and after a crossing the neuron goes on from its reset for what is left of the substep.
/// </summary>
/// <remarks>
/// With the other currents held, y = e^(-(V - V_th) / Delta_T) obeys dy/dt = -g_L / C_m - y F / Delta_T, F being the slope of V without the upswing: linear,
/// and harmless where V diverges. Hence the time from y_0 to y_spike: t = (y_0 - y_spike) / k ln(1 + x) / x, k = g_L / C_m + y_spike F / Delta_T,
/// x = F / Delta_T (y_0 - y_spike) / k. F, and the slope of w, are taken at V + Delta_T, where V is on average over an upswing.
/// </remarks>
internal static class AdEx
{
    /// <summary>Longest substep, ms.</summary>
    public const double SubstepMaxMs = 0.05;

    /// <summary>The potential from which on the closed form is better than the Runge-Kutta method, mV.</summary>
    public static double UpswingPotential(double thresholdMv, double slopeMv, double spikeMv) => Math.Min(thresholdMv + (6 * slopeMv), spikeMv);

    public static int Substeps(double dtMs) => (int)Math.Ceiling((dtMs / SubstepMaxMs) - 1e-9);

    public static IEnumerable<ParameterProblem> Check(double resetMv, double thresholdMv, double peakMv, double refractoryMs, double dtMs)
    {
        if (!(peakMv >= thresholdMv))
        {
            yield return new ParameterProblem("V_peak", string.Create(
                CultureInfo.InvariantCulture, $"V_peak = {peakMv} mV is below V_th = {thresholdMv} mV; use V_peak >= V_th"));
        }

        if (!(resetMv < peakMv))
        {
            yield return new ParameterProblem("V_reset", string.Create(
                CultureInfo.InvariantCulture, $"V_reset = {resetMv} mV is not below V_peak = {peakMv} mV; use V_reset < V_peak"));
        }

        foreach (var problem in CommonChecks.RefractoryPeriod(refractoryMs, dtMs))
        {
            yield return problem;
        }
    }

    /// <summary>One substep, from the conductances at its start, its middle and its end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static AdExState<L> Substep<L>(AdExState<L> s, in AdEx<L> m, L ex0, L in0, L exHalf, L inHalf, L ex1, L in1, L current)
        where L : unmanaged, ILanes<L>
    {
        var resting = s.RefractorySteps <= L.Zero;
        var half = m.H * L.Broadcast(0.5);
        var k1 = Slope(s.V, s.W, ex0, in0, current, resting, m);
        var k2 = Slope(L.FusedMultiplyAdd(half, k1.V, s.V), L.FusedMultiplyAdd(half, k1.W, s.W), exHalf, inHalf, current, resting, m);
        var k3 = Slope(L.FusedMultiplyAdd(half, k2.V, s.V), L.FusedMultiplyAdd(half, k2.W, s.W), exHalf, inHalf, current, resting, m);
        var k4 = Slope(L.FusedMultiplyAdd(m.H, k3.V, s.V), L.FusedMultiplyAdd(m.H, k3.W, s.W), ex1, in1, current, resting, m);
        var sixth = m.H * L.Broadcast(1.0 / 6);
        var v = L.FusedMultiplyAdd(sixth, k1.V + k4.V + (L.Broadcast(2) * (k2.V + k3.V)), s.V);
        var w = L.FusedMultiplyAdd(sixth, k1.W + k4.W + (L.Broadcast(2) * (k2.W + k3.W)), s.W);
        var upswing = resting & (v >= m.V_upswing);
        if (L.MoveMask(upswing) != 0)
        {
            var (time, atEnd) = Upswing(s.V, s.W, v, ex0, in0, current, m);
            var crossed = upswing & (time <= m.H);
            v = L.Select(upswing, atEnd, v);

            // What is left of the substep after a crossing, from the reset, by the midpoint method.
            var left = m.H - time;
            var held = m.RefractorySteps > L.Zero;
            var wReset = L.FusedMultiplyAdd(time, Adaptation(s.V + m.Delta_T, s.W, m), s.W) + m.b;
            var r1 = Slope(m.V_reset, wReset, ex1, in1, current, ~held, m);
            var middle = left * L.Broadcast(0.5);
            var r2 = Slope(
                L.FusedMultiplyAdd(middle, r1.V, m.V_reset), L.FusedMultiplyAdd(middle, r1.W, wReset), ex1, in1, current, ~held, m);
            v = L.Select(crossed, L.FusedMultiplyAdd(left, r2.V, m.V_reset), v);
            w = L.Select(crossed, L.FusedMultiplyAdd(left, r2.W, wReset), w);

            // The step in which it spikes is counted down at its end, hence the one more.
            s.RefractorySteps = L.Select(crossed & held, m.RefractorySteps + L.Broadcast(1), s.RefractorySteps);
            s.Spiked |= crossed;
        }

        s.V = v;
        s.W = w;
        return s;
    }

    /// <summary>
    /// dV/dt, mV/ms, and dw/dt, pA/ms. A neuron that is not resting keeps its potential. Not inlined: six copies of the exponential would be
    /// more than the compiler inlines into one method, and it would leave calls of single lane operations.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (L V, L W) Slope<L>(L v, L w, L ex, L inh, L current, L resting, in AdEx<L> m)
        where L : unmanaged, ILanes<L>
    {
        v = L.Min(v, m.V_peak);
        var upswing = m.I_th * LaneMath.Exp((v - m.V_th) * m.InverseDelta_T);
        return (((Linear(v, ex, inh, current - w, m) + upswing) * m.InverseC_m) & resting, Adaptation(v, w, m));
    }

    /// <summary>dw/dt, pA/ms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Adaptation<L>(L v, L w, in AdEx<L> m)
        where L : unmanaged, ILanes<L> => ((m.a * (v - m.E_L)) - w) * m.InverseTau_w;

    /// <summary>The currents that are linear in V, pA.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Linear<L>(L v, L ex, L inh, L current, in AdEx<L> m)
        where L : unmanaged, ILanes<L> =>
        L.FusedMultiplyAdd(m.g_L, m.E_L - v, L.FusedMultiplyAdd(ex, m.E_ex - v, L.FusedMultiplyAdd(inh, m.E_in - v, current)));

    /// <summary>
    /// The time from the start of a substep to the crossing of V_spike, ms, and V at the end of the substep where that is later than the end, mV.
    /// Meaningless where V is not in its upswing.
    /// </summary>
    private static (L Time, L AtEnd) Upswing<L>(L v, L w, L end, L ex, L inh, L current, in AdEx<L> m)
        where L : unmanaged, ILanes<L>
    {
        var slope = Linear(v + m.Delta_T, ex, inh, current - w, m) * m.InverseC_m * m.InverseDelta_T;
        var y = LaneMath.Exp((m.V_th - v) * m.InverseDelta_T) - m.Y_spike;
        var k = L.FusedMultiplyAdd(m.Y_spike, slope, m.g_L * m.InverseC_m);
        var x = L.Max(slope * y / k, L.Broadcast(-0.999));

        // ln(1 + x) / x cancels near zero, where its series does not.
        var series = L.FusedMultiplyAdd(x, L.FusedMultiplyAdd(x, L.FusedMultiplyAdd(x, L.Broadcast(-0.25), L.Broadcast(1.0 / 3)), L.Broadcast(-0.5)), L.Broadcast(1));
        var ratio = L.Select(L.Abs(x) < L.Broadcast(0.02), series, LaneMath.Log(x + L.Broadcast(1)) / x);
        var time = L.Max(y / k * ratio, L.Zero);

        // The other way round, y at the end: (e^(F / Delta_T t) - 1) k / (F / Delta_T) for the time t that is left until the crossing.
        var left = L.Max(time - m.H, L.Zero);
        var z = slope * left;
        var yEnd = m.Y_spike + (k * left * L.FusedMultiplyAdd(z, L.FusedMultiplyAdd(z, L.Broadcast(1.0 / 6), L.Broadcast(0.5)), L.Broadcast(1)));
        var atEnd = m.V_th - (m.Delta_T * LaneMath.Log(yEnd));

        // Without an upswing (Delta_T = 0 or g_L = 0) V is nearly straight over a substep.
        var exists = m.I_th > L.Zero;
        var straight = L.Max(m.H * ((m.V_spike - v) / (end - v)), L.Zero);
        return (L.Select(exists, time, straight), L.Select(exists, atEnd, end));
    }
}
