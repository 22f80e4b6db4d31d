using System.Globalization;
using Snn.Kernels.Neurons;
using Xunit;

namespace Snn.Kernels.Tests.Neurons;

/// <summary>How near a run has to come to a golden trace.</summary>
/// <param name="Relative">Greatest error of a variable, as a part of its range in the trace.</param>
/// <param name="SpikeSteps">Greatest shift of a spike, steps.</param>
/// <param name="BlindBefore">Steps before a spike that are not compared: the upswing of a non-linear model turns a time error into any error.</param>
/// <param name="BlindAfter">Steps from a spike on that are not compared.</param>
internal sealed record GoldenTolerance(double Relative, int SpikeSteps, int BlindBefore, int BlindAfter)
{
    /// <summary>The same of conductances and synaptic currents, whose equations are linear in every model.</summary>
    public double RelativeLinear { get; init; } = Relative;

    /// <summary>Greatest error of a variable, as a part of its range.</summary>
    /// <param name="column">Its name.</param>
    public double Of(string column) =>
        column.StartsWith("g_", StringComparison.Ordinal) || column.StartsWith("I_syn", StringComparison.Ordinal) ? RelativeLinear : Relative;
}

/// <summary>A run of a golden case on some kernel.</summary>
/// <param name="Rows">[step][column of the case]</param>
/// <param name="SpikeSteps">Steps that end with a spike.</param>
internal sealed record GoldenRun(double[][] Rows, int[] SpikeSteps)
{
    /// <summary>Neurons that run side by side, so that every lane, and the padding, is used.</summary>
    private const int Neurons = 21;

    /// <summary>Runs a case in every lane and returns what one neuron did, having seen that the others did the same.</summary>
    public static GoldenRun Of(GoldenCase golden, NeuronKernel kernel)
    {
        using var run = new NeuronRun(golden.Model, kernel, [golden.Parameters()], Neurons, golden.DtMs);
        foreach (var (name, value) in golden.Given.Where(g => golden.Model.StateTable.Any(v => v.Name == g.Key && v.Info.IsPublic)))
        {
            run.SetState(name, value[0]);
        }

        var inputs = golden.Inputs();
        var columns = golden.Columns.Select(c => golden.Model.StateTable.Single(v => v.Name == c && v.Info.IsPublic).Column).ToArray();
        var rows = new double[golden.Rows.Length][];
        var spikes = new List<int>();
        for (var step = 0; step < rows.Length; step++)
        {
            for (var port = 0; port < inputs[step].Length; port++)
            {
                for (var i = 0; i < Neurons; i++)
                {
                    var isUniform = golden.Model.PortTable[port].Info.Kind == PortKind.Uniform;
                    run.SetInput(port, i, isUniform ? Uniform(step, i) : inputs[step][port]);
                }
            }

            var count = run.Step();
            Assert.True(count is 0 or Neurons, $"step {step}: {count} of {Neurons} equal neurons spiked.");
            if (count > 0)
            {
                spikes.Add(step);
            }

            rows[step] = [.. columns.Select(c => run.State(c, step % Neurons))];
        }

        return new GoldenRun(rows, [.. spikes]);
    }

    /// <summary>
    /// Some number in (0, 1), another for every neuron and step: in the deterministic limit that the golden traces of a stochastic model are in, all give
    /// the same spikes. (Multiples of the golden ratio, less their whole part.)
    /// </summary>
    private static double Uniform(int step, int neuron)
    {
        var x = ((step * (double)Neurons) + neuron + 1) * 0.61803398874989485;
        return x - Math.Floor(x);
    }
}

internal static class GoldenComparison
{
    /// <summary>What is wrong with a run; empty if nothing.</summary>
    public static IReadOnlyList<string> Problems(GoldenCase golden, GoldenRun run, GoldenTolerance tolerance)
    {
        var problems = new List<string>();
        if (run.SpikeSteps.Length != golden.SpikeSteps.Length)
        {
            problems.Add($"{run.SpikeSteps.Length} spikes instead of {golden.SpikeSteps.Length}");
        }

        foreach (var (mine, theirs) in run.SpikeSteps.Zip(golden.SpikeSteps))
        {
            if (Math.Abs(mine - theirs) > tolerance.SpikeSteps)
            {
                problems.Add($"spike in step {mine} instead of {theirs}");
            }
        }

        foreach (var (column, error) in Errors(golden, run, tolerance))
        {
            if (!(error <= tolerance.Of(column)))
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{column} is off by {error:g3} of its range, allowed {tolerance.Of(column):g3}"));
            }
        }

        return problems;
    }

    /// <summary>Greatest error of every column outside the blind steps, as a part of its range (of 1 where it is constant).</summary>
    public static IEnumerable<(string Column, double Error)> Errors(GoldenCase golden, GoldenRun run, GoldenTolerance tolerance)
    {
        var compared = Enumerable.Range(0, golden.Rows.Length)
            .Where(s => !golden.SpikeSteps.Concat(run.SpikeSteps).Any(p => s >= p - tolerance.BlindBefore && s < p + tolerance.BlindAfter))
            .ToArray();
        for (var c = 0; c < golden.Columns.Length; c++)
        {
            var range = golden.Rows.Max(r => r[c]) - golden.Rows.Min(r => r[c]);
            var error = compared.Max(s => double.IsFinite(run.Rows[s][c]) ? Math.Abs(run.Rows[s][c] - golden.Rows[s][c]) : double.PositiveInfinity);
            yield return (golden.Columns[c], error / (range > 0 ? range : 1));
        }
    }
}
