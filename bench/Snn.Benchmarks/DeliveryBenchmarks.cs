using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;

namespace Snn.Benchmarks;

/// <summary>Nanoseconds of one synaptic event: 10 000 sources onto 6 272 targets, 625 synapses a source, 25 spikes a step.</summary>
[MemoryDiagnoser]
public unsafe class DeliveryBenchmarks : IDisposable
{
    private const int Sources = 10_000;
    private const int Targets = 6272;
    private const int Indegree = 1000;
    private const int Spikes = 25;
    private const int EventsPerStep = Spikes * Targets * Indegree / Sources;
    private SynapseTables _tables = null!;
    private float* _input;
    private int* _sources;
    private long _step;

    public enum Weights
    {
        Constant,
        Single,
        Half,
    }

    [Params(Weights.Constant, Weights.Single, Weights.Half)]
    public Weights Kind { get; set; }

    [Params(1, 20)]
    public int Delays { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var weight = Kind == Weights.Constant ? ValueDistribution.Constant(0.1) : ValueDistribution.Uniform(0.05, 0.15);
        var delay = Delays == 1 ? ValueDistribution.Constant(1.5) : ValueDistribution.Uniform(0.1, 0.1 * Delays);
        var projection = new ShardProjection
        {
            Rule = new FixedIndegreeRule
            {
                SourceCount = Sources,
                TargetCount = Targets,
                Indegree = Indegree,
                Key = StreamKey.Derive(1, "benchmark"),
            },
            Weight = weight,
            Delay = new DelayDistribution(delay, 0.1),
            FirstTarget = 0,
            LastTarget = Targets,
            OffsetIfPositive = 0,
            OffsetIfNegative = 0,
        };
        _tables = SynapseTables.Build(Sources, [projection], Kind == Weights.Half ? WeightFormat.Int16 : WeightFormat.Single);
        _input = (float*)NativeMemory.AlignedAlloc(Targets * sizeof(float), 64);
        _sources = (int*)NativeMemory.Alloc(Spikes * sizeof(int));
    }

    [Benchmark(OperationsPerInvoke = EventsPerStep)]
    public long Step()
    {
        // Other sources each step, ascending.
        for (var i = 0; i < Spikes; i++)
        {
            _sources[i] = (int)((((_step * 7919) + 13) % (Sources / Spikes)) + (i * (Sources / Spikes)));
        }

        NativeMemory.Clear(_input, Targets * sizeof(float));
        _tables.File(_step, _sources, Spikes);
        return _tables.Deliver(++_step, _input);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _tables.Dispose();
        NativeMemory.AlignedFree(_input);
        NativeMemory.Free(_sources);
        GC.SuppressFinalize(this);
    }
}
