using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// The equations of a model whose step has two stages, with a place between them where the neurons of a population can be compared or their state be
/// rounded: one step of dt is Integrate, then Fire. Both are pure functions over any lanes.
/// </summary>
/// <typeparam name="L">Lanes.</typeparam>
/// <typeparam name="TState">The model's State over lanes: only fields of type <typeparamref name="L"/> or inline arrays of it.</typeparam>
/// <typeparam name="TDerived">The model's Derived over lanes, likewise.</typeparam>
/// <typeparam name="TInput">The model's Input over lanes, likewise.</typeparam>
public interface IStagedKernel<L, TState, TDerived, TInput>
    where L : unmanaged, ILanes<L>
    where TState : unmanaged
    where TDerived : unmanaged
    where TInput : unmanaged
{
    /// <summary>Everything up to the comparison with the threshold.</summary>
    static abstract void Integrate(ref TState s, in TDerived d, in TInput x);

    /// <summary>The comparison with the threshold and what a spike does to its neuron. Returns the mask of the neurons that spike.</summary>
    /// <param name="s">State after Integrate.</param>
    /// <param name="d">Derived constants.</param>
    /// <param name="may">Mask of the neurons that may spike.</param>
    static abstract L Fire(ref TState s, in TDerived d, L may);

    /// <summary>How far a neuron is above its threshold, after Integrate: where only one may spike, it is the one with the most.</summary>
    static abstract L Excess(in TState s, in TDerived d);

    /// <summary>What a spike carries, after Integrate.</summary>
    static virtual L Value(in TState s, in TDerived d) => L.Broadcast(1);
}
