using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Threshold, reset and spike function of snngrow's nodes. A group: a model's Parameters has it as a field.</summary>
public struct SnngrowParameters
{
    /// <summary>Spike threshold.</summary>
    [Parameter(1, "", "Spike threshold, which a potential must reach")]
    public double v_threshold;

    /// <summary>Reset potential.</summary>
    [Parameter(0, "", "Potential after a spike, and at the start; null: a spike takes off v_threshold, and the start is 0", AllowsNull = true)]
    public double v_reset;

    /// <summary>Whether a node emits spikes.</summary>
    [Parameter(1, "", "Whether a node emits spikes; else every node emits the smooth function of its potential in every step, and is reset by as much", Min = 0, Max = 1, IsSwitch = true, IsShared = true)]
    public double spiking;

    /// <summary>The smooth function.</summary>
    [Parameter(0, "", "The smooth function: 1 / (1 + e^(-alpha u)) or atan(pi alpha u / 2) / pi + 1/2, u = v - v_threshold", Choices = ["sigmoid", "atan"], IsShared = true)]
    public double surrogate;

    /// <summary>Steepness of the smooth function.</summary>
    [Parameter(double.NaN, "", "Steepness of the smooth function; null: 4 for sigmoid, 2 for atan", Min = 0, MinExcluded = true, AllowsNull = true)]
    public double alpha;
}

/// <summary>State of snngrow's nodes.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct SnngrowState<T>
{
    /// <summary>Membrane potential.</summary>
    [StateVariable("", "Membrane potential")]
    public T v;
}

/// <summary>Constants of a node's threshold and reset.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct SnngrowReset<T>
{
    /// <summary>Spike threshold.</summary>
    public T Threshold;

    /// <summary>Reset potential; 0 where a spike takes off the threshold.</summary>
    public T Reset;

    /// <summary>Whether a spike sets the potential to the reset potential, else it takes off the threshold: 1 or 0.</summary>
    public T IsHard;

    /// <summary>Steepness of the smooth function.</summary>
    public T Alpha;
}

/// <summary>What a node makes of u = v - v_threshold: its spike.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public interface ISpikeFunction<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>The spike, between 0 and 1.</summary>
    static abstract L Of(L u, L alpha);
}

/// <summary>A spike, or none.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct StepFunction<L> : ISpikeFunction<L>
    where L : unmanaged, ILanes<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of(L u, L alpha) => (u >= L.Zero) & L.Broadcast(1);
}

/// <summary>The logistic function.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct SigmoidFunction<L> : ISpikeFunction<L>
    where L : unmanaged, ILanes<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of(L u, L alpha) => LaneMath.Logistic(alpha * u);
}

/// <summary>The arc tangent, between 0 and 1.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct AtanFunction<L> : ISpikeFunction<L>
    where L : unmanaged, ILanes<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of(L u, L alpha) => (LaneMath.Atan(L.Broadcast(Math.PI / 2) * alpha * u) * L.Broadcast(1 / Math.PI)) + L.Broadcast(0.5);
}

/// <summary>The reset of snngrow's nodes, by a spike s that may be smooth: v (1 - s) + v_reset s, or v - v_threshold s where v_reset is null.</summary>
internal static class SnngrowReset
{
    public static SnngrowReset<double> Derive(in SnngrowParameters p) => new()
    {
        Threshold = p.v_threshold,
        Reset = Start(p),
        IsHard = double.IsNaN(p.v_reset) ? 0 : 1,
        Alpha = double.IsNaN(p.alpha) ? (p.surrogate == 0 ? 4 : 2) : p.alpha,
    };

    /// <summary>The potential at the start.</summary>
    public static double Start(in SnngrowParameters p) => double.IsNaN(p.v_reset) ? 0 : p.v_reset;

    /// <summary>The potential after a spike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L After<L>(L v, L spike, SnngrowReset<L> d)
        where L : unmanaged, ILanes<L> =>
        L.Select(d.IsHard > L.Zero, ((L.Broadcast(1) - spike) * v) + (spike * d.Reset), v - (spike * d.Threshold));
}
