namespace Snn.Kernels.Synapses;

/// <summary>Weights as they are stored.</summary>
internal static class WeightEncoding
{
    /// <summary>Greatest whole number of a 16-bit weight; -32 768 is not used, so that the range is symmetric.</summary>
    private const int Int16Steps = 32767;

    /// <summary>Bytes of a weight.</summary>
    public static int Bytes(WeightFormat format) => format switch
    {
        WeightFormat.Single => sizeof(float),
        WeightFormat.Double => sizeof(double),
        WeightFormat.Int16 => sizeof(short),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a weight format"),
    };

    /// <summary>The weight that a 16-bit 1 stands for, where the greatest absolute weight is <paramref name="scale"/>.</summary>
    public static double Unit(double scale) => scale / Int16Steps;

    /// <summary>The 16-bit number nearest to a weight.</summary>
    /// <param name="weight">Weight.</param>
    /// <param name="perUnit">1 / <see cref="Unit"/>.</param>
    public static short ToInt16(double weight, double perUnit) =>
        (short)Math.Clamp(Math.Round(weight * perUnit), -Int16Steps, Int16Steps);

    /// <summary>1 / <see cref="Unit"/>, or 0 where all weights are zero.</summary>
    public static double PerUnit(double scale) => scale == 0 ? 0 : Int16Steps / scale;
}
