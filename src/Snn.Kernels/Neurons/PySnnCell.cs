using System.Globalization;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>What PySNN's spiking cells have in common. A group: a model's Parameters has it as a field.</summary>
public struct PySnnCellParameters
{
    /// <summary>Spike threshold.</summary>
    [Parameter(1, "", "Spike threshold, which a voltage must reach")]
    public double thresh;

    /// <summary>Resting voltage.</summary>
    [Parameter(0, "", "Voltage at rest and after a spike")]
    public double v_rest;

    /// <summary>Input -&gt; voltage.</summary>
    [Parameter(1, "", "Factor of the input")]
    public double alpha_v;

    /// <summary>Spike -&gt; trace.</summary>
    [Parameter(1, "", "Factor of a spike in the trace")]
    public double alpha_t;

    /// <summary>Refractory period, ms.</summary>
    [Parameter(0, "ms", "Duration of the refractory period", Min = 0)]
    public double duration_refrac;

    /// <summary>What is wrong with it.</summary>
    internal readonly IEnumerable<ParameterProblem> Check(double dtMs) => CheckRefractory(duration_refrac, dtMs);

    private static IEnumerable<ParameterProblem> CheckRefractory(double durationMs, double dtMs)
    {
        var steps = durationMs / dtMs;
        if (Math.Abs(steps - Math.Round(steps)) > 1e-6)
        {
            yield return new ParameterProblem("duration_refrac", string.Create(
                CultureInfo.InvariantCulture,
                $"duration_refrac = {durationMs} ms is not a multiple of dt = {dtMs} ms; use {Math.Round(Math.Floor(steps) * dtMs, 9)} or {Math.Round(Math.Ceiling(steps) * dtMs, 9)} ms, or another dt"));
        }
    }
}

/// <summary>State of PySNN's spiking cells.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct PySnnState<T>
{
    /// <summary>Voltage.</summary>
    [StateVariable("", "Voltage")]
    public T v_cell;

    /// <summary>Trace of the cell's own spikes.</summary>
    [StateVariable("", "Trace of the cell's own spikes")]
    public T trace;

    /// <summary>What is left of the refractory period, steps.</summary>
    [StateVariable("steps", "What is left of the refractory period")]
    public T refrac_counts;
}

/// <summary>Constants of a PySNN cell.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct PySnnCell<T>
{
    /// <summary>Spike threshold.</summary>
    public T Thresh;

    /// <summary>Resting voltage.</summary>
    public T VRest;

    /// <summary>Factor of the input.</summary>
    public T AlphaV;

    /// <summary>Rate of the voltage; not used where it does not leak.</summary>
    public T RateV;

    /// <summary>Factor of a spike in the trace.</summary>
    public T AlphaT;

    /// <summary>Rate of the trace.</summary>
    public T RateT;

    /// <summary>Refractory period, steps.</summary>
    public T RefractorySteps;
}

/// <summary>What the steps of PySNN's cells share.</summary>
internal static class PySnnCell
{
    public static PySnnCell<double> Derive(in PySnnCellParameters p, double rateV, double rateT, double dtMs) => new()
    {
        Thresh = p.thresh,
        VRest = p.v_rest,
        AlphaV = p.alpha_v,
        RateV = rateV,
        AlphaT = p.alpha_t,
        RateT = rateT,
        RefractorySteps = Math.Round(p.duration_refrac / dtMs),
    };

    /// <summary>Mask of the cells that are not refractory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Free<L>(L refracCounts)
        where L : unmanaged, ILanes<L> => refracCounts <= L.Zero;

    /// <summary>What is left of the refractory period after a step. A cell that spikes while it is refractory is held for longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L RefracCounts<L>(L refracCounts, L spiked, L refractorySteps)
        where L : unmanaged, ILanes<L> => L.Max(refracCounts - L.Broadcast(1), L.Zero) + (refractorySteps & spiked);
}
