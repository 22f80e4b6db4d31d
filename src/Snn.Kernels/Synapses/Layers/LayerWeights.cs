namespace Snn.Kernels.Synapses.Layers;

/// <summary>
/// The weights of a linear or convolutional connection, which all batch items share: numbers [row][column], a row one tap of the kernel (a source of a
/// linear layer), a column one output channel (target). Rows are padded with zeros to a multiple of <see cref="Pad"/> numbers, so that whole
/// vectors are read. Learning rules write them between steps; nobody else does.
/// </summary>
public sealed unsafe class LayerWeights : IDisposable
{
    /// <summary>Rows are padded to a multiple of this, at every vector width.</summary>
    public const int Pad = 16;

    private readonly NativeArray<byte> _weights;
    private NativeArray<byte>? _mask;
    private NativeArray<byte>? _delayIndices;

    /// <summary>Weights, all zero.</summary>
    /// <param name="shape">Shape of the connection.</param>
    /// <param name="isDouble">Whether numbers are doubles.</param>
    /// <exception cref="ArgumentException">The shape is not possible.</exception>
    /// <exception cref="InsufficientMemoryException">The system has not the memory.</exception>
    public LayerWeights(ConvolutionShape shape, bool isDouble)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape.Checked();
        IsDouble = isDouble;
        Stride = (shape.OutputChannels + Pad - 1) / Pad * Pad;
        _weights = Numbers("the weights of a layer");
    }

    /// <summary>Shape of the connection.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>Whether numbers are doubles.</summary>
    public bool IsDouble { get; }

    /// <summary>Rows: taps of a kernel, or sources.</summary>
    public int Rows => Shape.Taps;

    /// <summary>Numbers from a row to the next.</summary>
    public nint Stride { get; }

    /// <summary>First weight. [row][column]</summary>
    public void* Pointer => _weights.Pointer;

    /// <summary>Which weights exist, 0 or 1 [row][column], or null: all.</summary>
    public void* Mask => _mask is null ? null : _mask.Pointer;

    /// <summary>Index in <see cref="DelaySteps"/> of each weight, as numbers [row][column], or null: all are the first.</summary>
    public void* DelayIndices => _delayIndices is null ? null : _delayIndices.Pointer;

    /// <summary>The connection's delays, steps, ascending. Set before connections and rules are made of the weights.</summary>
    public IReadOnlyList<int> DelaySteps { get; private set; } = [0];

    /// <summary>Number of delays.</summary>
    internal int DelayCount { get; private set; } = 1;

    /// <summary>Bytes taken.</summary>
    public long Bytes => _weights.Bytes + (_mask?.Bytes ?? 0) + (_delayIndices?.Bytes ?? 0);

    private long Count => (long)Shape.OutputChannels * Rows;

    /// <summary>The row of a tap (source) in the order of users: (channel, i, j).</summary>
    /// <param name="tap">The tap.</param>
    public int RowOf(int tap) => Shape.RowOfTap(tap);

    /// <summary>Sets all weights; those that a mask leaves out become zero.</summary>
    /// <param name="weights">[output channel, channel, i, j], or [target, source], flat.</param>
    /// <exception cref="ArgumentException">Their number is wrong.</exception>
    public void Set(ReadOnlySpan<double> weights)
    {
        Write(_weights, weights, "weights");
        ApplyMask();
    }

    /// <summary>All weights. [output channel, channel, i, j], or [target, source], flat.</summary>
    public double[] ToArray()
    {
        var weights = new double[Count];
        for (var column = 0; column < Shape.OutputChannels; column++)
        {
            for (var tap = 0; tap < Rows; tap++)
            {
                weights[(column * Rows) + tap] = At(_weights, PlaceOf(column, tap));
            }
        }

        GC.KeepAlive(this);
        return weights;
    }

    /// <summary>Leaves only some synapses, for ever: the others weigh nothing and learn nothing.</summary>
    /// <param name="mask">0 or 1, in the order of <see cref="Set"/>.</param>
    /// <exception cref="ArgumentException">Their number is wrong, or one is neither 0 nor 1.</exception>
    public void SetMask(ReadOnlySpan<double> mask)
    {
        foreach (var m in mask)
        {
            if (m is not (0 or 1))
            {
                throw new ArgumentException($"a connection mask holds {m:R}; give 0 (no synapse) or 1");
            }
        }

        _mask ??= Numbers("the mask of a layer");
        Write(_mask, mask, "entries of a connection mask");
        ApplyMask();
    }

    /// <summary>Gives all synapses one delay.</summary>
    /// <param name="steps">Delay, steps; zero: they arrive in the step of emission.</param>
    public void SetDelay(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        DelaySteps = [steps];
        DelayCount = 1;
        _delayIndices?.Dispose();
        _delayIndices = null;
    }

    /// <summary>Gives each synapse of a linear connection its delay.</summary>
    /// <param name="steps">Delays, steps, zero or more. [target, source]</param>
    /// <exception cref="ArgumentException">Their number is wrong, or one is negative, or the connection is not linear.</exception>
    public void SetDelays(ReadOnlySpan<int> steps)
    {
        if (Shape.Pixels != 1 || Shape.Locations != 1)
        {
            throw new ArgumentException("a convolution has one delay for all its synapses; use a list of synapses for single delays");
        }

        var distinct = steps.ToArray().Distinct().Order().ToArray();
        if (distinct.Length > 0 && distinct[0] < 0)
        {
            throw new ArgumentException($"a delay of {distinct[0]} steps is not possible; give zero or more");
        }

        var indices = new double[steps.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = Array.BinarySearch(distinct, steps[i]);
        }

        _delayIndices ??= Numbers("the delays of a layer");
        Write(_delayIndices, indices, "delays");
        DelaySteps = distinct;
        DelayCount = distinct.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _mask?.Dispose();
        _delayIndices?.Dispose();
    }

    private NativeArray<byte> Numbers(string what) => new(checked(Rows * (long)Stride * (IsDouble ? sizeof(double) : sizeof(float))), what, cleared: true);

    private long PlaceOf(int column, int tap) => ((long)Shape.RowOfTap(tap) * Stride) + column;

    private double At(NativeArray<byte> array, long place) => IsDouble ? ((double*)array.Pointer)[place] : ((float*)array.Pointer)[place];

    private void Put(NativeArray<byte> array, long place, double value)
    {
        if (IsDouble)
        {
            ((double*)array.Pointer)[place] = value;
        }
        else
        {
            ((float*)array.Pointer)[place] = (float)value;
        }
    }

    private void Write(NativeArray<byte> array, ReadOnlySpan<double> values, string what)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException($"{values.Length} {what} do not fit {Shape.OutputChannels} x {Rows} synapses; give one of each");
        }

        for (var column = 0; column < Shape.OutputChannels; column++)
        {
            for (var tap = 0; tap < Rows; tap++)
            {
                Put(array, PlaceOf(column, tap), values[(column * Rows) + tap]);
            }
        }

        GC.KeepAlive(this);
    }

    private void ApplyMask()
    {
        for (long i = 0; _mask is not null && i < Rows * (long)Stride; i++)
        {
            Put(_weights, i, At(_weights, i) * At(_mask, i));
        }
    }
}
