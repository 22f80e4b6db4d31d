using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Constants of an exponentially decaying conductance over a step: what is left of it at the nodes of the membrane's scheme.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct ExponentialConductance<T>
{
    /// <summary>Left at the first node.</summary>
    public T Left1;

    /// <summary>Left at the second node.</summary>
    public T Left2;

    /// <summary>Left at the end.</summary>
    public T Decay;
}

/// <summary>Exponentially decaying conductance: dg/dt = -g / tau.</summary>
internal static class ExponentialConductance
{
    public static ExponentialConductance<double> Derive(double tauMs, double dtMs) => new()
    {
        Left1 = LaneMath.Exp(-ConductanceMembrane.Node1 * dtMs / tauMs),
        Left2 = LaneMath.Exp(-ConductanceMembrane.Node2 * dtMs / tauMs),
        Decay = LaneMath.Exp(-dtMs / tauMs),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L At1<L>(in ExponentialConductance<L> c, L g)
        where L : unmanaged, ILanes<L> => c.Left1 * g;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L At2<L>(in ExponentialConductance<L> c, L g)
        where L : unmanaged, ILanes<L> => c.Left2 * g;
}

/// <summary>
/// Constants of an alpha-shaped conductance over a step: what is left of it, and what its slope adds, at the nodes of the membrane's scheme and at the
/// end.
/// </summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct AlphaConductance<T>
{
    /// <summary>Left at the first node.</summary>
    public T Left1;

    /// <summary>Slope -&gt; conductance at the first node, ms.</summary>
    public T Rise1;

    /// <summary>Left at the second node.</summary>
    public T Left2;

    /// <summary>Slope -&gt; conductance at the second node, ms.</summary>
    public T Rise2;

    /// <summary>Left at the end, of conductance and slope.</summary>
    public T Decay;

    /// <summary>Slope -&gt; conductance at the end, ms.</summary>
    public T Rise;

    /// <summary>Slope that a spike of unit weight makes, so that the conductance peaks at the weight: e / tau, 1/ms.</summary>
    public T Slope;
}

/// <summary>Alpha-shaped conductance: dg/dt = s - g / tau, ds/dt = -s / tau.</summary>
internal static class AlphaConductance
{
    public static AlphaConductance<double> Derive(double tauMs, double dtMs)
    {
        var node1 = ConductanceMembrane.Node1 * dtMs;
        var node2 = ConductanceMembrane.Node2 * dtMs;
        return new AlphaConductance<double>
        {
            Left1 = LaneMath.Exp(-node1 / tauMs),
            Rise1 = node1 * LaneMath.Exp(-node1 / tauMs),
            Left2 = LaneMath.Exp(-node2 / tauMs),
            Rise2 = node2 * LaneMath.Exp(-node2 / tauMs),
            Decay = LaneMath.Exp(-dtMs / tauMs),
            Rise = dtMs * LaneMath.Exp(-dtMs / tauMs),
            Slope = Math.E / tauMs,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L At1<L>(in AlphaConductance<L> c, L g, L slope)
        where L : unmanaged, ILanes<L> => L.FusedMultiplyAdd(c.Rise1, slope, c.Left1 * g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L At2<L>(in AlphaConductance<L> c, L g, L slope)
        where L : unmanaged, ILanes<L> => L.FusedMultiplyAdd(c.Rise2, slope, c.Left2 * g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L AtEnd<L>(in AlphaConductance<L> c, L g, L slope)
        where L : unmanaged, ILanes<L> => L.FusedMultiplyAdd(c.Rise, slope, c.Decay * g);
}
