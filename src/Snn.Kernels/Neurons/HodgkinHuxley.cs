using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Constants of the Hodgkin-Huxley membrane.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct HodgkinHuxley<T>
{
    /// <summary>Substep h, ms.</summary>
    public T H;

    /// <summary>1 / C_m, 1/pF.</summary>
    public T InverseC_m;

    /// <summary>Peak sodium conductance, nS.</summary>
    public T g_Na;

    /// <summary>Peak potassium conductance, nS.</summary>
    public T g_K;

    /// <summary>Leak conductance, nS.</summary>
    public T g_L;

    /// <summary>Reversal potential of sodium, mV.</summary>
    public T E_Na;

    /// <summary>Reversal potential of potassium, mV.</summary>
    public T E_K;

    /// <summary>Reversal potential of the leak, mV.</summary>
    public T E_L;

    /// <summary>Constant input current, pA.</summary>
    public T I_e;
}

/// <summary>The Hodgkin-Huxley membrane, or its slope: potential and gating variables.</summary>
/// <typeparam name="L">Lanes.</typeparam>
internal struct HodgkinHuxleyState<L>
{
    public L V;
    public L M;
    public L H;
    public L N;
}

/// <summary>Membrane and channels of Hodgkin and Huxley (1952) by the classical Runge-Kutta method of order 4 in substeps.</summary>
internal static class HodgkinHuxley
{
    /// <summary>Longest substep, ms: the fastest relaxation, of V at a spike's peak, takes about 1 / 40 ms.</summary>
    public const double SubstepMaxMs = 0.025;

    public static int Substeps(double dtMs) => (int)Math.Ceiling((dtMs / SubstepMaxMs) - 1e-9);

    /// <summary>The gating variables (m, h, n) that do not change at a potential, mV.</summary>
    public static (double M, double H, double N) Equilibrium(double v)
    {
        var (am, bm, ah, bh, an, bn) = Rates(new F64x1(v));
        return ((am / (am + bm)).Value, (ah / (ah + bh)).Value, (an / (an + bn)).Value);
    }

    /// <summary>One substep, from the current at its start, its middle and its end, pA.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static HodgkinHuxleyState<L> Substep<L>(HodgkinHuxleyState<L> s, in HodgkinHuxley<L> m, L start, L middle, L end)
        where L : unmanaged, ILanes<L>
    {
        var half = m.H * L.Broadcast(0.5);
        var k1 = Slope(s, m, start);
        var k2 = Slope(Move(s, half, k1), m, middle);
        var k3 = Slope(Move(s, half, k2), m, middle);
        var k4 = Slope(Move(s, m.H, k3), m, end);
        return Move(s, m.H * L.Broadcast(1.0 / 6), Sum(k1, k2, k3, k4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static HodgkinHuxleyState<L> Move<L>(HodgkinHuxleyState<L> s, L h, HodgkinHuxleyState<L> k)
        where L : unmanaged, ILanes<L> => new()
        {
            V = L.FusedMultiplyAdd(h, k.V, s.V),
            M = L.FusedMultiplyAdd(h, k.M, s.M),
            H = L.FusedMultiplyAdd(h, k.H, s.H),
            N = L.FusedMultiplyAdd(h, k.N, s.N),
        };

    /// <summary>k1 + 2 k2 + 2 k3 + k4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static HodgkinHuxleyState<L> Sum<L>(
        HodgkinHuxleyState<L> k1, HodgkinHuxleyState<L> k2, HodgkinHuxleyState<L> k3, HodgkinHuxleyState<L> k4)
        where L : unmanaged, ILanes<L>
    {
        var two = L.Broadcast(2);
        return new()
        {
            V = L.FusedMultiplyAdd(two, k2.V + k3.V, k1.V + k4.V),
            M = L.FusedMultiplyAdd(two, k2.M + k3.M, k1.M + k4.M),
            H = L.FusedMultiplyAdd(two, k2.H + k3.H, k1.H + k4.H),
            N = L.FusedMultiplyAdd(two, k2.N + k3.N, k1.N + k4.N),
        };
    }

    /// <summary>
    /// The slope of every variable, per ms. Not inlined: four copies of the exponentials would be more than the compiler inlines into one
    /// method, and it would leave calls of single lane operations.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HodgkinHuxleyState<L> Slope<L>(HodgkinHuxleyState<L> s, in HodgkinHuxley<L> m, L current)
        where L : unmanaged, ILanes<L>
    {
        var (am, bm, ah, bh, an, bn) = Rates(s.V);
        var n2 = s.N * s.N;
        var sodium = m.g_Na * (s.M * s.M * s.M * s.H) * (m.E_Na - s.V);
        var potassium = m.g_K * (n2 * n2) * (m.E_K - s.V);
        return new()
        {
            V = (sodium + potassium + L.FusedMultiplyAdd(m.g_L, m.E_L - s.V, current)) * m.InverseC_m,
            M = am - ((am + bm) * s.M),
            H = ah - ((ah + bh) * s.H),
            N = an - ((an + bn) * s.N),
        };
    }

    /// <summary>
    /// The rates (alpha_m, beta_m, alpha_h, beta_h, alpha_n, beta_n), 1/ms. Five of the six exponentials are powers of one,
    /// x = e^(-(V + 65) / 80).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (L AlphaM, L BetaM, L AlphaH, L BetaH, L AlphaN, L BetaN) Rates<L>(L v)
        where L : unmanaged, ILanes<L>
    {
        var fromRest = v + L.Broadcast(65);
        var x = LaneMath.Exp(fromRest * L.Broadcast(-1.0 / 80));
        var x4 = x * x * (x * x);
        var x8 = x4 * x4;
        var one = L.Broadcast(1);
        return (
            Quotient((v + L.Broadcast(40)) * L.Broadcast(0.1), x8 * L.Broadcast(12.182493960703473)),
            L.Broadcast(4) * LaneMath.Exp(fromRest * L.Broadcast(-1.0 / 18)),
            L.Broadcast(0.07) * x4,
            one / L.FusedMultiplyAdd(x8, L.Broadcast(20.085536923187668), one),
            L.Broadcast(0.1) * Quotient((v + L.Broadcast(55)) * L.Broadcast(0.1), x8 * L.Broadcast(Math.E)),
            L.Broadcast(0.125) * x);
    }

    /// <summary>
    /// u / (1 - e^-u), given e^-u. Near zero, where both vanish, its series in the Bernoulli numbers: 1 + u/2 + u^2/12 - u^4/720 + ...
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Quotient<L>(L u, L exponential)
        where L : unmanaged, ILanes<L>
    {
        var u2 = u * u;
        var p = L.Broadcast(1.0 / 47900160);
        p = L.FusedMultiplyAdd(p, u2, L.Broadcast(-1.0 / 1209600));
        p = L.FusedMultiplyAdd(p, u2, L.Broadcast(1.0 / 30240));
        p = L.FusedMultiplyAdd(p, u2, L.Broadcast(-1.0 / 720));
        p = L.FusedMultiplyAdd(p, u2, L.Broadcast(1.0 / 12));
        p = L.FusedMultiplyAdd(p, u2, L.FusedMultiplyAdd(u, L.Broadcast(0.5), L.Broadcast(1)));
        return L.Select(L.Abs(u) < L.Broadcast(0.25), p, u / (L.Broadcast(1) - exponential));
    }
}
