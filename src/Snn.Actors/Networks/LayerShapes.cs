using Snn.Kernels.Synapses.Layers;

namespace Snn.Actors.Networks;

/// <summary>From declared connectors of layered networks to the shapes of the kernels.</summary>
internal static class LayerShapes
{
    /// <summary>The shape of a convolution.</summary>
    public static ConvolutionShape Of(Connector.Conv2d connector, int channels, int height, int width, int outputChannels) => new()
    {
        Channels = channels,
        Height = height,
        Width = width,
        OutputChannels = outputChannels,
        Kernel = (connector.Kernel.Y, connector.Kernel.X),
        Stride = (connector.Stride.Y, connector.Stride.X),
        Padding = (connector.Padding.Y, connector.Padding.X),
        Dilation = (connector.Dilation.Y, connector.Dilation.X),
    };

    /// <summary>The shape of a linear or convolutional projection.</summary>
    public static ConvolutionShape Of(Projection projection) => projection.Connector is Connector.Conv2d c
        ? Of(c, projection.Source.Shape[0], projection.Source.Shape[1], projection.Source.Shape[2], projection.Target.Shape[0])
        : ConvolutionShape.Linear(projection.Source.Size, projection.Target.Size);

    /// <summary>The windows of a pooling projection.</summary>
    public static PoolingShape OfPool(Projection projection)
    {
        var (source, target) = (projection.Source.Shape, projection.Target.Shape);
        return projection.Connector is Connector.MaxPool2d p
            ? new PoolingShape(source[0], source[1], source[2], Rows(p, source[1]), Columns(p, source[2]))
            : new PoolingShape(source[0], source[1], source[2], PoolingAxis.Adaptive(source[1], target[1]), PoolingAxis.Adaptive(source[2], target[2]));
    }

    /// <summary>Whether the first window lies within an image and its padding.</summary>
    public static bool Fits(Connector connector, int height, int width) => connector switch
    {
        Connector.Conv2d c => Fits(height, c.Kernel.Y, c.Padding.Y, c.Dilation.Y) && Fits(width, c.Kernel.X, c.Padding.X, c.Dilation.X),
        Connector.MaxPool2d p => Fits(height, p.Kernel.Y, p.Padding.Y, p.Dilation.Y) && Fits(width, p.Kernel.X, p.Padding.X, p.Dilation.X),
        _ => true,
    };

    /// <summary>Height and width of the image that a convolution makes.</summary>
    public static (int Height, int Width) Image(Connector.Conv2d connector, int height, int width)
    {
        var shape = Of(connector, 1, height, width, 1);
        return (shape.OutputHeight, shape.OutputWidth);
    }

    /// <summary>Height and width of the image that pooling makes.</summary>
    public static (int Height, int Width) Image(Connector.MaxPool2d connector, int height, int width) =>
        (Rows(connector, height).Windows, Columns(connector, width).Windows);

    private static PoolingAxis Rows(Connector.MaxPool2d p, int size) => PoolingAxis.Fixed(size, p.Kernel.Y, p.Stride.Y, p.Padding.Y, p.Dilation.Y, p.CeilMode);

    private static PoolingAxis Columns(Connector.MaxPool2d p, int size) => PoolingAxis.Fixed(size, p.Kernel.X, p.Stride.X, p.Padding.X, p.Dilation.X, p.CeilMode);

    private static bool Fits(int size, int kernel, int padding, int dilation) => (long)size + (2L * padding) >= ((long)dilation * (kernel - 1)) + 1;
}
