using System.Globalization;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// How PySNN lets a value relax and follow its drive over a step: one rule for voltages, traces and adaptive thresholds, in two types.
/// </summary>
/// <typeparam name="L">Lanes.</typeparam>
public interface IPySnnUpdate<L>
    where L : unmanaged, ILanes<L>
{
    /// <summary>The value after a step.</summary>
    /// <param name="value">The value before it.</param>
    /// <param name="rest">What it relaxes to.</param>
    /// <param name="drive">What drives it.</param>
    /// <param name="rate">The time constant, as <see cref="PySnnUpdate.Rate"/> gives it.</param>
    /// <param name="free">Mask of those that are not held.</param>
    static abstract L Step(L value, L rest, L drive, L rate, L free);
}

/// <summary>Update type linear: what is left of the value is a factor. Held at rest.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct LinearUpdate<L> : IPySnnUpdate<L>
    where L : unmanaged, ILanes<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Step(L value, L rest, L drive, L rate, L free) => rest + ((((value - rest) * rate) + drive) & free);
}

/// <summary>Update type exponential: forward Euler with a time constant. Held where it is.</summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct ExponentialUpdate<L> : IPySnnUpdate<L>
    where L : unmanaged, ILanes<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Step(L value, L rest, L drive, L rate, L free) => value + ((rate * (drive - (value - rest))) & free);
}

/// <summary>The update types by their number, and what they ask of a time constant.</summary>
internal static class PySnnUpdate
{
    /// <summary>The number of the word linear of update_type.</summary>
    public const int Linear = 0;

    /// <summary>The number of the word exponential.</summary>
    public const int Exponential = 1;

    public const string Source = "https://github.com/BasBuller/PySNN, commit 4f346cf.";

    public const string Scheme =
        "linear: a recurrence with factors, one step is one call of the library, whatever dt is. exponential: forward Euler with a step of dt, order 1. "
        + "A refractory period is a whole number n of steps: after a spike at step t the next one is possible at t + n + 1.";

    /// <summary>What a step needs of a time constant: the factor itself, or dt / tau.</summary>
    public static double Rate(double tau, double updateType, double dtMs) => updateType == Linear ? tau : dtMs / tau;

    /// <summary>Conditions on time constants.</summary>
    public static IEnumerable<ParameterProblem> Check(double updateType, params (string Name, double Value)[] taus)
    {
        foreach (var (name, tau) in taus)
        {
            if (updateType == Linear && tau > 1)
            {
                yield return new ParameterProblem(name, string.Create(
                    CultureInfo.InvariantCulture, $"{name} = {tau} is a factor, because update_type is \"linear\"; use a value from 0 to 1, or \"exponential\" for a time constant in ms"));
            }
            else if (updateType == Exponential && tau == 0)
            {
                yield return new ParameterProblem(name, $"{name} = 0 is no time constant; use {name} > 0 ms, or \"linear\" for a factor");
            }
        }
    }
}
