using Snn.Kernels.Lanes;
using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>What some tables did with a golden case.</summary>
/// <param name="EventWeights">What reached the target for each spike of the source. [spike]</param>
/// <param name="State">State variables by name just after each spike; the last one at the end. [spike + 1]</param>
internal sealed record GoldenSynapseRun(double[] EventWeights, IReadOnlyDictionary<string, double>[] State)
{
    /// <summary>Targets that spike alike, so that every lane is used.</summary>
    private const int Targets = 21;

    /// <summary>Runs a case in every lane and returns what one synapse did, having seen that the others did the same.</summary>
    public static unsafe GoldenSynapseRun Of(GoldenSynapse golden, int lanes, bool isDouble)
    {
        using var tables = PlasticTables.Build(golden.Model, golden.Parameters(), Projection(golden), golden.DtMs, lanes, isDouble);
        var run = new PlasticRun(tables, Targets, isDouble);
        var weights = new List<double>();
        var states = new List<IReadOnlyDictionary<string, double>>();
        var targets = Enumerable.Range(0, Targets).ToArray();
        foreach (var step in golden.DopamineSteps)
        {
            tables.NoteDopamine(step, 1);
        }

        // Where dopamine changes weights between spikes, one more spike shows what the weight is in the end.
        for (var step = 0; step <= golden.EndStep + golden.DelaySteps; step++)
        {
            var input = run.Deliver(step);
            Assert.All(input, x => Assert.Equal(BitConverter.DoubleToInt64Bits(input[0]), BitConverter.DoubleToInt64Bits(x)));
            if (golden.PreSteps.Contains(step - golden.DelaySteps))
            {
                weights.Add(input[0]);
                states.Add(Read(golden, tables, step));
            }
            else if (step == golden.EndStep + golden.DelaySteps)
            {
                states.Add(golden.Model.UsesDopamine
                    ? new Dictionary<string, double> { ["weight"] = input[0], ["n"] = Dopamine(golden, tables, step) }
                    : states[^1]);
            }
            else
            {
                Assert.Equal(0, input[0]);
            }

            run.NoteTargets(step, golden.PostSteps.Contains(step) ? targets : []);
            run.File(step, golden.PreSteps.Contains(step) || (golden.Model.UsesDopamine && step == golden.EndStep) ? [0] : []);
        }

        return new GoldenSynapseRun([.. weights], [.. states]);
    }

    /// <summary>The state just after a spike that was due in a step.</summary>
    private static Dictionary<string, double> Read(GoldenSynapse golden, PlasticTables tables, int step)
    {
        var synapses = PlasticSynapses.Of(tables);
        var state = new Dictionary<string, double> { ["weight"] = synapses[^1].Weight };
        if (golden.Model.UsesDopamine)
        {
            state["c"] = synapses[^1].Second;
            state["n"] = Dopamine(golden, tables, step);
        }

        var numbers = tables.Capture(step).SourceNumbers;
        string[] names = golden.Model.Name switch
        {
            "tsodyks2_synapse" => ["x", "u"],
            "tsodyks_synapse" => ["x", "y", "u"],
            "stdp_triplet_synapse" => ["Kplus", "Kplus_triplet"],
            _ => ["Kplus"],
        };
        foreach (var (name, number) in names.Zip(numbers))
        {
            state[name] = number;
        }

        return state;
    }

    /// <summary>Concentration when a spike that is due in a step passes the synapse.</summary>
    private static double Dopamine(GoldenSynapse golden, PlasticTables tables, int step)
    {
        var passed = step - golden.DelaySteps;
        var (marked, value) = tables.Capture(step).DopamineMarks.Last(m => m.Step <= passed);
        return value * LaneMath.Exp((marked - passed) * golden.DtMs / golden.Given["tau_n"]);
    }

    private static ShardProjection Projection(GoldenSynapse golden) => new()
    {
        Rule = new AllToAllRule { SourceCount = 1, TargetCount = Targets, Key = StreamKey.Derive(1, "golden") },
        Weight = ValueDistribution.Constant(golden.Weight),
        Delay = new DelayDistribution(ValueDistribution.Constant(golden.Given["delay"]), golden.DtMs),
        FirstTarget = 0,
        LastTarget = Targets,
        OffsetIfPositive = 0,
        OffsetIfNegative = 0,
    };
}
