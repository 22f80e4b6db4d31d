using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Threshold and spikes of snnTorch's neurons. A group: a model's Parameters has it as a field.</summary>
public struct SnnTorchSpike
{
    /// <summary>Spike threshold.</summary>
    [Parameter(1, "", "Spike threshold, which a potential must exceed")]
    public double threshold;

    /// <summary>Value of a spike.</summary>
    [Parameter(1, "", "Value that a spike carries; 1 with inhibition, whatever is given")]
    public double graded_spikes_factor;

    /// <summary>Whether only one neuron may spike.</summary>
    [Parameter(0, "", "Whether in every step only the neuron with the greatest potential above its threshold may spike, the first of several", Min = 0, Max = 1, IsSwitch = true, IsShared = true)]
    public double inhibition;

    /// <summary>Levels of the state.</summary>
    public StateQuantisation state_quant;

    /// <summary>Whether a spike carries a value other than 1; a factor that differs from neuron to neuron is NaN in what they have in common.</summary>
    internal readonly bool EmitsValues => inhibition == 0 && graded_spikes_factor != 1;
}

/// <summary>When the reset after a spike comes. A group: a model's Parameters has it as a field.</summary>
public struct SnnTorchResetTime
{
    /// <summary>Whether the reset waits for the next step.</summary>
    [Parameter(1, "", "Whether the reset comes with the update of the next step; else in the step of the spike", Min = 0, Max = 1, IsSwitch = true)]
    public double reset_delay;

    /// <summary>Whether an immediate reset is the only one.</summary>
    [Parameter(
        0,
        "",
        "Without reset_delay: whether a potential that is still above the threshold is compared as it is; else its reset comes first, and is undone where no spike follows",
        Min = 0,
        Max = 1,
        IsSwitch = true)]
    public double reset_once;
}

/// <summary>Constants of the reset.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct SnnTorchReset<T>
{
    /// <summary>Spike threshold.</summary>
    public T Threshold;

    /// <summary>What a reset subtracts: the threshold, or 0.</summary>
    public T Subtracted;

    /// <summary>Whether a reset sets to zero: 1 or 0.</summary>
    public T Zeroes;

    /// <summary>Whether a potential above the threshold is reset in the next step: 1 or 0.</summary>
    public T IsPending;

    /// <summary>Whether a spike is reset at once: 1 or 0.</summary>
    public T IsImmediate;

    /// <summary>How many resets a spike brings at once: 1, but with inhibition the reciprocal of the graded factor.</summary>
    public T PerSpike;

    /// <summary>What a spike carries.</summary>
    public T Value;
}

/// <summary>
/// The reset of snnTorch's neurons, for the potential m and the flag r, which says that m was above the threshold at the end of the step before.
/// It is part of the update: m - r threshold (subtract) or m (1 - r) (zero), or, where it is not delayed, it is made up for after the spike.
/// </summary>
internal static class SnnTorchReset
{
    /// <summary>The words of reset_mechanism.</summary>
    public const int Subtract = 0;

    /// <inheritdoc cref="Subtract"/>
    public const int Zero = 1;

    public static SnnTorchReset<double> Derive(in SnnTorchSpike p, double mechanism, in SnnTorchResetTime time)
    {
        var isImmediate = time.reset_delay == 0;
        var isInhibited = p.inhibition != 0;
        return new SnnTorchReset<double>
        {
            Threshold = p.threshold,
            Subtracted = mechanism == Subtract ? p.threshold : 0,
            Zeroes = mechanism == Zero ? 1 : 0,
            IsPending = isImmediate && time.reset_once != 0 ? 0 : 1,
            IsImmediate = isImmediate ? 1 : 0,
            // snnTorch divides a spike by the factor to find whether there was one, but does not multiply it by the factor under inhibition.
            PerSpike = isInhibited ? 1 / p.graded_spikes_factor : 1,
            Value = isInhibited ? 1 : p.graded_spikes_factor,
        };
    }

    /// <summary>Always one step later.</summary>
    public static SnnTorchReset<double> Derive(in SnnTorchSpike p, double mechanism) =>
        Derive(p, mechanism, new SnnTorchResetTime { reset_delay = 1 });

    public static IEnumerable<ParameterProblem> Check(SnnTorchSpike p)
    {
        if (p.inhibition != 0 && p.graded_spikes_factor == 0)
        {
            yield return new ParameterProblem("graded_spikes_factor", "graded_spikes_factor = 0 does not go with inhibition; use 1, because the spikes of inhibited neurons are not graded");
        }

        foreach (var problem in p.state_quant.Check())
        {
            yield return problem;
        }
    }

    /// <summary>The flag r for a potential of the step before: 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Pending<L>(L mem, SnnTorchReset<L> d)
        where L : unmanaged, ILanes<L> => (mem > d.Threshold) & d.IsPending;

    /// <summary>The potential after the resets that are not delayed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L After<L>(L mem, L reset, L spiked, SnnTorchReset<L> d)
        where L : unmanaged, ILanes<L>
    {
        var due = ((spiked & d.PerSpike) - reset) * d.IsImmediate;
        return mem - (due * (d.Subtracted + (d.Zeroes * mem)));
    }
}
