namespace Snn.Actors.Networks;

/// <summary>A number of a declaration: fixed, listed one a neuron, or drawn.</summary>
public abstract record Distribution
{
    private Distribution()
    {
    }

    /// <summary>The same number everywhere.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Constant(double Value) : Distribution;

    /// <summary>One number a neuron (or, for a list connector, a synapse).</summary>
    /// <param name="Values">[neuron]</param>
    public sealed record Array(IReadOnlyList<double> Values) : Distribution
    {
        /// <summary>Full path of the file that the numbers were read from, or null: they stand in the network file.</summary>
        public string? File { get; init; }
    }

    /// <summary>Uniform in [Low, High).</summary>
    /// <param name="Low">Lower bound.</param>
    /// <param name="High">Upper bound.</param>
    public sealed record Uniform(double Low, double High) : Distribution;

    /// <summary>Normal, drawn again while outside [Min, Max].</summary>
    /// <param name="Mean">Mean of the normal before truncation.</param>
    /// <param name="Std">Standard deviation before truncation.</param>
    /// <param name="Min">Least value.</param>
    /// <param name="Max">Greatest value.</param>
    public sealed record Normal(double Mean, double Std, double Min = double.NegativeInfinity, double Max = double.PositiveInfinity) : Distribution;

    /// <summary>Log-normal: exp of a normal(Mu, Sigma), drawn again while outside [Min, Max].</summary>
    /// <param name="Mu">Mean of the logarithm.</param>
    /// <param name="Sigma">Standard deviation of the logarithm.</param>
    /// <param name="Min">Least value.</param>
    /// <param name="Max">Greatest value.</param>
    public sealed record Lognormal(double Mu, double Sigma, double Min = 0, double Max = double.PositiveInfinity) : Distribution;

    /// <summary>Exponential with a mean, shifted by Min.</summary>
    /// <param name="Mean">Mean before the shift.</param>
    /// <param name="Min">Least value.</param>
    public sealed record Exponential(double Mean, double Min = 0) : Distribution;

    /// <summary>A fixed number converts to a distribution.</summary>
    public static implicit operator Distribution(double value) => new Constant(value);
}
