namespace Snn.Kernels.Plasticity.Layers;

/// <summary>How a change depends on the weight: f(w) = w held within [<paramref name="Low"/>, <paramref name="High"/>].</summary>
/// <param name="Low">Least factor.</param>
/// <param name="High">Greatest factor.</param>
public readonly record struct WeightDependence(double Low, double High)
{
    /// <summary>f(w) = w.</summary>
    public static WeightDependence Proportional => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>f(w) = 1.</summary>
    public static WeightDependence None => new(1, 1);

    /// <summary>f(w) = w, held within -1 and 1.</summary>
    public static WeightDependence Clamped => new(-1, 1);
}
