using Snn.Kernels.Lanes;

namespace Snn.Kernels.Plasticity;

/// <summary>
/// The dopamine concentration at the synapses of a table: n decays, and jumps at every spike of the dopamine neurons. Kept at marks: the steps of
/// those spikes, and every so many steps besides. A mark is a step up to which any row may be advanced, and at which the bounds of weights act.
/// </summary>
internal sealed class DopamineTrace : IDisposable
{
    private readonly double _perStep;
    private readonly double _jump;

    /// <summary>No dopamine, from time 0 on.</summary>
    public DopamineTrace(double perStep, double jump, int gridSteps)
    {
        _perStep = perStep;
        _jump = jump;
        GridSteps = gridSteps;
        Clear();
    }

    /// <summary>Greatest distance of two marks.</summary>
    public int GridSteps { get; }

    /// <summary>Steps and the concentration just after each.</summary>
    public StepRing Marks { get; } = new("Dopamine concentrations");

    /// <summary>Spikes that are not yet marked: steps and how many.</summary>
    public StepRing Spikes { get; } = new("Dopamine spikes to come");

    /// <summary>Marks all steps up to one; the spikes up to it have been added.</summary>
    public void MarkTo(long step)
    {
        for (var next = NextMark(); next <= step; next = NextMark())
        {
            var n = At(Marks.End - 1, next);
            while (NextSpike == next)
            {
                n += Spikes[Spikes.First].Value * _jump;
                Spikes.DropTo(Spikes.First + 1);
            }

            Marks.Add(next, n);
        }
    }

    /// <summary>Concentration at a step that follows a mark, with nothing between.</summary>
    public double At(long mark, long step) => Marks[mark].Value * LaneMath.Exp((Marks[mark].Step - step) * _perStep);

    /// <summary>Forgets the marks that are no more needed where everybody has come to a step.</summary>
    public void Forget(long step) => Marks.DropTo(Math.Max(Marks.First, Marks.LastUpTo(step)));

    /// <summary>Takes up marks and spikes from a snapshot.</summary>
    public void Restore(IEnumerable<(long Step, double Value)> marks, IEnumerable<(long Step, double Value)> spikes)
    {
        Marks.Clear();
        Spikes.Clear();
        foreach (var (step, n) in marks)
        {
            Marks.Add(step, n);
        }

        foreach (var (step, count) in spikes)
        {
            Spikes.Add(step, count);
        }
    }

    /// <summary>Forgets all spikes.</summary>
    public void Clear()
    {
        Marks.Clear();
        Spikes.Clear();

        // Time 0 is where step -1 ends.
        Marks.Add(-1, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Marks.Dispose();
        Spikes.Dispose();
    }

    private long NextSpike => Spikes.Count > 0 ? Spikes[Spikes.First].Step : long.MaxValue;

    private long NextMark() => Math.Min(NextSpike, (Marks[Marks.End - 1].Step + GridSteps) / GridSteps * GridSteps);
}
