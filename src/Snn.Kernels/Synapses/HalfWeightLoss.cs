namespace Snn.Kernels.Synapses;

/// <summary>
/// What the weights of a projection lose when they are stored in 16 bits, known from their distribution before any is drawn. A weight is then a whole
/// multiple of a unit, which the greatest weight of the table decides: distributions with a long tail leave little for the others.
/// </summary>
/// <param name="Unit">The weight that a 16-bit 1 stands for; 0 where the projection stores no weights, because they are constant.</param>
/// <param name="ShareOfZeros">Part of the weights that are not zero and become zero.</param>
/// <param name="MedianError">Greatest relative error of a weight that is as large as the median: half a unit, divided by it.</param>
public readonly record struct HalfWeightLoss(double Unit, double ShareOfZeros, double MedianError)
{
    private const int Quantiles = 4096;

    /// <summary>The losses of all projections of one source population, whose weights share tables.</summary>
    /// <param name="projections">The projections, with all their targets.</param>
    public static IReadOnlyList<HalfWeightLoss> Of(IReadOnlyList<ShardProjection> projections)
    {
        ArgumentNullException.ThrowIfNull(projections);
        var plan = new TablePlan(projections);
        return [.. projections.Select((p, i) => plan.IsConstant(i) ? default : Of(Magnitudes(p), WeightEncoding.Unit(plan.Scale(i))))];
    }

    private static HalfWeightLoss Of(double[] ascending, double unit) =>
        ascending.Length == 0
            ? default
            : new HalfWeightLoss(unit, ascending.Count(w => w < unit / 2) / (double)ascending.Length, unit / 2 / ascending[ascending.Length / 2]);

    /// <summary>Absolute weights that are not zero, ascending: all that are listed, or evenly spaced quantiles.</summary>
    private static double[] Magnitudes(ShardProjection projection)
    {
        var weights = projection.ListedWeights
            ?? (projection.Weight!.Value.IsConstant
                ? [projection.Weight.Value.Value]
                : [.. Enumerable.Range(0, Quantiles).Select(q => projection.Weight.Value.Quantile((uint)((q + 0.5) / Quantiles * uint.MaxValue)))]);
        return [.. weights.Select(Math.Abs).Where(w => w > 0).Order()];
    }
}
