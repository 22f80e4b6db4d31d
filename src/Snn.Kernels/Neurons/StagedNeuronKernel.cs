using System.Numerics;
using System.Runtime.CompilerServices;
using Snn.Kernels.Lanes;

namespace Snn.Kernels.Neurons;

/// <summary>
/// A kernel of two stages, which <see cref="NeuronKernel.Advance"/> runs one after the other; whoever wants to see the state between them, runs them one by one.
/// </summary>
public abstract class StagedNeuronKernel : NeuronKernel
{
    /// <summary>The first stage: input is taken up, ports of spikes and traces are emptied, state is rounded to its levels where it has some.</summary>
    public abstract void Integrate(in NeuronColumns n);

    /// <summary>The second stage: spikes and what they do to their neurons.</summary>
    /// <returns>As for <see cref="NeuronKernel.Advance"/>.</returns>
    public abstract int Fire(in NeuronColumns n);
}

/// <inheritdoc/>
/// <typeparam name="L">Lanes.</typeparam>
/// <typeparam name="TState">State over lanes.</typeparam>
/// <typeparam name="TDerived">Derived over lanes.</typeparam>
/// <typeparam name="TInput">Input over lanes.</typeparam>
/// <typeparam name="TModel">The equations.</typeparam>
public sealed unsafe class StagedNeuronKernel<L, TState, TDerived, TInput, TModel> : StagedNeuronKernel
    where L : unmanaged, ILanes<L>
    where TState : unmanaged
    where TDerived : unmanaged
    where TInput : unmanaged
    where TModel : IStagedKernel<L, TState, TDerived, TInput>
{
    /// <summary>Numbers in the widest vector, and the neurons that columns are padded to.</summary>
    private const int MostLanes = 16;

    private readonly int _eventPorts;
    private readonly bool _winnerTakesAll;
    private readonly StateQuantiser? _quantiser;

    /// <param name="eventPorts">Ports that are emptied once read; they come first.</param>
    /// <param name="winnerTakesAll">Whether only one neuron of a call may spike: the one with the greatest excess, the first of several.</param>
    /// <param name="quantiser">Rounds state between the stages; null: it stays as it is.</param>
    public StagedNeuronKernel(int eventPorts, bool winnerTakesAll = false, StateQuantiser? quantiser = null)
    {
        _eventPorts = eventPorts;
        _winnerTakesAll = winnerTakesAll;
        _quantiser = quantiser;
    }

    /// <inheritdoc/>
    public override int ElementBytes => L.IsDouble ? sizeof(double) : sizeof(float);

    /// <inheritdoc/>
    public override int Lanes => L.Count;

    /// <inheritdoc/>
    public override int Advance(in NeuronColumns n)
    {
        if (_winnerTakesAll || _quantiser is not null)
        {
            Integrate(n);
            return Fire(n);
        }

        return n.DerivedStride == 0 ? AdvanceShared(n, _eventPorts) : AdvanceIndividual(n, _eventPorts);
    }

    /// <inheritdoc/>
    public override void Integrate(in NeuronColumns n)
    {
        var room = stackalloc double[MostLanes * (Unsafe.SizeOf<TDerived>() / Unsafe.SizeOf<L>())];
        IntegrateAll(n, new Constants(n, room), _eventPorts);
        _quantiser?.Apply(n, L.IsDouble);
    }

    /// <inheritdoc/>
    public override int Fire(in NeuronColumns n)
    {
        var room = stackalloc double[MostLanes * (Unsafe.SizeOf<TDerived>() / Unsafe.SizeOf<L>())];
        var constants = new Constants(n, room);
        return _winnerTakesAll ? FireWinner(n, constants, Winner(n, constants)) : FireAll(n, constants);
    }

    // Both stages in one pass. As in NeuronKernel, every loop is a method of its own: together they would share a budget for inlining.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int AdvanceShared(NeuronColumns n, int eventPorts)
    {
        var d = Columns.Broadcast<L, TDerived>(n.Derived);
        var spikes = n.Spikes;
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
            var x = Columns.Load<L, TInput>(n.Input, n.InputStride, i);
            Columns.Clear<L>(n.Input, n.InputStride, i, eventPorts);
            TModel.Integrate(ref s, in d, in x);
            var value = TModel.Value(in s, in d);
            var spiked = L.MoveMask(TModel.Fire(ref s, in d, Everybody()));
            Columns.Store<L, TState>(s, n.State, n.StateStride, i);
            if (spiked != 0)
            {
                spikes = Emit(spiked, value, (int)i, n, spikes);
            }
        }

        return (int)(spikes - n.Spikes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int AdvanceIndividual(NeuronColumns n, int eventPorts)
    {
        var spikes = n.Spikes;
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var d = Columns.Load<L, TDerived>(n.Derived, n.DerivedStride, i);
            var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
            var x = Columns.Load<L, TInput>(n.Input, n.InputStride, i);
            Columns.Clear<L>(n.Input, n.InputStride, i, eventPorts);
            TModel.Integrate(ref s, in d, in x);
            var value = TModel.Value(in s, in d);
            var spiked = L.MoveMask(TModel.Fire(ref s, in d, Everybody()));
            Columns.Store<L, TState>(s, n.State, n.StateStride, i);
            if (spiked != 0)
            {
                spikes = Emit(spiked, value, (int)i, n, spikes);
            }
        }

        return (int)(spikes - n.Spikes);
    }

    // The stages one by one.

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void IntegrateAll(NeuronColumns n, Constants constants, int eventPorts)
    {
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var d = constants.At(i);
            var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
            var x = Columns.Load<L, TInput>(n.Input, n.InputStride, i);
            Columns.Clear<L>(n.Input, n.InputStride, i, eventPorts);
            TModel.Integrate(ref s, in d, in x);
            Columns.Store<L, TState>(s, n.State, n.StateStride, i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FireAll(NeuronColumns n, Constants constants)
    {
        var spikes = n.Spikes;
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            spikes = Fire(n, constants, i, Everybody(), spikes);
        }

        return (int)(spikes - n.Spikes);
    }

    /// <summary>Fire, where only the winner may spike; nobody where it is negative.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FireWinner(NeuronColumns n, Constants constants, int winner)
    {
        var room = stackalloc double[MostLanes];
        var lanes = LaneNumbers(room);
        var spikes = n.Spikes;
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var lane = L.Broadcast(winner - i);
            spikes = Fire(n, constants, i, (lanes <= lane) & (lanes >= lane), spikes);
        }

        return (int)(spikes - n.Spikes);
    }

    /// <summary>The neuron with the greatest excess, the first of several; -1 where there is none. Padding does not compete.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Winner(NeuronColumns n, Constants constants)
    {
        var (winner, most) = (-1, double.NegativeInfinity);
        for (nint i = 0; i < n.Count; i += L.Count)
        {
            var d = constants.At(i);
            var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
            var excess = TModel.Excess(in s, in d);
            for (var better = L.MoveMask(excess > L.Broadcast(most)); better != 0; better &= better - 1)
            {
                var lane = BitOperations.TrailingZeroCount(better);
                if (i + lane < n.Count && L.Lane(excess, lane) > most)
                {
                    (winner, most) = ((int)i + lane, L.Lane(excess, lane));
                }
            }
        }

        return winner;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* Fire(in NeuronColumns n, in Constants constants, nint i, L may, int* spikes)
    {
        var d = constants.At(i);
        var s = Columns.Load<L, TState>(n.State, n.StateStride, i);
        var value = TModel.Value(in s, in d);
        var spiked = L.MoveMask(TModel.Fire(ref s, in d, may));
        Columns.Store<L, TState>(s, n.State, n.StateStride, i);
        return spiked == 0 ? spikes : Emit(spiked, value, (int)i, n, spikes);
    }

    /// <summary>Writes the neurons of a mask, and what their spikes carry; those beyond the last neuron are padding and do not spike.</summary>
    private static int* Emit(uint spiked, L value, int first, in NeuronColumns n, int* spikes)
    {
        for (; spiked != 0; spiked &= spiked - 1)
        {
            var lane = BitOperations.TrailingZeroCount(spiked);
            if (first + lane < n.Count)
            {
                if (n.Values != null)
                {
                    Write(n.Values, (nint)(spikes - n.Spikes), L.Lane(value, lane));
                }

                *spikes++ = first + lane;
            }
        }

        return spikes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Everybody() => L.Zero <= L.Zero;

    /// <summary>0, 1, 2, ...</summary>
    private static L LaneNumbers(double* room)
    {
        for (var k = 0; k < L.Count; k++)
        {
            Write(room, k, k);
        }

        return L.Load(room, 0);
    }

    private static void Write(void* numbers, nint index, double value)
    {
        if (L.IsDouble)
        {
            ((double*)numbers)[index] = value;
        }
        else
        {
            ((float*)numbers)[index] = (float)value;
        }
    }

    /// <summary>
    /// Derived constants, shared or not, read the same way: shared ones are written out into a column as long as a vector, in which every neuron's place is
    /// the first.
    /// </summary>
    private readonly struct Constants
    {
        private readonly void* _columns;
        private readonly nint _stride;
        private readonly nint _placeMask;

        /// <param name="n">The columns.</param>
        /// <param name="room">Place for the widest vector of each constant.</param>
        public Constants(in NeuronColumns n, double* room)
        {
            var isShared = n.DerivedStride == 0;
            _columns = isShared ? room : n.Derived;
            _stride = isShared ? MostLanes : n.DerivedStride;
            _placeMask = isShared ? 0 : -1;
            if (isShared)
            {
                Columns.Store<L, TDerived>(Columns.Broadcast<L, TDerived>(n.Derived), room, MostLanes, 0);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TDerived At(nint i) => Columns.Load<L, TDerived>(_columns, _stride, i & _placeMask);
    }
}
