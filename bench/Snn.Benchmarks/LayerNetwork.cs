using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Snn.Kernels.Lanes;
using Snn.Kernels.Synapses.Layers;

namespace Snn.Benchmarks;

/// <summary>Two layers of LIF neurons, with or without a pooling layer between them.</summary>
internal sealed class LayerNetwork : IDisposable
{
    private readonly LayerWeights[] _weights;
    private readonly PoolingShape? _pooling;

    private LayerNetwork(PoolingShape? pooling, params LayerWeights[] weights)
    {
        _weights = weights;
        _pooling = pooling;
        First = LayerConnection.Create(weights[0]);
        Pool = pooling is null ? null : LayerConnection.Create(pooling, isDouble: false);
        Second = LayerConnection.Create(weights[1]);
    }

    public LayerConnection First { get; }

    public LayerConnection? Pool { get; }

    public LayerConnection Second { get; }

    public static LayerNetwork Linear() => new(
        null, Drawn(1, ConvolutionShape.Linear(784, 400), 0.1f), Drawn(2, ConvolutionShape.Linear(400, 10), 0.2f));

    public static LayerNetwork Convolution() => new(
        new PoolingShape(16, 26, 26, PoolingAxis.Fixed(26, 2, 2, 0, 1, false), PoolingAxis.Fixed(26, 2, 2, 0, 1, false)),
        Drawn(3, new ConvolutionShape { Channels = 1, Height = 28, Width = 28, OutputChannels = 16, Kernel = (3, 3) }, 0.5f),
        Drawn(4, new ConvolutionShape { Channels = 16, Height = 13, Width = 13, OutputChannels = 32, Kernel = (3, 3) }, 0.1f));

    public LayerWorker CreateWorker(int items) => Avx512Vbmi2.IsSupported ? new LayerWorker<F32x16>(this, items) : new LayerWorker<F32x8>(this, items);

    public void Dispose()
    {
        First.Dispose();
        Pool?.Dispose();
        Second.Dispose();
        Array.ForEach(_weights, w => w.Dispose());
    }

    private static LayerWeights Drawn(ulong seed, ConvolutionShape shape, float bound)
    {
        var weights = new LayerWeights(shape, isDouble: false);
        weights.Set(Array.ConvertAll(LayerBenchmarks.Uniforms(seed, shape.OutputChannels * shape.Taps), u => (double)((u - 0.5f) * (2 * bound))));
        return weights;
    }
}

/// <summary>A range of the batch items, with their state: what a shard will be.</summary>
internal abstract unsafe class LayerWorker : IDisposable
{
    /// <summary>Spikes of both layers.</summary>
    public long[] Spikes { get; } = new long[2];

