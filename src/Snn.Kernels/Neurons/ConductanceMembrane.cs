using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Constants of the membrane equation of the iaf_cond models.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct ConductanceMembrane<T>
{
    /// <summary>dt / C_m, ms/pF.</summary>
    public T StepPerCapacitance;

    /// <summary>Leak conductance, nS.</summary>
    public T g_L;

    /// <summary>Resting potential, mV.</summary>
    public T E_L;

    /// <summary>Reversal potential of excitation, mV.</summary>
    public T E_ex;

    /// <summary>Reversal potential of inhibition, mV.</summary>
    public T E_in;

    /// <summary>Constant input current, pA.</summary>
    public T I_e;
}

/// <summary>
/// One step of C_m dV/dt = g_L (E_L - V) + g_ex(t) (E_ex - V) + g_in(t) (E_in - V) + I by the Gauss-Legendre Runge-Kutta method of two
/// stages (Hairer, Noersett and Wanner 1993, II.7): order 4, A-stable, nodes at dt (1/2 -+ sqrt(3)/6). The stages are implicit, but the equation is linear
/// in V, so that they are two linear equations, solved here in closed form.
/// </summary>
internal static class ConductanceMembrane
{
    /// <summary>First node, in steps.</summary>
    public const double Node1 = 0.5 - HalfWidth;

    /// <summary>Second node, in steps.</summary>
    public const double Node2 = 0.5 + HalfWidth;

    // sqrt(3) / 6
    private const double HalfWidth = 0.28867513459481288;

    /// <summary>The change of V over a step, from the conductances at the two nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Increment<L>(L v, L ex1, L in1, L ex2, L in2, in ConductanceMembrane<L> m, L stimulus)
        where L : unmanaged, ILanes<L>
    {
        // z = dt g / C_m: how far the membrane relaxes; r: the step that Euler's method would take.
        var leak = L.FusedMultiplyAdd(m.g_L, m.E_L - v, m.I_e + stimulus);
        var toEx = m.E_ex - v;
        var toIn = m.E_in - v;
        var z1 = (m.g_L + ex1 + in1) * m.StepPerCapacitance;
        var z2 = (m.g_L + ex2 + in2) * m.StepPerCapacitance;
        var r1 = L.FusedMultiplyAdd(ex1, toEx, L.FusedMultiplyAdd(in1, toIn, leak)) * m.StepPerCapacitance;
        var r2 = L.FusedMultiplyAdd(ex2, toEx, L.FusedMultiplyAdd(in2, toIn, leak)) * m.StepPerCapacitance;
        var width = L.Broadcast(HalfWidth);
        var numerator = L.FusedMultiplyAdd(width, (z1 * r2) - (z2 * r1), r1 + r2);
        var denominator = L.FusedMultiplyAdd(L.Broadcast(1.0 / 6) * z1, z2, L.FusedMultiplyAdd(L.Broadcast(0.5), z1 + z2, L.Broadcast(2)));
        return numerator / denominator;
    }
}
