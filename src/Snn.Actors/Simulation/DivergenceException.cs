using System.Diagnostics.CodeAnalysis;
using Snn.Actors.Networks.Reading;
using Snn.Actors.Recording;
using Snn.Actors.Snapshots;

namespace Snn.Actors.Simulation;

/// <summary>A neuron's state has left the numbers: what it would do from here on means nothing.</summary>
/// <param name="message">Which neuron, which variable, when; what to do.</param>
internal sealed class DivergenceException(string message) : Exception(message)
{
    /// <summary>Steps from one look at the state to the next.</summary>
    public const int EverySteps = 256;

    /// <summary>Throws if the state of a population's part has a number that is infinite or none.</summary>
    /// <param name="part">The part.</param>
    /// <param name="step">The step that comes next.</param>
    /// <param name="dtMs">Time step, ms.</param>
    /// <exception cref="DivergenceException">It has.</exception>
    public static void ThrowIfDiverged(PopulationActor part, long step, double dtMs)
    {
        for (var column = 0; column < part.State.Columns; column++)
        {
            if (!part.State.AreFinite(column))
            {
                Throw(part, column, step, dtMs);
            }
        }
    }

    [DoesNotReturn]
    private static void Throw(PopulationActor part, int column, long step, double dtMs)
    {
        var variable = SnapshotNames.StateColumns(part.Population).First(c => c.Column == column).Name;
        var neuron = Enumerable.Range(0, part.Count).First(n => !double.IsFinite(part.State[column, part.Row(n)]));
        var value = part.State[column, part.Row(neuron)];
        var size = part.Population.Size;
        var item = (part.First + neuron) / size;
        throw new DivergenceException(
            $"population {Say.Quote(part.Population.Name)}, neuron {Say.Number((part.First + neuron) % size)}{(part.First + part.Count > size ? $" of batch item {Say.Number(item)}" : "")}: "
            + $"{variable} is {(double.IsNaN(value) ? "not a number" : "infinite")} at {Say.Number(new StepTimes(dtMs).At(step), "ms")}, step {Say.Number(step)}, and was finite {EverySteps} steps before, or where the run began; "
            + "look for weights, inputs or initial values that are far too large, or use a smaller dt");
    }
}
