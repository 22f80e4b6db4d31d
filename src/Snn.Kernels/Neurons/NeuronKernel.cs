using System.Numerics;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>Advances a range of neurons by a step: the loop around a model's equations.</summary>
public abstract class NeuronKernel
{
    /// <summary>Bytes of a number in the columns: 4 or 8.</summary>
    public abstract int ElementBytes { get; }

    /// <summary>Neurons that one pass of the loop advances.</summary>
    public abstract int Lanes { get; }

    /// <summary>Advances all neurons of <paramref name="n"/> by one step.</summary>
    /// <returns>How many spiked; their indices are in <see cref="NeuronColumns.Spikes"/>, ascending.</returns>
    public abstract int Advance(in NeuronColumns n);
}

/// <inheritdoc/>
/// <typeparam name="L">Lanes.</typeparam>
/// <typeparam name="TState">State over lanes.</typeparam>
/// <typeparam name="TDerived">Derived over lanes.</typeparam>
/// <typeparam name="TInput">Input over lanes.</typeparam>
/// <typeparam name="TModel">The equations.</typeparam>
public sealed unsafe class NeuronKernel<L, TState, TDerived, TInput, TModel> : NeuronKernel
    where L : unmanaged, ILanes<L>
    where TState : unmanaged
    where TDerived : unmanaged
    where TInput : unmanaged
    where TModel : INeuronKernel<L, TState, TDerived, TInput>
{
    private readonly int _spikePorts;

    /// <summary>A kernel whose model has <paramref name="spikePorts"/> spike ports ahead of its other ports.</summary>
    public NeuronKernel(int spikePorts) => _spikePorts = spikePorts;

    /// <inheritdoc/>
    public override int ElementBytes => L.IsDouble ? sizeof(double) : sizeof(float);

    /// <inheritdoc/>
    public override int Lanes => L.Count;

    /// <inheritdoc/>
    public override int Advance(in NeuronColumns n) =>
        n.DerivedStride == 0 ? AdvanceShared(n, _spikePorts) : AdvanceIndividual(n, _spikePorts);

    // Inlined into one caller, the two loops would share its budget for inlining, and the compiler would leave calls of
    // single lane operations in both: 30 times slower.

    /// <summary>All neurons share their constants, which are read once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int AdvanceShared(NeuronColumns n, int spikePorts)
    {
        var d = Columns.Broadcast<L, TDerived>(n.Derived);
        var spikes = n.Spikes;
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
            var x = Columns.Load<L, TInput>(n.Input, n.InputStride, i);
            Columns.Clear<L>(n.Input, n.InputStride, i, spikePorts);
            var spiked = L.MoveMask(TModel.Advance(ref s, in d, in x));
            Columns.Store<L, TState>(s, n.State, n.StateStride, i);
            if (spiked != 0)
            {
                spikes = Emit(spiked, (int)i, n.Count, spikes);
            }
        }

        return (int)(spikes - n.Spikes);
    }

    /// <summary>Each neuron has its own constants, read with its state.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int AdvanceIndividual(NeuronColumns n, int spikePorts)
    {
        var spikes = n.Spikes;
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var d = Columns.Load<L, TDerived>(n.Derived, n.DerivedStride, i);
            var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
            var x = Columns.Load<L, TInput>(n.Input, n.InputStride, i);
            Columns.Clear<L>(n.Input, n.InputStride, i, spikePorts);
            var spiked = L.MoveMask(TModel.Advance(ref s, in d, in x));
            Columns.Store<L, TState>(s, n.State, n.StateStride, i);
            if (spiked != 0)
            {
                spikes = Emit(spiked, (int)i, n.Count, spikes);
            }
        }

        return (int)(spikes - n.Spikes);
    }

    /// <summary>Writes the neurons of a mask; those beyond the last neuron are padding and do not spike.</summary>
    private static int* Emit(uint spiked, int first, int count, int* spikes)
    {
        for (; spiked != 0; spiked &= spiked - 1)
        {
            var neuron = first + BitOperations.TrailingZeroCount(spiked);
            if (neuron < count)
            {
                *spikes++ = neuron;
            }
        }

        return spikes;
    }
}
