namespace Snn.Kernels.Synapses.Layers;

/// <summary>The locations at which one tap of a kernel lies inside the image, and the sources it lies on.</summary>
internal readonly struct TapWindow
{
    private readonly int _channelStart;
    private readonly int _sourceY;
    private readonly int _sourceX;
    private readonly int _strideY;
    private readonly int _strideX;
    private readonly int _width;

    /// <summary>Of the tap that is stored in a row.</summary>
    public TapWindow(ConvolutionShape shape, int row)
    {
        var (channel, i, j) = shape.Tap(row);
        _channelStart = channel * shape.Pixels;
        _sourceY = (i * shape.Dilation.Y) - shape.Padding.Y;
        _sourceX = (j * shape.Dilation.X) - shape.Padding.X;
        (_strideY, _strideX, _width) = (shape.Stride.Y, shape.Stride.X, shape.Width);
        OutputWidth = shape.OutputWidth;
        (FirstY, LastY) = Range(_sourceY, _strideY, shape.Height, shape.OutputHeight);
        (FirstX, LastX) = Range(_sourceX, _strideX, shape.Width, shape.OutputWidth);
    }

    /// <summary>First output row.</summary>
    public int FirstY { get; }

    /// <summary>Behind the last output row.</summary>
    public int LastY { get; }

    /// <summary>First output column.</summary>
    public int FirstX { get; }

    /// <summary>Behind the last output column.</summary>
    public int LastX { get; }

    /// <summary>Output columns of the layer.</summary>
    public int OutputWidth { get; }

    /// <summary>Distance of the sources of neighbouring output columns.</summary>
    public int StrideX => _strideX;

    /// <summary>The source under the tap.</summary>
    public int Source(int y, int x) => _channelStart + ((_sourceY + (y * _strideY)) * _width) + _sourceX + (x * _strideX);

    private static (int First, int Last) Range(int source, int stride, int size, int outputs)
    {
        var first = source >= 0 ? 0 : (-source + stride - 1) / stride;
        var last = source >= size ? 0 : ((size - 1 - source) / stride) + 1;
        return (first, Math.Max(first, Math.Min(last, outputs)));
    }
}
