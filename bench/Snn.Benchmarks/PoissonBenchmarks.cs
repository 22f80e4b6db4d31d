using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Snn.Kernels.Random;

namespace Snn.Benchmarks;

/// <summary>Nanoseconds of one Poisson input: draw and addition to the input, 8 192 neurons a step.</summary>
[MemoryDiagnoser]
public unsafe class PoissonBenchmarks : IDisposable
{
    private const int Neurons = 8192;
    private PoissonSource _source = null!;
    private void* _input;
    private long _step;

    [Params(0.05, 1.6, 2.0, 20.0)]
    public double Mean { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _source = new PoissonSource(StreamKey.Derive(1, "benchmark"), Mean);
        _input = NativeMemory.AlignedAlloc(Neurons * sizeof(float), 64);
        NativeMemory.Clear(_input, Neurons * sizeof(float));
    }

    [Benchmark(OperationsPerInvoke = Neurons)]
    public void AddTo() => _source.AddTo(_input, isDouble: false, 0, Neurons, _step++, 0.1);

    [GlobalCleanup]
    public void Dispose()
    {
        NativeMemory.AlignedFree(_input);
        GC.SuppressFinalize(this);
    }
}
