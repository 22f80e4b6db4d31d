namespace Snn.Kernels.Synapses;

/// <summary>The size of what a kernel that slides over an image leaves.</summary>
public static class ConvolutionShape
{
    /// <summary>Places of a kernel along one axis: (length + 2 padding - dilation (kernel - 1) - 1) / stride, cut towards zero, plus 1.</summary>
    /// <param name="length">Length of the image, at least 1.</param>
    /// <param name="kernel">Taps of the kernel, at least 1.</param>
    /// <param name="stride">Steps of the kernel, at least 1.</param>
    /// <param name="padding">What is put around the image on either side, at least 0.</param>
    /// <param name="dilation">Distance of two taps, at least 1.</param>
    /// <exception cref="ArgumentException">A number is below its least, or the kernel is longer than the padded image.</exception>
    public static int Output(int length, int kernel, int stride = 1, int padding = 0, int dilation = 1)
    {
        if (length < 1 || kernel < 1 || stride < 1 || padding < 0 || dilation < 1)
        {
            throw new ArgumentException(
                $"ConvolutionShape.Output: length {length}, kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}; give at least 1 of each, and 0 or more of padding.");
        }

        var room = length + (2L * padding) - ((long)dilation * (kernel - 1)) - 1;
        return room >= 0
            ? (int)(room / stride) + 1
            : throw new ArgumentException(
                $"ConvolutionShape.Output: a kernel of {kernel} taps with dilation {dilation} is longer than an image of {length} with padding {padding}; use a smaller kernel or more padding.");
    }
}
