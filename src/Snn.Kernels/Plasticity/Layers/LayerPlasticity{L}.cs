using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Kernels.Plasticity.Layers;

/// <inheritdoc/>
/// <typeparam name="L">Lanes: neighbouring columns, so that no sum depends on their number.</typeparam>
internal sealed unsafe class LayerPlasticity<L> : LayerPlasticity
    where L : unmanaged, ILanes<L>
{
    // 1 for each column, 0 for padding: what the exponential rule multiplies its change by.
    private readonly NativeArray<byte> _columns;

    public LayerPlasticity(LayerWeights weights)
        : base(weights)
    {
        _columns = new NativeArray<byte>(weights.Stride * LaneNumbers<L>.Bytes, "the columns of a layer", cleared: true);
        for (var column = 0; column < weights.Shape.OutputChannels; column++)
        {
            LaneNumbers<L>.Set(_columns.Pointer, column, 1);
        }
    }

    /// <inheritdoc/>
    public override void SumPairs(LayerActivity* items, int count, int firstRow, int lastRow, void* causal, void* acausal)
    {
        for (var row = firstRow; row < lastRow; row++)
        {
            var window = new TapWindow(Weights.Shape, row);
            for (nint column = 0; column < Weights.Stride; column += L.Count)
            {
                var (plus, minus) = (L.Zero, L.Zero);
                for (var item = 0; item < count; item++)
                {
                    AddPairs(window, items[item], row, column, ref plus, ref minus);
                }

                L.Store(plus, causal, (row * Weights.Stride) + column);
                L.Store(minus, acausal, (row * Weights.Stride) + column);
            }
        }
    }

    /// <inheritdoc/>
    public override void PairChange(void* causal, void* acausal, WeightDependence post, WeightDependence pre, int firstRow, int lastRow)
    {
        for (var i = firstRow * Weights.Stride; i < lastRow * Weights.Stride; i += L.Count)
        {
            var w = L.Load(Weights.Pointer, i);
            var change = (Within(w, post) * L.Load(causal, i)) - (Within(w, pre) * L.Load(acausal, i));
            L.Store(change, causal, i);
        }

        GC.KeepAlive(Weights);
    }

    /// <inheritdoc/>
    public override void Add(void* change, double rate, int firstRow, int lastRow)
    {
        for (var i = firstRow * Weights.Stride; i < lastRow * Weights.Stride; i += L.Count)
        {
            AddToWeights(i, L.Broadcast(rate) * L.Load(change, i));
        }

        GC.KeepAlive(Weights);
    }

    /// <inheritdoc/>
    public override void Gather(void* sum, double decay, void* change, int firstRow, int lastRow)
    {
        for (var i = firstRow * Weights.Stride; i < lastRow * Weights.Stride; i += L.Count)
        {
            L.Store((L.Broadcast(decay) * L.Load(sum, i)) + L.Load(change, i), sum, i);
        }
    }

    /// <inheritdoc/>
    public override void UpdateEligibility(
        in LayerActivity item, void* eligibility, double decay, double aPre, double aPost, int firstRow, int lastRow, int firstLocation = 0, int lastLocation = -1)
    {
        var last = lastLocation < 0 ? Weights.Shape.Locations : lastLocation;
        for (var row = firstRow; row < lastRow; row++)
        {
            var window = new TapWindow(Weights.Shape, row);
            for (nint column = 0; column < Weights.Stride; column += L.Count)
            {
                var at = (row * Weights.Stride) + column;
                var e = L.Broadcast(decay) * L.Load(eligibility, at);
                e = Eligible(window, item, row, column, e, (aPre, aPost), (firstLocation, last));
                L.Store(e, eligibility, at);
            }
        }
    }

    /// <inheritdoc/>
    public override void Reward(void* eligibility, ReadOnlySpan<double> rewards, int items, double rate, int firstRow, int lastRow)
    {
        if (rewards.Length != items)
        {
            throw new ArgumentException($"{rewards.Length} rewards for {items} items; give one of each");
        }

        var scale = L.Broadcast(rate / ((double)items * Weights.Shape.Locations));
        for (var i = firstRow * Weights.Stride; i < lastRow * Weights.Stride; i += L.Count)
        {
            var sum = L.Zero;
            for (var item = 0; item < items; item++)
            {
                sum += L.Broadcast(rewards[item]) * L.Load(eligibility, (nint)(item * SynapseNumbers) + i);
            }

            AddToWeights(i, scale * sum);
        }

        GC.KeepAlive(Weights);
    }

    /// <inheritdoc/>
    public override void Hold(double low, double high, int firstRow, int lastRow)
    {
        for (var row = firstRow; row < lastRow; row++)
        {
            for (nint column = 0; column < Weights.Stride; column += L.Count)
            {
                // Neither padding nor what a mask leaves out may become a bound.
                var i = (row * Weights.Stride) + column;
                var held = Within(L.Load(Weights.Pointer, i), new WeightDependence(low, high)) * L.Load(_columns.Pointer, column);
                L.Store(Weights.Mask == null ? held : held * L.Load(Weights.Mask, i), Weights.Pointer, i);
            }
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override bool AnySpike(void* spikes, long count) => Weights.IsDouble
        ? new ReadOnlySpan<double>(spikes, checked((int)count)).ContainsAnyExcept(0)
        : new ReadOnlySpan<float>(spikes, checked((int)count)).ContainsAnyExcept(0);

    /// <inheritdoc/>
    public override double MaxTrace(void* traces)
    {
        var max = double.NegativeInfinity;
        for (var source = 0; source < Weights.Shape.SourceCount; source++)
        {
            max = Math.Max(max, LaneNumbers<L>.Get(traces, source));
        }

        return max;
    }

    /// <inheritdoc/>
    public override void FedeAverages(
        void** traces, int items, double maxTrace, int firstRow, int lastRow, double* potentiation, double* depression)
    {
        var e = LaneMath.Exp(1);
        var samples = (double)items * Weights.Shape.Locations;
        for (var row = firstRow; row < lastRow; row++)
        {
            var window = new TapWindow(Weights.Shape, row);
            var outside = Weights.Shape.Locations - ((window.LastY - window.FirstY) * (window.LastX - window.FirstX));
            var (plus, minus) = (0.0, 0.0);
            for (var item = 0; item < items; item++)
            {
                AddExponentials(window, traces[item], maxTrace, ref plus, ref minus);
                plus += outside;
                minus += outside * e;
            }

            potentiation[row] = plus / samples;
            depression[row] = minus / samples;
        }
    }

    /// <inheritdoc/>
    public override void Fede(double* potentiation, double* depression, double rate, double initialWeight, double a, int firstRow, int lastRow)
    {
        for (var row = firstRow; row < lastRow; row++)
        {
            var plus = L.Broadcast(potentiation[row] - a);
            var minus = L.Broadcast(depression[row] - a);
            for (nint column = 0; column < Weights.Stride; column += L.Count)
            {
                var i = (row * Weights.Stride) + column;
                var d = L.Load(Weights.Pointer, i) - L.Broadcast(initialWeight);
                var change = (LaneMath.Exp(-d) * plus) - (LaneMath.Exp(d) * minus);
                AddToWeights(i, L.Broadcast(rate) * change * L.Load(_columns.Pointer, column));
            }
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void UpdateTraces(void* traces, void* spikes, int count, double keep, double add)
    {
        for (nint i = 0; i < count; i += L.Count)
        {
            L.Store((L.Broadcast(keep) * L.Load(traces, i)) + (L.Broadcast(add) * L.Load(spikes, i)), traces, i);
        }
    }

    /// <inheritdoc/>
    public override void ByLocation(void* column, void* byLocation)
    {
        var (locations, channels) = (Weights.Shape.Locations, Weights.Shape.OutputChannels);
        for (nint location = 0; location < locations; location++)
        {
            for (nint channel = 0; channel < Weights.Stride; channel++)
            {
                var number = channel < channels ? LaneNumbers<L>.Get(column, (channel * locations) + location) : 0;
                LaneNumbers<L>.Set(byLocation, (location * Weights.Stride) + channel, number);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _columns.Dispose();

    /// <summary>Adds the pairs of one item, for the columns of a vector.</summary>
    private void AddPairs(in TapWindow window, in LayerActivity item, int row, nint column, ref L plus, ref L minus)
    {
        for (var y = window.FirstY; y < window.LastY; y++)
        {
            for (var x = window.FirstX; x < window.LastX; x++)
            {
                var post = ((((nint)y * window.OutputWidth) + x) * Weights.Stride) + column;
                var source = window.Source(y, x);
                var trace = LaneNumbers<L>.Broadcast(item.PreTraces, source);
                plus = L.FusedMultiplyAdd(trace, L.Load(item.PostSpikes, post), plus);
                minus = Spiking(item, source, row, column, 1, L.Load(item.PostTraces, post), minus);
            }
        }
    }

    private L Eligible(
        in TapWindow window, in LayerActivity item, int row, nint column, L e, (double Pre, double Post) a, (int First, int Last) locations)
    {
        for (var y = window.FirstY; y < window.LastY; y++)
        {
            for (var x = window.FirstX; x < window.LastX; x++)
            {
                var location = (y * window.OutputWidth) + x;
                if (location < locations.First || location >= locations.Last)
                {
                    continue;
                }

                var post = (location * Weights.Stride) + column;
                var source = window.Source(y, x);
                var trace = L.Broadcast(a.Pre * LaneNumbers<L>.Get(item.PreTraces, source));
                e = L.FusedMultiplyAdd(trace, L.Load(item.PostSpikes, post), e);
                e = Spiking(item, source, row, column, -a.Post, L.Load(item.PostTraces, post), e);
            }
        }

        return e;
    }

    /// <summary>sum + factor * spike * postTrace for the synapses at which the source's spike arrives in this step.</summary>
    private L Spiking(in LayerActivity item, int source, int row, nint column, double factor, L postTrace, L sum)
    {
        for (var d = 0; d < Weights.DelayCount; d++)
        {
            var size = LaneNumbers<L>.Get(item.PreSpikes, ((nint)d * Weights.Shape.SourceCount) + source);
            if (size == 0)
            {
                continue;
            }

            var added = L.FusedMultiplyAdd(L.Broadcast(factor * size), postTrace, sum);
            if (Weights.DelayIndices == null)
            {
                return added;
            }

            var own = L.Load(Weights.DelayIndices, (row * Weights.Stride) + column);
            sum = L.Select((own <= L.Broadcast(d)) & (own >= L.Broadcast(d)), added, sum);
        }

        return sum;
    }

    private static L Within(L w, WeightDependence f) => L.Min(L.Max(w, L.Broadcast(f.Low)), L.Broadcast(f.High));

    private static void AddExponentials(in TapWindow window, void* traces, double maxTrace, ref double plus, ref double minus)
    {
        for (var y = window.FirstY; y < window.LastY; y++)
        {
            for (var x = window.FirstX; x < window.LastX; x++)
            {
                var n = maxTrace == 0 ? 0 : LaneNumbers<L>.Get(traces, window.Source(y, x)) / maxTrace;
                plus += LaneMath.Exp(n);
                minus += LaneMath.Exp(1 - n);
            }
        }
    }

    private void AddToWeights(nint at, L change)
    {
        if (Weights.Mask != null)
        {
            change *= L.Load(Weights.Mask, at);
        }

        L.Store(L.Load(Weights.Pointer, at) + change, Weights.Pointer, at);
    }
}
