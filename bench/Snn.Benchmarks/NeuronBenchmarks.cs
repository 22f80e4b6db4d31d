using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Snn.Kernels.Lanes;
using Snn.Kernels.Neurons;

namespace Snn.Benchmarks;

/// <summary>Nanoseconds of one neuron update, model by model: 8 192 neurons with shared parameters, no input, first-level cache to second.</summary>
[MemoryDiagnoser]
public unsafe class NeuronBenchmarks : IDisposable
{
    private const int Neurons = 8192;
    private NeuronKernel _kernel = null!;
    private NeuronColumns _columns;
    private readonly List<nint> _owned = [];

    public static IEnumerable<string> Models => NeuronModels.All.Select(m => m.Name);

    [ParamsSource(nameof(Models))]
    public string Model { get; set; } = "";

    [Params(false, true)]
    public bool IsDouble { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var model = NeuronModels.Find(Model)!;
        _kernel = LanePolicy.CreateKernel(model, LanePolicy.Auto, IsDouble);
        var parameters = model.DefaultParameters();
        var derived = new double[model.DerivedColumns];
        var state = new double[model.StateColumns];
        model.Derive(parameters, 0.1, derived);
        model.Initialize(parameters, state);
        _columns = new NeuronColumns
        {
            State = Columns(state, Neurons),
            StateStride = Neurons,
            Derived = Columns(derived, 1),
            Input = Columns(new double[model.PortTable.Count], Neurons),
            InputStride = Neurons,
            Count = Neurons,
            Spikes = (int*)Allocate(Neurons * sizeof(int)),
        };
    }

    [Benchmark(OperationsPerInvoke = Neurons)]
    public int Advance() => _kernel.Advance(in _columns);

    [GlobalCleanup]
    public void Dispose()
    {
        _owned.ForEach(p => NativeMemory.AlignedFree((void*)p));
        _owned.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>A column for each value, filled with it.</summary>
    private void* Columns(double[] values, int rows)
    {
        var data = Allocate(Math.Max(1, values.Length) * rows * sizeof(double));
        for (var i = 0; i < values.Length * rows; i++)
        {
            if (IsDouble)
            {
                ((double*)data)[i] = values[i / rows];
            }
            else
            {
                ((float*)data)[i] = (float)values[i / rows];
            }
        }

        return data;
    }

    private void* Allocate(int bytes)
    {
        var data = NativeMemory.AlignedAlloc((nuint)bytes, 64);
        _owned.Add((nint)data);
        return data;
    }
}
