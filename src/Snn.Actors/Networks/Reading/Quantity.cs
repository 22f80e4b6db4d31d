namespace Snn.Actors.Networks.Reading;

/// <summary>What a number means and which values it may have.</summary>
/// <param name="Name">Its name in a message: tau_m, weight.</param>
/// <param name="Unit">Its unit; empty for a plain number.</param>
internal sealed record Quantity(string Name, string Unit)
{
    /// <summary>
    /// Greatest magnitude of anything physical. Numbers beyond it come from a slip of the unit or the exponent, and their products
    /// leave the range of single precision.
    /// </summary>
    public const double Largest = 1e15;

    /// <summary>Least value.</summary>
    public double Min { get; init; } = -Largest;

    /// <summary>Whether the least value itself is not allowed.</summary>
    public bool MinExcluded { get; init; }

    /// <summary>Greatest value.</summary>
    public double Max { get; init; } = Largest;

    /// <summary>
    /// Whether the greatest value is a limit of this program, not of the meaning: a distribution may then have a tail that reaches it
    /// once in 10^15 draws.
    /// </summary>
    public bool MaxIsPractical { get; init; }

    /// <summary>How far below the least value rounding may carry one: 0.1 / 2 and 0.05 differ in the last bit.</summary>
    public double MinSlack { get; init; }

    /// <summary>Why the least value is what it is, where that is not plain; in brackets.</summary>
    public string MinReason { get; init; } = string.Empty;

    /// <summary>Why the greatest value is what it is, where that is not plain; in brackets.</summary>
    public string MaxReason { get; init; } = string.Empty;

    /// <summary>Whether values below the least one are bounded by the meaning, not only by <see cref="Largest"/>.</summary>
    public bool HasMin => Min > -Largest;

    /// <summary>Whether values above the greatest one are bounded by the meaning, not only by <see cref="Largest"/>.</summary>
    public bool HasMax => Max < Largest;

    /// <summary>Whether a number may be given.</summary>
    public bool Allows(double value) => value <= Max + MinSlack && (MinExcluded ? value > Min : value >= Min - MinSlack);

    /// <summary>What number is meant, for a message about something else: tau_m in ms, > 0.</summary>
    public string Describe() =>
        Name + (Unit.Length > 0 ? " in " + Unit : string.Empty) + (HasMin || HasMax ? ", " + Range() : string.Empty);

    /// <summary>The range in words.</summary>
    public string Range() => (HasMin, HasMax) switch
    {
        (true, true) => Low() + " and " + High(),
        (true, false) => Low(),
        (false, true) => High(),
        _ => $"from {Say.Number(Min)} to {Say.Number(Max, Unit)}",
    };

    /// <summary>Says that a value is out of range.</summary>
    public string OutOfRange(double value) =>
        $"{Name} {(double.IsInfinity(value) ? "is too large for a number" : $"= {Say.Number(value, Unit)} is out of range")}; allowed: {AllowedFor(value)}";

    private string AllowedFor(double value) => value > Max ? (HasMin && HasMax ? Range() : High()) : Range();

    private string Low() => (MinExcluded ? "> " : ">= ") + Say.Number(Min, Unit) + MinReason;

    private string High() => "<= " + Say.Number(Max, Unit) + MaxReason;
}