    /// <summary>Runs its items through all steps.</summary>
    public abstract void Run(float* inputs, int steps, int batch, int firstItem);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class LayerWorker<L> : LayerWorker
    where L : unmanaged, ILanes<L>
{
    private readonly LayerNetwork _network;
    private readonly int _items;
    private readonly LayerWorkspace[] _workspaces;
    private readonly Layer _input;
    private readonly Layer _first;
    private readonly Layer? _pool;
    private readonly Layer _second;

    public LayerWorker(LayerNetwork network, int items)
    {
        (_network, _items) = (network, items);
        _input = new Layer(network.First.SourceCount, items);
        _first = new Layer(network.First.TargetCount, items);
        _pool = network.Pool is null ? null : new Layer(network.Pool.TargetCount, items);
        _second = new Layer(network.Second.TargetCount, items);
        _workspaces = [.. new[] { network.First, network.Pool, network.Second }.Select(c => new LayerWorkspace(c ?? network.First))];
    }

    public override void Run(float* inputs, int steps, int batch, int firstItem)
    {
        for (var step = 0; step < steps; step++)
        {
            for (var item = 0; item < _items; item++)
            {
                var row = inputs + ((((nint)step * batch) + firstItem + item) * _input.Count);
                _input.Events[item].Count = Emit(row, _input.Count, 0.5, _input.Events[item].Sources);
            }

            Deliver(_network.First, _input, _first, 0);
            Spikes[0] += Advance(_first);
            if (_pool is not null)
            {
                Deliver(_network.Pool!, _first, _pool, 1);
                Relay(_pool);
            }

            Deliver(_network.Second, _pool ?? _first, _second, 2);
            Spikes[1] += Advance(_second);
        }
    }

    public override void Dispose()
    {
        Array.ForEach(_workspaces, w => w.Dispose());
        _input.Dispose();
        _first.Dispose();
        _pool?.Dispose();
        _second.Dispose();
    }

    private void Deliver(LayerConnection connection, Layer from, Layer to, int workspace) =>
        connection.Deliver(from.Events, to.Inputs, _items, _workspaces[workspace]);

    private static long Advance(Layer layer)
    {
        long spikes = 0;
        for (var item = 0; item < layer.Items; item++)
        {
            layer.Events[item].Count = Lif((float*)layer.Inputs[item], layer.V + (item * layer.Stride), layer.Count, layer.Events[item].Sources);
            spikes += layer.Events[item].Count;
        }

        return spikes;
    }

    /// <summary>A target of pooling spikes where it got anything.</summary>
    private static void Relay(Layer layer)
    {
        for (var item = 0; item < layer.Items; item++)
        {
            layer.Events[item].Count = Emit((float*)layer.Inputs[item], layer.Count, 0.5, layer.Events[item].Sources);
            NativeMemory.Clear(layer.Inputs[item], (nuint)layer.Stride * sizeof(float));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Lif(float* input, float* v, int count, int* spikes)
    {
        var (beta, threshold, n) = (L.Broadcast(0.9f), L.Broadcast(1), 0);
        for (nint i = 0; i < count; i += L.Count)
        {
            var m = (beta * L.Load(v, i)) + L.Load(input, i);
            L.Store(L.Zero, input, i);
            var spiked = m >= threshold;
            L.Store(L.Select(spiked, L.Zero, m), v, i);
            for (var mask = L.MoveMask(spiked); mask != 0; mask &= mask - 1)
            {
                spikes[n] = (int)i + BitOperations.TrailingZeroCount(mask);
                n += spikes[n] < count ? 1 : 0;
            }
        }

        return n;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Emit(float* values, int count, double above, int* spikes)
    {
        var (limit, n) = (L.Broadcast(above), 0);
        nint i = 0;
        for (; i + L.Count <= count; i += L.Count)
        {
            for (var mask = L.MoveMask(L.Load(values, i) > limit); mask != 0; mask &= mask - 1)
            {
                spikes[n++] = (int)i + BitOperations.TrailingZeroCount(mask);
            }
        }

        for (; i < count; i++)
        {
            spikes[n] = (int)i;
            n += values[i] > above ? 1 : 0;
        }

        return n;
    }

    /// <summary>State, inputs and events of a layer, by item.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly int* _spikes;
        private readonly float* _inputs;

        public Layer(int count, int items)
        {
            (Count, Items, Stride) = (count, items, (count + 63) / 64 * 64);
            V = Numbers(items * Stride);
            _inputs = Numbers(items * Stride);
            _spikes = (int*)NativeMemory.AlignedAlloc((nuint)(items * (Stride + 1)) * sizeof(int), 64);
            Events = (LayerEvents*)NativeMemory.AllocZeroed((nuint)items, (nuint)sizeof(LayerEvents));
            Inputs = (void**)NativeMemory.Alloc((nuint)items, (nuint)sizeof(void*));
            for (var item = 0; item < items; item++)
            {
                Events[item].Sources = _spikes + (item * (Stride + 1));
                Inputs[item] = _inputs + (item * Stride);
            }
        }

        public int Count { get; }

        public int Items { get; }

        public nint Stride { get; }

        public float* V { get; }

        public LayerEvents* Events { get; }

        public void** Inputs { get; }

        public void Dispose()
        {
            NativeMemory.AlignedFree(V);
            NativeMemory.AlignedFree(_inputs);
            NativeMemory.AlignedFree(_spikes);
            NativeMemory.Free(Events);
            NativeMemory.Free(Inputs);
        }

        private static float* Numbers(nint count)
        {
            var numbers = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
            NativeMemory.Clear(numbers, (nuint)count * sizeof(float));
            return numbers;
        }
    }
}
