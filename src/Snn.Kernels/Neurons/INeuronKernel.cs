using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// The equations of a model: one step of dt as a pure function of (state, derived constants, input), over any lanes.
/// </summary>
/// <typeparam name="L">Lanes.</typeparam>
/// <typeparam name="TState">The model's State over lanes: only fields of type <typeparamref name="L"/> or inline arrays of it.</typeparam>
/// <typeparam name="TDerived">The model's Derived over lanes, likewise.</typeparam>
/// <typeparam name="TInput">The model's Input over lanes, likewise.</typeparam>
public interface INeuronKernel<L, TState, TDerived, TInput>
    where L : unmanaged, ILanes<L>
    where TState : unmanaged
    where TDerived : unmanaged
    where TInput : unmanaged
{
    /// <summary>Advances by one step. Returns the mask of the neurons that spike at its end.</summary>
    static abstract L Advance(ref TState s, in TDerived d, in TInput x);
}
