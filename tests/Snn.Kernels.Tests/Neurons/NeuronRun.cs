using System.Runtime.InteropServices;
using Snn.Kernels.Neurons;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>A few neurons of one model in columns of their own, stepped by a kernel.</summary>
internal sealed unsafe class NeuronRun : IDisposable
{
    private const int PaddingNeurons = 16;
    private readonly NeuronKernel _kernel;
    private readonly int _stride;
    private readonly bool _isDouble;
    private readonly int[] _spikes;
    private readonly GCHandle _pinned;
    private readonly void*[] _blocks = new void*[4];
    private readonly double[][] _parameters;
    private NeuronColumns _columns;

    /// <param name="model">The model, bound to the parameters that all sets share.</param>
    /// <param name="kernel">Its kernel.</param>
    /// <param name="parameters">One parameter set for all, or one a neuron.</param>
    /// <param name="neurons">Neurons.</param>
    /// <param name="dtMs">Time step, ms.</param>
    public NeuronRun(NeuronModel model, NeuronKernel kernel, double[][] parameters, int neurons, double dtMs)
    {
        Model = model;
        Neurons = neurons;
        _kernel = kernel;
        _isDouble = kernel.ElementBytes == sizeof(double);
        _stride = (neurons + PaddingNeurons - 1) / PaddingNeurons * PaddingNeurons;
        _parameters = parameters;
        var shared = parameters.Length == 1;
        _spikes = new int[neurons];
        _pinned = GCHandle.Alloc(_spikes, GCHandleType.Pinned);
        _blocks[0] = Block(model.StateColumns * _stride);
        _blocks[1] = Block(model.DerivedColumns * (shared ? 1 : _stride));
        _blocks[2] = Block(model.PortTable.Count * _stride);
        _blocks[3] = Block(_stride);
        _columns = new NeuronColumns
        {
            State = _blocks[0],
            StateStride = _stride,
            Derived = _blocks[1],
            DerivedStride = shared ? 0 : _stride,
            Input = _blocks[2],
            InputStride = _stride,
            Count = neurons,
            Spikes = (int*)_pinned.AddrOfPinnedObject(),
            Values = _blocks[3],
        };
        Derive(dtMs, shared);
        Initialize();
    }

    public NeuronModel Model { get; }

    public int Neurons { get; }

    public ReadOnlySpan<int> Spikes(int count) => _spikes.AsSpan(0, count);

    /// <summary>What the spike of that place among the spikes of the step carries.</summary>
    public double Value(int spike) => Get(_blocks[3], spike);

    public bool IsStaged => _kernel is StagedNeuronKernel;

    public int Step() => _kernel.Advance(_columns);

    /// <summary>The first stage of a step of a kernel that has two.</summary>
    public void Integrate() => ((StagedNeuronKernel)_kernel).Integrate(_columns);

    /// <summary>The second one.</summary>
    public int Fire() => ((StagedNeuronKernel)_kernel).Fire(_columns);

    public void SetInput(int port, int neuron, double value) => Set(_blocks[2], (port * _stride) + neuron, value);

    public double Input(int port, int neuron) => Get(_blocks[2], (port * _stride) + neuron);

    public void SetState(string variable, int neuron, double value) =>
        Set(_blocks[0], (Model.StateTable.Single(v => v.Name == variable).Column * _stride) + neuron, value);

    public void SetState(string variable, double value)
    {
        var column = Model.StateTable.Single(v => v.Name == variable).Column;
        for (var i = 0; i < _stride; i++)
        {
            Set(_blocks[0], (column * _stride) + i, value);
        }
    }

    public double State(int column, int neuron) => Get(_blocks[0], (column * _stride) + neuron);

    public double State(string variable, int neuron = 0) => State(Model.StateTable.Single(v => v.Name == variable).Column, neuron);

    /// <summary>The bytes of the state of the neurons, padding left out.</summary>
    public byte[] StateBytes()
    {
        var bytes = new byte[Model.StateColumns * Neurons * _kernel.ElementBytes];
        var row = Neurons * _kernel.ElementBytes;
        for (var k = 0; k < Model.StateColumns; k++)
        {
            new ReadOnlySpan<byte>((byte*)_blocks[0] + ((nint)k * _stride * _kernel.ElementBytes), row).CopyTo(bytes.AsSpan(k * row));
        }

        return bytes;
    }

    /// <summary>State as at the start.</summary>
    public void Initialize()
    {
        var state = new double[Model.StateColumns];
        for (var i = 0; i < _stride; i++)
        {
            Model.Initialize(_parameters[Math.Min(i, _parameters.Length - 1)], state);
            for (var k = 0; k < state.Length; k++)
            {
                Set(_blocks[0], (k * _stride) + i, state[k]);
            }
        }
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            NativeMemory.AlignedFree(block);
        }

        _pinned.Free();
    }

    /// <summary>The default parameters with some changed: numbers, or lists of them, by name.</summary>
    public static double[] Parameters(NeuronModel model, params (string Name, double Value)[] changes)
    {
        var values = model.DefaultParameters();
        foreach (var (name, value) in changes)
        {
            values[model.ParameterTable.Single(p => p.Name == name).Index] = value;
        }

        return values;
    }

    private void Derive(double dtMs, bool shared)
    {
        var derived = new double[Model.DerivedColumns];
        for (var i = 0; i < (shared ? 1 : _stride); i++)
        {
            Model.Derive(_parameters[Math.Min(i, _parameters.Length - 1)], dtMs, derived);
            for (var k = 0; k < derived.Length; k++)
            {
                Set(_blocks[1], shared ? k : (k * _stride) + i, derived[k]);
            }
        }
    }

    private void* Block(int numbers)
    {
        var bytes = (nuint)(Math.Max(1, numbers) * _kernel.ElementBytes);
        var block = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(block, bytes);
        return block;
    }

    private void Set(void* block, int index, double value)
    {
        if (_isDouble)
        {
            ((double*)block)[index] = value;
        }
        else
        {
            ((float*)block)[index] = (float)value;
        }
    }

    private double Get(void* block, int index) => _isDouble ? ((double*)block)[index] : ((float*)block)[index];
}
