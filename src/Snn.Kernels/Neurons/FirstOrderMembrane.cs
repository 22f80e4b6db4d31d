using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>State of snnTorch's neurons without a synaptic variable.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct MembraneState<T>
{
    /// <summary>Membrane potential.</summary>
    [StateVariable("", "Membrane potential")]
    public T mem;

    /// <summary>Whether the update of the step began with a reset: 1 or 0.</summary>
    [StateVariable("", "Whether the potential was above the threshold before the step, so that its update contains a reset: 1 or 0", IsDerived = true)]
    public T reset;
}

/// <summary>Constants of a potential that decays by a factor a step.</summary>
/// <typeparam name="T">A number or a vector of them.</typeparam>
public struct FirstOrderMembrane<T>
{
    /// <summary>What is left of the potential after a step.</summary>
    public T Decay;

    /// <summary>Input -&gt; potential.</summary>
    public T Gain;

    /// <summary>Whether a reset to zero takes the input of its step too: 1 or 0.</summary>
    public T ZeroesInput;

    /// <summary>The reset.</summary>
    public SnnTorchReset<T> Reset;
}

/// <summary>
/// The step of leaky, rleaky, lapicque and state_leaky: mem = Decay mem + Gain x with the reset r of the step before, which takes off the threshold
/// (subtract), or the old potential and, for some, the input (zero).
/// </summary>
/// <typeparam name="L">Lanes.</typeparam>
public readonly struct FirstOrderKernel<L> : IStagedKernel<L, MembraneState<L>, FirstOrderMembrane<L>, LayerInput<L>>
    where L : unmanaged, ILanes<L>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Integrate(ref MembraneState<L> s, in FirstOrderMembrane<L> d, in LayerInput<L> x)
    {
        var one = L.Broadcast(1);
        s.reset = SnnTorchReset.Pending(s.mem, d.Reset);
        var old = d.Decay * s.mem * (one - (s.reset * d.Reset.Zeroes));
        var input = d.Gain * (x.Spikes + x.Current) * (one - (s.reset * d.ZeroesInput));
        s.mem = old + input - (s.reset * d.Reset.Subtracted);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Fire(ref MembraneState<L> s, in FirstOrderMembrane<L> d, L may)
    {
        var spiked = (s.mem > d.Reset.Threshold) & may;
        s.mem = SnnTorchReset.After(s.mem, s.reset, spiked, d.Reset);
        return spiked;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Excess(in MembraneState<L> s, in FirstOrderMembrane<L> d) => s.mem - d.Reset.Threshold;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Value(in MembraneState<L> s, in FirstOrderMembrane<L> d) => d.Reset.Value;
}
