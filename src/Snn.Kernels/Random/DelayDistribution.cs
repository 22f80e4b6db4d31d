using System.Runtime.CompilerServices;

namespace Snn.Kernels.Random;

/// <summary>
/// Delays in whole steps, drawn from a distribution in ms: rounded to the nearest step (a half upwards), and at least one step.
/// A table over the random word, so that a draw is a look-up.
/// </summary>
public sealed class DelayDistribution
{
    private const int GuideBits = 12;

    // _first[i] is the least word whose delay is _steps[i] or more; a guide entry is the i that the first word of its 2^20 words has.
    private readonly uint[] _first;
    private readonly ushort[] _steps;
    private readonly ushort[] _guide;

    /// <summary>Tabulates a distribution of delays.</summary>
    /// <param name="delay">Delay, ms.</param>
    /// <param name="dt">Step, ms.</param>
    /// <exception cref="ArgumentException">dt is not positive, or a delay needs more than 65535 steps.</exception>
    public DelayDistribution(ValueDistribution delay, double dt)
    {
        if (!(dt > 0) || !double.IsFinite(dt))
        {
            throw new ArgumentException($"DelayDistribution: dt = {dt:R} ms; give a positive number of ms.");
        }

        var most = Round(delay.Greatest, dt);
        if (!(most <= ushort.MaxValue))
        {
            throw new ArgumentException(
                $"DelayDistribution: delays of up to {delay.Greatest:R} ms are {most:R} steps of {dt:R} ms, of which 65535 are allowed; " +
                "use shorter delays, a max, or a larger dt.");
        }

        List<uint> first = [0];
        List<ushort> steps = [(ushort)Round(delay.Quantile(0), dt)];
        Bisect(delay, dt, 0, steps[0], uint.MaxValue, (ushort)most, first, steps);
        (_first, _steps) = ([.. first], [.. steps]);
        _guide = Guide(_first);
    }

    /// <summary>One delay in whole steps, by the same rule: the nearest step, and at least one.</summary>
    /// <param name="delayMs">Delay, ms.</param>
    /// <param name="dtMs">Step, ms.</param>
    public static int StepsOf(double delayMs, double dtMs) => checked((int)Round(delayMs, dtMs));

    /// <summary>Shortest delay that can be drawn, steps.</summary>
    public int MinSteps => _steps[0];

    /// <summary>Longest delay that can be drawn, steps.</summary>
    public int MaxSteps => _steps[^1];

    /// <summary>Every delay that can be drawn, in steps, ascending.</summary>
    public ReadOnlySpan<ushort> DistinctSteps => _steps;

    /// <summary>Probability of each of <see cref="DistinctSteps"/>, exact.</summary>
    /// <param name="index">Index into <see cref="DistinctSteps"/>.</param>
    public double Probability(int index) =>
        ((index + 1 < _first.Length ? _first[index + 1] : 1L << 32) - _first[index]) * (1.0 / (1L << 32));

    /// <summary>The delay that a word stands for, steps.</summary>
    /// <param name="word">A random word.</param>
    public int Steps(uint word) => _steps[Find(word, _first, _guide)];

    /// <summary>The delays of random words, steps.</summary>
    /// <param name="words">Random words.</param>
    /// <param name="steps">As many delays or more; only the first words.Length are written.</param>
    public void Fill(ReadOnlySpan<uint> words, Span<ushort> steps)
    {
        if (steps.Length < words.Length)
        {
            throw new ArgumentException($"DelayDistribution.Fill: {words.Length} words for {steps.Length} delays; give room for all.");
        }

        if (_steps.Length == 1)
        {
            steps[..words.Length].Fill(_steps[0]);
            return;
        }

        var (first, values, guide) = (_first, _steps, _guide);
        for (var i = 0; i < words.Length; i++)
        {
            steps[i] = values[Find(words[i], first, guide)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Find(uint word, uint[] first, ushort[] guide)
    {
        int i = guide[word >> (32 - GuideBits)];
        while (i + 1 < first.Length && word >= first[i + 1])
        {
            i++;
        }

        return i;
    }

    private static double Round(double delay, double dt) => Math.Max(1, Math.Floor((delay / dt) + 0.5));

    // Appends every change of the delay between two words: halves the words until either ends agree or they are neighbours.
    private static void Bisect(
        ValueDistribution delay, double dt, uint low, ushort lowSteps, uint high, ushort highSteps, List<uint> first, List<ushort> steps)
    {
        if (highSteps <= lowSteps)
        {
            return;
        }

        if (high - low == 1)
        {
            first.Add(high);
            steps.Add(highSteps);
            return;
        }

        // Kept between the ends: a last bit of the quantile that runs backwards must not make the table do so.
        var middle = low + ((high - low) / 2);
        var middleSteps = Math.Clamp((ushort)Round(delay.Quantile(middle), dt), lowSteps, highSteps);
        Bisect(delay, dt, low, lowSteps, middle, middleSteps, first, steps);
        Bisect(delay, dt, middle, middleSteps, high, highSteps, first, steps);
    }

    private static ushort[] Guide(uint[] first)
    {
        var guide = new ushort[1 << GuideBits];
        var i = 0;
        for (var k = 0; k < guide.Length; k++)
        {
            while (i + 1 < first.Length && first[i + 1] <= (uint)k << (32 - GuideBits))
            {
                i++;
            }

            guide[k] = (ushort)i;
        }

        return guide;
    }
}
