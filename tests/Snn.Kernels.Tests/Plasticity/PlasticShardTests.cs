using Snn.Kernels.Plasticity;
using Snn.Kernels.Random;
using Snn.Kernels.Synapses;
using Xunit;

namespace Snn.Kernels.Tests.Plasticity;

/// <summary>
/// How the engine uses plastic tables, by hand: one table set a projection and shard; in every step deliver, advance the targets, note their spikes; at
/// the end of a slice file all spikes of the sources, those of other shards too.
/// </summary>
public sealed unsafe class PlasticShardTests
{
    private const int Sources = 20;
    private const int Targets = 30;
    private const int SliceSteps = 5;
    private const int Slices = 60;

    [Fact]
    public void Two_shards_do_what_one_does_and_no_spike_is_lost()
    {
        var one = Run(1, out var eventsOfOne);
        var two = Run(2, out var eventsOfTwo);

        Assert.Equal(one, two);
        Assert.Equal(eventsOfOne, eventsOfTwo);

        // Every spike of a source that had the time to arrive, on every synapse: 0.5 to 0.9 ms are less than two slices.
        var outdegrees = one.GroupBy(s => s.Source).ToDictionary(g => g.Key, g => g.GroupBy(s => s.DelaySteps).ToDictionary(d => d.Key, d => d.Count()));
        long expected = 0;
        for (var step = 0; step < Slices * SliceSteps; step++)
        {
            expected += SpikesOfSources(step).Sum(s => outdegrees[s].Sum(d => step + d.Key < Slices * SliceSteps ? d.Value : 0));
        }

        Assert.Equal(expected, eventsOfOne);
        Assert.Contains(one, s => s.Weight != 1);
    }

    private static List<PlasticSynapse> Run(int shardCount, out long events)
    {
        var shards = Enumerable.Range(0, shardCount).Select(i => Build(Targets * i / shardCount, Targets * (i + 1) / shardCount)).ToArray();
        var potentials = new double[Targets];
        for (var slice = 0; slice < Slices; slice++)
        {
            var first = slice * SliceSteps;
            for (var step = first; step < first + SliceSteps; step++)
            {
                for (var shard = 0; shard < shardCount; shard++)
                {
                    // The targets of a shard, advanced with what was delivered: those that spike are the shard's own, as numbers in their population.
                    var input = shards[shard].Deliver(step);
                    shards[shard].NoteTargets(step, Advance(potentials, Targets * shard / shardCount, input));
                }
            }

            // The exchange: every shard hears of the sources of all.
            foreach (var shard in shards)
            {
                for (var step = first; step < first + SliceSteps; step++)
                {
                    shard.File(step, SpikesOfSources(step));
                }
            }
        }

        var synapses = new List<PlasticSynapse>();
        foreach (var shard in shards)
        {
            shard.Tables.CatchUp(Slices * SliceSteps);
            synapses.AddRange(shard.CaptureSynapses());
        }

        events = shards.Sum(s => s.Events);
        Array.ForEach(shards, s => s.Tables.Dispose());
        return synapses;
    }

    /// <summary>No allocation once buffers have grown, whatever the model.</summary>
    [Theory]
    [MemberData(nameof(PlasticTablesTests.Models), MemberType = typeof(PlasticTablesTests))]
    public void A_step_allocates_nothing(string model)
    {
        var found = SynapseModels.Find(model)!;
        using var tables = PlasticTables.Build(found, found.DefaultParameters(), Projection(0, Targets), 0.1, 0, isDouble: false);
        var spikes = Enumerable.Range(0, 400).Select(SpikesOfSources).ToArray();
        var input = new float[Targets];
        Drive(tables, spikes, input, 0, 1500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drive(tables, spikes, input, 1500, 3000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // The canary: the counter counts.
        var kept = new byte[1];
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before && kept.Length == 1);
    }

    private static void Drive(PlasticTables tables, int[][] spikes, float[] input, int first, int last)
    {
        fixed (float* x = input)
        {
            for (var step = first; step < last; step++)
            {
                tables.PrefetchFirst(step);
                tables.Deliver(step, x);
                fixed (int* s = spikes[step % spikes.Length])
                {
                    tables.NoteTargets(step, s, spikes[step % spikes.Length].Length);
                    tables.File(step, s, spikes[step % spikes.Length].Length);
                }

                if (step % 50 == 0)
                {
                    tables.NoteDopamine(step, 1);
                }
            }
        }
    }

    private static int[] Advance(double[] potentials, int first, double[] input)
    {
        var spikes = new List<int>();
        for (var i = 0; i < input.Length; i++)
        {
            potentials[first + i] += input[i];
            if (potentials[first + i] > 9)
            {
                potentials[first + i] = 0;
                spikes.Add(first + i);
            }
        }

        return [.. spikes];
    }

    private static int[] SpikesOfSources(int step) => [.. Enumerable.Range(0, Sources).Where(s => ((step * 7) + (s * 13)) % 29 == 0)];

    private static PlasticRun Build(int first, int last)
    {
        var model = SynapseModels.Find("stdp_synapse")!;
        var parameters = model.DefaultParameters();
        parameters[model.ParameterTable.Single(p => p.Name == "Wmax").Index] = 2;
        return new PlasticRun(PlasticTables.Build(model, parameters, Projection(first, last), 0.1, 0, isDouble: false), last - first, isDouble: false);
    }

    private static ShardProjection Projection(int first, int last) => new()
    {
        Rule = new FixedIndegreeRule { SourceCount = Sources, TargetCount = Targets, Indegree = 12, Key = StreamKey.Derive(1, "by hand") },
        Weight = ValueDistribution.Constant(1),
        Delay = new DelayDistribution(ValueDistribution.Uniform(0.5, 0.9), 0.1),
        FirstTarget = first,
        LastTarget = last,
        OffsetIfPositive = 0,
        OffsetIfNegative = 0,
    };
}
