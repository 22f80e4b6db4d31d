namespace Snn.Actors.Recording;

/// <summary>
/// Steps to ms. A time is the end of its step, (step + 1) dt, as the nearest double to the decimal number that a user expects: with dt 0.1,
/// step 2 ends at 0.3, not at 0.30000000000000004.
/// </summary>
public sealed class StepTimes
{
    private readonly double _dtMs;
    private readonly double _numerator;
    private readonly double _denominator;

    /// <summary>Finds dt as a fraction with a power of ten below, if it is one of up to nine decimals.</summary>
    /// <param name="dtMs">Time step, ms.</param>
    public StepTimes(double dtMs)
    {
        _dtMs = dtMs;
        var denominator = 1.0;
        for (var decimals = 0; decimals <= 9; decimals++, denominator *= 10)
        {
            var numerator = Math.Round(dtMs * denominator);
            if (numerator > 0 && numerator / denominator == dtMs)
            {
                (_numerator, _denominator) = (numerator, denominator);
                return;
            }
        }
    }

    /// <summary>The end of a step, ms.</summary>
    /// <param name="step">The step, from 0.</param>
    public double End(long step) => At(step + 1);

    /// <summary>The time after some steps, ms: one rounding, as long as steps times numerator is below 2^53.</summary>
    /// <param name="steps">Number of steps.</param>
    public double At(long steps) => _denominator > 0 ? steps * _numerator / _denominator : steps * _dtMs;
}
